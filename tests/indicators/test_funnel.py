"""Control limits: the acceptance cases, and what must always hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from redway.core.errors import NotEnoughData
from redway.indicators.funnel import (
    Position,
    binomial_limits,
    dispersion,
    limit_curve,
    mean_limits,
    share_funnel,
)

Z_SCORES = [-3.1, -2.2, -1.8, -1.0, -0.6, -0.2, 0.1, 0.4, 0.9, 1.3, 1.9, 2.6]


@pytest.mark.parametrize(
    ("passing", "position"),
    [(13, Position.INSIDE), (12, Position.BEYOND_95), (10, Position.BEYOND_95), (9, Position.BEYOND_99_8)],
)
def test_thirty_pupils_against_62_per_cent(passing: int, position: Position) -> None:
    assert binomial_limits(30, 0.62).position(passing / 30) is position


def test_limits_of_thirty_and_of_180_pupils() -> None:
    small, large = binomial_limits(30, 0.62), binomial_limits(180, 0.62)
    assert (round(small.lower_95, 3), round(small.lower_998, 3)) == (0.433, 0.333)
    assert (round(large.lower_95, 3), round(large.lower_998, 3)) == (0.550, 0.506)


def test_the_same_43_per_cent_is_judged_by_the_size_of_the_cohort() -> None:
    assert binomial_limits(30, 0.62).position(13 / 30) is Position.INSIDE
    assert binomial_limits(180, 0.62).position(78 / 180) is Position.BEYOND_99_8


def test_over_dispersion_raw_and_winsorised() -> None:
    assert round(dispersion(Z_SCORES, winsorise=0), 3) == 2.678
    assert round(dispersion(Z_SCORES), 3) == 1.951


def test_limits_widen_by_the_root_of_phi() -> None:
    plain, wide = binomial_limits(180, 0.62), binomial_limits(180, 0.62, phi=1.951)
    assert 0.62 - wide.lower_95 == pytest.approx(1.951**0.5 * (0.62 - plain.lower_95))


def test_less_spread_than_chance_never_narrows_the_limits() -> None:
    assert binomial_limits(60, 0.5, phi=0.4) == binomial_limits(60, 0.5)


@given(st.integers(1, 300), st.floats(0.02, 0.98))
def test_a_result_outside_has_less_than_the_stated_chance(cohort: int, standard: float) -> None:
    limits = binomial_limits(cohort, standard)
    lowest = round(limits.lower_95 * cohort)
    assert binom.cdf(lowest - 1, cohort, standard) <= 0.025
    assert binom.cdf(lowest, cohort, standard) > 0.025
    highest = round(limits.upper_95 * cohort)
    assert binom.sf(highest, cohort, standard) <= 0.025


@given(st.integers(1, 300), st.floats(0.02, 0.98))
def test_limits_are_ordered_and_hold_the_standard(cohort: int, standard: float) -> None:
    limits = binomial_limits(cohort, standard)
    edges = [0, limits.lower_998, limits.lower_95, limits.upper_95, limits.upper_998, 1]
    assert edges == sorted(edges)


def test_schools_without_a_figure_are_listed_and_never_dropped() -> None:
    rows = [("100001", 13.0, 30.0, ""), ("100002", None, 9.0, "suppressed"), ("100003", 50.0, 80.0, "")]
    funnel = share_funnel(rows, 0.62, "England, all pupils")
    assert [point.entity for point in funnel.points] == ["100001", "100003"]
    assert funnel.left_out == (("100002", "suppressed"),)
    assert len(funnel.points) + len(funnel.left_out) == len(rows)


def test_a_funnel_says_how_many_chance_would_flag() -> None:
    rows = [(f"{100000 + n}", 62.0, 100.0, "") for n in range(117)]
    assert share_funnel(rows, 0.62, "England").expected_by_chance == pytest.approx(5.85)


def test_mean_limits_shrink_with_the_cohort() -> None:
    few, many = mean_limits(20, 46, 19), mean_limits(200, 46, 19)
    assert few.lower_95 < many.lower_95 < 46 < many.upper_95 < few.upper_95


def test_the_curve_covers_the_cohorts() -> None:
    curve = limit_curve(11, 240, 0.62)
    assert (curve[0].cohort, curve[-1].cohort) == (11, 240)


def test_nothing_to_measure_is_refused() -> None:
    with pytest.raises(NotEnoughData):
        binomial_limits(0, 0.5)
    with pytest.raises(NotEnoughData):
        dispersion([])
