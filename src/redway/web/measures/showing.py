"""How a figure is written on pages: its value, its range, its reason, its way to lineage."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl
from django.conf import settings
from django.urls import reverse

from redway.core.home import Home
from redway.core.missing import Missing
from redway.figures.chart import Measure
from redway.figures.theme import Role
from redway.figures.trend import SeriesBreak, TrendLine, TrendPoint
from redway.indicators.catalogue import Indicator
from redway.indicators.store import SeriesStore


@dataclass(frozen=True)
class Figure:
    """One figure of one school or area, as pages need it: a row of the series."""

    level: str
    entity: str
    indicator: str
    period: str
    period_end: date
    value: float | None
    lower: float | None
    upper: float | None
    numerator: float | None
    denominator: float | None
    missing: str | None
    interval: str
    edition: str
    format: str
    version: int

    @property
    def cell(self) -> float | Missing:
        """The value, or why there is none; for a table."""
        if self.value is not None:
            return self.value
        return Missing(self.missing) if self.missing else Missing.BLANK

    def counts(self, indicator: Indicator) -> dict[str, int | None]:
        """Children counted and children in all, where the figure is a share; for a table's rows."""
        if indicator.unit != "percent" or self.numerator is None or self.denominator is None:
            return {"counted": None, "of": None}
        return {"counted": round(self.numerator), "of": round(self.denominator)}

    @property
    def reason(self) -> Missing | None:
        """Why there is no value; None when there is one."""
        cell = self.cell
        return cell if isinstance(cell, Missing) else None

    @property
    def lineage(self) -> str:
        """Address of the page that says where the figure came from."""
        return reverse("measures:lineage", args=[self.indicator, self.level, self.entity, self.period])


_FIELDS = tuple(Figure.__dataclass_fields__)


def figures_of(frame: pl.DataFrame) -> list[Figure]:
    """The rows of a frame of figures."""
    return [Figure(*row) for row in frame.select(_FIELDS).iter_rows()]


def by_indicator(figures: Iterable[Figure]) -> dict[str, list[Figure]]:
    """Figures under their measure, in the order given."""
    found: dict[str, list[Figure]] = {}
    for figure in figures:
        found.setdefault(figure.indicator, []).append(figure)
    return found


def latest(figures: Iterable[Figure]) -> Figure | None:
    """The newest figure that has a value, else the newest of all, else None."""
    ordered = sorted(figures, key=lambda figure: (figure.value is not None, figure.period_end))
    return ordered[-1] if ordered else None


def in_period(figures: Iterable[Figure], period: str) -> Figure | None:
    """The figure of one period."""
    return next((figure for figure in figures if figure.period == period), None)


def shown(indicator: Indicator, figure: Figure | None) -> str:
    """The value in words and unit, or the reason there is none.

    The sentence is short enough for a line of text; tables use the cell itself.
    """
    if figure is None:
        return "No figure held"
    if figure.reason is not None:
        return figure.reason.label
    return indicator.show(figure.value)


def range_of(indicator: Indicator, figure: Figure | None) -> str:
    """'8.1% to 9.0%': the 95% interval, empty where there is none."""
    if figure is None or figure.lower is None or figure.upper is None:
        return ""
    return f"{indicator.show(figure.lower)} to {indicator.show(figure.upper)}"


def charted(indicator: Indicator) -> Measure:
    """The measure as charts name and write it."""
    name = indicator.short[:1].lower() + indicator.short[1:]
    unit = "" if indicator.unit in ("score", "ratio", "grade") else indicator.unit
    return Measure(name if name[1:2].islower() else indicator.short, unit, indicator.decimals)


def line(
    label: str, figures: Iterable[Figure], role: Role, periods: Mapping[str, date] | None = None
) -> TrendLine:
    """A line of a trend chart. In ``periods`` (label -> last day) without a figure the line is broken."""
    points = {
        figure.period: TrendPoint(
            figure.period, figure.period_end, figure.value, figure.lower, figure.upper, figure.reason
        )
        for figure in figures
    }
    for period, end in (periods or {}).items():
        points.setdefault(period, TrendPoint(period, end, None, missing=Missing.NOT_HELD))
    return TrendLine(label, sorted(points.values(), key=lambda point: point.end), role)


def periods_between(figures: Iterable[Figure], first: date, last: date) -> dict[str, date]:
    """Every period of the figures that ends between two days: label -> last day."""
    return {one.period: one.period_end for one in figures if first <= one.period_end <= last}


def breaks_of(indicator: Indicator) -> list[SeriesBreak]:
    """The breaks of a measure as charts draw them."""
    return [SeriesBreak(mark.period, mark.reason) for mark in indicator.breaks]


def allowed(indicators: Iterable[Indicator], topics: frozenset[str] | None) -> list[Indicator]:
    """The measures on subjects that the person may see; ``topics`` None means every subject."""
    return [one for one in indicators if topics is None or topic_of(one) in topics]


def each_once(indicators: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """The measures, each the first time it comes."""
    return tuple({one.code: one for one in indicators}.values())


_PERMISSION_TOPICS = {"Money": "finance"}


def topic_of(indicator: Indicator) -> str:
    """The subject as the permission table writes it: money is 'finance', others their own name."""
    return _PERMISSION_TOPICS.get(indicator.topic, indicator.topic.casefold())


def store() -> SeriesStore:
    """The figures of this data folder."""
    return _store(settings.REDWAY_HOME)


@lru_cache(maxsize=4)
def _store(home: Home) -> SeriesStore:
    from redway.web.datasets.ledger import DjangoLedger

    return SeriesStore(home, DjangoLedger())


def words_by_row(indicators: Mapping[str, Indicator], key: str) -> Any:
    """For a table of several measures: write the cell under ``key`` in its own measure's unit."""

    def write(row: Mapping[str, Any]) -> str:
        value = row.get(key)
        return indicators[row["code"]].show(value) if isinstance(value, float | int) else str(value or "")

    return write
