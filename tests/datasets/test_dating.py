"""Which period a file is about, from its rows, its format or its name."""

from __future__ import annotations

import pytest

from redway.core.periods import PeriodKind
from redway.datasets.dating import period_from_name, read_label
from redway.datasets.format import PeriodRule

ACADEMIC = PeriodRule(PeriodKind.ACADEMIC, from_name=True)
DAY = PeriodRule(PeriodKind.DAY, from_name=True)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("absence/abs_2017.parquet", "2016-17"),
        ("2016-2017/england_abs.csv", "2016-17"),
        ("tables/2016-17/a/england_abs.csv", "2016-17"),
        ("ks4provisional_2016_v2016-10-20.parquet", "2015-16"),
        ("abs_201617.csv", "2016-17"),
        ("abs_2016_17.csv", "2016-17"),
        ("attendance_2025-26.csv", "2025-26"),
        ("1999-2000/spine.csv", "1999-00"),
    ],
)
def test_academic_years_in_names(name: str, label: str) -> None:
    found = period_from_name(name, ACADEMIC)
    assert found is not None
    assert found.label == label


@pytest.mark.parametrize(
    "name", ["england_abs.csv", "cin_b1_2013_2025.csv", "2015-2016_2016-2017.csv", "abs_12345.csv"]
)
def test_no_year_or_two_years_are_not_guessed(name: str) -> None:
    assert period_from_name(name, ACADEMIC) is None


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("gias/academies_full_2019-09-01.parquet", "2019-09-01"),
        ("edubasealldata20231101.csv", "2023-11-01"),
        ("mi_state_funded_latest_2013-04.parquet", "2013-04-30"),
        ("gias_2024-02.csv", "2024-02-29"),
    ],
)
def test_days_in_names_and_months_stand_for_their_last_day(name: str, label: str) -> None:
    found = period_from_name(name, DAY)
    assert found is not None
    assert found.label == label


def test_a_year_may_be_the_one_it_starts_in() -> None:
    rule = PeriodRule(PeriodKind.ACADEMIC, year_is_start=True)
    assert read_label("2015", rule).label == "2015-16"
    assert read_label("2015", ACADEMIC).label == "2014-15"


def test_labels_may_be_kept_as_they_are_written() -> None:
    period = read_label("2014-16", PeriodRule(PeriodKind.CALENDAR, as_written=True))
    assert (period.label, period.end.year) == ("2014-16", 2016)


def test_the_kind_of_year_may_differ_row_by_row() -> None:
    rule = PeriodRule(PeriodKind.CALENDAR)
    assert read_label("2024", rule).label == "2024"
    assert read_label("202324", rule, PeriodKind.FINANCIAL).end.isoformat() == "2024-03-31"
