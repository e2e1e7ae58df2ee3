"""Clocks: the dated cases of the research, computed there by script over the published bank holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.allegations.clocks import (
    EventOrderError,
    State,
    UnknownEventError,
    clocks,
    day_of,
    due,
    is_after,
)
from redway.allegations.editions import Edition, edition_named
from redway.core.calendar import load_calendar
from redway.core.dated_values import DatedValue, Status
from redway.core.errors import OutsideCalendar, ValuesError

ENGLAND = ZoneInfo("Europe/London")
CALENDAR = load_calendar()
NATIONAL = edition_named("national-2020")
SEFTON = edition_named("sefton-2020")


def limit(count: int, unit: str) -> DatedValue:
    return DatedValue("a-limit", count, unit, date(2000, 1, 1), None, "a source", Status.PUBLISHED, "a.toml")


def clock(code: str, edition: Edition, now: date | datetime, **events: date | datetime):  # type: ignore[no-untyped-def]
    named = {name.replace("_", "-"): when for name, when in events.items()}
    return next(one for one in clocks(edition, named, CALENDAR, now) if one.rule.code == code)


@pytest.mark.parametrize(
    ("known", "working_days", "expected"),
    [
        ("2026-04-02", 1, "2026-04-07"),  # before Good Friday
        ("2026-12-24", 1, "2026-12-29"),  # Christmas, and a substitute for Boxing Day
        ("2026-12-31", 1, "2027-01-04"),
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-21", 1, "2026-11-23"),  # known on a Saturday
        ("2027-12-24", 1, "2027-12-29"),  # two substitutes
        ("2023-04-28", 1, "2023-05-02"),
        ("2023-05-05", 3, "2023-05-11"),  # the coronation
        ("2022-06-01", 1, "2022-06-06"),  # the jubilee
        ("2022-09-16", 1, "2022-09-20"),  # the state funeral
        ("2020-05-07", 1, "2020-05-11"),  # the early May holiday was moved to VE day
        ("2026-12-23", 3, "2026-12-30"),
        ("2026-12-23", 5, "2027-01-04"),
        ("2026-12-23", 15, "2027-01-18"),
        ("2026-04-01", 3, "2026-04-08"),
        ("2026-05-01", 10, "2026-05-18"),
        ("2026-08-28", 2, "2026-09-02"),
        ("2026-03-31", 15, "2026-04-23"),
        ("2025-04-17", 3, "2025-04-24"),
    ],
)
def test_working_days_skip_weekends_and_bank_holidays(known: str, working_days: int, expected: str) -> None:
    answer = due(date.fromisoformat(known), limit(working_days, "working days"), CALENDAR)
    assert answer == date.fromisoformat(expected)


def test_one_council_counts_hours_and_another_working_days() -> None:
    known = datetime(2026, 11, 20, 16, 30, tzinfo=ENGLAND)
    by_hours = clock("T1", SEFTON, known, known=known)
    assert by_hours.due == datetime(2026, 11, 21, 16, 30, tzinfo=UTC)
    assert by_hours.counted == "24 hours"
    by_days = clock("T1", edition_named("milton-keynes-2020"), known, known=known)
    assert by_days.due == date(2026, 11, 23)
    assert by_days.counted == "1 working day"


@pytest.mark.parametrize(
    ("evaluated", "counted", "expected"),
    [
        ("2026-11-30", limit(4, "weeks, not later than"), "2026-12-24"),  # 28 December is a bank holiday
        ("2026-03-09", limit(4, "weeks, not later than"), "2026-04-02"),  # Easter Monday
        ("2026-11-27", limit(28, "days, not later than"), "2026-12-24"),  # Christmas Day
    ],
)
def test_not_later_than_moves_back_over_a_holiday(evaluated: str, counted: DatedValue, expected: str) -> None:
    assert due(date.fromisoformat(evaluated), counted, CALENDAR) == date.fromisoformat(expected)


def test_a_statutory_limit_in_calendar_days_is_not_moved() -> None:
    allegation = date(2026, 12, 18)
    on_day_seven = clock("T13", NATIONAL, date(2026, 12, 25), early_years_known=allegation)
    assert on_day_seven.due == date(2027, 1, 1)
    assert on_day_seven.warning
    assert not clock("T13", NATIONAL, date(2026, 12, 24), early_years_known=allegation).warning


def test_beyond_the_bank_holidays_it_refuses() -> None:
    with pytest.raises(OutsideCalendar, match="lies outside"):
        clock("T1", NATIONAL, date(2029, 3, 1), known=date(2029, 3, 1))


def test_a_clock_waits_runs_and_is_met_or_missed() -> None:
    known = date(2026, 4, 2)
    assert clock("T1", NATIONAL, known).state is State.WAITING
    assert clock("T1", NATIONAL, date(2026, 4, 7), known=known).state is State.RUNNING
    assert clock("T1", NATIONAL, date(2026, 4, 8), known=known).state is State.MISSED
    assert clock("T1", NATIONAL, date(2026, 5, 1), known=known, referred=date(2026, 4, 7)).state is State.MET
    late = clock("T1", NATIONAL, date(2026, 5, 1), known=known, referred=date(2026, 4, 8))
    assert late.state is State.MISSED
    assert late.reason == "Done on 8 April 2026, after 7 April 2026."


def test_a_moment_is_said_with_its_day_first() -> None:
    known, told = (datetime(2026, 11, 20, hour, 30, tzinfo=ENGLAND) for hour in (9, 16))
    met = clock("T1", SEFTON, told, known=known, referred=told)
    assert met.reason == "Done on 20 November 2026 at 16:30, due by 21 November 2026 at 09:30."


def test_a_case_that_closes_stops_its_clocks() -> None:
    stopped = clock("T5", NATIONAL, date(2026, 5, 1), evaluated=date(2026, 3, 2), closed=date(2026, 3, 5))
    assert stopped.state is State.STOPPED
    forgotten = clock("T5", NATIONAL, date(2026, 9, 1), evaluated=date(2026, 3, 2), closed=date(2026, 8, 5))
    assert forgotten.state is State.MISSED
    without_limit = clock(
        "T3", NATIONAL, date(2026, 5, 1), referred=date(2026, 3, 2), closed=date(2026, 3, 5)
    )
    assert without_limit.state is State.STOPPED


def test_an_edition_without_a_limit_says_so() -> None:
    running = clock("T3", NATIONAL, date(2026, 5, 1), referred=date(2026, 3, 2))
    assert running.due is None
    assert running.reason == "national-2020 sets no limit; a local profile may."
    assert clock("T3", SEFTON, date(2026, 3, 2), referred=date(2026, 3, 2)).due == date(2026, 3, 9)


def test_telling_the_person_has_no_number_but_a_reminder() -> None:
    running = clock("T15", NATIONAL, date(2026, 3, 7), evaluated=date(2026, 3, 2))
    assert (running.state, running.due, running.warning) == (State.RUNNING, None, True)
    assert running.counted == "as soon as possible"


def test_what_the_research_did_not_confirm_is_marked() -> None:
    assert clock("T5", NATIONAL, date(2026, 3, 2), evaluated=date(2026, 3, 2)).unconfirmed
    assert not clock("T1", NATIONAL, date(2026, 3, 2), known=date(2026, 3, 2)).unconfirmed


def test_summer_time_does_not_lengthen_24_hours() -> None:
    known = datetime(2026, 3, 28, 16, 30, tzinfo=ENGLAND)  # the clocks go forward in the night
    answer = due(known, limit(24, "hours"), CALENDAR)
    assert isinstance(answer, datetime)
    assert answer.isoformat() == "2026-03-29T17:30:00+01:00"


def test_half_past_midnight_in_summer_belongs_to_the_day_in_england() -> None:
    assert day_of(datetime(2026, 6, 29, 23, 30, tzinfo=UTC)) == date(2026, 6, 30)


def test_an_end_before_its_start_is_refused() -> None:
    with pytest.raises(EventOrderError, match="'referred' on 1 April 2026 is before 'known' on 2 April 2026"):
        clock("T1", NATIONAL, date(2026, 5, 1), known=date(2026, 4, 2), referred=date(2026, 4, 1))


def test_an_unknown_event_is_refused() -> None:
    with pytest.raises(UnknownEventError, match="No clock knows the event coffee"):
        clock("T1", NATIONAL, date(2026, 5, 1), coffee=date(2026, 4, 2))


def test_a_limit_that_is_no_number_or_no_way_of_counting_is_refused() -> None:
    with pytest.raises(ValuesError, match="no way of counting"):
        due(date(2026, 4, 2), limit(3, "moons"), CALENDAR)


days = st.dates(date(2020, 1, 1), date(2027, 6, 1))


@given(days, st.integers(1, 40))
def test_a_working_day_limit_ends_on_a_working_day(start: date, count: int) -> None:
    end = due(start, limit(count, "working days"), CALENDAR)
    assert CALENDAR.is_working_day(day_of(end))
    assert CALENDAR.working_days_between(start, day_of(end)) == count


@given(days, st.integers(1, 60))
def test_not_later_than_is_never_later(start: date, count: int) -> None:
    end = due(start, limit(count, "days, not later than"), CALENDAR)
    assert day_of(end) <= start + timedelta(days=count)
    assert CALENDAR.is_working_day(day_of(end))


@given(days, days)
def test_the_last_day_is_still_in_time(first: date, second: date) -> None:
    assert is_after(first, second) == (first > second)
    assert not is_after(first, first)
