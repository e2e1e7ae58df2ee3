"""Intervals against SciPy's own and published examples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, chi2

from redway.core.errors import NotEnoughData
from redway.indicators.intervals import (
    mean_interval,
    poisson_rate,
    published,
    wilson,
    wilson_columns,
)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_agrees_with_scipy(counts: tuple[int, int]) -> None:
    passing, cohort = counts
    oracle = binomtest(passing, cohort).proportion_ci(method="wilson")
    ours = wilson(passing, cohort)
    assert (ours.lower, ours.upper) == pytest.approx((oracle.low, oracle.high), abs=1e-9)


def test_three_of_twelve_schools_is_nine_to_fifty_three_per_cent() -> None:
    interval = wilson(3, 12)
    assert round(interval.lower, 2) == 0.09
    assert round(interval.upper, 2) == 0.53


@given(st.floats(0, 1), st.integers(1, 10_000))
def test_a_share_lies_inside_its_own_interval(share: float, cohort: int) -> None:
    assert wilson(share * cohort, cohort).holds(share * cohort / cohort)


@given(st.integers(0, 50), st.integers(50, 500))
def test_a_larger_cohort_with_the_same_share_is_surer(passing: int, cohort: int) -> None:
    small, large = wilson(passing, cohort), wilson(passing * 4, cohort * 4)
    assert large.upper - large.lower < small.upper - small.lower


def test_an_empty_cohort_has_no_interval() -> None:
    with pytest.raises(NotEnoughData):
        wilson(0, 0)
    lower, upper = wilson_columns([0, 5, np.nan, 7], [0, 10, 10, 5])
    assert np.isnan(lower).tolist() == [True, False, True, True]
    assert np.isnan(upper).tolist() == [True, False, True, True]


def test_no_events_still_have_an_upper_limit() -> None:
    # The "rule of three" is 3/n for a one-sided 95%; two-sided exact is 3.689/n (Garwood 1936).
    interval = poisson_rate(0, 10_000, per=10_000)
    assert interval.lower == 0
    assert interval.upper == pytest.approx(3.689, abs=0.001)


@given(st.integers(1, 500))
def test_poisson_agrees_with_chi_square(events: int) -> None:
    interval = poisson_rate(events, 1)
    assert interval.lower == pytest.approx(chi2.ppf(0.025, 2 * events) / 2)
    assert interval.upper == pytest.approx(chi2.ppf(0.975, 2 * events + 2) / 2)


def test_the_interval_of_a_mean_is_that_of_progress_8() -> None:
    # Published: 1.96 national standard deviations over the root of the pupils.
    interval = mean_interval(0.20, 1.2642, 145)
    assert interval.upper - 0.20 == pytest.approx(1.96 * 1.2642 / 145**0.5, abs=1e-4)


def test_half_a_published_interval_is_none_and_a_reversed_one_is_refused() -> None:
    assert published(-0.3, None) is None
    with pytest.raises(NotEnoughData, match="runs from"):
        published(0.4, -0.3)
