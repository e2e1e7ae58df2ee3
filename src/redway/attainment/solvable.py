"""Whether school effects can be estimated at all, and why not: said before the search for them begins."""

from __future__ import annotations

import numpy as np

from redway.attainment.collinear import swept
from redway.attainment.equations import CannotFit, Equations
from redway.attainment.statistics import Numbers, SchoolStatistics
from redway.core.words import counted

NOTHING = 1e-12
"""Share of the outcome's variance that counts as none: less cannot be told from rounding."""


def refuse_too_few(statistics: SchoolStatistics) -> None:
    """Refuse pupils of whom no model can tell what schools add."""
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


def refuse_unsolvable(basis: SchoolStatistics, equations: Equations) -> None:
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
