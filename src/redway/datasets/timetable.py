"""The timetable: which dataset is due when, from whom, who answers for it, and what has come.

Green: it came in time, or is not due yet. Amber: it came late, or is overdue within its days of grace. Red:
it has not come. While something due has not come, whatever stands on the dataset is stamped with what it
stands on instead. Pure: the day and the versions are given.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from importlib import resources
from typing import Any

from redway.core.errors import ValuesError
from redway.core.periods import Period, PeriodKind, academic_year, calendar_year, financial_year
from redway.core.words import counted, day_in_words
from redway.datasets.format import Edition
from redway.datasets.ledger import LONDON, Version


class Rating(StrEnum):
    """The colour of a line, which is always shown with its words."""

    GREEN = "Green"
    AMBER = "Amber"
    RED = "Red"


class State(StrEnum):
    """What became of what was due."""

    NOT_DUE = "not due"
    ARRIVED = "arrived"
    LATE = "late"
    OVERDUE = "overdue"
    MISSING = "missing"


@dataclass(frozen=True)
class Yearly:
    """Something published once a year. ``due`` is (month, day), ``years_after`` the year its period ends."""

    code: str
    title: str
    dataset: str
    edition: Edition
    supplier: str
    answers: str
    """The role that answers for it, in words."""
    period: PeriodKind
    due: tuple[int, int]
    years_after: int
    grace_days: int
    agreed_on: date | None = None
    """The day the authority agreed this line; None while it is a proposal."""

    def due_on(self, period: Period) -> date:
        """The day the figures of a period are due."""
        return date(period.end.year + self.years_after, *self.due)

    def period_due(self, today: date) -> Period:
        """The latest period whose figures are due on or before ``today``."""
        year = today.year - self.years_after
        latest = _ending_in(year, self.period)
        return latest if self.due_on(latest) <= today else _ending_in(year - 1, self.period)


@dataclass(frozen=True)
class Standing:
    """Something published all the time, of which an edition must never be older than so many days."""

    code: str
    title: str
    dataset: str
    supplier: str
    answers: str
    no_older_than_days: int
    agreed_on: date | None = None


Entry = Yearly | Standing


@dataclass(frozen=True)
class Terms:
    """What can be agreed of a line: from whom, who answers, and by when it is due.

    A yearly line has ``due`` (month, day) and ``grace_days``; a standing one ``no_older_than_days``.
    """

    supplier: str
    answers: str
    due: tuple[int, int] | None = None
    grace_days: int | None = None
    no_older_than_days: int | None = None

    @classmethod
    def of(cls, entry: Entry) -> Terms:
        """The terms of a line as it stands."""
        if isinstance(entry, Standing):
            return cls(entry.supplier, entry.answers, no_older_than_days=entry.no_older_than_days)
        return cls(entry.supplier, entry.answers, entry.due, entry.grace_days)


@dataclass(frozen=True)
class Arrival:
    """One committed version as the timetable sees it. ``on`` is the day it was committed, in London."""

    dataset: str
    edition: Edition
    period: str
    period_end: date
    periods: tuple[str, ...]
    on: date


@dataclass(frozen=True)
class Line:
    """One line of the timetable on a day.

    ``period`` and ``due`` are what was last due; ``next_due`` is when the next is. ``previous`` is the period
    that reports stand on while what was due has not come; empty when they stand on what was due.
    """

    entry: Entry
    state: State
    rating: Rating
    words: str
    period: str
    due: date | None
    arrived: date | None
    next_due: date | None
    previous: str

    @property
    def stands_on_previous(self) -> bool:
        """True while something due has not come: reports that use it must say so."""
        return self.state in (State.OVERDUE, State.MISSING)

    @property
    def stamp(self) -> str:
        """What is written on reports that use the dataset; empty when they stand on what was due."""
        if not self.stands_on_previous or self.due is None:
            return ""
        held = f"On previous data ({self.previous})" if self.previous else "Without data"
        due = day_in_words(self.due)
        return f"{held}: {self.entry.title}, {self.period}, was due on {due} and has not come."


def arrivals_of(versions: Iterable[Version]) -> list[Arrival]:
    """What has come: every version that was ever committed and not withdrawn."""
    return [
        Arrival(
            version.dataset,
            Edition(version.edition),
            version.period,
            version.period_end,
            version.periods,
            version.committed_at.astimezone(LONDON).date(),
        )
        for version in versions
        if version.committed_at is not None and version.withdrawn_at is None
    ]


def read_timetable(entries: Sequence[Entry], arrivals: Sequence[Arrival], today: date) -> list[Line]:
    """Every line as it stands on ``today``, in the timetable's order; later arrivals do not count."""
    known = [arrival for arrival in arrivals if arrival.on <= today]
    return [
        _line(entry, [each for each in known if each.dataset == entry.dataset], today) for entry in entries
    ]


MOST_DAYS = 3650
"""Days of grace or of age beyond this are a slip of the keyboard: nothing would ever be late."""


def agree(entry: Entry, terms: Terms, on: date) -> Entry:
    """The line under agreed terms. Raises ValuesError for terms that cannot be kept."""
    if not (terms.supplier.strip() and terms.answers.strip()):
        raise ValuesError("A line needs to say from whom it comes and who answers for it.", "Fill both in.")
    if isinstance(entry, Standing):
        _check_days(terms.no_older_than_days, 1, "The greatest age")
        assert terms.no_older_than_days is not None
        return replace(
            entry,
            supplier=terms.supplier,
            answers=terms.answers,
            no_older_than_days=terms.no_older_than_days,
            agreed_on=on,
        )
    if terms.due is None or not is_day_of_every_year(*terms.due):
        raise ValuesError(
            "The day it is due is not a day of every year.",
            "Choose a day and a month, such as 9 September; for the end of February, 28 February.",
        )
    _check_days(terms.grace_days, 0, "The days of grace")
    assert terms.grace_days is not None
    return replace(
        entry,
        supplier=terms.supplier,
        answers=terms.answers,
        due=terms.due,
        grace_days=terms.grace_days,
        agreed_on=on,
    )


def is_day_of_every_year(month: int, day: int) -> bool:
    """True for 9 September; false for 31 February, and for 29 February, which most years have not."""
    try:
        date(2023, month, day)
    except ValueError:
        return False
    return True


def _check_days(days: int | None, fewest: int, what: str) -> None:
    if days is None or not fewest <= days <= MOST_DAYS:
        raise ValuesError(f"{what} must be from {fewest} to {MOST_DAYS:,} days.", "Enter a whole number.")


def stamps(lines: Iterable[Line], datasets: Iterable[str]) -> list[str]:
    """What must be written on a report that uses these datasets; nothing when all stands on what was due."""
    used = set(datasets)
    return [line.stamp for line in lines if line.entry.dataset in used and line.stamp]


def _line(entry: Entry, arrivals: Sequence[Arrival], today: date) -> Line:
    if isinstance(entry, Standing):
        return _standing_line(entry, arrivals, today)
    return _yearly_line(entry, arrivals, today)


def _yearly_line(entry: Yearly, arrivals: Sequence[Arrival], today: date) -> Line:
    period = entry.period_due(today)
    due, next_due = entry.due_on(period), entry.due_on(_ending_in(period.end.year + 1, entry.period))
    fitting = [each for each in arrivals if each.edition.rank >= entry.edition.rank]
    came = min((each.on for each in fitting if _holds(each, period.label)), default=None)
    earlier = [each for each in fitting if each.period_end < period.end]
    previous = max(earlier, key=lambda each: each.period_end).period.rpartition("..")[2] if earlier else ""

    def line(state: State, rating: Rating, words: str) -> Line:
        held = previous if came is None else ""
        return Line(entry, state, rating, words, period.label, due, came, next_due, held)

    if came is not None:
        arrived = f"{period.label} arrived on {day_in_words(came)}"
        if came <= due:
            return line(State.ARRIVED, Rating.GREEN, f"{arrived}, in time.")
        late = counted((came - due).days, "day")
        return line(
            State.LATE,
            Rating.AMBER,
            f"{arrived}, {late} after it was due on {day_in_words(due)}.",
        )
    since = f"{period.label} was due on {day_in_words(due)} and has not come"
    held = f"; reports stand on {previous}." if previous else "; nothing earlier is held."
    if today == due:
        return line(State.OVERDUE, Rating.AMBER, f"{period.label} is due today{held}")
    if today <= due + timedelta(days=entry.grace_days):
        return line(State.OVERDUE, Rating.AMBER, f"{since}{held}")
    return line(State.MISSING, Rating.RED, f"{since}{held}")


def _standing_line(entry: Standing, arrivals: Sequence[Arrival], today: date) -> Line:
    newest = max(arrivals, key=lambda each: (each.period_end, each.on), default=None)
    if newest is None:
        return Line(entry, State.MISSING, Rating.RED, "Nothing has come yet.", "", None, None, None, "")
    limit = timedelta(days=entry.no_older_than_days)
    # An edition named by a year that is still running can be no newer than the day it came.
    of = min(newest.period_end, newest.on)
    due = of + limit
    age = f"The newest is of {day_in_words(of)}, {counted((today - of).days, 'day')} old"
    allowed = counted(entry.no_older_than_days, "day")
    if today <= due:
        state, rating, words = State.ARRIVED, Rating.GREEN, f"{age}; a new one is due by {day_in_words(due)}."
    elif today <= due + limit:
        state, rating, words = State.OVERDUE, Rating.AMBER, f"{age}; it should be no older than {allowed}."
    else:
        state, rating, words = State.MISSING, Rating.RED, f"{age}; it should be no older than {allowed}."
    previous = day_in_words(of) if state is not State.ARRIVED else ""
    return Line(entry, state, rating, words, "a newer edition", due, newest.on, due, previous)


def _holds(arrival: Arrival, label: str) -> bool:
    return label == arrival.period or label in arrival.periods


def _ending_in(year: int, kind: PeriodKind) -> Period:
    if kind is PeriodKind.ACADEMIC:
        return academic_year(year - 1)
    return financial_year(year - 1) if kind is PeriodKind.FINANCIAL else calendar_year(year)


# --- reading the file ---------------------------------------------------------------------------------------

_DAY = re.compile(r"^(\d\d)-(\d\d)$")


def load_timetable() -> tuple[Entry, ...]:
    """The bundled timetable: a proposal, of which an authority agrees line by line. Raises ValuesError."""
    text = (resources.files("redway.datasets") / "values" / "timetable.toml").read_text("utf-8")
    return parse_timetable(text, "timetable.toml")


def parse_timetable(text: str, origin: str) -> tuple[Entry, ...]:
    """A timetable from its text. Raises ValuesError naming the file and the entry."""
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValuesError(f"{origin} is not readable TOML: {error}.", "Mend the line named.") from None
    entries: list[Entry] = [_yearly(each, origin) for each in written.get("yearly", ())]
    entries += [_standing(each, origin) for each in written.get("standing", ())]
    codes = [entry.code for entry in entries]
    if doubled := sorted({code for code in codes if codes.count(code) > 1}):
        raise ValuesError(f"{origin} has {', '.join(doubled)} twice.", "Give each entry its own code.")
    return tuple(entries)


def _yearly(written: Mapping[str, Any], origin: str) -> Yearly:
    match = _DAY.match(str(written.get("due", "")))
    try:
        if match is None:
            raise ValueError("due must be a month and a day, such as 09-09")
        month, on = int(match[1]), int(match[2])
        if not is_day_of_every_year(month, on):
            raise ValueError("due must be a day of every year")
        return Yearly(
            written["code"],
            written["title"],
            written["dataset"],
            Edition(written["edition"]),
            written["from"],
            written["answers"],
            PeriodKind(written["period"]),
            (month, on),
            int(written["years_after"]),
            int(written["grace_days"]),
        )
    except (KeyError, ValueError) as error:
        raise _bad(origin, written, error) from None


def _standing(written: Mapping[str, Any], origin: str) -> Standing:
    try:
        return Standing(
            written["code"],
            written["title"],
            written["dataset"],
            written["from"],
            written["answers"],
            int(written["no_older_than_days"]),
        )
    except (KeyError, ValueError) as error:
        raise _bad(origin, written, error) from None


def _bad(origin: str, written: Mapping[str, Any], error: Exception) -> ValuesError:
    what = f"lacks {error}" if isinstance(error, KeyError) else f"cannot be read: {error}"
    return ValuesError(
        f"The entry '{written.get('code', '?')}' of {origin} {what}.",
        "Compare it with the other entries of the file.",
    )
