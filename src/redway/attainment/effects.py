"""What each school adds, and how sure that is.

The effect of a school is its mean residual, shrunken towards nothing by as much as its pupils are too few
to tell. Three standard errors belong to it and differ:

- *conditional*: how far the true effect may lie from the estimate were the fixed effects known (lme4);
- *comparative*: the same, with the uncertainty of the fixed effects (Henderson's prediction error
  variance). Intervals and comparisons of schools use this one;
- *diagnostic*: how far estimates spread between schools, for looking at unusual schools and at the
  assumption of a normal distribution. Its square and that of the comparative one add to the variance
  between schools.

Sources: Goldstein (2011), Multilevel Statistical Models, chapter 2; Henderson (1975), Biometrics 31;
for intervals of which two overlap when two schools do not differ, Goldstein and Healy (1995), Journal of
the Royal Statistical Society A 158.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

from redway.attainment.equations import CannotFit
from redway.attainment.statistics import Numbers
from redway.attainment.two_level import Fit
from redway.indicators.intervals import Z95

SHOWN = (
    "raw",
    "shrinkage",
    "effect",
    "se_conditional",
    "se_comparative",
    "se_diagnostic",
    "lower",
    "upper",
)
"""The numbers of a school, in the order of a table."""

MOST_COMPARED = 400
"""Schools from whose pairs the width of comparable intervals is found; more are thinned evenly by size."""


@dataclass(frozen=True, eq=False)
class SchoolEffects:
    """Effects of J schools, in units of the outcome, in the order of their keys."""

    group: tuple[str, ...]
    n: NDArray[np.int64]
    """Pupils."""
    raw: Numbers
    """Mean of outcome less estimate, not shrunken."""
    shrinkage: Numbers
    """How much is told by the school's own pupils: 0 nothing, 1 everything."""
    effect: Numbers
    se_conditional: Numbers
    se_comparative: Numbers
    se_diagnostic: Numbers
    lower: Numbers
    """Limits of the 95% interval, by the comparative standard error."""
    upper: Numbers
    terms: tuple[str, ...]
    """The random terms (m): the intercept, then the slopes."""
    random: Numbers
    """Effect of each school on each random term (J x m)."""
    random_conditional: Numbers
    """Conditional covariance of the random effects of each school (J x m x m)."""
    random_comparative: Numbers
    """Comparative covariance of the random effects of each school (J x m x m)."""
    hidden: tuple[str, ...] = ()
    """Schools of too few pupils, of which nothing is told."""

    def frame(self) -> pl.DataFrame:
        """One row a school; hidden schools come last, without any number."""
        numbers = {name: getattr(self, name) for name in SHOWN}
        shown = pl.DataFrame(
            {"group": list(self.group), "n": self.n, **numbers},
            schema={"group": pl.String, "n": pl.Int64, **dict.fromkeys(SHOWN, pl.Float64)},
        )
        hidden = pl.DataFrame({"group": list(self.hidden)}, schema={"group": pl.String})
        return pl.concat([shown, hidden], how="diagonal")

    def take(self, chosen: NDArray[np.intp] | NDArray[np.bool_]) -> SchoolEffects:
        """The schools chosen, by place or by yes and no."""
        places = np.arange(len(self.group))[chosen]
        arrays: dict[str, Any] = {
            name: value[places] for name, value in vars(self).items() if isinstance(value, np.ndarray)
        }
        return replace(self, group=tuple(self.group[place] for place in places), **arrays)

    def suppressed(self, minimum: int = 5, sizes: Mapping[str, int] | None = None) -> SchoolEffects:
        """Without the schools of ``minimum`` pupils or fewer.

        As effects add to nothing, a single hidden school could be found from the others; the next
        smallest is then hidden with it. Where models that allow for different things are shown of the same
        pupils, ``sizes`` (school -> pupils, in the model or not) makes it the same school in all of them:
        else each would show what another hides.
        """
        hide = self.n <= minimum
        if hide.sum() == 1 and not self.hidden and len(self.n) > 1:
            of = self.n if sizes is None else np.array([sizes[name] for name in self.group])
            hide[np.where(hide, np.inf, of).argmin()] = True
        gone = tuple(name for name, hidden in zip(self.group, hide, strict=True) if hidden)
        return replace(self.take(~hide), hidden=tuple(sorted({*self.hidden, *gone})))


def school_effects(fit: Fit, *, at: Mapping[str, float] | None = None) -> SchoolEffects:
    """What each school adds.

    With random slopes a school's effect differs between pupils: it is given for a pupil whose slope
    columns are ``at`` (nought for those not named, as in the formula).
    """
    columns, m = len(fit.columns), len(fit.variance.terms)
    at_terms = np.zeros(m)
    at_terms[0] = 1
    for name, value in (at or {}).items():
        if name not in fit.variance.terms[1:]:
            raise CannotFit(f"{name} has no random slope.", "Name a column that schools may differ in.")
        at_terms[fit.variance.terms.index(name)] = value
    equations, solution, back = fit.equations, fit.solution, fit.random_back
    cross, square = equations.random_cross, equations.random_square
    if cross is None or square is None:
        cross, square = equations.sums[:, None, :], equations.weight[:, None, None]
    relative, residual = solution.relative, solution.residual
    spread = np.eye(m) + square @ relative
    solved = np.linalg.solve(spread, np.concatenate([cross, square], axis=2))
    seen, precision = solved[:, :, : columns + 1], solved[:, :, columns + 1 :]

    random = seen @ np.append(-solution.beta, 1.0) @ relative @ back.T
    conditional = residual * (relative - relative @ precision @ relative)
    moved = relative @ seen[:, :, :columns]
    comparative = conditional + residual * (moved @ solution.inverse) @ moved.transpose(0, 2, 1)
    conditional, comparative = back @ conditional @ back.T, back @ comparative @ back.T

    def variance_at(matrices: Numbers) -> Numbers:
        return np.asarray(np.maximum(matrices @ at_terms @ at_terms, 0.0))

    total = float(at_terms @ fit.variance.matrix @ at_terms)
    effect = random @ at_terms
    se_comparative = np.sqrt(variance_at(comparative))
    residual_sums = equations.sums @ np.append(-solution.beta, 1.0)
    return SchoolEffects(
        group=fit.statistics.schools,
        n=fit.statistics.pupils,
        raw=equations.scale[-1] * residual_sums / equations.weight,
        shrinkage=1 - variance_at(conditional) / total if total > 0 else np.zeros_like(effect),
        effect=effect,
        se_conditional=np.sqrt(variance_at(conditional)),
        se_comparative=se_comparative,
        se_diagnostic=np.sqrt(np.maximum(total - se_comparative**2, 0.0)),
        lower=effect - Z95 * se_comparative,
        upper=effect + Z95 * se_comparative,
        terms=fit.variance.terms,
        random=random,
        random_conditional=conditional,
        random_comparative=comparative,
    )


def comparable_intervals(effects: SchoolEffects) -> tuple[Numbers, Numbers]:
    """Lower and upper limits (J) for comparing schools two by two: two differ where these do not overlap.

    The half-width is the same number of comparative standard errors for every school, chosen so that over
    all pairs of schools without a difference 5% are set apart: 1.39 where the errors are equal. Between a
    school of few and one of many pupils the error is a little more or less than 5%. Source: Goldstein and
    Healy (1995).
    """
    half = _comparable_width(effects.se_comparative) * effects.se_comparative
    return effects.effect - half, effects.effect + half


def _comparable_width(errors: Numbers) -> float:
    known = np.sort(errors[errors > 0])
    if len(known) < 2:
        return Z95 / 2**0.5
    if len(known) > MOST_COMPARED:
        known = known[np.linspace(0, len(known) - 1, MOST_COMPARED).round().astype(np.intp)]
    first, second = np.triu_indices(len(known), 1)
    ratio = (known[first] + known[second]) / np.hypot(known[first], known[second])

    def set_apart_too_often(width: float) -> float:
        return float(2 * ndtr(-width * ratio).mean()) - 0.05

    return float(brentq(set_apart_too_often, Z95 / 2, Z95, xtol=1e-12))


def rank_intervals(
    effects: SchoolEffects, *, draws: int = 1000, seed: int = 1995
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The places (J) in which each school may stand with 95% certainty, 1 for the school that adds least.

    What schools may truly add is drawn ``draws`` times from the estimates and their comparative standard
    errors, and ranked each time; the same ``seed`` gives the same places. Source: Goldstein and
    Spiegelhalter (1996), Journal of the Royal Statistical Society A 159.
    """
    generator = np.random.default_rng(seed)
    true = generator.normal(effects.effect, effects.se_comparative, size=(draws, len(effects.effect)))
    places = true.argsort(axis=1).argsort(axis=1) + 1
    low, high = np.quantile(places, [0.025, 0.975], axis=0, method="nearest").astype(np.int64)
    return low, high


def caterpillar(effects: SchoolEffects) -> pl.DataFrame:
    """The schools from the lowest effect to the highest, with the limits for comparing two by two.

    The columns of :meth:`SchoolEffects.frame` with ``place``, ``comparable_lower`` and
    ``comparable_upper``. Hidden schools have no place and are not among them.
    """
    low, high = comparable_intervals(effects)
    shown = effects.frame().head(len(effects.group))
    limits = shown.with_columns(comparable_lower=low, comparable_upper=high)
    return limits.sort("effect", "group").with_row_index("place", offset=1)
