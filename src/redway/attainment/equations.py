"""The equations of one two-level model: what a fit starts from and what it ends with.

A fit works on columns that are centred and scaled, where numbers are of one size and little is lost to
rounding. ``Equations`` holds the sums in that scale for the columns of one model; ``Solution`` is what the
two fits, ``random_intercept`` and ``random_slopes``, find in it.

Notation, here and in the two fits: pupil *i* of school *j* has the outcome ``x·beta + z·u_j + e_ij``,
where *u_j* has the covariance ``residual * relative`` and *e_ij* the variance ``residual / weight``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from redway.attainment.statistics import Numbers
from redway.core.errors import RedwayError

ONE_THREAD = 250_000
"""Matrix products of fewer multiplications are done in one thread by OpenBLAS, which comes with NumPy.

The matrices of a fit are small. Sharing one among threads gains little, and where the machine has other
work to do, waiting for the other thread takes many times longer than the product.
"""

Method = Literal["reml", "ml"]


class CannotFit(RedwayError):  # noqa: N818  (says what is wrong in the words of the domain)
    """Pupils and a model from which school effects cannot be estimated."""


@dataclass(frozen=True, eq=False)
class Equations:
    """J schools, p columns and the outcome last (q = p + 1), m random terms with the intercept first."""

    count: int
    """Pupils."""
    pupils: NDArray[np.int64]
    weight: Numbers
    """Sum of weights of each school (J)."""
    sums: Numbers
    """Sums of the columns in each school (J x q)."""
    cross: Numbers
    """Cross-products over all pupils (q x q)."""
    scale: Numbers
    """What the centred columns were divided by (q)."""
    reml: bool
    log_weights: float
    random_cross: Numbers | None = None
    """Cross-products of the random terms with all columns in each school (J x m x q); slopes only."""
    random_square: Numbers | None = None
    """Cross-products of the random terms with each other (J x m x m); slopes only."""
    random_scale: Numbers = field(default_factory=lambda: np.ones(1))
    """What the random terms were divided by (m)."""

    @cached_property
    def pooled(self) -> PooledSchools:
        """The schools of one size added up."""
        return PooledSchools.of(self.weight, self.sums, self.cross)

    @property
    def freedom(self) -> int:
        """What the residual sum of squares is divided by."""
        return self.count - (len(self.scale) - 1) * self.reml

    def deviance_constant(self) -> float:
        """The part of the deviance that no variance changes, with the scale of the columns put back."""
        logs = np.log(self.scale)
        constant = self.freedom * (1 + np.log(2 * np.pi / self.freedom) + 2 * logs[-1]) - self.log_weights
        return float(constant + 2 * logs[:-1].sum() * self.reml)


@dataclass(frozen=True, eq=False)
class PooledSchools:
    """Cross-products within schools, and those between schools added up for the schools of each size."""

    sizes: Numbers
    """Distinct sums of weights (D)."""
    schools: NDArray[np.int64]
    """Schools of each size (D)."""
    between: Numbers
    """Sums of n times the outer product of a school's means (q x D x q)."""
    within: Numbers
    """Cross-products about the means of the schools (q x q)."""

    @classmethod
    def of(cls, weight: Numbers, sums: Numbers, cross: Numbers) -> PooledSchools:
        order = np.argsort(weight, kind="stable")
        means = sums[order] / np.sqrt(weight[order])[:, None]
        sizes, starts, schools = np.unique(weight[order], return_index=True, return_counts=True)
        ends = np.append(starts[1:], len(order))
        between = np.empty((len(sizes), *cross.shape))
        for n, (start, end) in enumerate(zip(starts, ends, strict=True)):
            rows = means[start:end]
            np.matmul(rows.T, rows, out=between[n])
        within = cross - between.sum(axis=0)
        return cls(sizes, schools, np.ascontiguousarray(between.transpose(1, 0, 2)), within)

    def weighted(self, weights: Numbers) -> Numbers:
        """Sums of ``between`` over the sizes with several sets of weights (r x D): r x q x q."""
        q = len(self.within)
        rows = max(ONE_THREAD // (len(self.sizes) * q), 1)
        parts = [weights[start : start + rows] @ self.between for start in range(0, len(weights), rows)]
        return np.concatenate(parts, axis=1).transpose(1, 0, 2)


def crossed(first: Numbers, second: Numbers) -> Numbers:
    """The cross-products of the columns of two tables with as many rows: ``first' second``."""
    rows = max(ONE_THREAD // max(first.shape[1] * second.shape[1], 1), 1)
    total = np.zeros((first.shape[1], second.shape[1]))
    for start in range(0, len(first), rows):
        total += first[start : start + rows].T @ second[start : start + rows]
    return total


@dataclass(frozen=True, eq=False)
class Solution:
    """Estimates in the scale of the equations."""

    beta: Numbers
    inverse: Numbers
    """Covariance of ``beta`` divided by the residual variance (p x p)."""
    relative: Numbers
    """Covariance of the random terms divided by the residual variance (m x m)."""
    residual: float
    deviance: float
    """-2 log-likelihood, or the REML criterion."""
    deviance_without_schools: float
    """The same with no difference between schools."""
    variance_covariance: Numbers
    """Covariance of the estimates of the variances: the lower triangle by rows, then the residual."""
    at_boundary: bool
    """Whether a variance is zero, or two random terms are perfectly correlated."""


def variance_covariance(gradient: Numbers, hessian: Numbers, relative: Numbers, freedom: int) -> Numbers:
    """Covariance of the estimated variances, by the inverse of the expected information, for a residual of 1.

    The expected information of the variances is minus half the second derivative of ``log|V|``, with
    ``log|X'V⁻¹X|`` added for REML, because V is linear in the variances. ``gradient`` and ``hessian`` are
    those of this sum by the elements of ``relative`` (as a vector). Multiply by the residual variance
    squared for another residual. Elements that are not identified come out as not a number.
    """
    moved = gradient + hessian @ relative
    last = relative @ hessian @ relative + 2 * gradient @ relative - freedom
    information = -0.5 * np.block([[hessian, -moved[:, None]], [-moved[None, :], np.array([[last]])]])
    size = np.sqrt(np.abs(np.diag(information)))
    try:
        inverse: Numbers = np.linalg.inv(information / np.outer(size, size)) / np.outer(size, size)
    except np.linalg.LinAlgError:
        inverse = np.full_like(information, np.nan)
    return inverse
