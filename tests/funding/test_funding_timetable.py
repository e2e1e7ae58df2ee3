"""The days of a funding year."""

from __future__ import annotations

from datetime import date

import pytest

from redway.core.errors import InvalidPeriod
from redway.funding.timetable import Step, due_soon, timetable, year_prepared


def test_the_year_being_prepared_starts_the_next_april() -> None:
    assert year_prepared(date(2026, 11, 24)) == "2027-28"
    assert year_prepared(date(2027, 3, 31)) == "2027-28"
    assert year_prepared(date(2027, 4, 1)) == "2028-29"


def test_days_lie_around_the_start_of_the_year() -> None:
    days = {due.step: due.day for due in timetable("2027-28")}
    assert days[Step.CONSULTATION_OPENS] == date(2026, 10, 6)
    assert days[Step.PROFORMA] == date(2027, 1, 22)
    assert days[Step.MAINTAINED] == date(2027, 2, 28)
    assert set(days) == set(Step)
    assert list(days.values()) == sorted(days.values())


def test_what_is_due_soon() -> None:
    found = [due.step for due in due_soon("2027-28", date(2026, 11, 24))]
    assert found == [Step.FORUM_VIEWS, Step.GRANT]


def test_days_that_are_only_usual_say_so() -> None:
    assert not any(due.is_confirmed for due in timetable("2027-28"))
    assert all(due.source for due in timetable("2027-28"))


def test_a_year_must_be_a_funding_year() -> None:
    with pytest.raises(InvalidPeriod):
        timetable("next year")
