"""Programmes of support as templates: a cycle of three stages in every half-term.

A template says what a programme is for, how many half-terms it lasts and what each stage asks; it lies in
``values/programmes`` with its source and how far that may be trusted. A programme that has been started keeps
its own copy, so that a template that changes later does not rewrite what was agreed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from importlib import resources

from redway.core.dated_values import DatedValues, Status
from redway.core.errors import NotFound
from redway.core.values import load_values
from redway.core.words import counted, day_in_words, listed
from redway.improvement.support_errors import ProgrammeRefused

LENGTH = ".half-terms"
MOST_HALF_TERMS = 18
_LATER_IN_THE_YEAR = 9
"""The school year begins in September: months before it belong to the next calendar year."""


class Stage(StrEnum):
    """The three stages of every half-term."""

    FIRST = "first-stage"
    ACTION = "action"
    REVIEW = "review"


STAGES = tuple(Stage)


class Standing(StrEnum):
    """How a step stands on a day."""

    OVERDUE = "Red"
    SOON = "Amber"
    AHEAD = "Not yet due"
    DONE = "Blue"


@dataclass(frozen=True)
class Template:
    """A programme as it may be started. ``asks`` holds, for each stage, what it asks for."""

    code: str
    title: str
    purpose: str
    half_terms: int
    stage_names: tuple[str, str, str]
    asks: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    source: str
    status: Status


@dataclass(frozen=True)
class HalfTerm:
    """One half-term. Both days are inside it."""

    name: str
    first_day: date
    last_day: date

    @property
    def words(self) -> str:
        """'Autumn, first half 2026'."""
        return f"{self.name} {self.first_day.year}"


@dataclass(frozen=True)
class Step:
    """One stage in one half-term: what is asked, and until when. ``half_term`` counts from 1."""

    half_term: int
    stage: Stage
    name: str
    when: str
    asks: tuple[str, ...]
    due_on: date


@cache
def values() -> DatedValues:
    """The templates and half-terms that are held."""
    return load_values(resources.files("redway.improvement") / "values" / "programmes")


def templates_on(day: date) -> tuple[Template, ...]:
    """The templates a programme may be started from on a day, by title."""
    codes = [name.removesuffix(LENGTH) for name in values().names() if name.endswith(LENGTH)]
    held = [code for code in codes if any(one.holds_on(day) for one in values().entries[f"{code}{LENGTH}"])]
    return tuple(sorted((template(code, day) for code in held), key=lambda one: one.title))


def template(code: str, day: date) -> Template:
    """One template as it stands on a day. Raises NotFound for a code that is not held."""
    if f"{code}{LENGTH}" not in values().names():
        raise NotFound(f"There is no programme '{code}'.", "Choose one of the list.")
    length = values().value_on(f"{code}{LENGTH}", day)
    names = _texts(f"{code}.stage-names", day)
    first, action, review = (_texts(f"{code}.{stage}", day) for stage in STAGES)
    return Template(
        code,
        values().text_on(f"{code}.title", day),
        values().text_on(f"{code}.purpose", day),
        values().whole_number_on(length.name, day),
        (names[0], names[1], names[2]),
        (first, action, review),
        length.source,
        length.status,
    )


def _texts(name: str, day: date) -> tuple[str, ...]:
    value = values().value_on(name, day).value
    return tuple(str(one) for one in value) if isinstance(value, tuple) else (str(value),)


def half_terms_from(day: date, count: int) -> tuple[HalfTerm, ...]:
    """``count`` half-terms, the first the one in which ``day`` lies or, in the holidays, the next.

    >>> [one.words for one in half_terms_from(date(2026, 11, 24), 2)]
    ['Autumn, second half 2026', 'Spring, first half 2027']
    """
    year = day.year if day.month >= _LATER_IN_THE_YEAR else day.year - 1
    found: list[HalfTerm] = []
    for start in range(year, year + count // 6 + 2):
        found.extend(_half_terms_of(start, day))
    return tuple(one for one in found if one.last_day >= day)[:count]


def _half_terms_of(year: int, on: date) -> list[HalfTerm]:
    """The half-terms of the school year that begins in September of ``year``."""
    found = []
    for text in _texts("half-terms-of-a-year", on):
        first, last, name = text.split(" ", 2)
        found.append(HalfTerm(name, _day_of(year, first), _day_of(year, last)))
    return found


def _day_of(year: int, text: str) -> date:
    """'07-20' in the school year that begins in September of ``year``."""
    month, day = (int(part) for part in text.split("-"))
    return date(year if month >= _LATER_IN_THE_YEAR else year + 1, month, day)


def cycle(chosen: Template, starts_on: date, half_terms: int | None = None) -> tuple[Step, ...]:
    """Every step of a programme that starts on a day: three in each half-term.

    The first stage is due a third of the way through the half-term, action two thirds, review by its end; in
    the half-term in which the programme starts, the same of what is left. Raises ProgrammeRefused for a
    length that cannot be.
    """
    count = chosen.half_terms if half_terms is None else half_terms
    if not 1 <= count <= MOST_HALF_TERMS:
        raise ProgrammeRefused(
            f"A programme lasts 1 to {MOST_HALF_TERMS} half-terms, not {count}.", "Choose a length between."
        )
    return tuple(
        Step(number, stage, chosen.stage_names[at], term.words, chosen.asks[at], _due(term, starts_on, at))
        for number, term in enumerate(half_terms_from(starts_on, count), 1)
        for at, stage in enumerate(STAGES)
    )


def _due(term: HalfTerm, starts_on: date, at: int) -> date:
    first = max(term.first_day, starts_on)
    return first + (term.last_day - first) * (at + 1) // len(STAGES)


def standing(due_on: date, done_on: date | None, today: date) -> Standing:
    """How something with a due date stands: done is Blue, past its day Red, due soon Amber.

    >>> standing(date(2026, 11, 20), None, date(2026, 11, 24)).value
    'Red'
    """
    if done_on is not None:
        return Standing.DONE
    if due_on < today:
        return Standing.OVERDUE
    soon = values().whole_number_on("soon", today)
    return Standing.SOON if due_on <= today + timedelta(days=soon) else Standing.AHEAD


def overdue_words(due_on: date, done_on: date | None, today: date) -> str:
    """'overdue 4 days', or when it is due or was done."""
    if done_on is not None:
        return f"done {day_in_words(done_on)}"
    late = (today - due_on).days
    if late > 0:
        return f"overdue {counted(late, 'day')}"
    return f"due {day_in_words(due_on)}"


def moved_words(days: Sequence[date]) -> str:
    """What became of a due date: the days it was set to, the first one first. Empty when it never moved.

    >>> moved_words([date(2026, 9, 1), date(2026, 10, 1), date(2026, 12, 4)])
    'First due 1 September 2026; moved 2 times, +94 days'
    """
    if len(days) < 2:
        return ""
    times = len(days) - 1
    by = (days[-1] - days[0]).days
    return f"First due {day_in_words(days[0])}; moved {counted(times, 'time')}, {by:+d} days"


def unconfirmed_words(chosen: Template) -> str:
    """What a page says of a template that was not read in a publication; empty for one that was."""
    if chosen.status is Status.PUBLISHED:
        return ""
    return f"This template is {listed([chosen.status.value])}: {chosen.source}."
