"""Working-day cases are those of the allegations service, computed by script from the gov.uk list."""

import json
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core.calendar import Calendar, calendar_from_govuk, load_calendar
from redway.core.errors import OutsideCalendar, ValuesError

CALENDAR = load_calendar()
days = st.dates(date(2005, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("known", "count", "due"),
    [
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # over Easter
        (date(2026, 12, 24), 1, date(2026, 12, 29)),  # Boxing Day has a substitute
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # known on a Saturday
        (date(2027, 12, 24), 1, date(2027, 12, 29)),  # two substitutes
        (date(2023, 4, 28), 1, date(2023, 5, 2)),
        (date(2023, 5, 5), 3, date(2023, 5, 11)),  # Coronation
        (date(2022, 6, 1), 1, date(2022, 6, 6)),  # Platinum Jubilee
        (date(2022, 9, 16), 1, date(2022, 9, 20)),  # State funeral
        (date(2020, 5, 7), 1, date(2020, 5, 11)),  # early May holiday moved to VE day
        (date(2026, 12, 23), 3, date(2026, 12, 30)),
        (date(2026, 12, 23), 5, date(2027, 1, 4)),
        (date(2026, 12, 23), 15, date(2027, 1, 18)),
        (date(2026, 4, 1), 3, date(2026, 4, 8)),
        (date(2026, 5, 1), 10, date(2026, 5, 18)),
        (date(2026, 8, 28), 2, date(2026, 9, 2)),
        (date(2026, 3, 31), 15, date(2026, 4, 23)),
        (date(2025, 4, 17), 3, date(2025, 4, 24)),
    ],
)
def test_a_clock_starts_on_the_next_working_day(known: date, count: int, due: date) -> None:
    assert CALENDAR.add_working_days(known, count) == due
    assert CALENDAR.working_days_between(known, due) == count


def test_nought_working_days_is_the_day_itself_or_the_next_one_offices_open() -> None:
    assert CALENDAR.add_working_days(date(2026, 4, 2), 0) == date(2026, 4, 2)
    assert CALENDAR.add_working_days(date(2026, 4, 3), 0) == date(2026, 4, 7)


def test_previous_and_next_step_over_christmas() -> None:
    assert CALENDAR.previous_working_day(date(2026, 12, 29)) == date(2026, 12, 24)
    assert CALENDAR.next_working_day(date(2026, 12, 24)) == date(2026, 12, 29)


def test_beyond_the_table_it_refuses_and_says_what_to_load() -> None:
    with pytest.raises(OutsideCalendar, match="31 December 2028") as refusal:
        CALENDAR.is_working_day(date(2029, 1, 2))
    assert "bank-holidays.json" in refusal.value.next_step


@pytest.mark.parametrize(
    ("day", "count"), [(date(2028, 12, 29), 1), (date(2005, 1, 4), -1), (date(2028, 1, 1), 900)]
)
def test_an_answer_that_would_leave_the_table_is_refused_too(day: date, count: int) -> None:
    with pytest.raises(OutsideCalendar):
        CALENDAR.add_working_days(day, count)


def test_the_bundled_table_agrees_with_an_independent_calculation() -> None:
    calculated = holidays.country_holidays("GB", subdiv="ENG", years=range(2005, 2029))
    # The calculation also names the Saturday or Sunday that a substitute stands in for.
    assert {day for day in calculated if day.weekday() < 5} == set(CALENDAR.bank_holidays)


@pytest.mark.parametrize(
    ("known", "count", "due"),
    [
        (date(2007, 4, 5), 1, date(2007, 4, 10)),  # Easter 2007 was on 8 April
        (date(2007, 12, 24), 1, date(2007, 12, 27)),
        (date(2007, 12, 31), 1, date(2008, 1, 2)),
        (date(2009, 12, 24), 1, date(2009, 12, 29)),  # Boxing Day was a Saturday
        (date(2010, 12, 24), 1, date(2010, 12, 29)),  # Christmas Day a Saturday
        (date(2011, 4, 21), 5, date(2011, 5, 4)),  # Easter, the royal wedding and early May
        (date(2011, 12, 23), 1, date(2011, 12, 28)),  # Christmas Day a Sunday
    ],
)
def test_years_before_the_published_list_follow_the_standing_rule(known: date, count: int, due: date) -> None:
    assert CALENDAR.add_working_days(known, count) == due


def test_an_imported_newer_table_can_take_its_place() -> None:
    events = [
        {"date": day.isoformat(), "title": title}
        for day, title in holidays.country_holidays("GB", subdiv="ENG", years=[2028, 2029]).items()
    ]
    newer = calendar_from_govuk(json.dumps({"england-and-wales": {"events": events}}))
    assert newer.last_day == date(2029, 12, 31)
    assert newer.add_working_days(date(2028, 12, 29), 1) == date(2029, 1, 2)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"england-and-wales": {"events": [{"title": "no date"}]}}']
)
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(ValuesError):
        calendar_from_govuk(text)


def test_a_table_with_part_of_a_year_is_refused() -> None:
    with pytest.raises(ValuesError, match="2029"):
        Calendar({**CALENDAR.bank_holidays, date(2029, 1, 1): "New Year's Day"})


def test_a_table_that_skips_a_year_is_refused() -> None:
    kept = {day: title for day, title in CALENDAR.bank_holidays.items() if day.year != 2020}
    with pytest.raises(ValuesError, match="2020"):
        Calendar(kept)


@given(days, st.integers(-40, 40))
def test_counting_back_undoes_counting_forward(day: date, count: int) -> None:
    try:
        there = CALENDAR.add_working_days(day, count)
    except OutsideCalendar:
        return
    assert CALENDAR.is_working_day(there)
    if CALENDAR.is_working_day(day):
        assert CALENDAR.add_working_days(there, -count) == day
        assert CALENDAR.working_days_between(day, there) == count


@given(days, days)
def test_days_between_are_those_one_would_tick_off_by_hand(start: date, end: date) -> None:
    start, end = min(start, end), max(start, end)
    end = min(end, start + timedelta(days=120))
    ticked = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert CALENDAR.working_days_between(start, end) == sum(map(CALENDAR.is_working_day, ticked))
