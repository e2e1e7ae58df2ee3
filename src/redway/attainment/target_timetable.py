"""When targets are to be set, and how late one is.

From 2004-05 to 2010-11 the law gave the last day; one county's days of 2008-09 are held as the custom by
which it was kept. Since 1 September 2011 no law asks schools for targets: an authority may agree days of its
own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources

from redway.attainment.target_record import Stage
from redway.core.calendar import Calendar
from redway.core.dated_values import DatedValue
from redway.core.errors import OutsideCalendar, RedwayError
from redway.core.periods import Period, PeriodKind, academic_year, parse_period
from redway.core.values import DatedValues, read_values
from redway.core.words import counted, day_in_words


class TimetableRefused(RedwayError):  # noqa: N818 - says what is wrong in the words of the domain
    """Days of an authority's own that cannot be kept."""


class Step(StrEnum):
    """What is due by a day, in order."""

    ESTIMATES = "estimates-refreshed"
    PROPOSED = "proposed-by"
    VERIFIED = "verified-by"
    LAW = "legal-deadline"

    @property
    def label(self) -> str:
        return {
            Step.ESTIMATES: "Estimates are brought up to date",
            Step.PROPOSED: "Schools propose their targets",
            Step.VERIFIED: "All three verifiers have put their names",
            Step.LAW: "Last day by law",
        }[self]


@dataclass(frozen=True)
class Due:
    """One day of a timetable."""

    step: Step
    day: date
    source: str
    note: str = ""
    is_law: bool = False


@dataclass(frozen=True)
class Timetable:
    """The days by which targets for one year are set. ``words`` says whose they are."""

    for_year: str
    days: tuple[Due, ...]
    words: str

    def day_of(self, step: Step) -> date | None:
        return next((one.day for one in self.days if one.step is step), None)


@cache
def values() -> DatedValues:
    """The statutory and customary days, with their sources."""
    folder, name = resources.files("redway.attainment") / "values", "target-timetable.toml"
    return read_values("attainment/values", {name: (folder / name).read_text(encoding="utf-8")})


def year_set_in(for_year: str) -> Period:
    """The school year in whose autumn targets for ``for_year`` were set by law: five terms before.

    >>> year_set_in("2009-10").label
    '2008-09'
    """
    return academic_year(parse_period(for_year, PeriodKind.ACADEMIC).start.year - 1)


def statutory_timetable(for_year: str) -> Timetable:
    """The timetable held for targets for the results of a school year; without days where there is none."""
    year = year_set_in(for_year)
    days = [due for step in Step if (due := _due(step, year)) is not None]
    if not days:
        words = (
            "There is no statutory timetable: the law that asked schools for targets was revoked on "
            "1 September 2011."
            if year.start >= date(2011, 9, 1)
            else "No timetable is held for targets set so early."
        )
        return Timetable(for_year, (), words)
    customary = any(not due.is_law for due in days)
    words = "The last day is law" + ("; the others are one county's custom." if customary else ".")
    return Timetable(for_year, tuple(sorted(days, key=lambda due: due.day)), words)


def own_timetable(for_year: str, days: Mapping[Step, date], agreed_by: str) -> Timetable:
    """An authority's own days: agreed, and confirmed by no law. Raises TimetableRefused when out of order."""
    proposed, verified = days.get(Step.PROPOSED), days.get(Step.VERIFIED)
    if proposed and verified and verified < proposed:
        raise TimetableRefused(
            f"Verifiers would be due on {day_in_words(verified)}, before the targets themselves on "
            f"{day_in_words(proposed)}.",
            "Swap the two days, or mend one of them.",
        )
    end = parse_period(for_year, PeriodKind.ACADEMIC).end
    for step, day in days.items():
        if day > end:
            raise TimetableRefused(
                f"{step.label}: {day_in_words(day)} is after the end of {for_year}.", "Choose an earlier day."
            )
    source = f"Agreed by {agreed_by}"
    ordered = sorted(days.items(), key=lambda one: one[1])
    return Timetable(
        for_year,
        tuple(Due(step, day, source, "The authority's own day, not law.") for step, day in ordered),
        f"{agreed_by}'s own days, agreed and not law.",
    )


@dataclass(frozen=True)
class Lateness:
    """How late a target is. ``working_days`` is None where the table of bank holidays does not reach."""

    step: Step
    due: date
    days: int
    working_days: int | None

    @property
    def words(self) -> str:
        """'5 working days late: due on 21 November 2026'."""
        how = (
            counted(self.working_days, "working day")
            if self.working_days is not None
            else counted(self.days, "day")
        )
        return f"{how} late: due on {day_in_words(self.due)}"


def lateness(stage: Stage | None, timetable: Timetable, on: date, calendar: Calendar) -> Lateness | None:
    """How late a target is on a day; None when it is not. ``stage`` is None while nothing is proposed."""
    if stage in (Stage.CONFIRMED, Stage.LAPSED, Stage.WITHDRAWN):
        return None
    steps = [Step.VERIFIED, Step.LAW] if stage is not None else [Step.PROPOSED, Step.VERIFIED, Step.LAW]
    for step in steps:
        due = timetable.day_of(step)
        if due is not None and on > due:
            return Lateness(step, due, (on - due).days, _working_days(calendar, due, on))
    return None


def _working_days(calendar: Calendar, start: date, end: date) -> int | None:
    try:
        return calendar.working_days_between(start, end)
    except OutsideCalendar:
        return None


def _due(step: Step, year: Period) -> Due | None:
    entry = _entry(f"target-{step.value}", year)
    if entry is None:
        return None
    if isinstance(entry.value, date):
        day = entry.value
    else:
        month, number = str(entry.value).split("-")
        day = date(year.start.year, int(month), int(number))
    return Due(step, day, entry.source, entry.note, is_law=step is Step.LAW)


def _entry(name: str, year: Period) -> DatedValue | None:
    return next((one for one in values().entries[name] if one.holds_on(year.start)), None)
