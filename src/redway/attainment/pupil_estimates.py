"""What each pupil is expected to reach at the average school, or why it cannot be said.

Targets and tracking both ask here, so that a child is not estimated on one page and unknown on the next. A
pupil of whom something is missing that the model allows for, prior attainment above all, has no estimate: one
made of gender and month of birth alone would be the average under another name.
"""

from __future__ import annotations

import polars as pl

from redway.attainment.model import Model


def pupil_estimates(pupils: pl.DataFrame, model: Model) -> pl.DataFrame:
    """One row a pupil, in the order given: ``estimate``, ``error`` (standard error of it, from the
    coefficients) and ``why`` there is none, null where there is one.

    Raises what ``Model.estimate`` raises for columns that the model needs and the pupils do not have.
    """
    found = model.estimate(pupils)
    return found.select(
        "estimate", pl.col("se").alias("error"), _why(pupils, model, found["estimate"].is_null())
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
