"""One row per continuing school and decision date, with what was public then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from improvement.made_up import SCHOOLS, SPECIAL, country
from redway.improvement.errors import SameSchoolTwice, StrayInspections
from redway.improvement.inspections import refuse_strays
from redway.improvement.national_sources import NationalSources
from redway.improvement.panel import Panel, build_panel, refuse_twice

DAY = date(2017, 9, 1)


def on_the_day(panel: Panel) -> pl.DataFrame:
    return panel.rows.filter(pl.col("decision") == DAY)


def changed(sources: NationalSources, urn: str, **facts: object) -> NationalSources:
    """The country with other facts in the register for one establishment."""
    register = sources.establishments.with_columns(
        pl.when(pl.col("urn") == urn).then(pl.lit(value)).otherwise(pl.col(name)).alias(name)
        for name, value in facts.items()
    )
    return replace(sources, establishments=register)


def test_every_open_school_stands_once(panel: Panel) -> None:
    rows = on_the_day(panel)
    assert rows.height == SCHOOLS
    assert rows["school"].n_unique() == SCHOOLS


def test_special_schools_are_listed_and_not_scored(panel: Panel) -> None:
    assert on_the_day(panel)["not_scored"].drop_nulls().to_list() == ["special school"] * SPECIAL


def test_every_feature_has_a_day_not_later_than_the_decision(panel: Panel) -> None:
    for feature, day in panel.public_day.items():
        held = panel.rows.filter(pl.col(feature).is_not_null())
        assert held.filter(pl.col(day).is_null() | (pl.col(day) > pl.col("decision"))).is_empty(), feature


def test_results_of_the_summer_are_not_known_in_september(panel: Panel) -> None:
    assert on_the_day(panel)["period:results"].drop_nulls().max() == date(2016, 8, 31)


def test_a_school_that_closed_later_is_in_the_panel_until_then() -> None:
    """The universe is the register's, not a list of survivors."""
    sources = changed(country(), "100007", close_date=date(2017, 12, 31), status="Closed")
    panel = build_panel(sources, [DAY, date(2018, 1, 1)])
    held = panel.rows.filter(pl.col("urn") == "100007")["decision"].to_list()
    assert held == [DAY]


def test_a_school_that_went_on_under_another_number_keeps_its_record() -> None:
    """Acceptance case 1: one line, and the grade and its date are the predecessor's."""
    sources = changed(country(), "100007", close_date=date(2017, 8, 31), status="Closed")
    old = sources.establishments.filter(pl.col("urn") == "100007")
    academy = old.with_columns(
        urn=pl.lit("150001"),
        type=pl.lit("Academy converter"),
        status=pl.lit("Open"),
        open_date=pl.lit(DAY),
        close_date=pl.lit(None, dtype=pl.Date),
    )
    panel = build_panel(replace(sources, establishments=pl.concat([sources.establishments, academy])), [DAY])
    row = panel.rows.filter(pl.col("school") == "100007").row(0, named=True)
    before = country().history.filter(
        (pl.col("urn") == "100007") & (pl.col("inspection_date") < date(2017, 7, 1))
    )
    assert row["urn"] == "150001"
    assert row["last_urn"] == "100007"
    assert row["last_started"] == before["inspection_date"].max()
    assert row["progress"] is not None
    assert row["years_converted"] == 0


def test_a_figure_that_is_missing_stays_missing() -> None:
    sources = country()
    without = sources.absence.with_columns(
        pl.when(pl.col("urn") != "100007").then("overall_absence").alias("overall_absence")
    )
    panel = build_panel(replace(sources, absence=without), [DAY])
    row = panel.rows.filter(pl.col("urn") == "100007").row(0, named=True)
    assert row["absence"] is None
    assert row["absence_like"] is None


def test_a_figure_of_long_ago_says_nothing_of_today() -> None:
    sources = country()
    old = sources.absence.filter(pl.col("period_end") < date(2013, 1, 1))
    panel = build_panel(replace(sources, absence=old), [DAY])
    assert panel.rows["absence"].null_count() == SCHOOLS


def test_a_school_twice_on_one_date_is_refused(panel: Panel) -> None:
    """Acceptance case 29, in the panel."""
    row = on_the_day(panel).head(1)
    with pytest.raises(SameSchoolTwice, match="stands twice"):
        refuse_twice(pl.concat([row, row.with_columns(urn=pl.lit("150001"))]))


def test_one_inspection_dated_years_ahead_does_not_make_the_record_whole() -> None:
    """A typing error would say of every school that it was not inspected until 2030."""
    sources = country()
    wrong = sources.history.tail(1).with_columns(inspection_date=pl.lit(date(2030, 5, 1)))
    with pytest.raises(StrayInspections, match=r"1 inspection from 2030-05-01 on .* seems to end on 2018"):
        build_panel(replace(sources, history=pl.concat([sources.history, wrong])), [DAY])


def test_a_pause_of_a_year_with_many_inspections_after_it_is_a_pause() -> None:
    """As from March 2020: the record goes on."""
    before = pl.date_range(date(2015, 9, 1), date(2020, 3, 16), "1d", eager=True)
    after = pl.date_range(date(2021, 5, 4), date(2021, 7, 16), "1d", eager=True)
    refuse_strays(pl.concat([before, after]))
    refuse_strays(pl.Series([date(2015, 9, 1), date(2018, 9, 1)]))
    with pytest.raises(StrayInspections):
        refuse_strays(pl.concat([before, after.head(9)]))
