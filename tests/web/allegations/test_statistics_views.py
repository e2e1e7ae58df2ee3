"""The statistics page as people use it: a period, publication, files, figures kept as reported."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from redway.core.home import Home
from redway.web.allegations.importing import keep_cases
from redway.web.allegations.models import FormerFigures
from redway.web.people.models import Person
from redway.web.register.models import Authority
from web.allegations.test_statistics_pages import past

PERIOD = "from=2025-01-01&to=2025-06-30"
PAGE = f"/allegations/statistics/?{PERIOD}"
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def visit(home: Home, make_person: Callable[..., Person]) -> Callable[[str], Client]:
    Authority.objects.get_or_create(number="826", defaults={"name": "Milton Keynes"})
    made = make_person("lado")
    keep_cases(past(16), "826")

    def visit(role: str) -> Client:
        client = Client()
        client.force_login(made if role == "lado" else make_person(role))
        return client

    return visit


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_the_named_senior_officer_sees_figures_and_no_case(visit: Callable[[str], Client]) -> None:
    owen = visit("named_senior_officer")
    shown = words(owen.get(PAGE))
    assert "16 cases were referred from 1 January 2025 to 30 June 2025" in shown
    assert "/allegations/cases/" not in shown


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=31+February+2025&to=30+June+2025", "There is no 31 February 2025"),
        ("from=2025-06-30&to=2025-01-01", "The last day is before the first"),
        ("from=whenever", "tells no day"),
    ],
)
def test_a_period_that_cannot_be_is_answered_in_words(
    visit: Callable[[str], Client], query: str, said: str
) -> None:
    response = visit("lado").get(f"/allegations/statistics/?{query}")
    assert response.status_code == 200
    assert said in words(response)


@pytest.mark.parametrize(
    ("extension", "begins"),
    [("pdf", b"%PDF-"), ("xlsx", b"PK"), ("pptx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("json", b"{")],
)
def test_the_report_is_taken_away(visit: Callable[[str], Client], extension: str, begins: bytes) -> None:
    response = visit("director").get(f"/allegations/statistics/826/report.{extension}?{PERIOD}")
    assert response.content.startswith(begins)
    assert f"allegations-2025-01-01-to-2025-06-30.{extension}" in response["Content-Disposition"]


def test_figures_are_kept_as_reported_once_the_period_is_over(visit: Callable[[str], Client]) -> None:
    leah = visit("lado")
    answered = leah.post(
        "/allegations/statistics/826/keep/", {"from": "2025-01-01", "to": "2025-06-30"}, follow=True
    )
    assert "The figures are kept as reported today" in words(answered)
    assert FormerFigures.objects.get().authority == "826"
    answered = leah.post(
        "/allegations/statistics/826/keep/", {"from": "2026-07-01", "to": "2026-12-31"}, follow=True
    )
    assert "is not over" in words(answered)
    assert FormerFigures.objects.count() == 1


def test_a_table_and_a_chart_have_addresses_of_their_own(visit: Callable[[str], Client]) -> None:
    leah = visit("lado")
    table = leah.get(f"/allegations/statistics/826/tables/sector.json?{PERIOD}").json()
    assert table["rows"][-1] == {"word": "Total", "cases": 16, "percent": 100}
    assert leah.get(f"/allegations/statistics/826/charts/sector.svg?{PERIOD}").status_code == 200
    assert leah.get("/allegations/statistics/826/tables/names.csv").status_code == 404
    assert leah.get("/allegations/statistics/826/report.exe").status_code == 404
