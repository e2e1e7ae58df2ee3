"""Statistics: the deck's half year, timescales with both percentages, small numbers, revisions."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.allegations.annual_report import report_of
from redway.allegations.outcomes import Category, Outcome, Sector
from redway.allegations.statistics import (
    TABLES,
    CaseRecord,
    StatisticsError,
    count_cases,
    revisions,
    table_of,
)
from redway.core.words import percent
from redway.figures.disclosure import Rule
from redway.figures.table import Hidden

HALF_YEAR = (date(2007, 7, 1), date(2007, 12, 31))
LATER = date(2008, 1, 31)


def deck() -> list[CaseRecord]:
    """46 cases of July to December 2007, by the two tables of the half-year report."""
    sectors = [Sector.EDUCATION] * 13 + [Sector.SECURE] * 21 + [Sector.FOSTER_CARERS] * 7 + [Sector.OTHER] * 5
    categories = [Category.PHYSICAL] * 33 + [Category.SEXUAL] * 10 + [Category.OTHER] * 3
    return [
        CaseRecord(date(2007, 7, 1 + at % 28), sector=sector, category=category)
        for at, (sector, category) in enumerate(zip(sectors, categories, strict=True))
    ]


def test_the_half_year_of_the_deck() -> None:
    found = count_cases(deck(), *HALF_YEAR, LATER)
    assert found.cases == 46
    sector, category = found.tables["sector"], found.tables["category"]
    assert [sector[name] for name in ("education", "secure or residential", "foster carers", "other")] == [
        13,
        21,
        7,
        5,
    ]
    assert list(category.values()) == [33, 10, 0, 0, 3]


def test_a_published_table_is_reproduced_with_its_totals_and_percentages() -> None:
    """Herefordshire, nursery settings: referrals, met criteria and substantiated by calendar year."""
    published = {
        2020: (11, 1, 1),
        2021: (10, 0, 0),
        2022: (12, 2, 2),
        2023: (18, 8, 5),
        2024: (11, 5, 1),
        2025: (10, 3, 0),
    }
    cases = [
        CaseRecord(
            date(year, 3, 1),
            date(year, 4, 1),
            Sector.EARLY_YEARS,
            met_threshold=at < met,
            outcome=Outcome.SUBSTANTIATED if at < proved else Outcome.UNSUBSTANTIATED,
        )
        for year, (referrals, met, proved) in published.items()
        for at in range(referrals)
    ]
    for year, (referrals, met, proved) in published.items():
        found = count_cases(cases, date(year, 1, 1), date(year, 12, 31), date(2026, 4, 9))
        counted = (
            found.cases,
            found.tables["threshold"].get("met", 0),
            found.tables["outcome"].get("substantiated", 0),
        )
        assert counted == (referrals, met, proved)
    whole = count_cases(cases, date(2020, 1, 1), date(2025, 12, 31), date(2026, 4, 9))
    assert (whole.cases, whole.tables["threshold"]["met"], whole.tables["outcome"]["substantiated"]) == (
        72,
        19,
        9,
    )
    shown = {row[0]: row[2] for row in table_of(whole, "threshold").shown()}
    assert shown["Met"] == "26.4%"
    assert {row[0]: row[2] for row in table_of(whole, "outcome").shown()}["Substantiated"] == "12.5%"
    assert percent(100 * 9 / 19) == "47.4%"  # of those that met the criteria


def cases_closed(within_a_month: int, later: int, still_open: int = 0) -> list[CaseRecord]:
    opened = date(2026, 1, 31)
    return [
        *[CaseRecord(opened, date(2026, 2, 28))] * within_a_month,
        *[CaseRecord(opened, date(2026, 3, 1))] * later,
        *[CaseRecord(opened)] * still_open,
    ]


def resolved(cases: list[CaseRecord], target: int = 80):  # type: ignore[no-untyped-def]
    year = (date(2026, 1, 1), date(2026, 12, 31))
    return count_cases(cases, *year, date(2026, 4, 1), {1: target}).resolved[0]


def test_eight_of_ten_in_a_month_meets_eighty_percent_and_seven_of_nine_misses() -> None:
    assert resolved(cases_closed(8, 2)).percent_of_closed == 80
    assert resolved(cases_closed(8, 2)).meets_target
    assert round(resolved(cases_closed(7, 2)).percent_of_closed, 1) == 77.8
    assert not resolved(cases_closed(7, 2)).meets_target


def test_what_rounds_to_eighty_may_still_miss() -> None:
    found = resolved(cases_closed(1999, 501))
    assert round(found.percent_of_closed, 1) == 80.0
    assert not found.meets_target


def test_cases_still_open_lower_the_share_of_all_old_enough() -> None:
    found = resolved(cases_closed(8, 0, still_open=2))
    assert found.percent_of_closed == 100
    assert found.percent_of_old_enough == 80


def test_a_case_too_young_to_tell_is_not_held_against_anybody() -> None:
    young = [*cases_closed(8, 0), CaseRecord(date(2026, 3, 20))]
    assert resolved(young).old_enough == 8


def test_without_closed_cases_there_is_no_percentage_and_no_verdict() -> None:
    found = resolved(cases_closed(0, 0, still_open=3))
    assert found.percent_of_closed is None
    assert found.meets_target is None


def test_a_small_number_and_what_would_tell_it_are_hidden_for_publication() -> None:
    """Acceptance case 34: 3 of 46 are shown as 1 to 4, and a second count is hidden with them."""
    found = count_cases(deck(), *HALF_YEAR, LATER)
    table = report_of(found, found, publish=Rule(small=4)).tables["category"]
    cells = {str(row["word"]): row["cases"] for row in table.rows}
    assert isinstance(cells["Conduct or other"], Hidden)
    assert sum(isinstance(cell, Hidden) for cell in cells.values()) >= 2
    assert cells["Emotional"] == 0
    assert cells["Total"] == 46
    hidden = [row for row in table.rows if isinstance(row["cases"], Hidden)]
    assert all(isinstance(row["percent"], Hidden) for row in hidden)


def test_a_later_correction_shows_old_and_new() -> None:
    reported = count_cases(deck(), *HALF_YEAR, LATER)
    corrected = [*deck()[1:], CaseRecord(date(2007, 9, 1), sector=Sector.HEALTH, category=Category.PHYSICAL)]
    changed = revisions(reported, count_cases(corrected, *HALF_YEAR, LATER))
    assert [(one.table, one.word, one.before, one.now) for one in changed] == [
        ("sector", "education", 13, 12),
        ("sector", "health", 0, 1),
    ]
    assert revisions(reported, reported) == ()
    with pytest.raises(StatisticsError, match="different periods"):
        revisions(reported, count_cases(deck(), date(2007, 1, 1), date(2007, 12, 31), LATER))


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(StatisticsError, match="ends before it starts"):
        count_cases([], date(2026, 2, 1), date(2026, 1, 1), LATER)


def test_a_case_closed_before_it_was_referred_is_refused() -> None:
    with pytest.raises(StatisticsError, match="closed before"):
        CaseRecord(date(2026, 2, 1), date(2026, 1, 1))


days = st.dates(date(2025, 1, 1), date(2026, 6, 30))
records = st.builds(
    lambda opened, length, **facts: CaseRecord(
        opened, None if length is None else date.fromordinal(opened.toordinal() + length), **facts
    ),
    days,
    st.none() | st.integers(0, 500),
    sector=st.none() | st.sampled_from(Sector),
    category=st.none() | st.sampled_from(Category),
    outcome=st.none() | st.sampled_from(Outcome),
    source=st.sampled_from(["", "police", "employer"]),
    met_threshold=st.none() | st.booleans(),
    recent=st.none() | st.booleans(),
)


@given(st.lists(records, max_size=30), days)
def test_every_table_adds_up_to_the_same_number_of_cases(cases: list[CaseRecord], as_at: date) -> None:
    found = count_cases(cases, date(2025, 1, 1), date(2026, 6, 30), as_at)
    assert all(sum(found.tables[name].values()) == found.cases for name in TABLES)
    for one in found.resolved:
        assert 0 <= one.closed_within <= one.closed <= found.cases
        assert 0 <= one.old_enough_within <= one.old_enough <= found.cases
