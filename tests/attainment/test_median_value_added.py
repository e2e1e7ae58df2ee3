"""Plain value added by the median line, and by the line of means."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from redway.attainment.measure_values import NotPublished
from redway.attainment.median_value_added import Line, Stages, line_of, value_added
from redway.attainment.progress_scores import UnfitPupils
from redway.core.errors import NotEnoughData

FOUR = pl.DataFrame(
    {
        "pupil": ["a", "b", "c", "d"],
        "urn": ["s"] * 4,
        "prior_attainment": [25, 25, 27, 27],
        "ks3_points": [36, 29, 35, 37],
    }
)
PUBLISHED = Line(np.array([25.0, 27.0]), np.array([31.0, 35.0]), "the worked example")


def test_the_worked_example() -> None:
    """Four pupils, medians 31, 31, 35, 35: +5, -2, 0, +2, a mean of 1.25, shown as 101.25."""
    found = value_added(FOUR, "ks3_points", Stages.KS2_KS3, "2004-05", line=PUBLISHED)
    assert found.pupils["value_added"].to_list() == [5, -2, 0, 2]
    assert found.schools["score"].to_list() == [101.25]


def test_key_stage_4_lies_around_a_thousand() -> None:
    found = value_added(FOUR, "ks3_points", Stages.KS2_KS4, "2004-05", line=PUBLISHED)
    assert found.schools["score"].to_list() == [1001.25]


def test_the_line_of_the_pupils_themselves_is_of_medians_and_from_2011_of_means() -> None:
    three = FOUR.head(3).with_columns(prior_attainment=pl.lit(25))
    assert line_of(three, "ks3_points").outcomes.tolist() == [35]
    found = value_added(three, "ks3_points", Stages.KS2_KS4, "2012-13")
    assert found.schools["score"].to_list() == [pytest.approx(1000)]
    assert found.pupils["expected"].to_list() == [pytest.approx(100 / 3)] * 3
    assert "no published measure" in found.notes[0]


def test_a_school_most_of_whose_pupils_came_later_is_withheld() -> None:
    late = FOUR.with_columns(
        urn=pl.Series(["s", "s", "t", "t"]), joined_late=pl.Series([True, False, True, True])
    )
    found = value_added(late, "ks3_points", Stages.KS2_KS3, "2004-05", line=PUBLISHED)
    first, second = found.schools.to_dicts()
    assert first["score"] == 101.5, "half of the pupils were there from the start"
    assert second["score"] is None
    assert second["mean"] is None
    assert "50% of the pupils had been there from the start" in second["withheld"]


def test_who_has_none_is_counted_by_reason() -> None:
    more = pl.DataFrame(
        {
            "pupil": ["e", "f", "g", "h"],
            "urn": ["s", "s", "s", None],
            "prior_attainment": [None, 25, 26, 25],
            "ks3_points": [30, None, 30, 30],
        }
    )
    found = value_added(pl.concat([FOUR, more]), "ks3_points", Stages.KS2_KS3, "2004-05", line=PUBLISHED)
    assert found.left_out == {
        "no prior attainment": 1,
        "no result": 1,
        "prior attainment not on the line": 1,
        "no school": 1,
    }
    assert found.schools["in_measure"].to_list() == [4]


@pytest.mark.parametrize(
    ("stages", "year", "why"),
    [
        (Stages.KS2_KS4, "2007-08", "contextual value added took its place"),
        (Stages.KS1_KS2, "2012-13", "it is held from 2002-03 to 2006-07"),
        (Stages.KS2_KS4, "2018-19", "it is held from 2001-02 to 2014-15"),
    ],
)
def test_years_without_it_are_refused(stages: Stages, year: str, why: str) -> None:
    with pytest.raises(NotPublished, match=why):
        value_added(FOUR, "ks3_points", stages, year)


def test_a_line_is_in_order() -> None:
    with pytest.raises(UnfitPupils, match="not in order"):
        Line(np.array([27.0, 25.0]), np.array([35.0, 31.0]), "a line")


def test_nobody_with_both() -> None:
    with pytest.raises(NotEnoughData, match="No pupil has both"):
        line_of(FOUR.with_columns(prior_attainment=pl.lit(None, pl.Float64)), "ks3_points")
