"""Choosing among several figures for the same thing: one rule, used everywhere."""

from __future__ import annotations

import polars as pl

IDENTITY = ("level", "entity", "indicator", "period")


def best_edition(figures: pl.DataFrame) -> pl.DataFrame:
    """One figure per school or area, measure and period: the highest edition.

    Among equals a value outranks a missing one, one with an interval or a cohort outranks one without, and
    then the newest version wins. A missing final figure still outranks a provisional value: the publisher
    took it back for a reason.
    """
    held = [pl.col(name).is_not_null() for name in ("value", "lower", "denominator")]
    ranked = figures.sort(*IDENTITY, "edition_rank", *held, "version")
    last = pl.any_horizontal(pl.col(name) != pl.col(name).shift(-1) for name in IDENTITY).fill_null(True)
    return ranked.filter(last)
