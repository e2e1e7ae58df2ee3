"""Estimates at levels of challenge: against closed forms, the binomial, and draws of the model itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, norm

from redway.attainment.target_levels import (
    levels_known,
    levels_on,
    small_cohort,
    three_year_progress,
)
from redway.attainment.targets import Basis, Outlook, PupilEstimates, Threshold, gap, pupil_estimates
from redway.core.errors import NotEnoughData, ValuesError

TODAY = date(2026, 11, 24)
AVERAGE, QUARTER, FIFTH = levels_on(TODAY)


@dataclass
class Variances:
    group: float
    residual: float


@dataclass
class Made:
    """A model whose estimate is a column of the frame."""

    variance: Variances
    column: str
    se: float = 0.0

    def estimate(self, frame: pl.DataFrame) -> pl.DataFrame:
        found = frame[self.column].cast(pl.Float64)
        return pl.DataFrame({"estimate": found, "se": found * 0 + self.se})


def estimates(
    expected: list[float], spread: float, schools: float = 0.0, error: float = 0.0
) -> PupilEstimates:
    n = len(expected)
    return PupilEstimates(
        np.array(expected), np.full(n, error), np.full(n, spread), (Basis.PRIOR,) * n, schools
    )


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


FRAME = pl.DataFrame({"full": [50.0, 60.0, None, None], "simple": [48.0, 50.0, 45.0, None]})


def test_pupils_without_prior_attainment_are_estimated_without_it_and_nobody_is_dropped() -> None:
    found = pupil_estimates(
        FRAME, Made(Variances(9, 25), "full", 0.5), Made(Variances(9, 100), "simple", 1.0)
    )
    assert found.pupils == 4
    assert [found.counted(basis) for basis in Basis] == [2, 1, 1]
    assert found.expected.tolist()[:3] == [50, 60, 45]
    assert found.spread.tolist()[:3] == [5, 5, 10], "the model without it knows less"
    assert found.expected[3] == pytest.approx((50 + 60 + 45) / 3), "like the others"
    others = np.array([50.0, 60.0, 45.0])
    assert found.spread[3] == pytest.approx(((25 + 25 + 100) / 3 + others.var()) ** 0.5)


def test_missing_pupils_widen_the_range() -> None:
    model = Made(Variances(9, 25), "full")
    whole = pupil_estimates(pl.DataFrame({"full": [50.0, 60.0, 55.0, 55.0]}), model)
    part = pupil_estimates(pl.DataFrame({"full": [50.0, 60.0, None, None]}), model)
    assert part.mean == whole.mean
    assert part.variance_of_mean > whole.variance_of_mean


def test_a_cohort_of_whom_nothing_is_known_is_refused() -> None:
    with pytest.raises(NotEnoughData, match="None of these pupils can be estimated"):
        pupil_estimates(FRAME[3:], Made(Variances(9, 25), "full"))
    with pytest.raises(NotEnoughData, match="no pupils"):
        pupil_estimates(FRAME[:0], Made(Variances(9, 25), "full"))


def test_the_gap_says_which_is_higher() -> None:
    assert gap(60, 62.5) == -2.5
