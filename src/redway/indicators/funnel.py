"""Funnel plots: is a school further from the standard than its size alone explains?

Limits by the exact binomial distribution (Spiegelhalter 2005), so a small cohort is judged by what it
could really score. When schools differ by more than chance (they usually do), limits are widened by the
square root of the over-dispersion factor, estimated from winsorised z-scores. A funnel is never a
league table: it says which schools to ask about, and how many chance would flag anyway.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.stats import binom, norm

from redway.core.errors import NotEnoughData

WARNING, ALARM = 0.95, 0.998
"""The two pairs of limits: 1 stable school in 20 lies outside the first, 1 in 500 outside the second."""


class Position(StrEnum):
    """Where a school lies. The words are shown to people, so colour is never alone."""

    INSIDE = "within 95% limits"
    BEYOND_95 = "beyond 95% limits, within 99.8%"
    BEYOND_99_8 = "beyond 99.8% limits"


@dataclass(frozen=True)
class Limits:
    """Control limits for one cohort size, as shares (0 to 1)."""

    cohort: float
    lower_998: float
    lower_95: float
    upper_95: float
    upper_998: float

    def position(self, share: float) -> Position:
        """A share on a limit lies inside it."""
        slack = 1e-9
        if share < self.lower_998 - slack or share > self.upper_998 + slack:
            return Position.BEYOND_99_8
        if share < self.lower_95 - slack or share > self.upper_95 + slack:
            return Position.BEYOND_95
        return Position.INSIDE


def binomial_limits(cohort: int, standard: float, phi: float = 1.0) -> Limits:
    """Limits for ``cohort`` pupils when each reaches the standard with probability ``standard``.

    The outermost results still inside are those with more than 2.5% (0.1%) probability of a result at
    least as far out. ``phi`` widens each limit by its square root; below 1 it is taken as 1.
    """
    if cohort < 1 or not 0 <= standard <= 1:
        raise NotEnoughData(
            f"No limits exist for {cohort} pupils at a standard of {standard:g}.",
            "The cohort must hold at least one pupil and the standard must lie between 0 and 1.",
        )
    widen = max(phi, 1.0) ** 0.5

    def away(edge: float) -> float:
        return float(np.clip(standard + widen * (edge / cohort - standard), 0, 1))

    tails = ((1 - ALARM) / 2, (1 - WARNING) / 2)
    lower_998, lower_95 = (away(binom.ppf(tail, cohort, standard)) for tail in tails)
    upper_998, upper_95 = (away(binom.isf(tail, cohort, standard)) for tail in tails)
    return Limits(cohort, lower_998, lower_95, upper_95, upper_998)


def mean_limits(cohort: float, standard: float, sd: float, phi: float = 1.0) -> Limits:
    """Limits for a mean score (such as Attainment 8), whose pupils spread by ``sd`` around the standard."""
    if cohort < 1 or not sd > 0:
        raise NotEnoughData("Limits need at least one pupil and a spread above zero.", "Supply both.")
    error = (max(phi, 1.0) / cohort) ** 0.5 * sd
    wide, narrow = norm.ppf(0.5 + ALARM / 2) * error, norm.ppf(0.5 + WARNING / 2) * error
    return Limits(
        cohort,
        float(standard - wide),
        float(standard - narrow),
        float(standard + narrow),
        float(standard + wide),
    )


def z_scores(passing: Sequence[float], cohorts: Sequence[float], standard: float) -> list[float]:
    """How many standard errors each share lies from the standard (binomial)."""
    count, size = np.asarray(passing, dtype=np.float64), np.asarray(cohorts, dtype=np.float64)
    error = np.sqrt(standard * (1 - standard) / size)
    return [float(z) for z in (count / size - standard) / error]


def dispersion(z: Sequence[float], winsorise: float = 0.1) -> float:
    """The over-dispersion factor phi: the mean square of the z-scores, its tails pulled in first.

    ``winsorise`` is the share at each end that is pulled in to the quantile there, so that a handful of
    truly different schools does not widen the limits and hide itself. 1 means no more spread than chance.
    """
    if not z:
        raise NotEnoughData("There are no schools to measure the spread of.", "Choose a larger group.")
    scores = np.asarray(z, dtype=np.float64)
    if winsorise:
        scores = np.clip(scores, np.quantile(scores, winsorise), np.quantile(scores, 1 - winsorise))
    return float(np.mean(scores**2))


@dataclass(frozen=True)
class Point:
    """One school on a funnel."""

    entity: str
    cohort: int
    share: float
    limits: Limits
    position: Position


@dataclass(frozen=True)
class Funnel:
    """Every school against one standard, with what chance alone would flag."""

    standard: float
    standard_name: str
    phi: float
    points: tuple[Point, ...]
    left_out: tuple[tuple[str, str], ...]
    """(entity, reason) of schools without a cohort or a figure."""

    @property
    def expected_by_chance(self) -> float:
        """Schools that would lie beyond the 95% limits if none truly differed."""
        return len(self.points) * (1 - WARNING)

    def beyond(self, position: Position) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.position is position)


def share_funnel(
    rows: Sequence[tuple[str, float | None, float | None, str]],
    standard: float,
    standard_name: str,
    widen: bool = True,
) -> Funnel:
    """Place schools on a funnel for a share.

    ``rows`` holds (entity, passing, cohort, reason missing); ``standard`` is on the 0-1 scale and
    ``standard_name`` says whose it is ('England, mean of pupils'). With ``widen`` the limits allow for
    over-dispersion, estimated on these schools. Schools without figures are listed, never dropped.
    """
    held = [(entity, count, size) for entity, count, size, _ in rows if count is not None and size]
    left_out = tuple((entity, why) for entity, count, size, why in rows if count is None or not size)
    phi = 1.0
    if widen and held and 0 < standard < 1:
        phi = max(
            1.0,
            dispersion(z_scores([count for _, count, _ in held], [size for _, _, size in held], standard)),
        )
    # Thousands of schools share a few hundred sizes, and the limits of a size are slow to find.
    of_size = {size: binomial_limits(size, standard, phi) for size in {round(size) for _, _, size in held}}
    points = []
    for entity, count, size in held:
        limits, share = of_size[round(size)], count / size
        points.append(Point(entity, round(size), share, limits, limits.position(share)))
    return Funnel(standard, standard_name, phi, tuple(points), left_out)


def limit_curve(
    smallest: int, largest: int, standard: float, phi: float = 1.0, steps: int = 60
) -> list[Limits]:
    """Limits at cohort sizes spread from the smallest to the largest, to draw the funnel's edges."""
    sizes = np.unique(np.geomspace(max(smallest, 1), max(largest, 2), steps).round().astype(int))
    return [binomial_limits(int(size), standard, phi) for size in sizes]
