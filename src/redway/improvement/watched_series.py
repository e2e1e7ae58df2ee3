"""Series of figures watched for a lasting change, with how often the chart would cry wolf said beside them.

For figures that come often: weeks, or terms. A week should be compared with the same week a year before, for
neighbouring weeks hang together; the comparison is the ``expected`` figure of the row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from redway.core.errors import NotEnoughData
from redway.improvement.control_charts import ChartPoint, Cusum, Ewma, cusum, ewma
from redway.improvement.false_alarms import FalseAlarmBudget, chance_sentence, false_alarm_budget
from redway.improvement.run_length import cusum_run_length, ewma_run_length

COLUMNS = ("school", "period", "value", "expected", "spread")
"""``spread`` is the standard error of a value of a school that has not changed."""


@dataclass(frozen=True)
class WatchedPoint:
    """One figure: how many standard errors it lies from what was expected, and what the chart makes of it."""

    school: str
    period: str
    score: float | None
    chart: ChartPoint


@dataclass(frozen=True)
class Watched:
    """Every series with its points in order, what luck alone gives, and how often one school alarms by it."""

    series: tuple[tuple[WatchedPoint, ...], ...]
    budget: FalseAlarmBudget
    chance: str

    @property
    def alarms(self) -> tuple[WatchedPoint, ...]:
        """The points at which a chart alarmed."""
        return tuple(point for points in self.series for point in points if point.chart.alarm)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What stands beside the points."""
        return self.chance, self.budget.sentence


def watch(rows: pl.DataFrame, chart: Cusum | Ewma, *, falls: bool, points_a_year: int) -> Watched:
    """Put the chart over each school's series.

    ``rows`` holds ``COLUMNS``, each school's in order of time; an empty ``value`` is a missing point and is
    not filled in. ``falls`` watches for figures below what is expected, else above.

    Raises NotEnoughData where there are no rows, or where one has nothing to be compared with.
    """
    if not rows.height:
        raise NotEnoughData("There are no figures to watch.", f"Give rows with {', '.join(COLUMNS)}.")
    held = pl.col("value").is_not_null()
    comparable = pl.col("expected").is_finite() & (pl.col("spread") > 0) & pl.col("value").is_finite()
    lame = rows.with_row_index("row", offset=1).filter(held & ~comparable.fill_null(False))
    if lame.height:
        first = lame.row(0, named=True)
        raise NotEnoughData(
            f"Row {first['row']} (school {first['school']}, {first['period']}) is compared with nothing.",
            "Give the figure expected of a school that has not changed, and its spread, above nought.",
        )
    sign = -1 if falls else 1
    scores = rows.with_columns(score=sign * (pl.col("value") - pl.col("expected")) / pl.col("spread"))
    series = tuple(_points(part, chart) for _, part in scores.group_by("school", maintain_order=True))
    run_length = cusum_run_length(chart) if isinstance(chart, Cusum) else ewma_run_length(chart)
    return Watched(
        series,
        false_alarm_budget(len(series), 1, points_a_year, run_length),
        chance_sentence(run_length, points_a_year),
    )


def _points(rows: pl.DataFrame, chart: Cusum | Ewma) -> tuple[WatchedPoint, ...]:
    def made() -> Iterator[WatchedPoint]:
        scores = rows["score"].to_list()
        charted = cusum(scores, chart) if isinstance(chart, Cusum) else ewma(scores, chart)
        for school, period, score, point in zip(rows["school"], rows["period"], scores, charted, strict=True):
            yield WatchedPoint(str(school), str(period), score, point)

    return tuple(made())
