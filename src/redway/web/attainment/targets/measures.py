"""What targets are set in: a mean outcome, or the percentage of pupils who reach a threshold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from redway.attainment.target_levels import values
from redway.attainment.targets import Threshold
from redway.attainment.tracking_rule import YEAR_GROUPS
from redway.core.periods import PeriodKind, academic_year, parse_period
from redway.figures.chart import Measure as ShownMeasure

LAST_YEAR_GROUP = {key_stage: last for key_stage, (_, last) in YEAR_GROUPS.items()}
"""Key stage -> the year group in which its results are taken."""


@dataclass(frozen=True)
class Measure:
    """One thing a target may be set in."""

    code: str
    key_stage: str
    outcome: str
    """Column of the pupils' results."""
    label: str
    """As in a sentence: 'pupils who reach the expected standard in maths'."""
    short: str
    unit: str
    """'percent', or what the mean is counted in."""
    most: float
    """The highest value there is."""
    threshold: str = ""
    """Name of the dated value that counts as reached; empty for a mean."""
    times: int = 1
    """How often the outcome counts what the threshold counts once: maths is doubled in Attainment 8."""

    @property
    def is_share(self) -> bool:
        return bool(self.threshold)

    @property
    def shown(self) -> ShownMeasure:
        """How charts and tables write it."""
        return ShownMeasure(self.label, self.unit, 1)

    def show(self, value: float) -> str:
        """A value with its unit: '62.0%'."""
        return self.shown.show(value)

    def threshold_for(self, year: str) -> Threshold | None:
        """The result that counts as reached in a school year; None for a mean."""
        if not self.threshold:
            return None
        reached = float(values().number_on(self.threshold, last_day(year)))
        return Threshold(reached * self.times, step=float(self.times))

    def outturn_of(self, pupils: pl.DataFrame, year: str) -> tuple[float, int] | None:
        """(value, pupils with a result) of some pupils' results; None when none has one."""
        if self.outcome not in pupils.columns:
            return None
        held = pupils[self.outcome].drop_nulls()
        if held.is_empty():
            return None
        threshold = self.threshold_for(year)
        if threshold is None:
            return float(str(held.mean())), len(held)
        return 100 * int((held >= threshold.value).sum()) / len(held), len(held)


MEASURES: tuple[Measure, ...] = (
    Measure(
        "ks2-reading-expected",
        "ks2",
        "reading",
        "pupils who reach the expected standard in reading",
        "Reading, expected standard",
        "percent",
        100,
        "target-threshold-ks2-scaled-score",
    ),
    Measure(
        "ks2-maths-expected",
        "ks2",
        "maths",
        "pupils who reach the expected standard in maths",
        "Maths, expected standard",
        "percent",
        100,
        "target-threshold-ks2-scaled-score",
    ),
    Measure("ks4-attainment8", "ks4", "attainment8", "average Attainment 8", "Attainment 8", "points", 90),
    Measure(
        "ks4-maths-grade-5",
        "ks4",
        "maths_points",
        "pupils who reach grade 5 or above in maths",
        "Maths, grade 5 or above",
        "percent",
        100,
        "target-threshold-ks4-grade",
        2,
    ),
)
_BY_CODE = {one.code: one for one in MEASURES}
USUAL_MEASURES = ("ks2-reading-expected", "ks2-maths-expected", "ks4-attainment8")
"""Asked for unless an authority agreed others."""


def measure_of(code: str) -> Measure:
    """The measure with this code. Raises KeyError."""
    return _BY_CODE[code]


def known_measure(code: str) -> Measure | None:
    """The measure with this code, if there is one."""
    return _BY_CODE.get(code)


def last_day(year: str) -> date:
    """Last day of a school year."""
    return parse_period(year, PeriodKind.ACADEMIC).end


def year_after(year: str, later: int) -> str:
    """The school year so many years later.

    >>> year_after("2025-26", 1)
    '2026-27'
    """
    return academic_year(parse_period(year, PeriodKind.ACADEMIC).start.year + later).label


def summer_of(year: str) -> str:
    """When the results of a school year come: 'summer 2027'."""
    return f"summer {last_day(year).year}"
