"""Which groups of pupils are not on track, and how sure that is.

For each group two figures, each beside that of all other pupils: the share on track or exceeding (Wilson
interval; the gap by Newcombe's method 10), and the mean distance from the expected path (Welch interval).
Several groups are looked at together, so some gaps look large by chance alone: ``expected_by_chance``
says how many.

The gap in one school may be held beside the same gap elsewhere: the difference of the two has an interval
made of theirs (``beside``).

Sources: Newcombe (1998), Interval estimation for the difference between independent proportions, method
10; Welch (1947); Zou and Donner (2008), Construction of confidence limits about effect measures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.stats import t as student

from redway.attainment.tracking import Standing
from redway.core.words import counted, number, plural
from redway.indicators.intervals import wilson_columns

GROUPS: Mapping[str, str] = {
    "gender": "Sex",
    "free_school_meals": "Free school meals",
    "special_needs": "Special educational needs",
    "english_additional_language": "English as an additional language",
    "ethnicity": "Ethnic group",
    "in_care": "In care",
    "joined_late": "Joined late",
    "prior_band": "Prior attainment",
}
"""Column -> what it is called."""
BANDS = ("low", "middle", "high")
CHANCE = 0.05
"""Of gaps that are none, so many lie outside their interval."""


@dataclass(frozen=True)
class Side:
    """One group, or all others."""

    pupils: int
    """With a known standing."""
    on_track: int
    """On track or exceeding."""
    share: float
    share_low: float
    share_high: float
    distance: float
    """Mean distance from the expected path."""


@dataclass(frozen=True)
class Gap:
    """One group beside all other pupils of whom the same is known."""

    column: str
    level: str
    group: Side
    others: Side
    share_gap: float
    """Share of the group less that of the others, in shares of 1."""
    share_gap_low: float
    share_gap_high: float
    distance_gap: float
    distance_gap_low: float
    """Not a number where a side has fewer than two pupils."""
    distance_gap_high: float

    @property
    def could_be_chance(self) -> bool:
        """Whether no gap at all lies within the interval of the share."""
        return self.share_gap_low <= 0 <= self.share_gap_high

    @property
    def verdict(self) -> str:
        """The same in words."""
        return "Could be chance" if self.could_be_chance else "More than chance explains"


@dataclass(frozen=True)
class Beside:
    """How much larger a gap in shares is than the same gap elsewhere, and how sure that is."""

    difference: float
    low: float
    high: float

    @property
    def could_be_chance(self) -> bool:
        """Whether the two gaps may be the same."""
        return self.low <= 0 <= self.high


def with_prior_band(pupils: pl.DataFrame, bounds: tuple[float, float]) -> pl.DataFrame:
    """Adds ``prior_band``: low up to the first bound, high above the second; null where it is not known."""
    low, high = bounds
    prior = pl.col("prior_attainment")
    band = (
        pl.when(prior.is_null())
        .then(pl.lit(None, dtype=pl.String))
        .when(prior <= low)
        .then(pl.lit("low"))
        .when(prior > high)
        .then(pl.lit("high"))
        .otherwise(pl.lit("middle"))
    )
    return pupils.with_columns(band.alias("prior_band"))


def band_bounds(prior: pl.Series) -> tuple[float, float]:
    """The bounds that part these pupils into thirds by prior attainment; not numbers when none has any."""
    known = prior.drop_nulls()
    if known.is_empty():
        return float("nan"), float("nan")
    ordered = known.sort()
    return float(ordered[(len(ordered) - 1) // 3]), float(ordered[(2 * len(ordered) - 1) // 3])


def gaps(pupils: pl.DataFrame, columns: Sequence[str] = tuple(GROUPS)) -> list[Gap]:
    """Every group of every column beside the others, in the order of the columns and then by name.

    ``pupils`` has ``standing``, ``distance`` and the columns. Pupils of unknown standing, or of whom the
    characteristic is not known, are in neither side. A column with one level only has no gap. For yes and no
    only the yes is told: the other gap is the same with its sign turned.
    """
    known = pupils.filter(pl.col("standing") != Standing.NOT_KNOWN.value)
    found = []
    for column in columns:
        if column not in known.columns:
            continue
        held = known.filter(pl.col(column).is_not_null())
        for level in _levels(held[column]):
            inside = held.filter(pl.col(column).cast(pl.String) == level)
            outside = held.filter(pl.col(column).cast(pl.String) != level)
            if inside.height and outside.height:
                found.append(_gap(column, level, inside, outside))
    return found


def expected_by_chance(found: Sequence[Gap]) -> float:
    """How many of these gaps would lie outside their interval if there were none at all."""
    return CHANCE * len(found)


def chance_in_words(found: Sequence[Gap]) -> str:
    """How many of these gaps are more than chance explains, and how many chance alone would make look so."""
    if not found:
        return "There is no gap to look at."
    larger = sum(not gap.could_be_chance for gap in found)
    looked_at = f"Of {counted(len(found), 'gap')} looked at" if len(found) > 1 else "Of the one gap looked at"
    some = number(larger) if larger else "none"
    expected = expected_by_chance(found)
    about = "fewer than one" if expected < 1 else f"about {number(expected)}"
    verb = plural(larger or 2, "is", "are")
    return (
        f"{looked_at}, {some} {verb} more than chance explains. Were there no gaps at all, chance alone "
        f"would make {about} of them look so."
    )


def beside(gap: Gap, elsewhere: Gap) -> Beside:
    """The gap in one place less the same gap in another, whose pupils are not those of the first.

    The interval is made of the intervals of the two (the method of variance estimates recovery).
    """
    difference = gap.share_gap - elsewhere.share_gap
    below = np.hypot(gap.share_gap - gap.share_gap_low, elsewhere.share_gap_high - elsewhere.share_gap)
    above = np.hypot(gap.share_gap_high - gap.share_gap, elsewhere.share_gap - elsewhere.share_gap_low)
    return Beside(difference, float(difference - below), float(difference + above))


def _levels(values: pl.Series) -> list[str]:
    levels = values.cast(pl.String).unique().to_list()
    if values.dtype == pl.Boolean:
        return [level for level in levels if level == "true"]
    return sorted(levels, key=BANDS.index) if set(levels) <= set(BANDS) else sorted(levels)


def _gap(column: str, level: str, inside: pl.DataFrame, outside: pl.DataFrame) -> Gap:
    group, others = _side(inside), _side(outside)
    share_gap = group.share - others.share
    low, high = _newcombe(group, others)
    distance_low, distance_high = _welch(inside["distance"].to_numpy(), outside["distance"].to_numpy())
    return Gap(
        column,
        level,
        group,
        others,
        share_gap,
        low,
        high,
        group.distance - others.distance,
        distance_low,
        distance_high,
    )


def _side(pupils: pl.DataFrame) -> Side:
    count = pupils.height
    on_track = int((pupils["standing"] != Standing.AT_RISK.value).sum())
    low, high = wilson_columns([on_track], [count])
    return Side(
        count,
        on_track,
        on_track / count,
        float(low[0]),
        float(high[0]),
        float(str(pupils["distance"].mean())),
    )


def _newcombe(one: Side, other: Side) -> tuple[float, float]:
    """Interval of the difference of two shares, from the Wilson interval of each."""
    gap = one.share - other.share
    below = np.hypot(one.share - one.share_low, other.share_high - other.share)
    above = np.hypot(one.share_high - one.share, other.share - other.share_low)
    return float(gap - below), float(gap + above)


def _welch(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """Interval of the difference of two means whose spreads may differ."""
    if min(len(one), len(other)) < 2:
        return float("nan"), float("nan")
    parts = np.array([one.var(ddof=1) / len(one), other.var(ddof=1) / len(other)])
    gap, error = float(one.mean() - other.mean()), float(np.sqrt(parts.sum()))
    if error == 0:
        return gap, gap
    freedom = parts.sum() ** 2 / (parts**2 / (np.array([len(one), len(other)]) - 1)).sum()
    half = float(student.ppf(0.975, freedom)) * error
    return gap - half, gap + half
