"""Fitted models of an authority's cohorts, kept while the results they rest on are in force."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

import polars as pl

from redway.attainment.accumulate import accumulate
from redway.attainment.model import Model
from redway.attainment.smaller_model import smaller_model
from redway.attainment.statistics import SchoolStatistics
from redway.attainment.two_level import fit
from redway.core.errors import NotFound, RedwayError
from redway.web.attainment.cohorts import Source, results_of, rows_in, years_in
from redway.web.attainment.formulas import (
    EVERY_PREDICTOR,
    PRIOR,
    Predictor,
    formula,
    predictors_in,
)


def model_in_force(
    authority: str,
    key_stage: str,
    outcome: str,
    year: str | None = None,
    predictors: Collection[str] = EVERY_PREDICTOR,
) -> Model | None:
    """The model of one cohort, of the newest year when none is named; None when it cannot be fitted.

    ``predictors`` are codes of ``formulas.PREDICTORS``; prior attainment is always allowed for. Callers that
    show why there is no model use :func:`fitted`, which raises the reason.
    """
    source = results_of(authority, key_stage)
    years = (year,) if year else years_in(source)[-1:]
    try:
        return fitted(source, outcome, years, frozenset(predictors)) if years else None
    except RedwayError:
        return None


@lru_cache(maxsize=256)
def fitted(source: Source, outcome: str, years: tuple[str, ...], predictors: frozenset[str]) -> Model | None:
    """The model of one cohort, or of several taken together; None when their results have no such column.

    A model that allows for less is fitted from the statistics of the one that allows for everything, in a
    millisecond, unless that would leave out a pupil of whom only something not asked for is missing.
    Raises what the fit raises when it refuses: one school only, an outcome that is the same for all.
    """
    frame = rows_in(source, years)
    if frame is None or outcome not in frame.columns or PRIOR.columns[0] not in frame.columns:
        return None
    left = [one for one in predictors_in(frame.columns) if one.code not in predictors]
    if not left or _is_missing_alone(frame, outcome, predictors, left):
        return Model(fit(_statistics(source, outcome, years, predictors)))
    whole = _statistics(source, outcome, years, EVERY_PREDICTOR)
    return Model(fit(smaller_model(whole, formula(outcome, predictors, frame.columns, len(years)))))


@lru_cache(maxsize=64)
def _statistics(
    source: Source, outcome: str, years: tuple[str, ...], predictors: frozenset[str]
) -> SchoolStatistics:
    frame = rows_in(source, years)
    if frame is None:
        raise NotFound(f"No results of {', '.join(years)} are in force.", "Import them first.")
    return accumulate(frame, formula(outcome, predictors, frame.columns, len(years)))


def _is_missing_alone(
    frame: pl.DataFrame, outcome: str, predictors: Collection[str], left: Sequence[Predictor]
) -> bool:
    """Is there a pupil of whom everything asked for is known, and something that is not asked for is not?"""
    asked = [PRIOR, *(one for one in predictors_in(frame.columns) if one.code in predictors)]
    known = [outcome, *(column for one in asked for column in one.columns)]
    others = [column for one in left for column in one.columns]
    alone = pl.all_horizontal(pl.col(known).is_not_null()) & pl.any_horizontal(pl.col(others).is_null())
    return bool(frame.select(alone.any()).item())
