"""The fit of a two-level model, pupils in schools, from the statistics of the schools alone.

Maximum likelihood (``ml``) or restricted maximum likelihood (``reml``, which allows for the fixed effects
having been estimated). The same estimates as lme4, MLwiN and HLM give, found exactly instead of to the
tolerance of a search. The cost does not depend on the number of pupils.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from redway.attainment import random_intercept, random_slopes
from redway.attainment.coding import INTERCEPT
from redway.attainment.collinear import Redundant, redundant_columns
from redway.attainment.equations import CannotFit, Equations, Method, Solution
from redway.attainment.fitted import Fit, Variance
from redway.attainment.solvable import refuse_too_few, refuse_unsolvable
from redway.attainment.statistics import Numbers, SchoolStatistics
from redway.core.words import listed

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


class CollinearColumns(CannotFit):
    """Columns that follow from others, where the caller asked for none to be dropped."""


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
    refuse_too_few(statistics)
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
    refuse_unsolvable(basis, equations)
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
