"""What a local rate may be: cases 14, 15 and 16."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core.money import Money
from redway.funding.factor_ranges import factor_ranges, national_rate
from redway.funding.rates import Rates
from redway.funding.years import national_rates

PRIMARY = "basic_entitlement_primary"
NOW, LAST = national_rates("2025-26"), national_rates("2024-25")


def test_case_14_every_factor_scaled_as_norfolk_did() -> None:
    names = [PRIMARY, "basic_entitlement_ks3", "basic_entitlement_ks4", "lump_sum_primary"]
    scaled = LAST.scaled(names, Decimal("0.9836"))
    assert [str(scaled.rate(name)) for name in names] == [
        "£3,503.58",
        "£4,939.64",
        "£5,568.16",
        "£132,195.84",
    ]


class TestCase15:
    """Within 2.5% of £3,847, which is £96.175."""

    found = factor_ranges(NOW)[PRIMARY]

    def test_a_penny_below_fails_and_the_next_passes(self) -> None:
        assert not self.found.holds(Money.parse("3750.82"))
        assert self.found.holds(Money.parse("3750.83"))

    def test_the_highest_is_as_far_away_on_the_other_side(self) -> None:
        assert self.found.holds(Money.parse("3943.17"))
        assert not self.found.holds(Money.parse("3943.18"))


class TestCase16:
    """Last year £3,400 against £3,562: £162 below, so this year at most £145.80 below £3,847."""

    found = factor_ranges(NOW, LAST.over({PRIMARY: 3400}))[PRIMARY]

    def test_the_lowest_is_a_tenth_nearer(self) -> None:
        assert self.found.lowest == Money.parse("3701.20")

    def test_the_other_side_is_bound_by_mirroring(self) -> None:
        assert self.found.highest == Money.parse("3943.17")

    def test_the_reason_is_said(self) -> None:
        assert "last year's £3,400.00, which lay £162.00 below it" in self.found.why

    def test_a_rate_that_was_above_may_stay_above(self) -> None:
        above = factor_ranges(NOW, LAST.over({PRIMARY: 3724}))[PRIMARY]
        assert (above.lowest, above.highest) == (Money.parse("3750.83"), Money.parse("3992.80"))


def test_the_national_value_is_the_one_after_the_area_cost_adjustment() -> None:
    assert national_rate(NOW.over({"area_cost_adjustment": "1.00017"}), "fsm6_secondary") == Money.parse(
        "1555.26"
    )


def test_a_year_without_the_rule_binds_nothing() -> None:
    assert factor_ranges(national_rates("2021-22")) == {}


@pytest.mark.parametrize("year", ["2024-25", "2025-26"])
def test_every_national_value_lies_in_its_own_range(year: str) -> None:
    rates = national_rates(year)
    assert all(one.holds(rates.rate(name)) for name, one in factor_ranges(rates, rates).items())


@given(st.integers(300_000, 450_000), st.integers(300_000, 450_000))
def test_a_range_is_never_narrower_than_mirroring_nor_lets_a_rate_move_away(last: int, now: int) -> None:
    before: Rates = LAST.over({PRIMARY: Money(last)})
    found, mirroring = factor_ranges(NOW, before)[PRIMARY], factor_ranges(NOW)[PRIMARY]
    assert found.lowest <= mirroring.lowest
    assert found.highest >= mirroring.highest
    away = abs(now - 384_700) > max(abs(last - 356_200), 9_618)
    assert not (away and found.holds(Money(now)))
