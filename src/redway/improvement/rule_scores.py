"""Scores that are not learned: how authorities have long done it, to be beaten first."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from redway.improvement.frameworks import Grade
from redway.improvement.held_values import values_of

Floats = NDArray[np.float64]

LOW_IS_A_CONCERN = ("progress", "attainment", "progress_change", "attainment_change", "balance")
HIGH_IS_A_CONCERN = ("absence", "absence_change", "pupils_per_teacher")


def count_of_concerns(rows: pl.DataFrame, on: date) -> Floats:
    """How many of the authority's thresholds each school has crossed; a missing figure crosses none."""
    held = values_of("early-warning.toml")
    low, high = float(held.number_on("concern-low", on)), float(held.number_on("concern-high", on))
    long_ago = float(held.number_on("concern-years-since", on))
    concerns = [
        *((pl.col(name) <= low) for name in LOW_IS_A_CONCERN),
        *((pl.col(name) >= high) for name in HIGH_IS_A_CONCERN),
        pl.col("previous_grade") >= Grade.THREE,
        pl.col("weaker_parts") > 0,
        pl.col("years_since") >= long_ago,
        pl.col("roll_change") <= -0.1,
    ]
    return (
        rows.select(pl.sum_horizontal(each.fill_null(False).cast(pl.Float64) for each in concerns))
        .to_series()
        .to_numpy()
    )


EIGHT = (
    ("progress", -1),
    ("attainment", -1),
    ("absence", 1),
    ("free_meals", 1),
    ("special_needs_support", 1),
    ("roll_change", -1),
    ("pupils_per_teacher", 1),
    ("balance", -1),
)


def eight_metric_score(rows: pl.DataFrame) -> Floats:
    """Eight equally weighted metrics, each from 0 (best school) to 1 (worst), summed out of eight.

    The simplest open score. A missing metric counts as the middle, and the sum is of what is held.
    """
    total = np.zeros(rows.height)
    for name, way in EIGHT:
        values = rows[name].cast(pl.Float64).to_numpy() * way
        held = ~np.isnan(values)
        if not held.any():
            total += 0.5
            continue
        lowest, highest = np.quantile(values[held], [0.01, 0.99])
        scaled = np.clip((values - lowest) / max(highest - lowest, 1e-9), 0, 1)
        total += np.where(held, scaled, 0.5)
    return total
