"""The dated tables of the official measures: asked for by name and school year, in words when not held."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from redway.core.dated_values import DatedValue
from redway.core.errors import RedwayError, ValuesError
from redway.core.periods import Period, PeriodKind, parse_period
from redway.core.values import DatedValues, Status, load_values

Numbers = NDArray[np.float64]


class NotPublished(RedwayError):  # noqa: N818 - says what happened, as in core
    """A year whose figures nobody published, or that are not held. Nothing is put in their place."""


class NotConfirmed(RedwayError):  # noqa: N818 - says what happened, as in core
    """Figures that were proposed or told at second hand, and that nobody asked to use all the same."""


@cache
def measure_values() -> DatedValues:
    """Every table of the official measures."""
    return load_values(resources.files("redway.attainment") / "values" / "official-measures")


def school_year(year: str) -> Period:
    """'2023-24', '2023/24', '202324' or '2024' as a school year. Raises InvalidPeriod."""
    return parse_period(year, PeriodKind.ACADEMIC)


def entry_in(name: str, what: str, year: str, *, unconfirmed: bool = False) -> DatedValue:
    """The value of ``name`` in a school year; ``what`` says in words what it is.

    Raises NotPublished when none is held, and NotConfirmed unless ``unconfirmed`` values are asked for.
    """
    period = school_year(year)
    try:
        entry = measure_values().value_on(name, period.end)
    except ValuesError as error:
        raise NotPublished(
            f"{what} of {period} cannot be given: {why_not_held(name, period)}.",
            "Choose another year, or give figures of your own.",
        ) from error
    refuse_unconfirmed([entry], what, unconfirmed=unconfirmed)
    return entry


def why_not_held(name: str, period: Period) -> str:
    """Why a value is not held in a year: the reason that is declared, else the years that are held."""
    for gap in measure_values().gaps.get(name, ()):
        if gap.holds_on(period.end):
            return gap.reason
    held = measure_values().entries.get(name, ())
    if not held:
        return "nothing of the kind is held"
    first = parse_period(str(held[0].start.year + 1), PeriodKind.ACADEMIC)
    end = held[-1].end
    return f"it is held from {first}" + (
        f" to {parse_period(str(end.year), PeriodKind.ACADEMIC)}" if end else ""
    )


def refuse_unconfirmed(entries: Sequence[DatedValue], what: str, *, unconfirmed: bool) -> None:
    """Raise NotConfirmed when one of the values is not confirmed and nobody asked for such values."""
    doubtful = [entry for entry in entries if entry.status is Status.UNCONFIRMED]
    if doubtful and not unconfirmed:
        raise NotConfirmed(
            f"{what} rests on what is not confirmed: {doubtful[0].source}.",
            "Ask for unconfirmed values to use it all the same, and say so beside every figure.",
        )


def number_in(name: str, what: str, year: str, *, unconfirmed: bool = False) -> float:
    """The same as a number."""
    return float(_decimal(entry_in(name, what, year, unconfirmed=unconfirmed)))


def numbers_in(name: str, what: str, year: str, *, unconfirmed: bool = False) -> Numbers:
    """The same as a column of numbers."""
    value = entry_in(name, what, year, unconfirmed=unconfirmed).value
    return np.array([float(str(one)) for one in value] if isinstance(value, tuple) else [value], dtype=float)


def words_in(name: str, what: str, year: str, *, unconfirmed: bool = False) -> tuple[str, ...]:
    """The same as a list of words."""
    value = entry_in(name, what, year, unconfirmed=unconfirmed).value
    return tuple(str(one) for one in value) if isinstance(value, tuple) else (str(value),)


def says_yes(name: str, year: str) -> bool:
    """Whether a yes-or-no value is yes in a school year; no where none is held."""
    return is_held(name, year) and entry_in(name, name, year).value is True


def is_held(name: str, year: str) -> bool:
    """Whether there is a value of ``name`` in a school year."""
    day = school_year(year).end
    return any(entry.holds_on(day) for entry in measure_values().entries.get(name, ()))


def table_in(prefix: str, year: str) -> dict[str, DatedValue]:
    """All values in a school year whose names start with ``prefix/``, by the rest of their names."""
    day = school_year(year).end
    return {
        name.removeprefix(f"{prefix}/"): entry
        for name in measure_values().names()
        if name.startswith(f"{prefix}/")
        for entry in measure_values().entries[name]
        if entry.holds_on(day)
    }


def _decimal(entry: DatedValue) -> Decimal:
    if isinstance(entry.value, bool) or not isinstance(entry.value, int | Decimal):
        raise ValuesError(f"'{entry.name}' in {entry.file} is not a number.", "Mend the file that states it.")
    return Decimal(entry.value)
