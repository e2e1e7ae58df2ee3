"""Estimates at levels of challenge: against closed forms, the binomial, and draws of the model itself."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, norm

from redway.attainment.model import Model, fit_frame
from redway.attainment.target_levels import (
    least_share_estimated,
    levels_known,
    levels_on,
    small_cohort,
    three_year_progress,
)
from redway.attainment.targets import CohortEstimates, Outlook, Threshold, cohort_estimates, gap
from redway.core.errors import NotEnoughData, ValuesError

TODAY = date(2026, 11, 24)
AVERAGE, QUARTER, FIFTH = levels_on(TODAY)


def estimates(
    expected: list[float], spread: float, schools: float = 0.0, error: float = 0.0
) -> CohortEstimates:
    n = len(expected)
    return CohortEstimates(np.array(expected), np.full(n, error), np.full(n, spread), ("",) * n, schools)


# --- levels of challenge ------------------------------------------------------------------------------------


def test_the_usual_levels_are_average_top_quarter_and_top_fifth() -> None:
    assert [(level.code, level.percentile) for level in levels_on(TODAY)] == [
        ("average", 50),
        ("top-quarter", 75),
        ("top-fifth", 80),
    ]
    # Places on the normal curve, from printed tables.
    assert [round(level.z, 4) for level in levels_known(TODAY)] == [0.0, 0.6745, 0.8416, 1.6449]


def test_an_authority_may_choose_others_and_the_average_is_always_there() -> None:
    assert [level.code for level in levels_on(TODAY, ["top-twentieth"])] == ["average", "top-twentieth"]
    with pytest.raises(ValuesError, match="no level of challenge called top-tenth"):
        levels_on(TODAY, ["top-tenth"])


def test_every_level_names_its_source() -> None:
    assert all("F" in level.source for level in levels_known(TODAY))


def test_case_42_three_years_of_value_added_weighted_3_2_1() -> None:
    """School improvement, case 42: +.3, 0, -.3 (newest first), equal cohorts: +0.10."""
    assert three_year_progress([0.3, 0.0, -0.3], [50, 50, 50], TODAY) == pytest.approx(0.10, abs=1e-12)


def test_a_year_without_a_figure_is_left_out_and_not_nought() -> None:
    assert three_year_progress([0.3, None, 0.3], [50, 0, 50], TODAY) == pytest.approx(0.3)
    assert three_year_progress([None, None, None], [0, 0, 0], TODAY) is None


def test_cohorts_of_ten_or_fewer_are_small() -> None:
    assert small_cohort(date(2008, 11, 21)) == small_cohort(TODAY) == 10


# --- a mean -------------------------------------------------------------------------------------------------


def test_a_mean_moves_by_the_places_of_the_schools_on_the_normal_curve() -> None:
    outlook = Outlook(estimates([40.0, 50.0, 60.0], 10.0, schools=16.0))
    assert [round(outlook.at(level).value, 3) for level in (AVERAGE, QUARTER, FIFTH)] == [
        50.0,
        52.698,
        53.366,
    ]


def test_the_range_of_a_level_holds_pupils_and_coefficients_and_that_of_a_school_holds_schools_too() -> None:
    outlook = Outlook(estimates([50.0] * 25, 10.0, schools=9.0, error=1.0))
    # Variance of the mean of 25 pupils 100/25 = 4, of the coefficients 1, of schools 9.
    assert outlook.at(AVERAGE).upper - 50 == pytest.approx(1.959964 * 5**0.5, rel=1e-6)
    assert outlook.any_school.upper - 50 == pytest.approx(1.959964 * 14**0.5, rel=1e-6)
    assert outlook.chance_of_meeting(50.0) == pytest.approx(0.5)
    assert outlook.chance_of_meeting(50 + 14**0.5) == pytest.approx(norm.sf(1))


# --- a share ------------------------------------------------------------------------------------------------


def test_pupils_alike_at_a_school_of_average_progress_are_a_binomial() -> None:
    outlook = Outlook(estimates([101.0] * 30, 5.0), Threshold(100))
    chance = norm.cdf((101.0 - 99.5) / 5.0)
    assert outlook.at(AVERAGE).value == pytest.approx(100 * chance)
    low, high = binom.ppf([0.025, 0.975], 30, chance)
    assert outlook.at(AVERAGE).lower == pytest.approx(100 * low / 30)
    assert outlook.at(AVERAGE).upper == pytest.approx(100 * high / 30)
    assert outlook.chance_of_meeting(60) == pytest.approx(binom.sf(17, 30, chance))


def test_unlike_pupils_and_schools_that_differ_agree_with_draws_of_the_model() -> None:
    rng = np.random.default_rng(40)
    expected = rng.normal(101, 6, 45)
    outlook = Outlook(estimates(expected.tolist(), 5.0, schools=4.0, error=0.5), Threshold(100))
    shared = rng.normal(0, (4.0 + 0.25) ** 0.5, (20_000, 1))
    reached = (expected + shared + rng.normal(0, 5.0, (20_000, 45)) >= 99.5).mean(axis=1) * 100
    assert outlook.any_school.value == pytest.approx(reached.mean(), abs=0.3)
    assert outlook.any_school.lower == pytest.approx(np.quantile(reached, 0.025), abs=3)
    assert outlook.any_school.upper == pytest.approx(np.quantile(reached, 0.975), abs=3)
    assert outlook.chance_of_meeting(60) == pytest.approx((reached >= 60 - 1e-9).mean(), abs=0.02)


def test_a_pupil_has_a_chance_at_each_level() -> None:
    outlook = Outlook(estimates([95.0, 105.0], 5.0, schools=4.0, error=0.0), Threshold(100))
    average, fifth = outlook.pupil_chances(AVERAGE), outlook.pupil_chances(FIFTH)
    assert average.tolist() == pytest.approx([norm.cdf(-0.9), norm.cdf(1.1)])
    assert (fifth > average).all()
    with pytest.raises(NotEnoughData, match="no threshold"):
        Outlook(estimates([95.0], 5.0)).pupil_chances(AVERAGE)


@given(
    st.lists(st.floats(80, 120), min_size=1, max_size=40),
    st.floats(1, 20),
    st.floats(0, 25),
    st.floats(0, 3),
    st.booleans(),
)
def test_what_always_holds(
    expected: list[float], spread: float, schools: float, error: float, share: bool
) -> None:
    outlook = Outlook(estimates(expected, spread, schools, error), Threshold(100) if share else None)
    found = [outlook.at(level) for level in (AVERAGE, QUARTER, FIFTH)]
    assert [one.value for one in found] == sorted(one.value for one in found)
    for one in (*found, outlook.any_school):
        assert one.lower - 1e-9 <= one.upper
        assert not share or (one.lower >= 0 and one.upper <= 100)
    narrow, wide = found[0], outlook.any_school
    assert wide.upper - wide.lower >= narrow.upper - narrow.lower - (100 / len(expected) if share else 1e-6)
    targets = np.linspace(0, 100, 21)
    chances = [outlook.chance_of_meeting(target) for target in targets]
    assert all(0 <= chance <= 1 + 1e-9 for chance in chances)
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(chances))
    if share:
        assert chances[0] == pytest.approx(1)


# --- pupils without prior attainment ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model() -> Model:
    """Pupils gain a point for a point; schools differ by 3 and pupils by 5 (deviations)."""
    rng = np.random.default_rng(826)
    school = np.repeat(np.arange(40), 50)
    prior = rng.normal(50, 6, len(school))
    outcome = prior + rng.normal(0, 3, 40)[school] + rng.normal(0, 5, len(school))
    frame = pl.DataFrame({"school": school.astype(str), "prior_attainment": prior, "points": outcome})
    return fit_frame(frame, "points ~ prior_attainment + (1 | school)")


def cohort(*prior: float | None) -> pl.DataFrame:
    return pl.DataFrame({"prior_attainment": prior}, schema={"prior_attainment": pl.Float64})


def test_a_pupil_without_prior_attainment_has_no_estimate_and_is_not_dropped(model: Model) -> None:
    found = cohort_estimates(cohort(45.0, 55.0, None), model)
    assert (found.pupils, found.estimated) == (3, 2)
    assert found.why == ("", "", "no estimate: prior attainment is not held")
    two = found.expected[:2]
    assert two.tolist() == pytest.approx([45, 55], abs=1.5), "a point for a point"
    assert found.expected[2] == pytest.approx(two.mean()), "counts like the average of the others"
    assert found.spread[2] == pytest.approx((found.spread[0] ** 2 + two.var()) ** 0.5), "with their spread"


def test_missing_pupils_widen_the_range(model: Model) -> None:
    whole = cohort_estimates(cohort(45.0, 55.0, 45.0, 55.0), model)
    part = cohort_estimates(cohort(45.0, 55.0, None, None), model)
    assert part.mean == pytest.approx(whole.mean)
    assert part.variance_of_mean > whole.variance_of_mean


def test_a_cohort_of_whom_most_have_no_estimate_has_none(model: Model) -> None:
    least = least_share_estimated(TODAY)
    assert least == 50
    assert cohort_estimates(cohort(45.0, None), model, least).estimated == 1
    with pytest.raises(NotEnoughData, match="Too few of these pupils can be estimated"):
        cohort_estimates(cohort(45.0, None, None), model, least)
    with pytest.raises(NotEnoughData, match="None of these pupils can be estimated"):
        cohort_estimates(cohort(None), model)
    with pytest.raises(NotEnoughData, match="no pupils"):
        cohort_estimates(cohort(), model)


def test_the_gap_says_which_is_higher() -> None:
    assert gap(60, 62.5) == -2.5
