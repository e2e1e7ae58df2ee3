"""The timetable: due, arrived, late, missing, and what reports stand on meanwhile."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core.errors import ValuesError
from redway.core.periods import PeriodKind, academic_year
from redway.datasets.format import Edition, load_formats
from redway.datasets.timetable import (
    Arrival,
    Line,
    Rating,
    Standing,
    State,
    Terms,
    Yearly,
    agree,
    load_timetable,
    parse_timetable,
    read_timetable,
    stamps,
)

KS2 = Yearly(
    "ks2-provisional",
    "Key stage 2 results, provisional",
    "ks2",
    Edition.PROVISIONAL,
    "Department for Education",
    "Data officer",
    PeriodKind.ACADEMIC,
    (9, 9),
    0,
    30,
)
REGISTER = Standing(
    "establishments", "Establishments", "establishments", "Department for Education", "Data officer", 45
)


def came(period: str, on: date, dataset: str = "ks2", edition: Edition = Edition.PROVISIONAL) -> Arrival:
    return Arrival(dataset, edition, period, academic_year(int(period[:4])).end, (period,), on)


LAST_YEAR = came("2023-24", date(2024, 9, 5))


def line_on(today: date, *arrivals: Arrival) -> Line:
    (line,) = read_timetable([KS2], [LAST_YEAR, *arrivals], today)
    return line


def test_due_on_9_september_and_arrived_on_16_is_amber() -> None:
    """Acceptance case 11."""
    line = line_on(date(2025, 9, 20), came("2024-25", date(2025, 9, 16)))
    assert (line.state, line.rating) == (State.LATE, Rating.AMBER)
    assert line.words == "2024-25 arrived on 16 September 2025, 7 days after it was due on 9 September 2025."
    assert not line.stamp


def test_until_it_arrives_reports_are_stamped_with_what_they_stand_on() -> None:
    """Acceptance case 11: between the 9th and the 16th, dependent reports stand on previous data."""
    line = line_on(date(2025, 9, 12), came("2024-25", date(2025, 9, 16)))
    assert (line.state, line.rating) == (State.OVERDUE, Rating.AMBER)
    assert line.stamp == (
        "On previous data (2023-24): Key stage 2 results, provisional, 2024-25, "
        "was due on 9 September 2025 and has not come."
    )
    assert stamps([line], {"ks2"}) == [line.stamp]
    assert stamps([line], {"absence"}) == []


def test_in_time_is_green() -> None:
    line = line_on(date(2025, 9, 20), came("2024-25", date(2025, 9, 9)))
    assert (line.state, line.rating) == (State.ARRIVED, Rating.GREEN)
    assert line.next_due == date(2026, 9, 9)


def test_before_it_is_due_last_years_arrival_counts() -> None:
    line = line_on(date(2025, 9, 8))
    assert (line.period, line.rating) == ("2023-24", Rating.GREEN)
    assert line.next_due == date(2025, 9, 9)


def test_after_the_days_of_grace_it_is_red() -> None:
    assert line_on(date(2025, 10, 9)).rating is Rating.AMBER
    line = line_on(date(2025, 10, 10))
    assert (line.state, line.rating) == (State.MISSING, Rating.RED)
    assert line.previous == "2023-24"


def test_nothing_ever_held_says_so() -> None:
    (line,) = read_timetable([KS2], [], date(2026, 1, 1))
    assert line.rating is Rating.RED
    assert line.stamp.startswith("Without data: ")


def test_a_later_edition_satisfies_an_earlier_one_and_not_the_other_way_round() -> None:
    final = came("2024-25", date(2025, 9, 1), edition=Edition.FINAL)
    assert line_on(date(2025, 9, 20), final).rating is Rating.GREEN
    waiting = Yearly(**{**KS2.__dict__, "edition": Edition.FINAL})
    (line,) = read_timetable([waiting], [came("2024-25", date(2025, 9, 1))], date(2025, 9, 20))
    assert line.stands_on_previous


def test_a_file_of_many_years_counts_for_each_of_them() -> None:
    span = Arrival(
        "ks2", Edition.FINAL, "2019-20..2024-25", date(2025, 8, 31), ("2023-24", "2024-25"), date(2025, 9, 1)
    )
    assert line_on(date(2025, 9, 20), span).state is State.ARRIVED


@pytest.mark.parametrize(
    ("days", "rating"),
    [(0, Rating.GREEN), (45, Rating.GREEN), (46, Rating.AMBER), (90, Rating.AMBER), (91, Rating.RED)],
)
def test_a_register_must_not_grow_old(days: int, rating: Rating) -> None:
    edition = date(2026, 3, 1)
    arrival = Arrival("establishments", Edition.FINAL, "2026-03-01", edition, (), edition)
    (line,) = read_timetable([REGISTER], [arrival], edition + timedelta(days=days))
    assert line.rating is rating


@given(
    st.dates(date(2021, 1, 1), date(2030, 12, 31)),
    st.lists(st.dates(date(2020, 1, 1), date(2030, 12, 31)), max_size=5),
)
def test_what_is_due_has_always_been_due_and_the_future_is_never_looked_at(
    today: date, days: list[date]
) -> None:
    arrivals = [came(f"{day.year - 1}-{day.year % 100:02d}", day) for day in days]
    (line,) = read_timetable([KS2], arrivals, today)
    assert line.due is not None
    assert line.due <= today
    assert line.next_due is not None
    assert line.next_due > today
    known = [arrival for arrival in arrivals if arrival.on <= today]
    assert read_timetable([KS2], known, today) == [line]
    assert (line.rating is Rating.GREEN) == (line.state is State.ARRIVED)


def test_every_entry_of_the_bundled_timetable_names_a_dataset_that_exists() -> None:
    datasets = {known.dataset for known in load_formats()}
    entries = load_timetable()
    assert len(entries) >= 15
    assert {entry.dataset for entry in entries} <= datasets


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[yearly]]\ncode = 'a'\ndue = '09-09'", "lacks"),
        ("[[yearly]]\ncode = 'a'\ndue = '02-29'", "cannot be read"),
        ("[[yearly]]\ncode = 'a'\ndue = 'soon'", "month and a day"),
        ("[[standing]]\ncode = 'a'", "lacks"),
        ("[[standing", "not readable"),
    ],
)
def test_a_timetable_that_is_wrong_says_where(text: str, said: str) -> None:
    with pytest.raises(ValuesError, match=said):
        parse_timetable(text, "timetable.toml")


def test_an_edition_named_by_a_year_still_running_is_as_old_as_its_arrival() -> None:
    came_in = Arrival(
        "establishments", Edition.FINAL, "2026", date(2026, 12, 31), ("2026",), date(2026, 11, 4)
    )
    (line,) = read_timetable([REGISTER], [came_in], date(2026, 11, 24))
    assert (
        line.words == "The newest is of 4 November 2026, 20 days old; a new one is due by 19 December 2026."
    )


AGREED_ON = date(2026, 11, 24)


def test_an_authority_agrees_a_later_day_and_what_came_by_then_is_in_time() -> None:
    proposed = line_on(date(2025, 9, 20), came("2024-25", date(2025, 9, 16)))
    later = agree(KS2, Terms("Department for Education", "Assessment team", (9, 18), 14), AGREED_ON)
    (line,) = read_timetable([later], [came("2024-25", date(2025, 9, 16))], date(2025, 9, 20))
    assert (proposed.rating, line.rating) == (Rating.AMBER, Rating.GREEN)
    assert line.entry.answers == "Assessment team"
    assert line.entry.agreed_on == AGREED_ON
    assert KS2.agreed_on is None, "the proposal stays as it was"


@pytest.mark.parametrize(
    ("entry", "terms", "message"),
    [
        (KS2, Terms("DfE", "Data officer", (2, 31), 30), "not a day of every year"),
        (KS2, Terms("DfE", "Data officer", (2, 29), 30), "not a day of every year"),
        (KS2, Terms("DfE", "Data officer", None, 30), "not a day of every year"),
        (KS2, Terms("DfE", "Data officer", (9, 9), -1), "days of grace must be from 0"),
        (KS2, Terms("DfE", "Data officer", (9, 9), None), "days of grace must be from 0"),
        (KS2, Terms("", "Data officer", (9, 9), 30), "from whom it comes"),
        (KS2, Terms("DfE", " ", (9, 9), 30), "who answers for it"),
        (REGISTER, Terms("DfE", "Data officer", no_older_than_days=0), "age must be from 1"),
        (REGISTER, Terms("DfE", "Data officer", (9, 9), 30), "age must be from 1"),
    ],
)
def test_terms_that_cannot_be_kept_are_refused(entry: Yearly | Standing, terms: Terms, message: str) -> None:
    with pytest.raises(ValuesError, match=message):
        agree(entry, terms, AGREED_ON)


@given(st.dates(date(2023, 1, 1), date(2023, 12, 31)), st.integers(0, 3650))
def test_agreed_terms_are_read_back_as_they_were_given(day: date, grace: int) -> None:
    terms = Terms("Department for Education", "Finance officer", (day.month, day.day), grace)
    assert Terms.of(agree(KS2, terms, AGREED_ON)) == terms
