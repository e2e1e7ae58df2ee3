"""Rates for a sum of money: case 26, mixes of levers, and what must hold for any authority."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.made_schools import made_up, schools
from redway.core.money import Money
from redway.funding.absorption import Absorber
from redway.funding.calculation import Calculation
from redway.funding.factors import BASIC_ENTITLEMENT
from redway.funding.levers import Lever, LeverRefused, Limits, lawful_limits
from redway.funding.rules import Rules
from redway.funding.schools import Schools
from redway.funding.schools_block import SchoolsBlock
from redway.funding.solver import Outcome, Solution, solve
from redway.funding.years import national_rates

RATES = national_rates("2025-26")
RULES = Rules(Decimal("-0.5"), Decimal(3), Decimal(50))
LAWFUL = lawful_limits(RATES)
AUTHORITY = Calculation(made_up(1, 120))
NOW = AUTHORITY.budgets(RATES, RULES)
COST = Money(NOW.authority_total)
BASIC = [factor.name for factor in BASIC_ENTITLEMENT]


def solved(lever: object, money: Money | SchoolsBlock, limits: Limits | None = LAWFUL) -> Solution:
    return solve(AUTHORITY, RATES, RULES, lever, money, limits)  # type: ignore[arg-type]


def pounds(amount: int) -> Money:
    return Money.of(amount)


class TestCase26:
    """A target below what the basic entitlement can reach inside its range, and one that it can reach."""

    def test_what_cannot_be_reached_is_said_with_the_largest_saving(self) -> None:
        found = solved(Lever.BASIC_ENTITLEMENT, COST - pounds(50_000_000))
        assert found.outcome is Outcome.CANNOT_REACH
        lowest = AUTHORITY.budgets(found.rates, RULES).authority_total
        assert found.saving == Money(NOW.authority_total - lowest)
        assert found.headroom == found.saving - pounds(50_000_000)
        assert str(found.saving) in found.sentence

    def test_at_that_point_no_rate_can_go_down_in_proportion_without_leaving_its_range(self) -> None:
        found = solved(Lever.BASIC_ENTITLEMENT, COST - pounds(50_000_000))
        lowest = [LAWFUL.rates[name].lowest.pence for name in BASIC]
        typed = [found.rates.pence(name) for name in BASIC]
        assert all(rate >= bound for rate, bound in zip(typed, lowest, strict=True))
        assert any(rate == bound for rate, bound in zip(typed, lowest, strict=True))

    def test_it_says_which_schools_do_not_feel_it_and_why(self) -> None:
        found = solved(Lever.BASIC_ENTITLEMENT, COST - pounds(50_000_000))
        assert found.absorbed.count(Absorber.GUARANTEE) > 0
        assert found.absorbed.count(Absorber.MINIMUM_PER_PUPIL) > 0
        assert found.absorbed.of_lines - found.absorbed.absorbed == -found.saving

    def test_a_target_that_can_be_reached_gives_rates_in_pence_and_the_headroom(self) -> None:
        money = COST - pounds(300_000)
        found = solved(Lever.BASIC_ENTITLEMENT, money)
        assert found.outcome is Outcome.REACHED
        assert found.headroom == money - Money(AUTHORITY.budgets(found.rates, RULES).authority_total)
        assert found.step is not None
        assert Money(0) <= found.headroom < found.step

    def test_a_step_is_no_more_than_a_penny_on_every_pupil(self) -> None:
        found = solved(Lever.BASIC_ENTITLEMENT, COST - pounds(300_000))
        assert found.step is not None
        assert found.step.pence <= int(AUTHORITY.schools.pupils.sum())

    def test_the_ratio_of_the_three_rates_is_kept_to_the_penny(self) -> None:
        found = solved(Lever.BASIC_ENTITLEMENT, COST - pounds(300_000))
        ks4 = Decimal(found.rates.pence(BASIC[2])) / RATES.pence(BASIC[2])
        for name in BASIC:
            assert abs(found.rates.pence(name) - RATES.pence(name) * ks4) <= Decimal("0.5")

    def test_money_to_spare_is_spent(self) -> None:
        found = solved(Lever.BASIC_ENTITLEMENT, COST + pounds(500_000))
        assert found.outcome is Outcome.REACHED
        assert all(found.rates.pence(name) > RATES.pence(name) for name in BASIC)


class TestOtherLevers:
    def test_all_pupil_led_rates_move_less_than_the_basic_entitlement_alone(self) -> None:
        money = COST - pounds(300_000)
        alone, all_rates = solved("basic-entitlement", money), solved("all-pupil-led", money)
        assert all_rates.rates.pence(BASIC[0]) > alone.rates.pence(BASIC[0])
        assert all_rates.rates.pence("fsm6_primary") < RATES.pence("fsm6_primary")

    def test_all_factors_move_the_lump_sum_too(self) -> None:
        found = solved(Lever.ALL_FACTORS, COST - pounds(300_000))
        assert found.rates.pence("lump_sum_primary") < RATES.pence("lump_sum_primary")

    def test_the_guarantee_is_typed_with_three_decimals_inside_the_range_of_the_year(self) -> None:
        found = solved(Lever.GUARANTEE, COST + pounds(100_000))
        assert found.rules.guarantee is not None
        assert Decimal("-0.5") < found.rules.guarantee <= 0
        assert found.rules.guarantee == found.rules.guarantee.quantize(Decimal("0.001"))

    def test_a_lower_cap_takes_more_and_never_goes_below_the_guarantee(self) -> None:
        found = solved(Lever.CAP, COST - pounds(200_000))
        assert found.rules.cap is not None
        assert found.rules.cap < 3
        lowest = solved(Lever.CAP, COST - pounds(90_000_000))
        assert lowest.rules.cap == RULES.guarantee

    def test_with_money_enough_there_is_no_cap(self) -> None:
        found = solved(Lever.CAP, COST + pounds(90_000_000))
        assert found.outcome is Outcome.MONEY_LEFT
        assert found.rules.cap is None

    def test_the_share_of_a_gain_that_is_taken_goes_up_to_save(self) -> None:
        assert solved(Lever.SCALE, COST - pounds(200_000)).rules.scale > 50

    def test_without_a_cap_there_is_nothing_to_scale(self) -> None:
        with pytest.raises(LeverRefused, match="Set a cap first"):
            solve(AUTHORITY, RATES, Rules(Decimal("-0.5")), Lever.SCALE, COST)

    def test_the_growth_fund_gives_what_is_lacking_to_the_penny(self) -> None:
        block = SchoolsBlock(COST + pounds(800_000), growth_fund=pounds(1_000_000))
        found = solved(Lever.GROWTH_FUND, block)
        assert found.block.growth_fund == pounds(800_000)
        assert found.headroom == Money(0)
        assert found.evaluations == 1

    def test_a_transfer_ends_at_what_the_forum_may_allow(self) -> None:
        found = solved(Lever.BLOCK_TRANSFER, SchoolsBlock(COST + pounds(90_000_000)))
        assert found.outcome is Outcome.MONEY_LEFT
        assert found.block.transfer.pence == found.block.amount.pence * 5 // 1000

    def test_a_transfer_that_was_allowed_beyond_the_limit_may_stay(self) -> None:
        tenth = Money(COST.pence // 10)
        found = solved(Lever.BLOCK_TRANSFER, SchoolsBlock(COST + tenth + pounds(7), transfer=tenth))
        assert found.block.transfer == tenth
        assert found.headroom == pounds(7)

    def test_an_unknown_lever_is_refused_with_the_names_there_are(self) -> None:
        with pytest.raises(LeverRefused, match="basic-entitlement, all-pupil-led"):
            solved("awpu", COST)

    def test_a_rate_outside_its_range_is_named(self) -> None:
        outside = RATES.over({BASIC[0]: 5000})
        with pytest.raises(LeverRefused, match=r"basic_entitlement_primary at £5,000.00 \(allowed £3,750.83"):
            solve(AUTHORITY, outside, RULES, Lever.BASIC_ENTITLEMENT, COST, LAWFUL)


class TestMixes:
    def test_levers_one_after_another_each_as_far_as_it_goes(self) -> None:
        block = SchoolsBlock(COST + pounds(600_000), growth_fund=pounds(1_000_000))
        limits = Limits(LAWFUL.rates, growth_fund=(pounds(700_000), pounds(1_000_000)))
        found = solved([Lever.GROWTH_FUND, Lever.BASIC_ENTITLEMENT], block, limits)
        assert found.block.growth_fund == pounds(700_000)
        assert found.outcome is Outcome.REACHED
        assert found.rates.pence(BASIC[0]) < RATES.pence(BASIC[0])

    def test_a_lever_that_is_not_needed_stays(self) -> None:
        block = SchoolsBlock(COST + pounds(600_000), growth_fund=pounds(1_000_000))
        found = solved([Lever.GROWTH_FUND, Lever.BASIC_ENTITLEMENT], block)
        assert [change.name for change in found.changes] == ["growth_fund"]

    def test_weights_share_the_gap(self) -> None:
        money = COST - pounds(400_000)
        found = solved({Lever.CAP: Decimal(1), Lever.BASIC_ENTITLEMENT: Decimal(3)}, money)
        capped_alone = solved(Lever.CAP, COST - pounds(100_000))
        assert found.outcome is Outcome.REACHED
        assert found.rules.cap == capped_alone.rules.cap
        assert found.step is not None
        assert Money(0) <= found.headroom < found.step

    def test_what_one_lever_cannot_do_the_others_do(self) -> None:
        money = COST - pounds(400_000)
        found = solved({Lever.BASIC_ENTITLEMENT: Decimal(1), Lever.GUARANTEE: Decimal(1)}, money)
        assert found.outcome is Outcome.REACHED
        assert found.rules.guarantee == Decimal("-0.5")

    def test_a_mix_without_levers_or_weight_is_refused(self) -> None:
        with pytest.raises(LeverRefused):
            solved([], COST)
        with pytest.raises(LeverRefused):
            solved({Lever.CAP: Decimal(0)}, COST)


LEVERS = st.sampled_from(list(Lever))


@settings(max_examples=60, deadline=None)
@given(schools, LEVERS, st.integers(-3_000_000, 3_000_000))
def test_a_solution_never_overspends_and_one_more_step_would(made: Schools, lever: Lever, more: int) -> None:
    calculation = Calculation(made)
    money = SchoolsBlock(Money(calculation.budgets(RATES, RULES).authority_total + more * 100))
    found = solve(calculation, RATES, RULES, lever, money, LAWFUL)
    cost = calculation.budgets(found.rates, found.rules).authority_total
    assert found.headroom == found.block.for_schools - Money(cost)
    if found.outcome is Outcome.REACHED:
        assert found.step is not None
        assert Money(0) <= found.headroom < found.step
    assert (found.outcome is Outcome.CANNOT_REACH) == (found.headroom < Money(0))
    for change in found.changes:
        if change.name in LAWFUL.rates:
            assert LAWFUL.rates[change.name].holds(found.rates.rate(change.name))


@settings(max_examples=60, deadline=None)
@given(schools, st.integers(0, 2), st.integers(1, 100_000), st.integers(0, 100))
def test_raising_a_basic_entitlement_never_lowers_a_school(
    made: Schools, which: int, more: int, scale: int
) -> None:
    """Case 27, for every school and so for the whole. But for a penny: a school that leaves its minimum level
    while the guarantee holds it had two roundings, of its top-up and of its protection, and then has one."""
    calculation, rules = Calculation(made), Rules(Decimal("-0.5"), Decimal(2), Decimal(scale))
    before = calculation.budgets(RATES, rules)
    raised = RATES.over({BASIC[which]: Money(RATES.pence(BASIC[which]) + more)})
    after = calculation.changed(before, raised)
    leaves = (before.minimum_per_pupil > 0) & (after.minimum_per_pupil == 0)
    assert (after.total >= before.total - leaves).all()


def test_few_evaluations_are_enough() -> None:
    """What a solution costs is how often the formula is worked out."""
    calculation = Calculation(made_up(2, 300))
    money = Money(calculation.budgets(RATES, RULES).authority_total) - pounds(500_000)
    found = solve(calculation, RATES, RULES, Lever.BASIC_ENTITLEMENT, money, LAWFUL)
    assert found.evaluations <= 20
