"""Deficits and recovery plans as Schemes for financing schools and one county's practice have them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core.calendar import load_calendar
from redway.core.errors import NotEnoughData
from redway.core.money import Money
from redway.funding.deficits import (
    Answer,
    Level,
    ReturnState,
    budget_checks,
    deficit_rules,
    level_for,
    planned_to_date,
    return_rating,
    returns_due,
    returns_in_words,
    share_after_first_charge,
    share_of_income,
)
from redway.funding.errors import RulesRefused
from redway.funding.recovery import PlanYear, RecoveryPlan, may_be_granted, plan_checks

TODAY = date(2026, 11, 24)
RULES = deficit_rules(TODAY)
INCOME = Money.of(1_200_000)
YEARS = ("2026-27", "2027-28", "2028-29", "2029-30", "2030-31", "2031-32")


def plan(opening: int, in_years: list[int], because: str = "") -> RecoveryPlan:
    """A plan whose years add so many pounds to the balance, each with its saving."""
    years = (
        PlanYear(year, INCOME, INCOME - Money.of(added), "Two classes become one.")
        for year, added in zip(YEARS, in_years, strict=False)
    )
    return RecoveryPlan(Money.of(opening), tuple(years), because)


def answers(found: RecoveryPlan) -> dict[str, Answer]:
    return {check.name: check.answer for check in plan_checks(found, RULES)}


# Case 23 of the research: £90,000 of £1,200,000 is 7.5%; without a licence the budget is blocked.


def test_a_deficit_of_90_000_on_1_200_000_is_seven_and_a_half_percent() -> None:
    assert share_of_income(Money.of(-90_000), INCOME) == Decimal("-7.5")


def test_a_budget_in_deficit_without_a_licence_is_blocked_and_with_one_it_stands() -> None:
    (without,) = budget_checks(Money.of(-90_000), INCOME, licensed=False)
    assert without.blocks
    assert "£90,000.00 in deficit, 7.5% of income" in without.words
    (licensed,) = budget_checks(Money.of(-90_000), INCOME, licensed=True)
    assert licensed.answer is Answer.PASSED


def test_a_share_of_no_income_is_refused_and_never_infinite() -> None:
    with pytest.raises(NotEnoughData, match="needs an income"):
        share_of_income(Money.of(-1), Money.of(0))


def test_recovery_in_year_three_is_usual() -> None:
    found = plan(-90_000, [20_000, 30_000, 40_000])
    assert found.clear_in == 3
    assert may_be_granted(plan_checks(found, RULES))


def test_recovery_in_year_four_needs_the_exceptional_case() -> None:
    without = plan(-90_000, [20_000, 20_000, 20_000, 30_000])
    assert without.clear_in == 4
    assert answers(without)["Time to recover"] is Answer.BLOCKED
    exceptional = plan(-90_000, [20_000, 20_000, 20_000, 30_000], "The only school of a new estate.")
    assert answers(exceptional)["Time to recover"] is Answer.LOOK
    assert may_be_granted(plan_checks(exceptional, RULES))


def test_recovery_after_five_years_cannot_be_licensed_even_as_an_exceptional_case() -> None:
    late = plan(-90_000, [15_000] * 6, "The only school of a new estate.")
    assert late.clear_in == 6
    assert not may_be_granted(plan_checks(late, RULES))


def test_a_plan_that_falls_back_into_deficit_is_not_clear_before_it_stays_clear() -> None:
    found = plan(-10_000, [20_000, -30_000, 25_000])
    assert found.balances == (Money.of(10_000), Money.of(-20_000), Money.of(5_000))
    assert found.clear_in == 3
    assert answers(found)["Getting better each year"] is Answer.LOOK


def test_a_plan_that_never_balances_says_where_it_ends() -> None:
    found = plan(-90_000, [10_000, 10_000])
    assert found.clear_in is None
    (clears, *_) = plan_checks(found, RULES)
    assert clears.words == "The plan never balances: it ends £70,000.00 in deficit."


def test_years_of_a_plan_follow_one_another() -> None:
    gap = (PlanYear("2026-27", INCOME, INCOME), PlanYear("2028-29", INCOME, INCOME))
    with pytest.raises(RulesRefused, match="2028-29 does not follow 2026-27"):
        RecoveryPlan(Money.of(-1), gap)
    with pytest.raises(RulesRefused, match="at least one year"):
        RecoveryPlan(Money.of(-1), ())


@given(opening=st.integers(-(10**6), 0), years=st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=5))
def test_the_last_balance_is_what_was_brought_forward_and_every_year_added(
    opening: int, years: list[int]
) -> None:
    found = plan(opening, years)
    assert found.balances[-1] == Money.of(opening + sum(years))
    if found.clear_in is not None:
        assert all(balance >= Money.of(0) for balance in found.balances[found.clear_in - 1 :])


def test_who_decides_follows_the_deepest_deficit() -> None:
    assert level_for(Money.of(-100_000), RULES) is Level.OFFICER
    assert level_for(Money.of("-100000.01"), RULES) is Level.DIRECTOR


def test_an_authority_settles_its_own_numbers_over_the_national_ones() -> None:
    own = deficit_rules(TODAY, {"officer-approves-up-to": Decimal(50_000)})
    assert level_for(Money.of(-60_000), own) is Level.DIRECTOR
    assert own.entry("officer-approves-up-to").source == "Settled by the authority"
    assert own.whole("recovery-years") == 3
    with pytest.raises(RulesRefused, match="not below zero"):
        deficit_rules(TODAY, {"recovery-years": Decimal(-1)})
    with pytest.raises(RulesRefused, match="no whole number"):
        deficit_rules(TODAY, {"recovery-years": Decimal("2.5")})


def test_what_is_not_confirmed_is_named() -> None:
    names = {one.name for one in RULES.unconfirmed}
    assert "officer-approves-up-to" in names
    assert "recovery-years" not in names


def test_a_deficit_is_a_first_charge_on_next_years_share() -> None:
    share = Money.of(1_250_000)
    assert share_after_first_charge(share, Money.of(-90_000), RULES) == Money.of(1_160_000)
    assert share_after_first_charge(share, Money.of(5_000), RULES) == share


# Monthly returns until the deficit is clear.


def test_a_return_is_due_ten_working_days_after_its_month_and_then_late() -> None:
    found = returns_due(date(2026, 8, 1), TODAY, {date(2026, 8, 1)}, RULES, load_calendar())
    assert [(one.label, one.due, one.state) for one in found] == [
        ("August 2026", date(2026, 9, 14), ReturnState.RETURNED),
        ("September 2026", date(2026, 10, 14), ReturnState.LATE),
        ("October 2026", date(2026, 11, 13), ReturnState.LATE),
    ]
    assert returns_in_words(found).startswith("September 2026 is late: it was due by 14 October 2026.")


def test_no_return_is_asked_for_a_month_that_is_not_over_or_after_the_deficit_was_clear() -> None:
    assert returns_due(date(2026, 11, 1), TODAY, set(), RULES, load_calendar()) == ()
    ended = returns_due(date(2026, 8, 1), TODAY, set(), RULES, load_calendar(), end=date(2026, 9, 3))
    assert [one.label for one in ended] == ["August 2026", "September 2026"]


def test_months_of_a_financial_year_are_counted_from_april() -> None:
    assert planned_to_date(INCOME, date(2026, 4, 1)) == Money.of(100_000)
    assert planned_to_date(INCOME, date(2027, 3, 1)) == INCOME


def test_a_forecast_worse_than_planned_is_amber_and_beyond_one_percent_of_income_red() -> None:
    planned = Money.of(-70_000)
    assert return_rating(Money.of(-70_000), planned, INCOME, RULES) == "Green"
    assert return_rating(Money.of(-82_000), planned, INCOME, RULES) == "Amber"
    assert return_rating(Money.of("-82000.01"), planned, INCOME, RULES) == "Red"
