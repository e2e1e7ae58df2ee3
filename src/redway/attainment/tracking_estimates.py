"""What each pupil is expected to reach, with the range in which such pupils end, or why it cannot be said.

The estimate is that of the average school. Its range allows for three things: the coefficients are
themselves estimated, pupils of one school differ, and schools differ.
"""

from __future__ import annotations

import polars as pl

from redway.attainment.model import Model


def tracking_estimates(pupils: pl.DataFrame, model: Model) -> pl.DataFrame:
    """One row a pupil, in the order given: ``pupil``, ``estimate``, ``spread`` and ``why`` there is none.

    ``spread`` is the standard deviation of a pupil's result about the estimate. Raises what
    ``Model.estimate`` raises for columns that the model needs and the pupils do not have.
    """
    found = model.estimate(pupils)
    apart = model.variance.residual + model.variance.group
    return pupils.select(pl.col("pupil").cast(pl.String)).with_columns(
        found["estimate"],
        (found["se"] ** 2 + apart).sqrt().alias("spread"),
        _why(pupils, model, found["estimate"].is_null()),
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


def _why(pupils: pl.DataFrame, model: Model, unknown: pl.Series) -> pl.Series:
    """What is not held of each pupil without an estimate: the first thing the model asks for."""
    formula = model.coding.formula
    asked = dict.fromkeys(name for factor in formula.factors for name in factor.columns)
    reasons = [
        pl.when(pl.col(name).is_null()).then(pl.lit(f"no estimate: {in_words(name)} is not held"))
        for name in asked
    ]
    strange = pl.lit("no estimate: a category or a school that the model does not know")
    found = pupils.select(pl.coalesce(*reasons, strange).alias("why"))["why"]
    return found.set(~unknown, None)


def in_words(column: str) -> str:
    """The name of a column of pupils in a sentence.

    >>> in_words("prior_attainment")
    'prior attainment'
    """
    return column.replace("_", " ")
