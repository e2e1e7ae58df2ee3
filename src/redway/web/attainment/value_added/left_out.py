"""Pupils whom a model leaves out, counted by the first thing that is not known of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from redway.web.attainment.formulas import PRIOR_STAGES, Outcome, Predictor


@dataclass(frozen=True)
class LeftOut:
    """So many pupils, for one reason."""

    reason: str
    pupils: int


def left_out(frame: pl.DataFrame, outcome: Outcome, predictors: Sequence[Predictor]) -> list[LeftOut]:
    """Why pupils of a cohort are not in a model; each pupil is counted once, under the first reason.

    Nobody is left out in silence, and nobody counts as nought.
    """
    found = []
    rest = frame
    for column, reason in _needed(outcome, predictors):
        missing = rest.filter(pl.col(column).is_null())
        if missing.height:
            found.append(LeftOut(reason, missing.height))
            rest = rest.filter(pl.col(column).is_not_null())
    return found


def _needed(outcome: Outcome, predictors: Sequence[Predictor]) -> Iterator[tuple[str, str]]:
    yield outcome.code, f"No result in {outcome.label}"
    yield "prior_attainment", f"No attainment at {PRIOR_STAGES[outcome.key_stage]}"
    for one in predictors:
        for column in one.columns:
            yield column, f"Nothing recorded about {one.label}"
