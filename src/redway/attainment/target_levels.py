"""Levels of challenge, and what else targets are set by: dated values with their sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from scipy.special import ndtri

from redway.core.errors import ValuesError
from redway.core.values import DatedValues, read_values


@cache
def values() -> DatedValues:
    """Levels, thresholds and weights, dated and with their sources."""
    folder = resources.files("redway.attainment") / "values"
    name = "targets.toml"
    return read_values("attainment/values", {name: (folder / name).read_text(encoding="utf-8")})


@dataclass(frozen=True)
class Level:
    """A level of challenge: the progress of the school at this place among schools."""

    code: str
    percentile: float
    """Share of schools, in percent, whose pupils make less progress."""
    source: str = ""

    @property
    def z(self) -> float:
        """How many standard deviations of school effects it lies above the average school.

        >>> round(Level("top-quarter", 75).z, 4), Level("average", 50).z
        (0.6745, 0.0)
        """
        return float(ndtri(self.percentile / 100))

    @property
    def label(self) -> str:
        """'Top-quarter progress'."""
        return f"{self.code.capitalize()} progress"


_LEVEL = "target-level-"
AVERAGE = "average"


def levels_known(on: date) -> tuple[Level, ...]:
    """Every level of challenge held for a day, the easiest first."""
    held = values()
    found = []
    for name in held.names():
        if name.startswith(_LEVEL):
            entry = held.value_on(name, on)
            found.append(Level(name.removeprefix(_LEVEL), float(held.number_on(name, on)), entry.source))
    return tuple(sorted(found, key=lambda level: level.percentile))


def levels_on(on: date, chosen: Iterable[str] | None = None) -> tuple[Level, ...]:
    """The levels an authority looks at on a day, easiest first; the usual three when it has chosen none.

    The average is always among them, as a target below it needs a conversation. Raises ValuesError for a
    level that is not held.
    """
    wanted = {AVERAGE, *(usual_levels(on) if chosen is None else chosen)}
    known = levels_known(on)
    if unknown := sorted(wanted - {level.code for level in known}):
        raise ValuesError(
            f"There is no level of challenge called {unknown[0]}.",
            f"Choose among {', '.join(level.code for level in known)}.",
        )
    return tuple(level for level in known if level.code in wanted)


def usual_levels(on: date) -> tuple[str, ...]:
    """Codes of the levels looked at unless an authority chooses others."""
    found = values().value_on("target-levels-usual", on).value
    return tuple(str(code) for code in found) if isinstance(found, tuple) else (str(found),)


def small_cohort(on: date) -> int:
    """Cohorts of this many pupils or fewer hold a target that is never published."""
    return values().whole_number_on("target-small-cohort", on)


def least_share_estimated(on: date) -> float:
    """The share of a cohort, in percent, that must have estimates of their own for it to have one."""
    return float(values().number_on("target-least-share-estimated", on))


def three_year_progress(progress: Sequence[float | None], pupils: Sequence[int], on: date) -> float | None:
    """Progress of the last years together, the newest first, weighted 3:2:1 and by pupils.

    A year without a figure is left out, never counted as nought; None when there is none at all.

    >>> round(three_year_progress([0.3, 0.0, -0.3], [40, 40, 40], date(2026, 11, 24)), 10)
    0.1
    """
    weights = values().value_on("target-year-weights", on).value
    assert isinstance(weights, tuple)
    held = [
        (float(str(weight)) * count, value)
        for weight, value, count in zip(weights, progress, pupils, strict=False)
        if value is not None and count > 0
    ]
    total = sum(weight for weight, _ in held)
    return sum(weight * value for weight, value in held) / total if total else None
