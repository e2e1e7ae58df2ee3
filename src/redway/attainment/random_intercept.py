"""The exact fit of a random intercept: one number is searched for, all others follow from it.

Given ``ratio``, the variance between schools divided by that between pupils, the cross-products weighted
for schools are ``within + sum over sizes n of between[n] / (1 + n * ratio)``: the sums of the schools of
one size can be added once, so the search costs the number of distinct sizes, not of schools or pupils.
The deviance, profiled over everything else, and its first two derivatives come from these; the root of
the first derivative is found by Newton's method kept inside a bracket.

Source of the profiled deviance: Bates, Maechler, Bolker and Walker (2015), Fitting linear mixed-effects
models using lme4, equations 34 and 41, written for one grouping.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from redway.attainment.equations import Equations, Solution, variance_covariance
from redway.attainment.statistics import Numbers

GRID = np.concatenate([[0.0], 10.0 ** np.array([-5, -4, -3, -2.5, -2, -1.5, -1, -0.5, 0, 0.5, 1, 2, 3])])
"""Ratios at which the search begins, so that the lowest of several troughs is found."""

PRECISION = 1e-13
"""Relative change of the ratio at which the search ends; Newton's next step would be far smaller."""

MOST_STEPS = 200


@dataclass(frozen=True, eq=False)
class _Profile:
    """The profiled deviance at g ratios, without its constant part."""

    deviance: Numbers
    first: Numbers
    second: Numbers
    beta: Numbers
    inverse: Numbers
    residual_squares: Numbers
    log_first: Numbers
    """Derivatives of ``log|V|`` (with ``log|X'V⁻¹X|`` added for REML) by the ratio."""
    log_second: Numbers


class _Schools:
    def __init__(self, equations: Equations) -> None:
        self.equations, self.pooled = equations, equations.pooled

    def profile(self, ratios: Numbers) -> _Profile:
        """Deviance and derivatives at ``ratios`` (g)."""
        sizes, schools = self.pooled.sizes, self.pooled.schools
        reml, freedom = self.equations.reml, self.equations.freedom
        p = len(self.pooled.within) - 1
        spread = 1 + np.outer(ratios, sizes)
        share = 1 / spread
        change = -sizes * share**2
        curve = -2 * sizes * share * change
        weighted = self.pooled.weighted(np.concatenate([share, change, curve]))
        moments, moved, bent = weighted.reshape(3, len(ratios), p + 1, p + 1)
        moments = moments + self.pooled.within

        inverse = np.asarray(np.linalg.inv(moments[:, :p, :p]), dtype=np.float64)
        beta = (inverse @ moments[:, :p, p:])[:, :, 0]
        residual = np.concatenate([-beta, np.ones((len(ratios), 1))], axis=1)
        squares = np.einsum("gi,gij,gj->g", residual, moments, residual)
        tilt = np.einsum("gij,gj->gi", moved, residual)
        squares_first = np.einsum("gi,gi->g", residual, tilt)
        squares_second = np.einsum("gi,gij,gj->g", residual, bent, residual) - 2 * np.einsum(
            "gi,gij,gj->g", tilt[:, :p], inverse, tilt[:, :p]
        )

        log_size = np.log(spread) @ schools
        log_first = -change / share @ schools
        log_second = -((sizes * share) ** 2) @ schools
        if reml:
            turned = inverse @ moved[:, :p, :p]
            log_size = log_size - np.linalg.slogdet(inverse)[1]
            log_first = log_first + np.einsum("gii->g", turned)
            log_second = log_second + np.einsum("gij,gji->g", inverse, bent[:, :p, :p])
            log_second = log_second - np.einsum("gij,gji->g", turned, turned)
        slope = squares_first / squares
        return _Profile(
            deviance=freedom * np.log(squares) + log_size,
            first=freedom * slope + log_first,
            second=freedom * (squares_second / squares - slope**2) + log_second,
            beta=beta,
            inverse=inverse,
            residual_squares=squares,
            log_first=log_first,
            log_second=log_second,
        )


def solve(equations: Equations) -> Solution:
    """The estimates with the lowest deviance; a variance of exactly zero where that is the lowest.

    The equations must have a solution: ``two_level`` has refused those that have none.
    """
    schools = _Schools(equations)
    grid = GRID * equations.count / equations.weight.sum()
    start = schools.profile(grid)
    troughs = [0.0] if start.first[0] >= 0 else []
    troughs += [
        _trough(schools, float(grid[k]), float(grid[k + 1]))
        for k in range(len(grid) - 1)
        if start.first[k] < 0 <= start.first[k + 1]
    ]
    if not troughs:  # still falling where schools differ a thousand times as much as pupils do
        troughs = [_trough(schools, float(grid[-1]), _beyond(schools, float(grid[-1])))]
    found = schools.profile(np.array(troughs))
    best = int(np.argmin(found.deviance))
    ratio, freedom = troughs[best], equations.freedom
    residual = float(found.residual_squares[best]) / freedom
    constant = equations.deviance_constant()
    return Solution(
        beta=found.beta[best],
        inverse=found.inverse[best],
        relative=np.array([[ratio]]),
        residual=residual,
        deviance=float(found.deviance[best]) + constant,
        deviance_without_schools=float(start.deviance[0]) + constant,
        variance_covariance=residual**2
        * variance_covariance(
            found.log_first[[best]], found.log_second[[best]][:, None], np.array([ratio]), freedom
        ),
        at_boundary=ratio == 0,
    )


def _beyond(schools: _Schools, ratio: float) -> float:
    """A ratio at which the deviance rises again."""
    while schools.profile(np.array([ratio])).first[0] < 0:
        ratio *= 100
    return ratio


def _trough(schools: _Schools, low: float, high: float) -> float:
    """The ratio between ``low``, where the deviance falls, and ``high``, where it rises, at its lowest."""
    ratio = _between(low, high)
    for _ in range(MOST_STEPS):
        here = schools.profile(np.array([ratio]))
        first, second = float(here.first[0]), float(here.second[0])
        step = first / second if second > 0 else np.inf
        if abs(step) <= PRECISION * ratio:
            return ratio - step
        low, high = (ratio, high) if first < 0 else (low, ratio)
        ratio = ratio - step if low < ratio - step < high else _between(low, high)
        if high - low <= PRECISION * high:
            break
    return ratio


def _between(low: float, high: float) -> float:
    return (low * high) ** 0.5 if low else high / 2
