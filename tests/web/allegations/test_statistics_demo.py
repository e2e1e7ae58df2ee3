"""The demo's cases: the half-year of 2007 as the half-year tables have it, and a caseload of today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from redway.web.allegations.demo import create_demo_cases
from redway.web.allegations.demo_past_cases import last_years
from redway.web.allegations.disposal_list import due_on
from redway.web.allegations.models import Case, CaseState
from redway.web.allegations.statistics_period import Asked, count_period
from redway.web.people.models import Person

TODAY = date(2026, 11, 24)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def leah(make_person: Callable[..., Person]) -> Person:
    return make_person("lado", full_name="Leah Lane", email="lado@demo.example")


def test_the_half_year_of_2007_and_a_caseload_of_today(leah: Person) -> None:
    create_demo_cases(TODAY)
    asked = Asked(date(2007, 7, 1), date(2007, 12, 31))
    report = count_period("826", asked, leah, TODAY).report
    sector = {row["word"]: row["now"] for row in report.tables["half-year-sector"].rows}
    category = {row["word"]: row["now"] for row in report.tables["half-year-category"].rows}
    assert sector == {
        "Education": 13,
        "Secure or residential": 21,
        "Foster carers": 7,
        "Other": 5,
        "Total": 46,
    }
    assert category == {
        "Physical": 33,
        "Sexual": 10,
        "Emotional": 0,
        "Neglect": 0,
        "Conduct or other": 3,
        "Total": 46,
    }
    assert set(Case.objects.filter(referred_at__year=2007).values_list("edition", flat=True)) == {
        "national-2006"
    }
    running = Case.objects.filter(state__in=(CaseState.ARRIVED, CaseState.OPEN), referred_at__year__gte=2026)
    assert running.count() == 12
    assert Case.objects.filter(state=CaseState.ADVICE).count() == 3


def test_the_last_financial_year_has_something_to_report_and_some_records_are_due(leah: Person) -> None:
    create_demo_cases(TODAY)
    asked = Asked(date(2025, 4, 1), date(2026, 3, 31))
    report = count_period("826", asked, leah, TODAY).report
    assert report.now.cases >= 30
    assert {row["word"] for row in report.tables["outcome"].rows} >= {"Substantiated", "Unfounded", "False"}
    # Nothing of it is named like somebody who signs in, and nothing runs that is told as over.
    assert not Case.objects.filter(referred_at__year=2025).exclude(state=CaseState.CLOSED).exists()
    assert len(due_on(TODAY, "826", leah)) == 3


@pytest.mark.parametrize("today", [date(2026, 4, 1), date(2027, 2, 28), date(2028, 2, 29)])
def test_the_last_years_can_be_told_on_any_day(today: date) -> None:
    told = last_years(today)
    assert len(told) > 20
    assert all(one.known_on <= one.referred_on <= one.closed_on <= today for one in told if one.closed_on)
