"""What each pupil is expected to reach, with the range in which such pupils end, or why it cannot be said.

The estimate is that of the average school. Its range allows for three things: the coefficients are
themselves estimated, pupils of one school differ, and schools differ.
"""

from __future__ import annotations

import polars as pl

from redway.attainment.model import Model
from redway.attainment.pupil_estimates import pupil_estimates


def tracking_estimates(pupils: pl.DataFrame, model: Model) -> pl.DataFrame:
    """One row a pupil, in the order given: ``pupil``, ``estimate``, ``spread`` and ``why`` there is none.

    ``spread`` is the standard deviation of a pupil's result about the estimate. Raises what
    ``Model.estimate`` raises for columns that the model needs and the pupils do not have.
    """
    found = pupil_estimates(pupils, model)
    apart = model.variance.residual + model.variance.group
    return pupils.select(pl.col("pupil").cast(pl.String)).with_columns(
        found["estimate"],
        (found["error"] ** 2 + apart).sqrt().alias("spread"),
        found["why"],
    )


def no_estimates(pupils: pl.DataFrame, why: str) -> pl.DataFrame:
    """The same where there is no model at all."""
    nothing = pl.lit(None, dtype=pl.Float64)
    return pupils.select(
        pl.col("pupil").cast(pl.String),
        nothing.alias("estimate"),
        nothing.alias("spread"),
        pl.lit(why).alias("why"),
    )
