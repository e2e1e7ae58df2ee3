"""Fitted models of an authority's cohorts, kept while the results they rest on are in force."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import polars as pl

from redway.attainment.model import Model, fit_frame
from redway.core.errors import RedwayError
from redway.web.attainment.cohorts import RESULTS, Source, cohort, source_of, years_of
from redway.web.attainment.formulas import EVERY_PREDICTOR, formula


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
    years = [year] if year else years_of(authority, key_stage)[-1:]
    try:
        return fitted(authority, key_stage, outcome, tuple(years), frozenset(predictors)) if years else None
    except RedwayError:
        return None


def fitted(
    authority: str, key_stage: str, outcome: str, years: tuple[str, ...], predictors: frozenset[str]
) -> Model | None:
    """The model of one cohort, or of several taken together; None when no results are in force for them.

    Raises what the fit raises when it refuses: one school only, an outcome that is the same for all.
    """
    source = source_of(authority, RESULTS[key_stage])
    if not source.versions:
        return None
    return _fitted(source, authority, key_stage, outcome, years, predictors)


def pupils_of(authority: str, key_stage: str, years: tuple[str, ...]) -> pl.DataFrame | None:
    """The cohorts of several years as one frame; None when none is in force."""
    frames = [frame for year in years if (frame := cohort(authority, key_stage, year)) is not None]
    return pl.concat(frames, how="diagonal_relaxed") if frames else None


@lru_cache(maxsize=256)
def _fitted(
    source: Source,
    authority: str,
    key_stage: str,
    outcome: str,
    years: tuple[str, ...],
    predictors: frozenset[str],
) -> Model | None:
    frame = pupils_of(authority, key_stage, years)
    if frame is None or outcome not in frame.columns or "prior_attainment" not in frame.columns:
        return None
    return fit_frame(frame, formula(outcome, predictors, frame.columns, len(years)))
