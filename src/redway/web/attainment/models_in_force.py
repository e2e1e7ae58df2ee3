"""Fitted models of an authority's cohorts, kept while the results they rest on are in force."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from redway.attainment.model import Model, fit_frame
from redway.core.errors import RedwayError
from redway.web.attainment.cohorts import Source, results_of, rows_in, years_in
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
    source = results_of(authority, key_stage)
    years = (year,) if year else years_in(source)[-1:]
    try:
        return fitted(source, outcome, years, frozenset(predictors)) if years else None
    except RedwayError:
        return None


@lru_cache(maxsize=256)
def fitted(source: Source, outcome: str, years: tuple[str, ...], predictors: frozenset[str]) -> Model | None:
    """The model of one cohort, or of several taken together; None when their results have no such column.

    Raises what the fit raises when it refuses: one school only, an outcome that is the same for all.
    """
    frame = rows_in(source, years)
    if frame is None or outcome not in frame.columns or "prior_attainment" not in frame.columns:
        return None
    return fit_frame(frame, formula(outcome, predictors, frame.columns, len(years)))
