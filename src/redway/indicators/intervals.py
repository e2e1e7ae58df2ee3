"""How sure a figure is: 95% intervals for shares, rates and means.

Wilson's score interval for shares (Wilson 1927; recommended by Brown, Cai and DasGupta 2001 for small
cohorts) and the exact Poisson interval for counts (Garwood 1936). Columns in, columns out; a figure
whose parts are missing gets no interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2

from redway.core.errors import NotEnoughData

Z95 = 1.959963984540054
"""Half-width of a 95% interval in standard errors, where errors follow the normal curve."""

Columns = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(frozen=True)
class Interval:
    """A range that holds the underlying value 95 times in 100. ``method`` says how it was made."""

    lower: float
    upper: float
    method: str

    def holds(self, value: float) -> bool:
        """True when ``value`` lies inside, ends included."""
        return self.lower <= value <= self.upper


def wilson_columns(passing: ArrayLike, cohort: ArrayLike, confidence: float = 0.95) -> Columns:
    """Lower and upper shares (0 to 1) for many cohorts at once. NaN where the cohort is missing or empty.

    ``passing`` may be a rounded share times the cohort, so it need not be whole.
    """
    count, size = np.asarray(passing, dtype=np.float64), np.asarray(cohort, dtype=np.float64)
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        usable = (size > 0) & (count >= 0) & (count <= size)
        share = np.where(usable, count / size, np.nan)
        centre = (share + z**2 / (2 * size)) / (1 + z**2 / size)
        half = z / (1 + z**2 / size) * np.sqrt(share * (1 - share) / size + z**2 / (4 * size**2))
    # Rounding must not push a bound past the possible or leave the share outside its own interval.
    return np.clip(np.minimum(centre - half, share), 0, 1), np.clip(np.maximum(centre + half, share), 0, 1)


def poisson_columns(events: ArrayLike, confidence: float = 0.95) -> Columns:
    """Lower and upper expected counts for many counts at once (exact). NaN where the count is missing."""
    count = np.asarray(events, dtype=np.float64)
    tail = (1 - confidence) / 2
    with np.errstate(invalid="ignore"):
        usable = count >= 0
        lower = np.where(count > 0, chi2.ppf(tail, 2 * np.where(count > 0, count, 1)) / 2, 0.0)
        upper = chi2.ppf(1 - tail, 2 * (np.where(usable, count, 0) + 1)) / 2
    return np.where(usable, lower, np.nan), np.where(usable, upper, np.nan)


def mean_columns(mean: ArrayLike, sd: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> Columns:
    """Lower and upper ends for many means of ``n`` pupils whose scores spread by ``sd``."""
    size = np.asarray(n, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.asarray(sd, dtype=np.float64) / np.sqrt(np.where(size >= 1, size, np.nan))
    half = NormalDist().inv_cdf(0.5 + confidence / 2) * error
    centre = np.asarray(mean, dtype=np.float64)
    return centre - half, centre + half


def wilson(passing: float, cohort: float, confidence: float = 0.95) -> Interval:
    """Interval of one share, on the 0-1 scale. Raises NotEnoughData for an empty cohort.

    >>> wilson(3, 12).lower < 0.09 < 0.25 < 0.53 < wilson(3, 12).upper
    True
    """
    if not (cohort > 0 and 0 <= passing <= cohort):
        raise NotEnoughData(
            f"No interval can be made for {passing:g} out of {cohort:g}.",
            "The count must lie between 0 and the cohort, and the cohort must not be empty.",
        )
    lower, upper = wilson_columns(passing, cohort, confidence)
    return Interval(float(lower), float(upper), "wilson")


def poisson_rate(events: float, population: float, per: float = 1.0, confidence: float = 0.95) -> Interval:
    """Interval of one rate per ``per`` people. Raises NotEnoughData without a population or a count."""
    if not (population > 0 and events >= 0):
        raise NotEnoughData(
            f"No interval can be made for {events:g} in {population:g}.",
            "Both the count and the population are needed.",
        )
    lower, upper = poisson_columns(events, confidence)
    return Interval(float(lower) / population * per, float(upper) / population * per, "poisson")


def mean_interval(mean: float, sd: float, n: int, confidence: float = 0.95) -> Interval:
    """Interval of a mean of ``n`` pupils whose scores spread by ``sd``, as Progress 8 is published."""
    if n < 1 or not sd >= 0:
        raise NotEnoughData("A mean needs at least one pupil and a standard deviation.", "Supply both.")
    lower, upper = mean_columns(mean, sd, n, confidence)
    return Interval(float(lower), float(upper), "normal")


def published(lower: float | None, upper: float | None) -> Interval | None:
    """The publisher's own interval, or None when either end is missing (never half an interval)."""
    if lower is None or upper is None:
        return None
    if lower > upper:
        raise NotEnoughData(
            f"The published interval runs from {lower:g} down to {upper:g}.",
            "Check which column is the lower end.",
        )
    return Interval(lower, upper, "published")
