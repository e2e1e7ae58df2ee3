"""Statistics that may be given to others: nothing in them is of one pupil, or of a few of one school."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from redway.attainment.statistics import Numbers, SchoolStatistics, StatisticsError

FEW = 5
"""Groups of so many pupils or fewer are not shown to others."""
POOLED = "schools of few pupils"
"""The key of the row in which small schools are added together."""


def pooled(statistics: SchoolStatistics, minimum: int = FEW) -> SchoolStatistics:
    """Statistics in which schools of ``minimum`` pupils or fewer are added together in one row.

    If that row has too few pupils itself, the next smallest school joins it. The cross-products over all
    pupils stay as they are, so a fit changes only as if those schools were one school. Counts of pupils
    left out are gone where they are as small. What a school's sums tell of its small categories is said
    by ``small_counts``.

    Raises StatisticsError when there are too few pupils at all, or when a column holds the marks of the
    pupils of one category in a school (a number, or a slope, by category).
    """
    pupils = int(statistics.pupils.sum())
    if pupils <= minimum:
        raise StatisticsError(
            f"There are {pupils} pupils: nothing can be shared of so few.",
            "Add the statistics of more schools first.",
        )
    _refuse_marks_of_few(statistics, minimum)
    found = statistics.of_pupils()
    order = np.argsort(found.pupils, kind="stable")
    small = int((found.pupils <= minimum).sum())
    while small and found.pupils[order[:small]].sum() <= minimum:
        small += 1
    if small:
        found = _in_one_row(found, order[:small])
    left_out = {reason: number for reason, number in statistics.left_out.items() if number > minimum}
    # The centre may be the mean of a few pupils, from whose statistics these were once added up.
    means = found.centre + found.sums.sum(axis=0) / found.weight.sum()
    found = found.recentred(np.where(found.centre != 0, means, 0.0))
    return replace(found, left_out=left_out).with_values_of_schools(statistics.of_schools)


def _in_one_row(statistics: SchoolStatistics, rows: NDArray[np.int64]) -> SchoolStatistics:
    gone = set(rows.tolist())
    keys = [POOLED if row in gone else school for row, school in enumerate(statistics.schools)]
    schools, place = np.unique(np.array(keys), return_inverse=True)
    return statistics.with_rows(tuple(schools.tolist()), place)


def _refuse_marks_of_few(statistics: SchoolStatistics, minimum: int) -> None:
    columns = statistics.coding.columns if statistics.levels else ()
    for column in columns:
        by_category = column.levels and (column.numbers or column.name in statistics.slopes)
        if by_category and column.name in statistics.columns:
            raise StatisticsError(
                f"'{column.name}' holds sums over the pupils of one category in each school, of whom there"
                f" may be {minimum} or fewer.",
                "Share the statistics of a formula without it, or keep the other columns only.",
            )


def small_counts(statistics: SchoolStatistics, minimum: int = FEW) -> dict[str, int]:
    """In how many schools a category has between one and ``minimum`` pupils: category -> schools.

    Raises StatisticsError for weighted pupils, whose sums are no counts.
    """
    if not np.array_equal(statistics.weight, statistics.pupils):
        raise StatisticsError("The pupils are weighted, so they cannot be counted.", "Leave out the weights.")
    found = {}
    for factor, levels in statistics.levels.items():
        rest: Numbers = statistics.pupils.astype(float)
        for level in levels[1:]:
            name = f"{factor} {level}"
            if name in statistics.columns:
                count = statistics.sums[:, statistics.columns.index(name)]
                rest = rest - count
                found[name] = _between(count, minimum)
        found[f"{factor} {levels[0]}"] = _between(rest, minimum)
    return {name: schools for name, schools in found.items() if schools}


def _between(counts: Numbers, minimum: int) -> int:
    return int(((counts > 0.5) & (counts < minimum + 0.5)).sum())
