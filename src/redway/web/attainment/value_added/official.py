"""The published measure of progress beside the model, and why there is none in some years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from redway.attainment.measure_years import in_year
from redway.attainment.progress_bands import band, has_bands
from redway.core.missing import Missing
from redway.indicators.catalogue import Indicator
from redway.indicators.store import SeriesStore
from redway.web.attainment.formulas import Outcome
from redway.web.measures.showing import Figure, figures_of

MEASURES = {"ks2": "ks2-progress", "ks4": "progress-8"}
"""Key stage -> the measure of progress, as ``redway.attainment.measure_years`` names it."""


@dataclass(frozen=True)
class Official:
    """The published measure of one year: a figure, or why there is none."""

    year: str
    figure: Figure | None
    band: str
    """The band the school was in, where schools were put into bands; else empty."""
    reason: str
    """Why there is no figure; empty when there is one."""


@dataclass(frozen=True)
class OfficialMeasure:
    """The published measure that asks the same question as an outcome."""

    indicator: Indicator
    years: Sequence[Official]


def official_of(
    outcome: Outcome, urns: Sequence[str], years: Sequence[str], store: SeriesStore
) -> OfficialMeasure | None:
    """The published measure in these years; None for an outcome of which none was ever published."""
    if not outcome.official:
        return None
    indicator = store.catalogue.get(outcome.official)
    figures = {one.period: one for one in figures_of(store.figures("school", urns, [indicator.code]))}
    return OfficialMeasure(
        indicator, [_in_year(MEASURES[outcome.key_stage], year, figures.get(year)) for year in years]
    )


def _in_year(measure: str, year: str, figure: Figure | None) -> Official:
    if figure is not None and figure.value is not None:
        return Official(year, figure, _band(measure, year, figure), "")
    known = in_year(measure, year)
    if not known.produced:
        return Official(year, None, "", known.words)
    missing = figure.reason if figure is not None else None
    return Official(year, None, "", f"{(missing or Missing.NOT_HELD).label}.")


def _band(measure: str, year: str, figure: Figure) -> str:
    """The band of Progress 8; key stage 2 progress was put into bands by the publisher's own cut-offs."""
    if measure != "progress-8" or not has_bands(year):
        return ""
    if figure.value is None or figure.lower is None or figure.upper is None:
        return ""
    return band(figure.value, figure.lower, figure.upper, year).value
