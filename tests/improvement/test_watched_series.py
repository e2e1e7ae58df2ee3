"""Figures that come often, watched by a chart that says how often it cries wolf."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.stats import poisson

from redway.core.errors import NotEnoughData
from redway.improvement.control_charts import Cusum, Ewma
from redway.improvement.watched_series import watch

Z = [0.2, -0.4, 1.2, 1.5, 1.1, 1.6, 1.4]


def weeks(scores: list[float | None], school: str = "110531") -> pl.DataFrame:
    """Absence week by week, expected at 5% with a standard error of half a point."""
    return pl.DataFrame(
        {
            "school": [school] * len(scores),
            "period": [f"week {at}" for at in range(1, len(scores) + 1)],
            "value": [None if score is None else 5 + score / 2 for score in scores],
            "expected": [5.0] * len(scores),
            "spread": [0.5] * len(scores),
        },
        schema_overrides={"value": pl.Float64},
    )


def test_a_small_lasting_rise_in_absence_alarms_in_the_seventh_week() -> None:
    """Acceptance case 21, from figures."""
    found = watch(weeks(Z), Cusum(), falls=False, points_a_year=39)
    assert [round(point.chart.value, 1) for point in found.series[0]] == [0, 0, 0.7, 1.7, 2.3, 3.4, 4.3]
    assert [point.period for point in found.alarms] == ["week 7"]
    assert found.sentences[0].startswith("A stable school gives an alarm once in 335 points: once in 9 years")


def test_the_average_of_the_same_weeks_does_not_alarm() -> None:
    """Acceptance case 22, from figures."""
    found = watch(weeks(Z), Ewma(), falls=False, points_a_year=39)
    last = found.series[0][-1].chart
    assert (round(last.value, 3), round(last.limit, 3)) == (0.913, 0.932)
    assert found.alarms == ()


def test_a_fall_is_watched_as_a_rise_turned_round() -> None:
    turned: list[float | None] = [-score for score in Z]
    assert len(watch(weeks(turned), Cusum(), falls=True, points_a_year=39).alarms) == 1
    assert watch(weeks(turned), Cusum(), falls=False, points_a_year=39).alarms == ()


def test_a_week_without_a_figure_is_not_filled_in() -> None:
    """Acceptance case 25, from figures."""
    points = watch(weeks([1.2, None, 1.2]), Cusum(), falls=False, points_a_year=39).series[0]
    assert [point.chart.missing for point in points] == [False, True, False]
    assert points[1].chart.value == points[0].chart.value


def test_every_school_has_a_chart_of_its_own() -> None:
    rows = pl.concat([weeks([2.0, 2.0], "1"), weeks([2.0], "2")])
    found = watch(rows, Cusum(), falls=False, points_a_year=39)
    assert [series[-1].chart.value for series in found.series] == pytest.approx([3.0, 1.5])
    assert found.budget.series == 2


@pytest.mark.parametrize("chart", [Cusum(0.5, 4), Cusum(0.5, 5), Ewma(0.2, 2.86)])
def test_an_authority_that_has_not_changed_alarms_as_often_as_its_budget_says(chart: Cusum | Ewma) -> None:
    """Acceptance case 23, through the charts themselves: 117 schools, ten measures, three points of a year.

    The charts have run for thirty years before, so that the year is one like any other.
    """
    generator = np.random.default_rng(23)
    scores = generator.normal(0, 1, (1170, 93))
    rows = pl.DataFrame(
        {
            "school": np.repeat(np.arange(1170), 93).astype(str),
            "period": np.tile(np.arange(93), 1170).astype(str),
            "value": scores.ravel(),
            "expected": 0.0,
            "spread": 1.0,
        }
    )
    found = watch(rows, chart, falls=False, points_a_year=3)
    of_the_year = sum(point.chart.alarm for series in found.series for point in series[-3:])
    assert found.budget.lowest <= of_the_year <= found.budget.highest
    of_ten_years = sum(point.chart.alarm for series in found.series for point in series[-30:])
    expected = 10 * found.budget.expected
    assert poisson.ppf(0.005, expected) <= of_ten_years <= poisson.ppf(0.995, expected)


def test_a_figure_with_nothing_to_be_compared_with_is_refused() -> None:
    rows = weeks([0.1, 0.2]).with_columns(spread=pl.Series([0.5, 0.0]))
    with pytest.raises(NotEnoughData, match=r"Row 2 \(school 110531, week 2\) is compared with nothing"):
        watch(rows, Cusum(), falls=False, points_a_year=39)
    with pytest.raises(NotEnoughData, match="no figures to watch"):
        watch(weeks([]), Cusum(), falls=False, points_a_year=39)
