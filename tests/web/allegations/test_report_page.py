"""The report as a page: the figures of its files, inside or for publication, and what has changed since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from redway.allegations.outcomes import Outcome
from redway.core.home import Home
from redway.web.allegations.importing import keep_cases
from redway.web.allegations.models import Allegation, Case
from redway.web.allegations.report_period import financial_years, half_years, read_period
from redway.web.people.models import Person
from redway.web.register.models import Authority
from web.allegations.test_statistics_pages import past
from web.allegations.test_statistics_views import words

PAGE = "/allegations/report/"
HALF = f"{PAGE}?period=2025-01-01..2025-06-30"
KEPT = {"from": "2025-01-01", "to": "2025-06-30", "from_report": "1"}
TODAY = date(2026, 11, 24)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def leah(home: Home, make_person: Callable[..., Person]) -> Client:
    """A designated officer whose authority had sixteen cases in the first half of 2025."""
    Authority.objects.get_or_create(number="826", defaults={"name": "Milton Keynes"})
    person = make_person("lado")
    keep_cases(past(16), "826")
    client = Client()
    client.force_login(person)
    return client


def correct_a_finding() -> None:
    Allegation.objects.filter(case=Case.objects.order_by("pk").first()).update(outcome=Outcome.SUBSTANTIATED)


def test_it_opens_on_the_last_financial_year_that_is_over(leah: Client) -> None:
    shown = words(leah.get(PAGE))
    assert "1 April 2025 to 31 March 2026" in shown
    assert '<option value="2025-04-01..2026-03-31" selected>April 2025 to March 2026</option>' in shown


def test_its_figures_are_those_of_its_files(leah: Client) -> None:
    shown = words(leah.get(HALF))
    plain = leah.get("/allegations/statistics/826/report.json?from=2025-01-01&to=2025-06-30").json()
    for sentence in (*plain["sentences"], plain["since_last_report"], *plain["how_counted"]):
        assert sentence in shown
    for name, table in plain["tables"].items():
        assert table["title"] in shown
        if table["rows"]:
            assert f'id="part-{name}"' in shown


def test_it_is_for_inside_unless_it_is_for_publication(leah: Client) -> None:
    correct_a_finding()
    inside, published = words(leah.get(HALF)), words(leah.get(f"{HALF}&publish=1"))
    assert "Not for publication: small numbers are shown" in inside
    assert "For publication: small numbers are hidden" in published
    assert "small numbers are shown" not in published
    # One case is substantiated: told inside, hidden when it is published, and in the files the page leads to.
    assert "6.3%" in inside
    assert "6.3%" not in published
    assert "report.pdf?from=2025-01-01&amp;to=2025-06-30&amp;publish=1" in published


def test_what_was_corrected_since_the_last_report_shows_old_and_new(leah: Client) -> None:
    assert "has not been reported before" in words(leah.get(HALF))
    answered = leah.post("/allegations/statistics/826/keep/", KEPT, follow=True)
    assert answered.redirect_chain[0][0].startswith(PAGE)
    assert "No figure has changed since the report of 24 November 2026" in words(answered)
    correct_a_finding()
    shown = words(leah.get(HALF))
    assert "2 figures have changed since the report of 24 November 2026" in shown
    assert "As reported" in shown
    # Published, the change is told without figures: they could point at the case.
    published = words(leah.get(f"{HALF}&publish=1"))
    assert "This period was reported before, on 24 November 2026" in published
    assert "As reported" not in published


def test_any_days_may_be_asked_for_and_a_wrong_one_is_answered_in_words(leah: Client) -> None:
    shown = words(leah.get(f"{PAGE}?period=other&from=1+March+2025&to=31+March+2025"))
    assert "16 cases were referred from 1 March 2025 to 31 March 2025" in shown
    assert '<option value="other" selected>' in shown
    wrong = leah.get(f"{PAGE}?period=other&from=31+February+2025&to=31+March+2025")
    assert (wrong.status_code, "There is no 31 February 2025" in words(wrong)) == (200, True)
    wrong = leah.get(f"{PAGE}?period=2025-13-01..nothing")
    assert wrong.status_code == 200


def test_a_period_that_is_not_over_says_so_and_cannot_be_kept(leah: Client) -> None:
    shown = words(leah.get(f"{PAGE}?period=2026-07-01..2026-12-31"))
    assert "The period is not over" in shown
    assert "Keep as reported today" not in shown


def test_periods_to_choose_reach_from_the_first_case_to_today() -> None:
    years, halves = financial_years(date(2024, 2, 1), TODAY), half_years(date(2025, 8, 1), TODAY)
    assert [one.label for one in years] == [
        "April 2026 to March 2027",
        "April 2025 to March 2026",
        "April 2024 to March 2025",
        "April 2023 to March 2024",
    ]
    assert [one.value for one in halves] == [
        "2026-07-01..2026-12-31",
        "2026-01-01..2026-06-30",
        "2025-07-01..2025-12-31",
    ]
    assert read_period({}, date(2026, 3, 31)).start == date(2024, 4, 1)
