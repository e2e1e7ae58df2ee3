"""What a cohort may reach: estimates at levels of challenge, their ranges, and the chance to meet a target.

An estimate is what pupils like these reach on average in the model, at a school whose pupils make the
progress of the school at some place: in the middle (average), a quarter or a fifth from the top. So it is the
estimate of the fixed effects plus ``z`` standard deviations of school effects, ``z`` being that place on the
normal curve.

How sure it is has three parts, and every range says which of them it holds:

- pupils differ from their estimates (the residual variance, less the more pupils there are);
- the coefficients are themselves estimated;
- schools differ (the variance between schools): not where a level is given, but where nothing is known of how
  the school will do.

No pupil is dropped and none is made up. A pupil without prior attainment has no estimate; how many such there
are is told. In the figure of the cohort they count like the average of the others, with the spread of the
others about it, which makes the range wider. Where most of a cohort has no estimate, neither has the cohort.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from redway.attainment.model import Model
from redway.attainment.pupil_estimates import pupil_estimates
from redway.attainment.target_levels import Level
from redway.core.errors import NotEnoughData
from redway.indicators.intervals import Z95

Numbers = NDArray[np.float64]

SHIFTS = 61
"""Equally likely values by which what all pupils share is stood for in the distribution of a count."""


# --- pupils -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CohortEstimates:
    """What each of n pupils is expected to reach at a school of average progress, in the order given."""

    expected: Numbers
    """Of a pupil without an estimate, the average of the others (n)."""
    error: Numbers
    """Standard error of ``expected`` (n), from the coefficients."""
    spread: Numbers
    """Standard deviation of a pupil's outcome about ``expected`` (n)."""
    why: tuple[str, ...]
    """Why there is no estimate of the pupil (n); empty where there is one."""
    between_schools: float
    """Variance of school effects."""

    @property
    def pupils(self) -> int:
        return len(self.expected)

    @property
    def estimated(self) -> int:
        """How many pupils have an estimate of their own."""
        return sum(not one for one in self.why)

    @property
    def mean(self) -> float:
        return float(self.expected.mean())

    @property
    def variance_of_mean(self) -> float:
        """Variance of the pupils' mean about ``mean``, at a school of known effect.

        The errors of the estimates hang together, as all come from the same coefficients; they are taken to
        do so wholly, which makes the range a little too wide rather than too narrow.
        """
        return float((self.spread**2).sum() / self.pupils**2 + self.shared_variance)

    @property
    def shared_variance(self) -> float:
        """The part of it that all pupils share: the uncertainty of the coefficients."""
        return float(self.error.mean() ** 2)


def cohort_estimates(pupils: pl.DataFrame, model: Model, least_share: float = 0.0) -> CohortEstimates:
    """Estimates of the pupils of a cohort (canonical columns), none of them left out.

    Raises NotEnoughData when there is no pupil, none with an estimate, or fewer with one than
    ``least_share`` percent.
    """
    if pupils.is_empty():
        raise NotEnoughData("There are no pupils in this cohort.", "Import the pupils on roll first.")
    held = pupil_estimates(pupils, model)
    expected, error = _numbers(held["estimate"]), _numbers(held["error"])
    known = np.isfinite(expected)
    if not known.any() or 100 * known.mean() < least_share:
        few = "Too few" if known.any() else "None"
        raise NotEnoughData(
            f"{few} of these pupils can be estimated from what they had attained before.",
            "Import their prior attainment.",
        )
    spread = np.full(len(known), np.sqrt(model.variance.residual))
    spread[~known] = np.sqrt(model.variance.residual + expected[known].var())
    expected[~known], error[~known] = expected[known].mean(), error[known].mean()
    why = tuple(str(one or "") for one in held["why"])
    return CohortEstimates(expected, error, spread, why, float(model.variance.group))


def _numbers(column: pl.Series) -> Numbers:
    return np.array(column.cast(pl.Float64).fill_null(float("nan")).to_numpy())


# --- the cohort ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Threshold:
    """A result that counts as reached. Outcomes come in whole ``step``s: scaled scores in ones."""

    value: float
    step: float = 1.0

    def chance(self, expected: Numbers | float, spread: Numbers | float) -> Numbers:
        """Probability of reaching it: of lying above half a step below it, as outcomes are whole steps."""
        return np.asarray(ndtr((np.asarray(expected) - self.value + self.step / 2) / spread))


@dataclass(frozen=True)
class Estimate:
    """A cohort's mean outcome, or the percentage of pupils who reach the threshold, with its 95% range."""

    value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Outlook:
    """What a cohort may reach: its mean outcome, or with a threshold the percentage who reach it."""

    pupils: CohortEstimates
    threshold: Threshold | None = None

    def at(self, level: Level) -> Estimate:
        """At a school of this level's progress. The range holds pupils and coefficients, not schools."""
        return self._estimate(level.z * self._school_sd, self.pupils.shared_variance)

    @cached_property
    def any_school(self) -> Estimate:
        """At a school of which nothing is known. The range holds pupils, coefficients and schools."""
        return self._estimate(0.0, self._whole_variance)

    def chance_of_meeting(self, target: float) -> float:
        """The probability that a school of which nothing is known meets ``target`` with these pupils."""
        if self.threshold is None:
            spread = np.sqrt(self._pupil_variance + self._whole_variance)
            return float(ndtr((self.pupils.mean - target) / spread))
        counts = self._counts(0.0, self._whole_variance)
        needed = int(np.ceil(target / 100 * self.pupils.pupils - 1e-9))
        return float(counts[max(needed, 0) :].sum())

    def pupil_chances(self, level: Level) -> Numbers:
        """Probability (n) of each pupil to reach the threshold at this level. NotEnoughData without one."""
        if self.threshold is None:
            raise NotEnoughData("This measure is a mean: it has no threshold.", "Choose a measure with one.")
        spread = np.sqrt(self.pupils.spread**2 + self.pupils.error**2)
        return self.threshold.chance(self.pupils.expected + level.z * self._school_sd, spread)

    @property
    def _school_sd(self) -> float:
        return float(np.sqrt(self.pupils.between_schools))

    @property
    def _whole_variance(self) -> float:
        return self.pupils.shared_variance + self.pupils.between_schools

    @property
    def _pupil_variance(self) -> float:
        return self.pupils.variance_of_mean - self.pupils.shared_variance

    def _estimate(self, shift: float, shared: float) -> Estimate:
        if self.threshold is None:
            half = Z95 * float(np.sqrt(self._pupil_variance + shared))
            middle = self.pupils.mean + shift
            return Estimate(middle, middle - half, middle + half)
        counts = self._counts(shift, shared)
        n = self.pupils.pupils
        reached = np.cumsum(counts)
        low = int(np.searchsorted(reached, 0.025))
        high = int(np.searchsorted(reached, 0.975))
        middle = float(counts @ np.arange(n + 1))
        return Estimate(100 * middle / n, 100 * low / n, 100 * min(high, n) / n)

    def _counts(self, shift: float, shared: float) -> Numbers:
        """Probability (n + 1) that 0, 1, ... n pupils reach the threshold.

        Given what pupils share, each reaches it or not by itself, so the count is a sum of unequal coins
        (Poisson binomial), found exactly; what they share is then averaged over.
        """
        assert self.threshold is not None
        places = (np.arange(SHIFTS) + 0.5) / SHIFTS
        moved = shift + np.sqrt(shared) * np.asarray(ndtri(places)) if shared > 0 else np.array([shift])
        chances = self.threshold.chance(self.pupils.expected[:, None] + moved, self.pupils.spread[:, None])
        counts = np.zeros((self.pupils.pupils + 1, len(moved)))
        counts[0] = 1
        for n, chance in enumerate(chances, 1):
            counts[1 : n + 1] = counts[1 : n + 1] * (1 - chance) + counts[:n] * chance
            counts[0] *= 1 - chance
        return np.asarray(counts.mean(axis=1))


# --- beside the target --------------------------------------------------------------------------------------


def gap(target: float, estimate: float) -> float:
    """How much higher the target is than an estimate; negative where it is lower."""
    return target - estimate
