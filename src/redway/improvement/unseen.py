"""Scores of schools by a model that learned nothing from their authorities.

In time a school's past may teach about its future. Here it may not: authorities are dealt into three parts,
each part is scored by what was learned from the two others, and a continuing school both learned from and
asked about is refused. A score much worse than the one that is shown would say that schools were known again,
and nothing learned.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from redway.improvement.contenders import MODEL
from redway.improvement.questions import Question
from redway.improvement.terms import Window
from redway.improvement.training import TrainingRows, recipe_for, refuse_shared_schools, train
from redway.improvement.workbench import Trial, Workbench

PARTS = 3


def scores_of_unseen(
    bench: Workbench, question: Question, decision: date, window: Window, rows: pl.DataFrame
) -> NDArray[np.float64]:
    """The score of each row of a decision date, in the order of ``rows``.

    A school is in the part of the authority it lies in on the date, with its rows of earlier terms too.
    Raises NotEnoughData where there is too little to learn from without a part.
    """
    assert MODEL.recipe is not None
    places = rows.select(pl.col("la_code").drop_nulls().unique().sort()).with_row_index("at")
    dealt = places.select("la_code", part=pl.col("at") % PARTS)
    schools = rows.select("school", "la_code").join(dealt, on="la_code", how="left", maintain_order="left")
    schools = schools.select("school", part=pl.col("part").fill_null(0))
    found = np.zeros(rows.height)
    for part in range(PARTS):
        here = (schools["part"] == part).to_numpy()
        asked_about = rows.filter(pl.Series(here))
        frames = bench.training(question, decision).frames
        others = TrainingRows(
            tuple((_without(frame, schools, dealt, part), term) for frame, term in frames), question
        )
        refuse_shared_schools(others.schools, asked_about["school"])
        recipe = recipe_for(MODEL.recipe, others)
        trial = Trial(MODEL, recipe, train(others, recipe, decision, bench.settings))
        found[here] = trial.scores(asked_about, window, decision)
    return found


def _without(frame: pl.DataFrame, schools: pl.DataFrame, dealt: pl.DataFrame, part: int) -> pl.DataFrame:
    """The rows of a term without those of a part; a school not asked about is where it lay then."""
    lies = (
        frame.select("school", "la_code")
        .join(schools.rename({"part": "now"}), on="school", how="left", maintain_order="left")
        .join(dealt, on="la_code", how="left", maintain_order="left")
        .select(part=pl.coalesce("now", "part", pl.lit(0)))
    )
    return frame.filter(lies["part"] != part)
