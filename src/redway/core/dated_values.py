"""Dated values: what each name was worth on each day, and how far that may be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from redway.core.errors import ValuesError
from redway.core.periods import academic_year, financial_year
from redway.core.words import day_in_words, listed

Scalar = bool | int | Decimal | str | date
Value = Scalar | tuple[Scalar, ...]


class Status(StrEnum):
    """How far a value may be trusted."""

    PUBLISHED = "published"
    """Read in the publication named as source."""
    MATCHED = "matched"
    """Not read in a publication, but it reproduces published results."""
    UNCONFIRMED = "unconfirmed"
    """Taken from a secondary source or an assumption; pages that use it must say so."""


@dataclass(frozen=True)
class DatedValue:
    """One value and the days on which it holds; ``start`` and ``end`` are both inside."""

    name: str
    value: Value
    unit: str
    start: date
    end: date | None
    """Last day, or None while no end is known."""
    source: str
    status: Status
    file: str
    """Name of the file that states it; for a value carried on, the file of the year it was set in."""
    note: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether ``day`` lies inside the value's days."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Gap:
    """Days for which a name is declared to have no value, and why."""

    name: str
    start: date
    end: date
    reason: str
    file: str

    def holds_on(self, day: date) -> bool:
        """Whether ``day`` lies inside the gap."""
        return self.start <= day <= self.end


@dataclass(frozen=True)
class DatedValues:
    """The values of one folder, checked. Ask by name and day; nothing can be changed."""

    folder: str
    entries: Mapping[str, tuple[DatedValue, ...]]
    gaps: Mapping[str, tuple[Gap, ...]]

    def names(self) -> tuple[str, ...]:
        """Every name held, in alphabetical order."""
        return tuple(sorted(self.entries))

    def value_on(self, name: str, day: date) -> DatedValue:
        """The value of ``name`` that holds on ``day``.

        Raises ValuesError when the name is unknown, the day falls in a declared gap, or the day lies
        outside the years held; the message says what to load.
        """
        for entry in self._of(name):
            if entry.holds_on(day):
                return entry
        for gap in self.gaps.get(name, ()):
            if gap.holds_on(day):
                raise ValuesError(f"'{name}' has no value on {day_in_words(day)}: {gap.reason}.")
        raise self._outside(name, day)

    def number_on(self, name: str, day: date) -> Decimal:
        """The value as an exact number. Raises ValuesError when it is not a number."""
        value = self.value_on(name, day).value
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self._wrong_type(name, "a number")
        return Decimal(value)

    def whole_number_on(self, name: str, day: date) -> int:
        """The value as a whole number (days, children, steps). Raises ValuesError when it is not one."""
        value = self.value_on(name, day).value
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong_type(name, "a whole number")
        return value

    def text_on(self, name: str, day: date) -> str:
        """The value as text. Raises ValuesError when it is not text."""
        value = self.value_on(name, day).value
        if not isinstance(value, str):
            raise self._wrong_type(name, "text")
        return value

    def unconfirmed_on(self, day: date) -> tuple[DatedValue, ...]:
        """Values in force on ``day`` that a page must mark as not confirmed, by name."""
        return tuple(
            entry
            for name in self.names()
            for entry in self.entries[name]
            if entry.holds_on(day) and entry.status is Status.UNCONFIRMED
        )

    def _of(self, name: str) -> tuple[DatedValue, ...]:
        if name not in self.entries:
            known = listed(self.names()) or "nothing"
            raise ValuesError(f"No value is called '{name}' in {self.folder}.", f"It holds {known}.")
        return self.entries[name]

    def _outside(self, name: str, day: date) -> ValuesError:
        held = self._of(name)
        first, last = held[0].start, held[-1].end
        span = f"from {day_in_words(first)}" + (f" to {day_in_words(last)}" if last else "")
        return ValuesError(
            f"'{name}' has no value on {day_in_words(day)}; {self.folder} holds it {span}.",
            f"Load a file for {_year_around(day, like=first)} into {self.folder}.",
        )

    def _wrong_type(self, name: str, wanted: str) -> ValuesError:
        return ValuesError(f"'{name}' in {self.folder} is not {wanted}.", "Mend the file that states it.")


def _year_around(day: date, like: date) -> str:
    # The name of the missing year is told in the same kind of year as the values that are held.
    if (like.month, like.day) == (4, 1):
        return financial_year(day.year if day.month >= 4 else day.year - 1).label
    if (like.month, like.day) == (9, 1):
        return academic_year(day.year if day.month >= 9 else day.year - 1).label
    return str(day.year)
