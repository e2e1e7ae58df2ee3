"""Is the larger of two models better, beyond chance?

The likelihood-ratio test between a model and one that leaves part of it out, for the same pupils. A
variance cannot be below zero, so where one is tested the chi-square distribution alone is too cautious:
half the time the larger model can do nothing. The mixture is that of Self and Liang (1987), Journal of the
American Statistical Association 82; Stram and Lee (1994), Biometrics 50, for random slopes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from redway.attainment.statistics import Numbers
from redway.attainment.two_level import Fit
from redway.core.errors import RedwayError
from redway.core.words import listed

AT_EDGE = (
    "A variance cannot be below zero, so the probability comes from a mixture of chi-square distributions"
    " (Stram and Lee 1994)."
)


class CannotCompare(RedwayError):  # noqa: N818  (says what is wrong in the words of the domain)
    """Two fits whose likelihoods do not measure the same thing."""


@dataclass(frozen=True)
class LikelihoodRatio:
    """A likelihood-ratio test."""

    chi_square: float
    """How much lower the deviance of the larger model is."""
    df: int
    """How many more numbers the larger model estimates."""
    p: float
    """Probability of so much or more, were the smaller model true (by the mixture for a variance)."""
    p_chi_square: float
    """The same by the chi-square distribution alone."""
    notes: tuple[str, ...] = ()


def likelihood_ratio(smaller: Fit, larger: Fit) -> LikelihoodRatio:
    """Test ``smaller`` against ``larger``, which has all its columns and random terms and more.

    Raises ``CannotCompare`` for fits of different pupils, outcomes or methods, for models of which neither
    is part of the other, for REML fits with different columns (their likelihoods are of different things),
    and for more than one additional random slope beside each other (no simple distribution is known).
    """
    _refuse_different_pupils(smaller, larger)
    _refuse_not_part(smaller, larger)
    more = len(larger.variance.terms) - len(smaller.variance.terms)
    if more > 1:
        raise CannotCompare(
            f"The larger model has {more} random slopes more: no distribution for the test is known.",
            "Add one random slope at a time.",
        )
    if more and set(larger.columns) != set(smaller.columns):
        raise CannotCompare(
            "The larger model has both another random slope and more columns.",
            "Add the columns first, then the random slope, and test each.",
        )
    df = larger.parameters - smaller.parameters
    return _test(smaller.deviance - larger.deviance, df, at_edge=bool(more))


def school_difference(fit: Fit) -> LikelihoodRatio:
    """Test whether schools differ at all: the model against the same without its random terms."""
    terms = len(fit.variance.terms)
    if terms > 1:
        raise CannotCompare(
            "Whether schools differ is tested without random slopes.",
            "Fit the model with slopes=() and test that.",
        )
    return _test(fit.deviance_without_schools - fit.deviance, 1, at_edge=True)


def _test(chi_square: float, df: int, *, at_edge: bool) -> LikelihoodRatio:
    chi_square = max(chi_square, 0.0)
    plain = float(chi2.sf(chi_square, df))
    if not at_edge:
        return LikelihoodRatio(chi_square, df, plain, plain)
    # One variance and its df - 1 covariances: half df, half df - 1 (nothing at all where that is 0).
    fewer = float(chi2.sf(chi_square, df - 1)) if df > 1 else float(chi_square <= 0)
    return LikelihoodRatio(chi_square, df, (plain + fewer) / 2, plain, (AT_EDGE,))


def _refuse_different_pupils(smaller: Fit, larger: Fit) -> None:
    one, other = smaller.statistics, larger.statistics
    if one.outcome != other.outcome:
        raise CannotCompare(
            f"One model is of {one.outcome}, the other of {other.outcome}.", "Compare models of one outcome."
        )
    same = (
        one.schools == other.schools
        and np.array_equal(one.pupils, other.pupils)
        and np.allclose(one.weight, other.weight, rtol=1e-9)
        and np.allclose(_outcomes(smaller), _outcomes(larger), rtol=1e-9, atol=1e-9 * _spread(smaller))
    )
    if not same:
        raise CannotCompare(
            f"The models are not of the same pupils: {smaller.n_pupils} and {larger.n_pupils}.",
            "Pupils without a value of a predictor are left out; fit both models to the pupils who have all.",
        )


def _outcomes(fit: Fit) -> Numbers:
    """Mean outcome of each school, as it was given."""
    statistics = fit.statistics
    means: Numbers = statistics.sums[:, -1] / statistics.weight + statistics.centre[-1]
    return means


def _spread(fit: Fit) -> float:
    return float(fit.equations.scale[-1])


def _refuse_not_part(smaller: Fit, larger: Fit) -> None:
    if smaller.method != larger.method:
        raise CannotCompare("One model is fitted by ML, the other by REML.", "Fit both by one method.")
    absent = [name for name in smaller.columns if name not in larger.columns]
    absent += [name for name in smaller.variance.terms if name not in larger.variance.terms]
    if absent:
        raise CannotCompare(
            f"The larger model has no {listed(absent)}: the smaller one is not part of it.",
            "Compare models by AIC or BIC where neither is part of the other.",
        )
    if smaller.method == "reml" and set(smaller.columns) != set(larger.columns):
        raise CannotCompare(
            "REML likelihoods of models with different columns are not of the same thing.",
            "Fit both models by ML to compare them.",
        )
    if larger.parameters == smaller.parameters:
        raise CannotCompare("The two models are the same.", "Add a column or a random slope to one of them.")
