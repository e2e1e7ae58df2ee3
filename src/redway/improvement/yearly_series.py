"""Yearly figures of all schools as series for a chart: a year beside what the school's last years let expect.

A figure is taken beside the middle of its phase in its year. What is expected is the mean of the school's
last years, and the spread is how far schools of its phase usually lie off that in the year. A year that is
not held stays a missing point.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from redway.improvement.watched_series import COLUMNS

EARLIER = 3
"""Years before a year, of which at least two are held, that let expect its figure."""
FEWEST_SCHOOLS = 30
"""Schools of a phase with a figure in a year, below which nobody can say how far off schools usually lie."""
TO_SPREAD = 1.4826
"""A median distance as the standard deviation of a bell curve: a few wild schools do not widen it."""


def yearly_series(figures: pl.DataFrame, wanted: Collection[str]) -> pl.DataFrame:
    """Rows for ``watched_series.watch`` of the schools wanted, from their first year that can be compared.

    ``figures`` of all schools: ``school, phase, period, period_end, value``, one row a school and year; value
    may be missing.
    """
    years = figures.select("period", "period_end").unique("period_end")
    held = (
        figures.select("school", "phase")
        .unique("school")
        .join(years, how="cross")
        .join(figures.select("school", "period_end", "value"), on=["school", "period_end"], how="left")
        .sort("school", "period_end")
        .with_columns(value=pl.col("value") - pl.col("value").median().over("phase", "period_end"))
        .with_columns(expected=pl.col("value").shift(1).rolling_mean(EARLIER, min_samples=2).over("school"))
    )
    off = pl.col("value") - pl.col("expected")
    enough = off.count().over("phase", "period_end") >= FEWEST_SCHOOLS
    usual = off.abs().median().over("phase", "period_end") * TO_SPREAD
    scored = held.with_columns(spread=pl.when(enough & (usual > 0)).then(usual)).filter(
        pl.col("school").is_in(list(wanted))
    )
    comparable = (
        pl.col("value").is_not_null() & pl.col("expected").is_not_null() & pl.col("spread").is_not_null()
    )
    return (
        scored.with_columns(value=pl.when(comparable).then("value"))
        .filter(pl.col("value").is_not_null().cum_sum().over("school") > 0)
        .select(COLUMNS)
    )
