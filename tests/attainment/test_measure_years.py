"""Which measure was produced when, and what took its place."""

from __future__ import annotations

import pytest

from redway.attainment.measure_values import measure_values
from redway.attainment.measure_years import MEASURES, NotProduced, in_year, measures_in, require_produced
from redway.core.errors import NotFound


@pytest.mark.parametrize(
    ("measure", "years"),
    [
        ("progress-8", ["2015-16", "2018-19", "2021-22", "2023-24"]),
        ("attainment-8", ["2015-16", "2024-25", "2025-26"]),
        ("ks2-progress", ["2015-16", "2018-19", "2021-22", "2022-23", "2025-26", "2026-27"]),
        ("contextual-value-added-ks2-ks4", ["2005-06", "2009-10"]),
        ("contextual-value-added-ks1-ks2", ["2006-07", "2009-10"]),
        ("value-added-ks2-ks4", ["2001-02", "2004-05", "2010-11", "2014-15"]),
        ("value-added-ks1-ks2", ["2002-03", "2006-07"]),
    ],
)
def test_years_with_the_measure(measure: str, years: list[str]) -> None:
    assert all(in_year(measure, year).produced for year in years)


@pytest.mark.parametrize(
    ("measure", "year", "why"),
    [
        ("progress-8", "2019-20", "pandemic"),
        ("progress-8", "2020-21", "pandemic"),
        ("progress-8", "2024-25", "no tests at age 11.*nothing took its place.*Schools Week"),
        ("progress-8", "2025-26", "no tests at age 11"),
        ("progress-8", "2014-15", "it was produced from 2015-16"),
        ("ks2-progress", "2023-24", "not assessed at age 7"),
        ("ks2-progress", "2024-25", "not assessed at age 7"),
        ("ks2-progress", "2027-28", "Reception Baseline takes its place"),
        ("value-added-ks2-ks4", "2007-08", "contextual value added took its place"),
        ("contextual-value-added-ks2-ks4", "2011-12", "best eight results"),
        ("contextual-value-added-ks2-ks4", "2018-19", "Progress 8"),
    ],
)
def test_a_year_without_says_why(measure: str, year: str, why: str) -> None:
    with pytest.raises(NotProduced, match=f"(?i){why}") as refused:
        require_produced(measure, year)
    assert year in refused.value.message
    assert refused.value.next_step


def test_an_intention_is_not_a_measure() -> None:
    with pytest.raises(NotProduced, match="intended to return"):
        require_produced("progress-8", "2026-27")


def test_measures_of_a_year_begin_with_those_produced() -> None:
    found = measures_in("2024-25")
    assert [one.measure for one in found if one.produced] == ["attainment-8"]
    assert len(found) == len(MEASURES)
    assert found[0].produced


def test_no_such_measure() -> None:
    with pytest.raises(NotFound, match="no measure 'progress-9'"):
        in_year("progress-9", "2018-19")


def test_every_measure_has_years() -> None:
    assert {f"produced/{measure}" for measure in MEASURES} <= set(measure_values().names())
