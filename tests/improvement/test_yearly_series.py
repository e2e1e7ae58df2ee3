"""Yearly figures under a chart: what stays rarely alarms, a lasting change does, a gap stays a gap."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from redway.improvement.control_charts import Cusum
from redway.improvement.watched_series import Watched, watch
from redway.improvement.yearly_series import yearly_series

ONE = "100007"


def country(schools: int = 400) -> pl.DataFrame:
    """Schools that are as they are, with the chance of a year on top; the middle of all drifts."""
    rng = np.random.default_rng(1)
    level = rng.normal(5, 1, schools)
    return pl.concat(
        pl.DataFrame(
            {
                "school": [str(100000 + at) for at in range(schools)],
                "phase": ["Primary"] * schools,
                "period": [f"{year - 1}-{year % 100:02d}"] * schools,
                "period_end": [date(year, 8, 31)] * schools,
                "value": level + rng.normal(0, 0.3, schools) + 0.1 * (year - 2011),
            }
        )
        for year in range(2011, 2024)
    )


def charted(figures: pl.DataFrame, *, falls: bool = False) -> Watched:
    wanted = set(figures["school"].unique())
    return watch(yearly_series(figures, wanted), Cusum(), falls=falls, points_a_year=1)


def test_schools_that_have_not_changed_alarm_about_as_often_as_is_said() -> None:
    found = charted(country())
    points = sum(len(one) for one in found.series)
    assert points == 400 * 11, "two years are needed to expect a third"
    assert len(found.alarms) / points < 0.01


def test_a_lasting_change_for_the_worse_alarms_and_one_for_the_better_does_not() -> None:
    later = (pl.col("period_end") > date(2020, 8, 31)) & (pl.col("school") == ONE)
    worse = country().with_columns(value=pl.when(later).then(pl.col("value") + 1.5).otherwise("value"))
    assert ONE in {point.school for point in charted(worse).alarms}
    assert ONE not in {point.school for point in charted(worse, falls=True).alarms}


def test_case_25_a_year_that_is_not_held_is_a_missing_point() -> None:
    gap = (pl.col("school") == ONE) & (pl.col("period_end") == date(2020, 8, 31))
    empty = country().with_columns(value=pl.when(gap).then(None).otherwise("value"))
    for figures in (empty, country().filter(~gap)):
        series = next(one for one in charted(figures).series if one[0].school == ONE)
        at = [point.period for point in series].index("2019-20")
        assert series[at].chart.missing
        assert series[at].chart.value == series[at - 1].chart.value


def test_few_schools_say_nothing_of_how_far_off_schools_usually_lie() -> None:
    assert yearly_series(country(29), {ONE}).is_empty()
