"""Choosing among several figures for the same thing: one rule, used everywhere."""

from __future__ import annotations

import polars as pl

IDENTITY = ("level", "entity", "indicator", "period")


def best_edition(figures: pl.DataFrame) -> pl.DataFrame:
    """One figure per school or area, measure and period: the highest edition.

    Among equals the one with an interval, then the newest version. A missing final figure still
    outranks a provisional value: the publisher took it back for a reason.
    """
    ranked = figures.sort(
        *IDENTITY,
        "period_end",
        "edition_rank",
        pl.col("lower").is_not_null(),
        "version",
        maintain_order=False,
    )
    last = pl.any_horizontal(pl.col(name) != pl.col(name).shift(-1) for name in IDENTITY).fill_null(True)
    return ranked.filter(last)
