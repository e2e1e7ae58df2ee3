"""The formula in years ahead: what must always hold, and two years by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.made_schools import made_up, school, schools, whole
from redway.core.errors import NotEnoughData
from redway.funding.calculation import Calculation
from redway.funding.formula_ahead import budgets_ahead
from redway.funding.rules import Rules
from redway.funding.schools import Schools
from redway.funding.years import national_rates

RATES = national_rates("2025-26")


def test_a_primary_school_of_210_pupils_loses_ten() -> None:
    """210 x 4,955 is more than its lines, so both years are at the minimum level."""
    known = Calculation(school()).budgets(RATES)
    ahead = budgets_ahead(known, np.array([whole(200), whole(200)]), 0)
    assert ahead.tolist() == [[200 * 495_500], [200 * 495_500]]


def test_rates_and_minimum_levels_rise_each_year() -> None:
    known = Calculation(school()).budgets(RATES)
    ahead = budgets_ahead(known, np.array([whole(210), whole(210)]), 2_000)
    # 4,955 x 1.02 = 5,054.10 and x 1.02 again = 5,155.182, to the penny.
    assert ahead.tolist() == [[210 * 505_410], [210 * 515_518]]


def test_the_guarantee_protects_the_year_before() -> None:
    known = Calculation(made_up(7, 40)).budgets(RATES)
    guaranteed = replace(known, rules=Rules(guarantee=Decimal(0)))
    pupils = np.array([known.schools.pupils])
    without, protected = (budgets_ahead(one, pupils, 0) for one in (known, guaranteed))
    assert (protected >= without).all()


@given(schools)
@settings(max_examples=30, deadline=None)
def test_a_year_in_which_nothing_changes_pays_what_is_paid_now(these: Schools) -> None:
    """Without guarantee and cap the same rolls at the same rates give the same budgets, to the penny."""
    known = Calculation(these).budgets(RATES)
    assert budgets_ahead(known, np.array([these.pupils]), 0).tolist() == [known.total.tolist()]


@given(schools, st.integers(0, 5_000))
@settings(max_examples=30, deadline=None)
def test_more_for_each_pupil_is_never_less_for_a_school(these: Schools, rise: int) -> None:
    known = Calculation(these).budgets(RATES)
    ahead = budgets_ahead(known, np.array([these.pupils] * 2), rise)
    assert (ahead[0] >= known.total).all()
    assert (ahead[1] >= ahead[0]).all()


def test_a_school_that_closes_gets_nothing() -> None:
    known = Calculation(school()).budgets(RATES)
    assert budgets_ahead(known, np.array([whole(0)]), 0).tolist() == [[0]]


def test_a_school_without_pupils_now_says_what_to_do() -> None:
    known = Calculation(school(pupils_primary=0)).budgets(RATES)
    with pytest.raises(NotEnoughData, match="no pupils in the year that is known"):
        budgets_ahead(known, np.array([whole(30)]), 0)
