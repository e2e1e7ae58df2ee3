"""De-delegation, education functions and growth, with the figures of cases 19 and 20."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core.errors import ValuesError
from redway.core.money import Money
from redway.funding.dedelegation import DedelegationRefused, Service, dedelegated, education_functions
from redway.funding.growth import (
    Claim,
    FallingRollsCriteria,
    GrowthCriteria,
    GrowthRefused,
    extra_pupils,
    falling_rolls_fund,
    growth_fund,
    growth_income,
    growth_rates,
)

PHASES = np.array(["primary", "primary", "secondary", "secondary"])
MAINTAINED = np.array([True, False, True, False])
PUPILS = np.array([210, 210, 900, 900])


class TestCase19:
    """De-delegation at £9 a pupil: the primary members voted yes, the secondary members no."""

    service = Service("Insurance", {"primary": 900, "secondary": 900}, {"primary": True, "secondary": False})

    def test_a_maintained_primary_pays_and_an_academy_keeps_its_money(self) -> None:
        assert dedelegated(self.service, PHASES, MAINTAINED, PUPILS).tolist() == [189_000, 0, 0, 0]

    def test_a_phase_that_has_not_voted_pays_nothing(self) -> None:
        unasked = Service("Insurance", {"primary": 900, "secondary": 900}, {})
        assert dedelegated(unasked, PHASES, MAINTAINED, PUPILS).sum() == 0

    def test_a_middle_school_goes_with_secondary_unless_it_is_deemed_primary(self) -> None:
        middle = (np.array(["middle"]), np.array([True]), np.array([100]))
        assert dedelegated(self.service, *middle).tolist() == [0]
        assert dedelegated(self.service, *middle, deemed={"middle": "primary"}).tolist() == [90_000]

    def test_a_special_school_is_not_mainstream(self) -> None:
        with pytest.raises(DedelegationRefused, match="'special' is no phase"):
            dedelegated(self.service, np.array(["special"]), np.array([True]), np.array([80]))

    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 3000)), min_size=1))
    def test_no_academy_ever_pays(self, schools: list[tuple[bool, int]]) -> None:
        maintained = np.array([one for one, _ in schools])
        pupils = np.array([count for _, count in schools])
        paid = dedelegated(self.service, np.array(["primary"] * len(schools)), maintained, pupils)
        assert paid[~maintained].sum() == 0
        assert paid[maintained].tolist() == [900 * int(count) for count in pupils[maintained]]


def test_education_functions_are_paid_by_maintained_schools_of_all_types() -> None:
    paid = education_functions(2150, True, np.array([True, True, False]), np.array([210, 80, 900]))
    assert paid.tolist() == [451_500, 172_000, 0]
    assert education_functions(2150, False, np.array([True]), np.array([210])).tolist() == [0]
    with pytest.raises(DedelegationRefused):
        education_functions(-1, True, np.array([True]), np.array([210]))


class TestCase20:
    """Growth income of 2025-26: 30 primary and 20 secondary pupils more, and one new school."""

    def test_income(self) -> None:
        assert growth_income(30, 20, 1, growth_rates(date(2025, 4, 1))).amount == Money.parse("£171,325.00")

    def test_an_area_that_shrank_takes_nothing_away(self) -> None:
        assert extra_pupils(np.array([100, 50]), np.array([130, 10])) == 30

    def test_areas_must_be_the_same(self) -> None:
        with pytest.raises(GrowthRefused, match="2 areas"):
            extra_pupils(np.array([100, 50]), np.array([130]))

    @pytest.mark.parametrize("day", [date(2024, 4, 1), date(2026, 4, 1)])
    def test_a_year_whose_rates_are_not_held_is_refused(self, day: date) -> None:
        with pytest.raises(ValuesError):
            growth_rates(day)


def test_a_growth_fund_pays_for_growth_that_was_asked_for() -> None:
    criteria = GrowthCriteria(least_extra=10, per_pupil=Money.of(2400), months=7)
    claims = [
        Claim("A", 200, 230, asked_for=True),
        Claim("B", 200, 230),
        Claim("C", 200, 205, asked_for=True),
        Claim("D", 200, 190, asked_for=True),
    ]
    fund = growth_fund(Money.of(40_000), claims, criteria)
    # 30 pupils at £2,400 for 7 of 12 months.
    assert [award.amount for award in fund.awards] == [Money.of(42_000), Money(0), Money(0), Money(0)]
    assert fund.left == Money.of(-2_000)
    assert [award.why for award in fund.awards[1:]] == [
        "The authority did not ask for this growth.",
        "It grew by 5 pupils; the fund pays from 10 extra pupils on.",
        "It did not grow; the fund pays from 10 extra pupils on.",
    ]
    with pytest.raises(GrowthRefused):
        growth_fund(Money.of(1), claims, GrowthCriteria(10, Money.of(1), months=13))


def test_a_falling_rolls_fund_pays_where_places_will_be_needed_again() -> None:
    claims = [
        Claim("A", 200, 180, needed_again=True),
        Claim("B", 200, 180),
        Claim("C", 200, 195, needed_again=True),
        Claim("D", 200, 200, needed_again=True),
    ]
    fund = falling_rolls_fund(Money.of(50_000), claims, FallingRollsCriteria(5, Money.of(1_000)))
    assert [award.amount.pence for award in fund.awards] == [2_000_000, 0, 0, 0]
    assert fund.left == Money.of(30_000)
