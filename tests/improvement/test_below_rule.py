"""Which results are low, by the coasting definition of 2016 to 2018."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from improvement.made_up import country
from redway.improvement.below_rule import below_rule
from redway.improvement.decline import decline_rows

SUMMER = date(2016, 8, 31)
LINES = pl.DataFrame({"urn": ["1", "2"], "school": ["1", "2"], "phase": ["primary", "secondary"]})


def primary(
    expected: float, reading: float, writing: float = 0.0, maths: float = 0.0, end: date = SUMMER
) -> bool | None:
    """Whether such results of a primary school are below the rule; None where there is none."""
    results = pl.DataFrame(
        {
            "urn": ["1"],
            "period_end": [end],
            "reading_writing_maths_expected": [expected],
            "reading_progress": [reading],
            "writing_progress": [writing],
            "maths_progress": [maths],
        }
    )
    found = below_rule(replace(country(), ks2=results), LINES)["below"].to_list()
    return found[0] if found else None


def secondary(progress: float, upper: float) -> bool:
    results = pl.DataFrame(
        {"urn": ["2"], "period_end": [SUMMER], "progress8": [progress], "progress8_upper": [upper]}
    )
    sources = country()
    empty = sources.ks2.clear()
    below: bool = below_rule(replace(sources, ks2=empty, ks4_provisional=results), LINES)["below"][0]
    return below


@pytest.mark.parametrize(
    ("expected", "reading", "writing", "maths", "below"),
    [
        (84, -2.6, 0, 0, True),
        (84, 0, -3.6, 0, True),
        (84, 0, 0, -2.6, True),
        (85, -2.6, 0, 0, False),
        (84, -2.5, -3.5, -2.5, False),
    ],
)
def test_a_primary_school(expected: float, reading: float, writing: float, maths: float, below: bool) -> None:
    assert primary(expected, reading, writing, maths) is below


def test_a_secondary_school_needs_its_whole_interval_below_nought() -> None:
    assert secondary(-0.3, -0.05)
    assert not secondary(-0.3, 0.02)
    assert not secondary(-0.25, -0.05)


def test_a_year_without_the_rule_gives_no_answer() -> None:
    assert primary(50, -5, end=date(2015, 8, 31)) is None


def test_decline_is_asked_of_schools_that_were_not_below() -> None:
    rows = pl.DataFrame(
        {
            "school": ["1", "2", "3"],
            "decision": [date(2017, 2, 1)] * 3,
            "not_scored": pl.Series([None] * 3, dtype=pl.String),
        }
    )
    below = pl.DataFrame(
        {
            "school": ["1", "1", "2", "2", "3"],
            "period_end": [SUMMER, date(2017, 8, 31), SUMMER, date(2017, 8, 31), SUMMER],
            "public_from": [
                date(2016, 12, 16),
                date(2017, 12, 16),
                date(2016, 12, 16),
                date(2017, 12, 16),
                date(2016, 12, 16),
            ],
            "below": [False, True, True, True, False],
        }
    )
    found = decline_rows(rows, below, date(2017, 2, 1))
    assert found.select("school", "fell").rows() == [("1", True), ("3", None)]
