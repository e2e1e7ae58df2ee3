"""Programmes as templates: half-terms, the cycle, how a step stands, days that moved."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core.errors import NotFound
from redway.improvement.programmes import (
    MOST_HALF_TERMS,
    cycle,
    half_terms_from,
    moved_words,
    overdue_words,
    standing,
    template,
    templates_on,
    unconfirmed_words,
)
from redway.improvement.support_errors import ProgrammeRefused

TODAY = date(2026, 11, 24)
DAYS = st.dates(date(2006, 1, 1), date(2035, 12, 31))


def test_the_intensifying_support_programme_is_two_years_of_audit_action_and_review() -> None:
    chosen = template("intensifying-support", TODAY)
    steps = cycle(chosen, date(2026, 9, 1))
    assert chosen.half_terms == 12
    assert [step.name for step in steps[:3]] == ["Audit and targets", "Action", "Review"]
    assert len(steps) == 36
    assert steps[-1].due_on == date(2028, 7, 20)


def test_every_template_says_where_it_comes_from_and_how_far_it_may_be_trusted() -> None:
    assert [one.code for one in templates_on(TODAY)] == [
        "intensifying-support",
        "category-monitoring",
        "peer-review",
    ]
    for one in templates_on(TODAY):
        assert one.source
        assert "unconfirmed" in unconfirmed_words(one)


def test_a_programme_that_is_not_held_is_not_made_up() -> None:
    with pytest.raises(NotFound, match="There is no programme 'turnaround'"):
        template("turnaround", TODAY)


@pytest.mark.parametrize("length", [0, MOST_HALF_TERMS + 1])
def test_a_length_that_cannot_be_is_refused(length: int) -> None:
    with pytest.raises(ProgrammeRefused, match="lasts 1 to 18 half-terms"):
        cycle(template("peer-review", TODAY), TODAY, length)


@given(DAYS, st.integers(1, MOST_HALF_TERMS))
def test_half_terms_follow_one_another_with_holidays_between_and_the_first_is_not_over(
    day: date, count: int
) -> None:
    found = half_terms_from(day, count)
    assert len(found) == count
    assert day <= found[0].last_day
    for earlier, later in pairwise(found):
        holidays = (later.first_day - earlier.last_day).days - 1
        assert 5 <= holidays <= 43


@given(DAYS, st.integers(1, MOST_HALF_TERMS))
def test_nothing_is_due_in_the_summer_or_at_christmas(day: date, count: int) -> None:
    for step in cycle(template("intensifying-support", TODAY), day, count):
        assert step.due_on.month != 8
        assert (step.due_on.month, step.due_on.day) <= (12, 18)


@given(DAYS, st.integers(1, MOST_HALF_TERMS))
def test_no_step_is_due_before_the_programme_starts_nor_before_the_step_before_it(
    day: date, count: int
) -> None:
    due = [step.due_on for step in cycle(template("peer-review", TODAY), day, count)]
    assert due == sorted(due)
    assert due[0] >= day


@pytest.mark.parametrize(
    ("due", "done", "rating", "words"),
    [
        (TODAY - timedelta(days=4), None, "Red", "overdue 4 days"),
        (TODAY - timedelta(days=1), None, "Red", "overdue 1 day"),
        (TODAY, None, "Amber", "due 24 November 2026"),
        (TODAY + timedelta(days=14), None, "Amber", "due 8 December 2026"),
        (TODAY + timedelta(days=15), None, "Not yet due", "due 9 December 2026"),
        (TODAY - timedelta(days=4), TODAY, "Blue", "done 24 November 2026"),
    ],
)
def test_a_step_stands_by_its_day(due: date, done: date | None, rating: str, words: str) -> None:
    assert standing(due, done, TODAY).value == rating
    assert overdue_words(due, done, TODAY) == words


def test_a_day_that_moved_keeps_the_first_one() -> None:
    """Case 51: 'moved 3 times, +94 days'."""
    first = date(2026, 9, 1)
    days = [first, date(2026, 9, 20), date(2026, 11, 1), first + timedelta(days=94)]
    assert moved_words(days) == "First due 1 September 2026; moved 3 times, +94 days"
    assert moved_words([first]) == ""
