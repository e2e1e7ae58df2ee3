"""The fit of a two-level model, pupils in schools, from the statistics of the schools alone.

Maximum likelihood (``ml``) or restricted maximum likelihood (``reml``, which allows for the fixed effects
having been estimated). The same estimates as lme4, MLwiN and HLM give, found exactly instead of to the
tolerance of a search. The cost does not depend on the number of pupils.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from redway.attainment import random_intercept, random_slopes
from redway.attainment.coding import INTERCEPT
from redway.attainment.collinear import Redundant, redundant_columns, swept
from redway.attainment.equations import CannotFit, Equations, Method, Solution
from redway.attainment.statistics import Numbers, SchoolStatistics
from redway.core.words import counted, listed

__all__ = ["CannotFit", "CollinearColumns", "Fit", "Method", "Variance", "fit"]

FEW_SCHOOLS = 10
"""With fewer schools the variance between them is hardly known, and a warning says so."""

NO_DIFFERENCE = (
    "The variance between schools is estimated as zero: the schools do not differ by more than chance,"
    " and every school's effect is zero."
)

EDGE_OF_POSSIBLE = (
    "The random slopes are at the edge of what is possible: a variance is estimated as zero, or two random"
    " terms as perfectly correlated. A model with fewer random slopes says as much."
)

FAR = 3
"""Standard deviations from the mean at which hardly any pupil is found."""

NOTHING = 1e-12
"""Share of the outcome's variance that counts as none: less cannot be told from rounding."""


class CollinearColumns(CannotFit):
    """Columns that follow from others, where the caller asked for none to be dropped."""


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


def fit(
    statistics: SchoolStatistics,
    *,
    method: Method = "reml",
    columns: Sequence[str] | None = None,
    slopes: Sequence[str] | None = None,
    collinear: Literal["drop", "refuse"] = "drop",
) -> Fit:
    """Fit the two-level model of ``statistics``, or a smaller one.

    ``columns`` names the design columns to use (the intercept stays where there is one) and ``slopes``
    those of the columns with a random slope to keep; all by default.
    A column that follows from earlier ones is dropped with a warning, or refused. Raises ``CannotFit``
    where school effects cannot be estimated: one school, no school with two pupils, an outcome that does
    not vary or that the columns determine, too few pupils or schools for the columns.
    """
    if method not in ("reml", "ml"):
        raise CannotFit(f"There is no method {method!r}.", "Use reml or ml.")
    _refuse_too_few(statistics)
    names = _named("column", columns, statistics.columns)
    if INTERCEPT in statistics.columns and INTERCEPT not in names:
        names = (INTERCEPT, *names)
    slopes = _named("random slope", slopes, statistics.slopes)
    basis = statistics
    if INTERCEPT not in names:  # centring would change a model that has no intercept to make up for it
        basis = statistics.recentred(np.zeros_like(statistics.centre))
    names, dropped = _independent(basis, names)
    if dropped and collinear == "refuse":
        raise CollinearColumns(
            f"Columns cannot be told apart: {listed(map(str, dropped))}.",
            "Leave them out of the formula, or let them be dropped.",
        )
    equations = _equations(basis, names, slopes, reml=method == "reml")
    _refuse_unsolvable(basis, equations)
    solution = (random_slopes if slopes else random_intercept).solve(equations)
    back = _random_terms_back(basis, slopes, equations)
    to_fixed, beta = _beta(basis, names, equations, solution)
    return Fit(
        statistics=statistics,
        method=method,
        columns=names,
        dropped=dropped,
        beta=beta,
        covariance=solution.residual * to_fixed @ solution.inverse @ to_fixed.T,
        variance=_variance(slopes, back, equations, solution),
        deviance=solution.deviance,
        deviance_without_schools=solution.deviance_without_schools,
        at_boundary=solution.at_boundary,
        notes=_notes(solution, slopes),
        warnings=(*_warnings(statistics, dropped), *_far_from_pupils(statistics, slopes)),
        equations=equations,
        solution=solution,
        random_back=back,
    )


def _named(what: str, chosen: Sequence[str] | None, held: tuple[str, ...]) -> tuple[str, ...]:
    """The names chosen, in the order in which the statistics hold them."""
    if chosen is None:
        return held
    if absent := [name for name in chosen if name not in held]:
        raise CannotFit(
            f"The statistics hold no {what} {listed(absent)}.",
            f"They hold {listed(held)}." if held else "Make them again with a formula that has it.",
        )
    return tuple(name for name in held if name in set(chosen))


def _refuse_too_few(statistics: SchoolStatistics) -> None:
    schools, pupils = len(statistics.schools), int(statistics.pupils.sum())
    if schools < 2:
        raise CannotFit(
            f"{'One school only' if schools else 'No pupils'}: what a school adds cannot be estimated.",
            "Give pupils of at least two schools, better of ten or more.",
        )
    if pupils == schools:
        raise CannotFit(
            f"Each of the {schools} schools has one pupil: schools cannot be told from their pupils.",
            f"Check that {statistics.group} names the school and not the pupil.",
        )


def _independent(
    basis: SchoolStatistics, names: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[Redundant, ...]]:
    """The columns that say something of their own, and the others."""
    if not names:
        return (), ()
    chosen = [basis.columns.index(name) for name in names]
    dropped = redundant_columns(
        names, basis.cross[np.ix_(chosen, chosen)], basis.centre[chosen], float(basis.weight.sum())
    )
    gone = {each.name for each in dropped}
    return tuple(name for name in names if name not in gone), tuple(dropped)


def _equations(
    basis: SchoolStatistics, names: tuple[str, ...], slopes: tuple[str, ...], *, reml: bool
) -> Equations:
    """The sums of the chosen columns and the outcome, each column divided by its spread."""
    chosen = [*(basis.columns.index(name) for name in names), len(basis.columns)]
    spread = np.sqrt(np.diag(basis.cross) / basis.weight.sum())
    spread[spread == 0] = 1  # a column of noughts: the checks that follow say so
    scale = spread[chosen]
    sums = basis.sums[:, chosen] / scale
    random_cross = random_square = None
    random_scale = np.ones(1)
    if slopes:
        kept = [basis.slopes.index(name) for name in slopes]
        sloped = [basis.columns.index(name) for name in slopes]
        random_scale = np.append(1.0, spread[sloped])
        slope_cross = np.asarray(basis.slope_cross)[:, kept] / random_scale[1:, None]
        random_cross = np.concatenate([sums[:, None, :], slope_cross[:, :, chosen] / scale], axis=1)
        random_square = np.empty((len(sums), len(random_scale), len(random_scale)))
        random_square[:, 0, 0] = basis.weight
        random_square[:, 0, 1:] = random_square[:, 1:, 0] = basis.sums[:, sloped] / random_scale[1:]
        random_square[:, 1:, 1:] = slope_cross[:, :, sloped] / random_scale[1:]
    return Equations(
        count=int(basis.pupils.sum()),
        pupils=basis.pupils,
        weight=basis.weight,
        sums=sums,
        cross=basis.cross[np.ix_(chosen, chosen)] / np.outer(scale, scale),
        scale=scale,
        reml=reml,
        log_weights=basis.log_weights,
        random_cross=random_cross,
        random_square=random_square,
        random_scale=random_scale,
    )


def _refuse_unsolvable(basis: SchoolStatistics, equations: Equations) -> None:
    """Refuse what has no finite or no single answer, in the order in which a person would see it."""
    p, outcome, weight = equations.cross.shape[0] - 1, basis.outcome, basis.weight.sum()
    about_mean = basis.cross[-1, -1] - basis.sums[:, -1].sum() ** 2 / weight
    if about_mean <= max(NOTHING * basis.cross[-1, -1], weight * (NOTHING * basis.centre[-1]) ** 2):
        raise CannotFit(f"{outcome} is the same for every pupil.", "Choose an outcome that varies.")
    if equations.count <= p + 1:
        raise CannotFit(
            f"{counted(equations.count, 'pupil')} are too few for {counted(p, 'column')}.",
            "Use fewer predictors or more pupils.",
        )
    varies = about_mean / equations.scale[-1] ** 2
    left, _ = _left_over(equations.cross, np.diag(equations.cross))
    if left <= NOTHING * varies:
        raise CannotFit(
            f"The predictors determine {outcome} exactly: nothing is left that schools could add.",
            f"Leave out the predictor that was made from {outcome}.",
        )
    left, rank = _left_over(equations.pooled.within, np.diag(equations.cross))
    if left <= NOTHING * varies:
        raise CannotFit(
            f"Within each school {outcome} does not vary beyond the predictors.",
            f"Check that {outcome} is a pupil's own result and not the school's.",
        )
    if p - rank >= len(basis.schools):
        raise CannotFit(
            f"{counted(p - rank, 'column')} that describe schools are too many"
            f" for {len(basis.schools)} schools.",
            "Leave out predictors that are the same for all pupils of a school.",
        )


def _left_over(cross: Numbers, sizes: Numbers) -> tuple[float, int]:
    """Sum of squares of the last column beyond the others, and how many of the others are independent."""
    left, independent = cross, 0
    for k in range(len(cross) - 1):
        if left[k, k] > NOTHING * sizes[k]:
            left = swept(left, k)
            independent += 1
    return float(left[-1, -1]), independent


def _beta(
    basis: SchoolStatistics, names: tuple[str, ...], equations: Equations, solution: Solution
) -> tuple[Numbers, Numbers]:
    """What leads from the scaled to the real fixed effects, and these."""
    matrix = np.diag(equations.scale[-1] / equations.scale[:-1])
    beta = matrix @ solution.beta
    if INTERCEPT in names:
        centre = basis.centre[[basis.columns.index(name) for name in names]]
        matrix[0, 1:] = -centre[1:] * np.diag(matrix)[1:]
        beta[0] += basis.centre[-1] - centre[1:] @ beta[1:]
    return matrix, beta


def _random_terms_back(basis: SchoolStatistics, slopes: tuple[str, ...], equations: Equations) -> Numbers:
    """What leads from random effects in centred and scaled columns to those in real columns (m x m)."""
    back = np.diag(equations.scale[-1] / equations.random_scale)
    centre = basis.centre[[basis.columns.index(name) for name in slopes]]
    back[0, 1:] = -centre * np.diag(back)[1:]
    return back


def _variance(slopes: tuple[str, ...], back: Numbers, equations: Equations, solution: Solution) -> Variance:
    """The variances in real columns: of random effects where a slope's column is nought."""
    rows, columns = np.tril_indices(len(back))
    moved = np.zeros((len(rows) + 1, len(rows) + 1))
    for k, (row, column) in enumerate(zip(rows, columns, strict=True)):
        unit = np.zeros_like(back)
        unit[row, column] = unit[column, row] = 1
        moved[:-1, k] = (back @ unit @ back.T)[rows, columns]
    moved[-1, -1] = equations.scale[-1] ** 2
    return Variance(
        terms=(INTERCEPT, *slopes),
        matrix=solution.residual * back @ solution.relative @ back.T,
        residual=float(solution.residual * equations.scale[-1] ** 2),
        covariance=moved @ solution.variance_covariance @ moved.T,
    )


def _notes(solution: Solution, slopes: tuple[str, ...]) -> tuple[str, ...]:
    if not solution.at_boundary:
        return ()
    if not slopes:
        return (NO_DIFFERENCE,)
    return (EDGE_OF_POSSIBLE,)


def _warnings(statistics: SchoolStatistics, dropped: tuple[Redundant, ...]) -> tuple[str, ...]:
    warnings = [f"{each}; it was dropped." for each in dropped]
    if (schools := len(statistics.schools)) < FEW_SCHOOLS:
        warnings.append(
            f"Only {schools} schools: too few to know how much schools differ."
            f" Use {FEW_SCHOOLS} or more before relying on school effects."
        )
    return tuple(warnings)


def _far_from_pupils(statistics: SchoolStatistics, slopes: tuple[str, ...]) -> list[str]:
    """Slopes counted from where no pupil is: the schools' effects are then of pupils that do not exist."""
    found = []
    weight = statistics.weight.sum()
    for name in slopes:
        at = statistics.columns.index(name)
        about_centre = statistics.sums[:, at].sum() / weight
        spread = np.sqrt(statistics.cross[at, at] / weight - about_centre**2)
        mean = statistics.centre[at] + about_centre
        is_number = statistics.centre[at] != 0  # of a category's column nought is the reference
        if is_number and abs(mean) > FAR * spread:
            found.append(
                f"School effects are of a pupil whose {name} is 0, far from the mean of {mean:.4g}. Count it"
                f" from there, as in I({name} - {float(f'{mean:.3g}'):g}), to have them of usual pupils."
            )
    return found
