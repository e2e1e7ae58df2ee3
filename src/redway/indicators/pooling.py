"""Three years together where one year's cohort is too small to say anything, or to be shown at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from redway.core.errors import NotEnoughData
from redway.indicators.intervals import Interval, wilson

SMALLEST_RATED_COHORT = 11
"""Cohorts of ten or fewer are not rated on one year (the publisher's own rule for school tables)."""

YEARS_POOLED = 3


@dataclass(frozen=True)
class Cohort:
    """One year of one school: how many of how many. None when the figure is missing."""

    period: str
    passing: float | None
    cohort: float | None


@dataclass(frozen=True)
class Pooled:
    """Up to three years taken as one cohort (a weighted mean: every child counts once)."""

    first: str
    last: str
    years: int
    passing: float
    cohort: float
    interval: Interval

    @property
    def share(self) -> float:
        return self.passing / self.cohort

    @property
    def label(self) -> str:
        return self.last if self.years == 1 else f"{self.first} to {self.last} ({self.years} years together)"


def can_be_rated(cohort: float | None) -> bool:
    """True when one year's cohort is big enough to be rated red, amber or green on its own."""
    return cohort is not None and cohort >= SMALLEST_RATED_COHORT


def pool(cohorts: Sequence[Cohort]) -> Pooled:
    """The latest three years held, oldest first in, pooled. Missing years are left out and counted as such.

    Raises NotEnoughData when the pooled cohort is still too small, so that nobody is tempted to show it.
    """
    latest = sorted(cohorts, key=lambda year: year.period)[-YEARS_POOLED:]
    held = [
        (year.period, year.passing, year.cohort)
        for year in latest
        if year.passing is not None and year.cohort
    ]
    passing = sum(count for _, count, _ in held if count is not None)
    size = sum(count for _, _, count in held if count is not None)
    if not can_be_rated(size):
        raise NotEnoughData(
            f"Only {size:g} pupils in the last {YEARS_POOLED} years: too few for a figure.",
            "Look at the school's own pupil records instead.",
        )
    return Pooled(held[0][0], held[-1][0], len(held), passing, size, wilson(passing, size))
