"""Decline in results under a published rule: a question that needs no inspection and can be checked yearly.

The rule is one year's part of the coasting definition. The question is asked of schools whose latest
published results were not below it: will the next be?
"""

from __future__ import annotations

from datetime import date

import polars as pl

from redway.core.errors import NotEnoughData
from redway.improvement.contenders import INTAKE_ONLY, Contender
from redway.improvement.design import Recipe
from redway.improvement.features import INTAKE, LIKE, RAW, RESULTS, SCHOOL
from redway.improvement.publication import PUBLIC_FROM
from redway.improvement.questions import Question
from redway.improvement.terms import Window, months_later
from redway.improvement.training import Settings, TrainingRows, recipe_for, train
from redway.improvement.workbench import Trial

LATEST_RESULTS = Contender(
    "latest", "latest progress and attainment", Recipe(RESULTS, record=False, history=False)
)
DECLINE_MODEL = Contender(
    "model", "additive model beside like intake", Recipe((*LIKE, *RAW, *SCHOOL), record=False, history=False)
)
DECLINE_INTAKE = Contender("intake", INTAKE_ONLY.words, Recipe(INTAKE, record=False, history=False))
DECLINE_CONTENDERS = (
    Contender("base", "base rate", rule=lambda rows, on: rows["pupils"].to_numpy() * 0),
    DECLINE_INTAKE,
    LATEST_RESULTS,
    DECLINE_MODEL,
)


def decline_rows(rows: pl.DataFrame, below: pl.DataFrame, decision: date) -> pl.DataFrame:
    """Mainstream schools whose latest public results were not below the rule, with ``fell`` of the next.

    ``fell`` is missing where the next results are not published; ``next_public`` is the day they were.
    """
    public = below.filter(pl.col(PUBLIC_FROM) <= decision)
    latest = (
        public.sort("school", "period_end")
        .unique("school", keep="last")
        .select("school", "period_end", "below")
    )
    following = below.select(
        "school", fell="below", next_public=PUBLIC_FROM, period_end=pl.col("period_end").dt.offset_by("-1y")
    )
    return (
        rows.filter((pl.col("decision") == decision) & pl.col("not_scored").is_null())
        .join(latest.filter(~pl.col("below")).select("school", "period_end"), on="school")
        .join(following, on=["school", "period_end"], how="left")
        .with_columns(inspected=pl.col("fell").is_not_null(), after_years=pl.lit(None, dtype=pl.Float64))
        .sort("school")
    )


def learn_decline(
    rows: pl.DataFrame, below: pl.DataFrame, contender: Contender, decision: date, settings: Settings
) -> Trial:
    """Fit a contender on the year before, whose next results are public on the decision date.

    Raises NotEnoughData when they are not, or not held.
    """
    if contender.recipe is None:
        return Trial(contender, None, None)
    earlier = months_later(decision, -12)
    known = decline_rows(rows, below, earlier).filter(
        pl.col("fell").is_not_null() & (pl.col("next_public") <= decision)
    )
    if not known.height:
        raise NotEnoughData(
            f"Two years of results must be public on {decision} to learn how the second follows the first.",
            "Choose a later date, or import earlier results; the panel needs rows of the year before.",
        )
    window = Window(earlier, decision)
    learned = TrainingRows(((known, window),), Question.DECLINE)
    recipe = recipe_for(contender.recipe, learned)
    return Trial(contender, recipe, train(learned, recipe, decision, settings))
