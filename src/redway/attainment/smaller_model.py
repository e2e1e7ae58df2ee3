"""A smaller model of the same pupils, from statistics made for a larger one: no pupil is read again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from redway.attainment.coding import Coding
from redway.attainment.formula import parse_formula
from redway.attainment.statistics import SchoolStatistics, StatisticsError
from redway.core.words import listed


def smaller_model(statistics: SchoolStatistics, text: str) -> SchoolStatistics:
    """The statistics of the formula ``text``, every column of which is among those held.

    The pupils stay those who have everything that the larger model needs. Raises FormulaError, and
    StatisticsError for another outcome, another group, or a column or slope that was not kept.
    """
    formula = parse_formula(text)
    for what, theirs, ours in (
        ("outcome", formula.outcome.text, statistics.outcome),
        ("group", formula.group, statistics.group),
    ):
        if theirs != ours:
            raise StatisticsError(
                f"The {what} of the formula is '{theirs}', that of the statistics is '{ours}'.",
                "Make statistics of that formula from the pupils.",
            )
    named = {factor.text for factor in formula.factors}
    levels = {name: found for name, found in statistics.levels.items() if name in named}
    coding = Coding(formula, levels)
    kept = statistics.keep(coding.names)
    if len(kept.columns) > len(coding.names):
        # Statistics with an intercept keep it whatever is asked for.
        raise StatisticsError(
            f"The statistics cannot be fitted without '{kept.columns[0]}'.",
            "Make statistics of that formula from the pupils.",
        )
    if unknown := [name for name in coding.slopes if name not in kept.slopes]:
        raise StatisticsError(
            f"The statistics hold no slope of {listed(unknown)} for each school.",
            f"Make them from the pupils with (1 + {unknown[0]} | {statistics.group}).",
        )
    # In the order of this formula, which may name the same predictors in another.
    at = [*(kept.columns.index(name) for name in coding.names), len(kept.columns)]
    slopes = [kept.slopes.index(name) for name in coding.slopes]
    cross = None if kept.slope_cross is None or not slopes else kept.slope_cross[:, slopes][:, :, at]
    return replace(
        kept,
        formula=str(formula),
        columns=coding.names,
        sums=kept.sums[:, at],
        cross=kept.cross[np.ix_(at, at)],
        centre=kept.centre[at],
        slopes=coding.slopes,
        slope_cross=cross,
        levels=levels,
    )
