"""Progress 8 of pupils and schools."""

from __future__ import annotations

import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.attainment.attainment8 import attainment8
from redway.attainment.measure_years import NotProduced
from redway.attainment.prior_groups import PriorGroups
from redway.attainment.progress8 import national_estimates, progress8, pupils_from_entries
from redway.attainment.progress_bands import Band, band
from redway.attainment.progress_scores import UnfitPupils, interval, suppressed
from redway.core.errors import NotEnoughData

YEAR = "2022-23"


def pupils(*rows: tuple[str, str | None, float | None, float | None]) -> pl.DataFrame:
    """(pupil, school, prior attainment, Attainment 8)"""
    schema = {"pupil": pl.String, "urn": pl.String, "prior_attainment": pl.Float64, "attainment8": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def many(count: int, seed: int = 1, schools: int = 6) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    prior = np.clip(np.rint(rng.normal(104, 6, count) * 2) / 2, 80, 120)
    score = np.clip(rng.normal(48, 15, count) + 1.8 * (prior - 104), 0, 90)
    return pl.DataFrame(
        {
            "pupil": [f"p{one:05d}" for one in range(count)],
            "urn": [f"s{one}" for one in rng.integers(0, schools, count)],
            "prior_attainment": prior,
            "attainment8": score,
        }
    )


@pytest.mark.parametrize(("prior", "tenths"), [(59.0, 1.58), (100.0, 3.63), (105.0, 4.55), (120.0, 8.19)])
def test_national_estimates_of_2023(prior: float, tenths: float) -> None:
    """As published; in points they are ten times as much."""
    found = progress8(pupils(("p", "s", prior, 50), ("q", "s", 100, 50)), YEAR)
    assert found.pupils["estimate"][0] == pytest.approx(10 * tenths)
    assert found.pupils["score"][0] == pytest.approx((50 - 10 * tenths) / 10)


def test_the_estimates_of_2023_have_34_groups_that_rise_and_elements_that_add_up() -> None:
    from redway.attainment.measure_values import numbers_in

    found = national_estimates(YEAR)
    assert len(found.mean) == 34
    assert (np.diff(found.mean) > 0).all()
    elements = ["english_points", "maths_points", "ebacc_points", "open_points"]
    whole = sum(numbers_in(f"attainment-8-estimates/{one}", "", YEAR) for one in elements)
    # Published to two places of a tenth, so to a tenth of a point.
    assert np.abs(whole - found.mean).max() <= 0.0501


def test_who_is_left_out_is_counted_by_reason() -> None:
    found = progress8(
        pupils(
            ("a", "s", 100, 40),
            ("b", "s", None, 40),
            ("c", "s", 58.5, 40),
            ("d", "s", 100, None),
            ("e", None, 100, 40),
            ("f", " ", 100, 40),
            ("g", "t", 110, 0),
        ),
        YEAR,
    )
    assert found.left_out == {
        "no school": 2,
        "no prior attainment at age 11": 1,
        "prior attainment at age 11 outside the groups (59 to 120)": 1,
        "no Attainment 8": 1,
    }
    assert found.in_measure == 2
    assert found.schools["urn"].to_list() == ["s", "t"], "a blank school is no school"


def test_a_pupil_without_a_single_grade_is_in_it_with_nought() -> None:
    found = progress8(pupils(("a", "s", 100, 0), ("b", "s", 100, 40)), YEAR)
    assert found.pupils["score"][0] == pytest.approx(-3.63)


def test_a_school_is_the_mean_of_its_pupils_with_an_interval() -> None:
    """Four pupils at 100 with 56.3, 46.3, 36.3 and 26.3 points: +2, +1, 0 and -1, mean 0.5; SD 1.28, n 4."""
    four = pupils(*((str(at), "s", 100.0, 56.3 - 10 * at) for at in range(4)))
    (school,) = progress8(four, YEAR, spread=1.28).schools.to_dicts()
    assert school["score"] == pytest.approx(0.5)
    assert school["lower"] == pytest.approx(0.5 - 1.96 * 1.28 / 2)
    assert school["upper"] == pytest.approx(0.5 + 1.96 * 1.28 / 2)


@pytest.mark.parametrize("spread", [1.125, 1.28, 1.52])
def test_the_same_score_with_more_pupils_is_above_average(spread: float) -> None:
    """FFT Education Datalab: 0.45 with 24 pupils is average, with 45 pupils above average.

    True for any national standard deviation from 1.125 to 1.540, less what rounding the limits takes.
    """
    frame = pl.DataFrame({"n": [24, 45]}).select(interval(pl.lit(0.45), pl.col("n"), spread))
    found = [band(0.45, lower, upper, "2018-19") for lower, upper in frame.rows()]
    assert found == [Band.AVERAGE, Band.ABOVE]


@pytest.mark.parametrize("year", ["2019-20", "2020-21", "2024-25", "2025-26"])
def test_years_without_the_measure_are_refused(year: str) -> None:
    with pytest.raises(NotProduced, match=f"No Progress 8 was produced for {year}"):
        progress8(many(100), year)


def test_an_own_comparison_is_there_for_any_year_and_says_what_it_is() -> None:
    found = progress8(many(300), "2024-25", own=True)
    assert found.is_own
    assert any("no published measure" in note for note in found.notes)
    assert any("No Progress 8 was produced for 2024-25" in note for note in found.notes)
    assert "band" not in found.schools.columns
    assert found.pupils["score"].mean() == pytest.approx(0, abs=1e-12)


def test_a_year_whose_averages_are_not_held_is_compared_with_its_own_pupils() -> None:
    found = progress8(many(300), "2023-24")
    assert found.is_own
    assert found.notes[0].startswith("Own comparison: the 300 pupils are compared with one another")


def test_supplied_estimates_with_lowest_scores_adjust_and_use_the_national_spread() -> None:
    table = PriorGroups(
        np.array([80.0]), np.array([120.0]), np.array([50.0]), "our table", minimum=np.array([-3.0])
    )
    found = progress8(
        pupils(("a", "s", 100, 10), ("b", "s", 100, 50), ("c", "t", 100, 60)), "2018-19", estimates=table
    )
    assert found.is_adjusted
    assert found.pupils["score"].to_list() == [-4, 0, 1]
    assert found.pupils["adjusted_score"].to_list() == [-3, 0, 1]
    first = found.schools.row(0, named=True)
    assert (first["score"], first["unadjusted"], first["adjusted"]) == (-1.5, -2, 1)
    assert first["upper"] - first["score"] == pytest.approx(1.96 * 1.2827 / 2**0.5)
    assert first["unadjusted_upper"] - first["unadjusted"] == pytest.approx(1.96 * 1.3074 / 2**0.5)


def test_scores_of_2017_are_not_adjusted() -> None:
    assert not progress8(many(300), "2016-17").is_adjusted


def test_without_lowest_scores_nothing_is_raised_and_that_is_said() -> None:
    found = progress8(many(300), YEAR)
    assert not found.is_adjusted
    assert any("lowest scores of the groups are not held" in note for note in found.notes)


def test_pupils_of_one_school_are_not_compared_with_themselves() -> None:
    with pytest.raises(NotEnoughData, match="All pupils are of one school"):
        progress8(many(100, schools=1), "2023-24")


def test_nobody_to_measure() -> None:
    with pytest.raises(NotEnoughData, match="no prior attainment at age 11: 1 pupil"):
        progress8(pupils(("a", "s", None, 40)), YEAR)


def test_a_pupil_twice_is_refused() -> None:
    with pytest.raises(UnfitPupils, match="1 pupil is there more than once: a"):
        progress8(pupils(("a", "s", 100, 40), ("a", "t", 100, 50)), YEAR)


def test_an_impossible_score_is_refused() -> None:
    with pytest.raises(UnfitPupils, match="pupil a has 91"):
        progress8(pupils(("a", "s", 100, 91)), YEAR)


@pytest.mark.parametrize("spread", [0, -1.2, float("inf"), float("nan")])
def test_an_impossible_standard_deviation_is_refused(spread: float) -> None:
    with pytest.raises(UnfitPupils, match="cannot be"):
        progress8(many(100), YEAR, spread=spread)


def test_one_pupil_has_no_interval_without_a_national_standard_deviation() -> None:
    with pytest.raises(NotEnoughData, match="how far scores differ"):
        progress8(pupils(("a", "s", 100, 40)), YEAR)
    assert progress8(pupils(("a", "s", 100, 40)), YEAR, spread=1.28).schools["upper"].count() == 1


def test_a_missing_column_is_named() -> None:
    with pytest.raises(UnfitPupils, match="no column 'urn'"):
        progress8(pupils(("a", "s", 100, 40)).drop("urn"), YEAR)


def test_entries_give_the_attainment_8_of_pupils() -> None:
    entries = pl.DataFrame(
        {
            "pupil": ["a", "a", "b"],
            "subject": ["Mathematics", "History", "History"],
            "slot": ["maths", "ebacc", "ebacc"],
            "grade": ["5", "6", None],
        }
    )
    people = pl.DataFrame({"pupil": ["c", "a", "b"], "urn": ["s"] * 3, "prior_attainment": [100.0] * 3})
    found = pupils_from_entries(people, attainment8(entries, YEAR))
    assert found.select("pupil", "attainment8").rows() == [("c", 0), ("a", 16), ("b", None)]


def test_small_schools_and_the_next_are_hidden() -> None:
    found = progress8(
        pupils(
            *((f"a{at}", "large", 100.0, 40.0) for at in range(9)),
            *((f"b{at}", "next", 100.0, 40.0) for at in range(7)),
            *((f"c{at}", "small", 100.0, 40.0) for at in range(5)),
        ),
        YEAR,
    )
    shown = suppressed(found.schools, 5)
    assert shown.filter(pl.col("hidden").is_null())["urn"].to_list() == ["large"]
    hidden = shown.filter(pl.col("hidden").is_not_null())
    assert (
        hidden.select("in_measure", "outcome", "score", "lower", "upper", "band").null_count().row(0)
        == (2,) * 6
    )
    assert "pupils" not in shown.columns, "who is not in the measure could be counted"


@given(st.integers(60, 300), st.integers(0, 10_000))
def test_raising_extreme_scores_never_lowers_a_school(count: int, seed: int) -> None:
    found = progress8(many(count, seed), "2018-19")
    schools = found.schools.drop_nulls("score")
    assert found.is_adjusted
    assert (schools["score"] >= schools["unadjusted"] - 1e-12).all()
    assert (found.pupils["adjusted_score"] >= found.pupils["score"]).all()
    raised = found.pupils.filter(pl.col("adjusted_score") > pl.col("score"))
    assert (raised["score"] < 0).all()
    assert (raised["adjusted_score"] <= 0).all()


@given(st.integers(1, 5_000), st.integers(1, 5_000))
def test_the_interval_shrinks_with_pupils(few: int, more: int) -> None:
    frame = pl.DataFrame({"n": sorted([few, few + more])}).select(interval(pl.lit(0.0), pl.col("n"), 1.28))
    assert frame["upper"][0] > frame["upper"][1] > 0


@given(st.integers(60, 200), st.randoms(use_true_random=False))
def test_the_order_of_pupils_does_not_matter(count: int, rng: random.Random) -> None:
    people = many(count)
    places = list(range(count))
    rng.shuffle(places)
    first, second = progress8(people, "2023-24").schools, progress8(people[places], "2023-24").schools
    assert first["urn"].equals(second["urn"])
    assert np.allclose(first["score"], second["score"], atol=1e-12)
    assert np.allclose(first["upper"], second["upper"], atol=1e-12)
