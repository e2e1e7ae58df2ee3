"""The published measure of progress beside the model, and why there is none in some years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from redway.core.missing import Missing
from redway.indicators.catalogue import Indicator
from redway.indicators.store import SeriesStore
from redway.web.attainment.formulas import Outcome
from redway.web.measures.showing import Figure, figures_of


@dataclass(frozen=True)
class Official:
    """The published measure of one year: a figure, or why there is none."""

    year: str
    figure: Figure | None
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
    return OfficialMeasure(indicator, [_in_year(indicator, year, figures.get(year)) for year in years])


def _in_year(indicator: Indicator, year: str, figure: Figure | None) -> Official:
    if figure is not None and figure.value is not None:
        return Official(year, figure, "")
    reason = indicator.why_not_produced(year)
    if not reason:
        missing = figure.reason if figure is not None else None
        reason = f"{(missing or Missing.NOT_HELD).label}."
    return Official(year, None, reason)
