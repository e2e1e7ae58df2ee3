"""Charts of the headline figures of schools, a point a year, with the false alarms to expect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from redway.core.words import counted
from redway.figures.table import Column, Kind, Row, Table
from redway.improvement.control_charts import Cusum, Ewma
from redway.improvement.false_alarms import chance_sentence, false_alarm_budget
from redway.improvement.run_length import cusum_run_length, ewma_run_length
from redway.improvement.watched_series import WatchedPoint, watch
from redway.improvement.yearly_series import yearly_series
from redway.indicators.catalogue import Polarity
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.measures.showing import store
from redway.web.register.models import Establishment, School
from redway.web.schools.profile import HEADLINES

POINTS_A_YEAR = 1
CUSUM, EWMA = Cusum(), Ewma()
CUSUM_RUNS, EWMA_RUNS = cusum_run_length(CUSUM), ewma_run_length(EWMA)
DELAY = round(cusum_run_length(CUSUM, change=1.0))
Points = tuple[WatchedPoint, ...]


@dataclass(frozen=True)
class Charts:
    """Of each measure and school the points of both charts, in order of time."""

    sums: Mapping[tuple[str, str], Points]
    averages: Mapping[tuple[str, str], Points]

    @property
    def sentence(self) -> str:
        """How many charts alarm now, beside the false alarms to expect; empty without charts."""
        if not self.sums:
            return ""
        budget = false_alarm_budget(len(self.sums), 1, POINTS_A_YEAR, CUSUM_RUNS)
        alarms = sum(points[-1].chart.alarm for points in self.sums.values())
        luck = "more than luck explains" if budget.unusual(alarms) else "no more than luck may give"
        return f"{budget.sentence} Now {counted(alarms, 'chart alarms', 'charts alarm')}: {luck}."


def charts_of(authority: str) -> Charts:
    """The charts of an authority's schools, worked out once for each build of the figures."""
    return _charts(store().build, authority)


def charts_view(school: School, names: Mapping[str, str]) -> TableView | None:
    """The charts of one school, a row a figure and year; None where no figure can be compared.

    ``names``: the figures that the person may see, with what they are called.
    """
    charts = charts_of(school.authority)
    rows = [
        _row(names[code], summed, averaged)
        for (code, key), sums in charts.sums.items()
        if key == school.key and code in names
        for summed, averaged in zip(sums, charts.averages[code, key], strict=True)
    ]
    if not rows:
        return None
    columns = (
        Column("figure", "Figure"),
        Column("period", "Year"),
        Column("score", "Worse than expected by", Kind.NUMBER, 1),
        Column("sum", "Sum (CUSUM)", Kind.NUMBER, 1),
        Column("sum_limit", "Limit of the sum", Kind.NUMBER, 1),
        Column("average", "Average (EWMA)", Kind.NUMBER, 2),
        Column("average_limit", "Limit of the average", Kind.NUMBER, 2),
        Column("alarm", "Alarm"),
    )
    notes = [
        "Beside what the school’s last years let expect; 1 is how far off schools of its phase usually lie.",
        f"Sum: {chance_sentence(CUSUM_RUNS, POINTS_A_YEAR)}",
        f"Average, better or worse: {chance_sentence(EWMA_RUNS, POINTS_A_YEAR)}",
        f"Years are few: a lasting change of 1 takes about {DELAY} to alarm. No alarm is no all-clear.",
        "A year that is not held is not filled in: the sum stands still and the limits of the average widen.",
    ]
    title = "Charts watched for lasting changes"
    return TableView(Table(title, columns, rows, notes), TableState("watched"))


def _row(name: str, summed: WatchedPoint, averaged: WatchedPoint) -> Row:
    alarms = [word for word, one in (("Sum", summed), ("Average", averaged)) if one.chart.alarm]
    return {
        "figure": name,
        "period": summed.period,
        "score": summed.score,
        "sum": summed.chart.value,
        "sum_limit": summed.chart.limit,
        "average": averaged.chart.value,
        "average_limit": averaged.chart.limit,
        "alarm": "Not held" if summed.chart.missing else " and ".join(alarms) or "None",
    }


@lru_cache(maxsize=4)
def _charts(build: str, authority: str) -> Charts:
    lines = dict(Establishment.objects.filter(on_stem=True).values_list("urn", "school_id"))
    phases = dict(School.objects.exclude(phase="").values_list("key", "phase"))
    own = set(School.objects.filter(authority=authority).values_list("key", flat=True))
    sums: dict[tuple[str, str], Points] = {}
    averages: dict[tuple[str, str], Points] = {}
    for code in HEADLINES:
        polarity = store().catalogue.get(code).polarity
        rows = yearly_series(_figures(code, lines, phases), own)
        if polarity is Polarity.NEUTRAL or rows.is_empty():
            continue
        falls = polarity is Polarity.HIGH
        for chart, found in ((CUSUM, sums), (EWMA, averages)):
            for points in watch(rows, chart, falls=falls, points_a_year=POINTS_A_YEAR).series:
                found[code, points[0].school] = points
    return Charts(sums, averages)


def _figures(code: str, lines: Mapping[str, str], phases: Mapping[str, str]) -> pl.DataFrame:
    """The figures of all schools under their continuing keys."""
    found = store().across("school", code).select("entity", "period", "period_end", "value")
    school = pl.col("entity").replace_strict(dict(lines), default=None, return_dtype=pl.String)
    phase = pl.col("school").replace_strict(dict(phases), default=None, return_dtype=pl.String)
    return (
        found.with_columns(school=school)
        .with_columns(phase=phase)
        .drop_nulls(["school", "phase"])
        .unique(["school", "period_end"], keep="first", maintain_order=True)
    )
