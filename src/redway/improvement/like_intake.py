"""Figures beside those of schools with an intake like the school's own.

A score on raw attainment or absence marks schools for whom they serve: most alarms that come to nothing would
fall on the most deprived. Here a figure is the distance from what schools with such an intake have, on the
same decision date and in the same phase, so that the question is what is unusual for such a school.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]

INTAKE_OF_LIKE_SCHOOLS = (
    "free_meals",
    "other_languages",
    "special_needs_support",
    "special_needs_plans",
    "area_deprivation",
)
BESIDE = ("progress", "worst_progress", "attainment", "absence")
FEWEST = 200
"""With fewer schools of a phase to compare with, there is no 'schools like it'."""


def beside_like_intake(rows: pl.DataFrame, names: Sequence[str] = BESIDE) -> pl.DataFrame:
    """Add ``<name>_like`` for each figure: its distance from schools of like intake, in standard deviations.

    ``rows`` has ``phase, decision, not_scored``, the figures, the intake and their public days. A school
    whose intake is not held is compared as one of average intake; a missing figure stays missing.
    """
    made = {f"{name}_like": np.full(rows.height, np.nan) for name in names}
    scored = rows.with_row_index("at").filter(pl.col("not_scored").is_null())
    for _, group in scored.group_by("decision", "phase", maintain_order=True):
        at = group["at"].to_numpy()
        intake = _intake(group)
        for name in names:
            values = group[name].cast(pl.Float64).to_numpy()
            held = ~np.isnan(values)
            if held.sum() >= FEWEST:
                effect, *_ = np.linalg.lstsq(intake[held], values[held], rcond=None)
                rest = values - intake @ effect
                made[f"{name}_like"][at] = rest / rest[held].std()
    return rows.with_columns(
        pl.Series(name, values).fill_nan(None) for name, values in made.items()
    ).with_columns(
        # It stands on the intake too, so it was public when the last of the two was.
        pl.max_horizontal(f"public:{source}", "public:census", "public:deprivation").alias(
            f"public:{source}_like"
        )
        for source in ("results", "absence")
    )


def _intake(group: pl.DataFrame) -> Floats:
    """The intake, with squares, for the effect of free meals is no straight line."""
    columns = []
    for name in INTAKE_OF_LIKE_SCHOOLS:
        values = group[name].cast(pl.Float64).to_numpy()
        held = ~np.isnan(values)
        middle = values[held].mean() if held.any() else 0.0
        centred = np.where(held, values - middle, 0.0)
        columns += [centred, centred**2]
    return np.column_stack([np.ones(group.height), *columns])
