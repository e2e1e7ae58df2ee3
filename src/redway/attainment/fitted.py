"""A fitted two-level model: estimates, how sure they are, and how well the model fits."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from redway.attainment.coding import INTERCEPT
from redway.attainment.collinear import Redundant
from redway.attainment.equations import Equations, Method, Solution
from redway.attainment.statistics import Numbers, SchoolStatistics


@dataclass(frozen=True, eq=False)
class Variance:
    """How outcomes vary, what the columns explain taken away."""

    terms: tuple[str, ...]
    """The random terms (m): the intercept, then the slopes."""
    matrix: Numbers
    """Covariance of the random terms between schools (m x m)."""
    residual: float
    """Variance of pupils within schools (of a pupil of weight 1)."""
    covariance: Numbers
    """Covariance of these estimates: lower triangle of ``matrix`` by rows, then ``residual``.

    By the expected information, as MLwiN prints. Not a number where it is not known."""

    @property
    def group(self) -> float:
        """Variance between schools (of the intercept)."""
        return float(self.matrix[0, 0])

    @property
    def group_se(self) -> float:
        return float(self.matrix_se[0, 0])

    @property
    def residual_se(self) -> float:
        return float(np.sqrt(self.covariance[-1, -1]))

    @property
    def matrix_se(self) -> Numbers:
        """Standard errors of the elements of ``matrix``."""
        errors = np.zeros_like(self.matrix)
        rows, columns = np.tril_indices(len(self.terms))
        errors[rows, columns] = errors[columns, rows] = np.sqrt(np.diag(self.covariance)[:-1])
        return errors

    @property
    def share_between_schools(self) -> float:
        """The intraclass correlation: how much of the variance lies between schools (at slopes' nought)."""
        return self.group / (self.group + self.residual)


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted two-level model."""

    statistics: SchoolStatistics
    method: Method
    columns: tuple[str, ...]
    """The columns with an estimate (p); those dropped are not among them."""
    dropped: tuple[Redundant, ...]
    beta: Numbers
    """Fixed effects (p)."""
    covariance: Numbers
    """Covariance of the fixed effects (p x p)."""
    variance: Variance
    deviance: float
    """-2 log-likelihood; for REML the REML criterion."""
    deviance_without_schools: float
    """The same for the model in which schools do not differ."""
    at_boundary: bool
    """Whether a variance was estimated as zero, or two random terms as perfectly correlated."""
    notes: tuple[str, ...]
    """What a reader should know."""
    warnings: tuple[str, ...]
    """What a reader should beware of."""
    equations: Equations = field(repr=False)
    solution: Solution = field(repr=False)
    """The fit in centred and scaled columns, from which school effects are made without loss."""
    random_back: Numbers = field(repr=False)
    """What leads from random effects in centred and scaled columns to those in real columns (m x m)."""

    @property
    def n_pupils(self) -> int:
        return int(self.statistics.pupils.sum())

    @property
    def n_groups(self) -> int:
        return len(self.statistics.schools)

    @property
    def standard_errors(self) -> Numbers:
        """Standard errors of the fixed effects (p)."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def log_likelihood(self) -> float:
        """Log-likelihood; for REML the restricted one."""
        return -self.deviance / 2

    @property
    def parameters(self) -> int:
        """Estimated numbers: fixed effects, variances and covariances."""
        terms = len(self.variance.terms)
        return len(self.columns) + terms * (terms + 1) // 2 + 1

    @property
    def aic(self) -> float:
        return self.deviance + 2 * self.parameters

    @property
    def bic(self) -> float:
        """With the number of pupils, as lme4 counts."""
        return float(self.deviance + np.log(self.n_pupils) * self.parameters)

    def estimate(self, design: Numbers) -> tuple[Numbers, Numbers]:
        """The outcome that the fixed effects expect, and its standard error.

        ``design`` are rows of the columns of the statistics, dropped ones included, not centred (n x p).
        A row with a missing value gives one.
        """
        centred = (design - self._centre[:-1])[:, self._chosen] / self.equations.scale[:-1]
        variance = ((centred @ self.solution.inverse) * centred).sum(axis=1) * self.solution.residual
        size, middle = self.equations.scale[-1], self._centre[-1]
        return middle + size * (centred @ self.solution.beta), size * np.sqrt(variance)

    @cached_property
    def _chosen(self) -> list[int]:
        return [self.statistics.columns.index(name) for name in self.columns]

    @property
    def _centre(self) -> Numbers:
        """What was taken from the columns of the statistics for the fit."""
        return self.statistics.centre if INTERCEPT in self.columns else np.zeros_like(self.statistics.centre)
