"""What a submission would be rejected for: cases 18, 33, 35 and 36 and the rest of the list."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.made_schools import made_up, school, schools, whole
from redway.core.money import Money
from redway.funding.calculation import Calculation
from redway.funding.checks import (
    Finding,
    PupilAdjustment,
    Severity,
    Submission,
    is_blocked,
    rules_findings,
    submission_checks,
)
from redway.funding.factors import ADDITIONAL_NEEDS
from redway.funding.levers import Lever, lawful_limits
from redway.funding.rates import Rates
from redway.funding.rounding import PARTS
from redway.funding.rules import Rules
from redway.funding.schools import Baseline, Schools, Units
from redway.funding.schools_block import SchoolsBlock
from redway.funding.solver import solve
from redway.funding.years import national_rates

RATES, LAST = national_rates("2025-26"), national_rates("2024-25")
PRIMARY = "basic_entitlement_primary"
RULES = Rules(Decimal("-0.5"), Decimal(3))
NEEDS = {f.name: Units.counted(whole(0)) for f in ADDITIONAL_NEEDS}


def base(
    budget: int = 105_000_000, pupils: int = 210, rates: int = 1_000_000, known: bool = True
) -> Baseline:
    nothing = whole(0)
    return Baseline(whole(budget), whole(pupils), whole(rates), nothing, nothing, np.array([known]))


SOUND = school(needs=NEEDS, baseline=base(), premises={"rates": whole(1_000_000)})


def checked(
    made: Schools = SOUND, rates: Rates = RATES, rules: Rules = RULES, **said: object
) -> dict[str, Finding]:
    """Findings by code; the block is the sum of what schools get unless it is given."""
    budgets = Calculation(made).budgets(rates, rules)
    said.setdefault("block", SchoolsBlock(Money(budgets.authority_total)))
    found = submission_checks(Submission(budgets, **said))  # type: ignore[arg-type]
    return {finding.code: finding for finding in found}


def test_a_sound_submission_has_only_the_question_about_unconfirmed_values() -> None:
    found = checked()
    assert set(found) == {"unconfirmed-rates"}
    assert not is_blocked(found.values())


class TestRates:
    def test_a_rate_a_penny_outside_its_range_is_an_error_that_names_the_range(self) -> None:
        found = checked(rates=RATES.over({PRIMARY: "3750.82"}))["factor-range"]
        assert found.severity is Severity.ERROR
        assert found.where == PRIMARY
        assert "outside £3,750.83 to £3,943.17" in found.sentence
        assert "Last year's rate is not known" in found.sentence

    def test_last_years_rate_may_allow_it(self) -> None:
        low = RATES.over({PRIMARY: "3701.20"})
        assert "factor-range" not in checked(rates=low, last=LAST.over({PRIMARY: 3400}))
        assert "factor-range" in checked(rates=low, last=LAST)

    def test_case_35_a_minimum_level_below_the_national_one_blocks(self) -> None:
        low = RATES.over({"minimum_per_pupil_primary": "4954.99"})
        found = checked(rates=low)
        assert found["minimum-level"].severity is Severity.ERROR
        assert is_blocked(found.values())

    def test_case_35_with_a_recorded_disapplication_it_is_a_query_that_names_it(self) -> None:
        low = RATES.over({"minimum_per_pupil_primary": "4954.99"})
        found = checked(rates=low, disapplied={"minimum-level": "Letter of 3 January 2025"})
        assert found["minimum-level"].severity is Severity.QUERY
        assert "Letter of 3 January 2025" in found["minimum-level"].sentence
        assert not is_blocked(found.values())

    def test_a_disapplication_without_words_lifts_nothing(self) -> None:
        low = RATES.over({"minimum_per_pupil_primary": "4954.99"})
        assert is_blocked(checked(rates=low, disapplied={"minimum-level": " "}).values())

    def test_factors_without_a_column_are_asked_about(self) -> None:
        assert "fsm_primary" in checked(replace(SOUND, needs={}))["factors-not-used"].sentence


class TestGuaranteeAndCap:
    def test_case_33_a_guarantee_above_the_range_is_an_error(self) -> None:
        found = checked(rules=Rules(Decimal("0.5")))["guarantee-range"]
        assert "+0.5% is not allowed in 2025-26: the range is -0.5% to 0" in found.sentence

    def test_case_33_a_cap_below_the_guarantee_is_an_error(self) -> None:
        (found,) = rules_findings(Decimal(0), Decimal("-0.1"), Decimal(100), RATES)
        assert (found.code, found.severity) == ("rules-refused", Severity.ERROR)
        assert "below the guarantee" in found.sentence

    def test_without_a_guarantee_nothing_can_be_sent(self) -> None:
        assert "no-guarantee" in checked(rules=Rules())


class TestMoney:
    def test_a_penny_too_much_is_an_error(self) -> None:
        total = Money(Calculation(SOUND).budgets(RATES, RULES).authority_total)
        found = checked(block=SchoolsBlock(total + Money(1)))["block-not-balanced"]
        assert "£0.01 less than the block" in found.sentence
        assert "block-not-balanced" not in checked(block=SchoolsBlock(total + Money(5), growth_fund=Money(5)))

    def test_without_a_block_it_is_said_that_this_is_not_checked(self) -> None:
        assert checked(block=None)["no-block"].severity is Severity.QUERY

    @pytest.mark.parametrize(
        ("pence", "said", "code"),
        [
            ("612125.00", {"forum_agreed": True, "schools_consulted": True}, ""),
            ("612125.00", {"schools_consulted": True}, "transfer-not-agreed"),
            ("612125.00", {"forum_agreed": True}, "transfer-without-consultation"),
            ("612125.00", {"forum_agreed": False, "schools_consulted": True}, "transfer-above-limit"),
            ("612125.01", {"forum_agreed": True, "schools_consulted": True}, "transfer-above-limit"),
        ],
    )
    def test_case_18_a_transfer_out_of_the_block(self, pence: str, said: dict[str, bool], code: str) -> None:
        block = SchoolsBlock(Money.of(122_425_000), transfer=Money.parse(pence))
        found = [held for held in checked(block=block, **said) if held.startswith("transfer")]
        assert found == ([code] if code else [])


class TestSchools:
    def test_bands_above_the_roll(self) -> None:
        bands = {
            **NEEDS,
            "idaci_a_primary": Units.counted(whole(200)),
            "idaci_f_primary": Units.counted(whole(11)),
        }
        found = checked(replace(SOUND, needs=bands))["bands-above-roll"]
        assert found.where == "100001 Made-up School"
        assert "211 primary pupils, but 210 are on roll" in found.sentence

    def test_bands_that_fill_the_roll_are_allowed(self) -> None:
        sixth = Units.shared(whole(PARTS // 6), whole(210))
        bands = NEEDS | {f"idaci_{band}_primary": sixth for band in "abcdef"}
        assert "bands-above-roll" not in checked(replace(SOUND, needs=bands))

    def test_more_with_a_need_than_there_are(self) -> None:
        needs = {**NEEDS, "eal_primary": Units.counted(whole(211))}
        assert (
            "211 pupils, but 210 are on roll"
            in checked(replace(SOUND, needs=needs))["need-above-roll"].sentence
        )

    def test_more_meals_now_than_ever_is_asked_about(self) -> None:
        needs = {**NEEDS, "fsm_primary": Units.counted(whole(5)), "fsm6_primary": Units.counted(whole(4))}
        assert checked(replace(SOUND, needs=needs))["meals-above-six-years"].severity is Severity.QUERY

    def test_a_primary_school_with_secondary_pupils_is_asked_about(self) -> None:
        assert "roll-of-another-phase" in checked(replace(SOUND, pupils_ks3=whole(30)))

    def test_a_school_without_pupils_is_asked_about(self) -> None:
        assert "no-pupils" in checked(replace(SOUND, pupils_primary=whole(0)))

    def test_case_31_a_school_without_a_base_year_needs_a_reason(self) -> None:
        new = replace(SOUND, baseline=base(0, 0, 0, known=False))
        assert checked(new)["no-baseline"].severity is Severity.ERROR
        assert "no-baseline" not in checked(replace(new, no_baseline_because=("Opens in September",)))
        assert "no-baselines" in checked(replace(SOUND, baseline=None))

    @pytest.mark.parametrize(
        ("now", "asked"), [(1_500_000, False), (1_500_001, True), (499_999, True), (500_000, False)]
    )
    def test_case_36_rates_that_differ_by_more_than_half_are_a_query(self, now: int, asked: bool) -> None:
        found = checked(replace(SOUND, premises={"rates": whole(now)}))
        assert ("rates-differ" in found) == asked
        assert not is_blocked(found.values())

    def test_an_adjustment_of_pupils_needs_a_reason(self) -> None:
        assert "adjustment-without-reason" in checked(adjustments=(PupilAdjustment("100001", 15, ""),))
        assert "adjustment-of-unknown-school" in checked(adjustments=(PupilAdjustment("1", 15, "Grows"),))
        assert len(checked(adjustments=(PupilAdjustment("100001", 15, "Takes a second form"),))) == 1

    def test_exceptional_premises_are_large_and_few(self) -> None:
        paid = replace(SOUND, premises={"rates": whole(1_000_000), "exceptional": whole(500_000)})
        assert {"exceptional-too-small", "exceptional-too-many"} <= set(checked(paid))


def test_errors_come_first() -> None:
    budgets = Calculation(SOUND).budgets(RATES.over({PRIMARY: 1}), RULES)
    severities = [finding.severity for finding in submission_checks(Submission(budgets))]
    assert severities == sorted(severities, key=lambda held: held is not Severity.ERROR)


@settings(max_examples=30, deadline=None)
@given(schools, st.integers(-200_000, 400_000))
def test_case_27_schools_growth_fund_and_transfer_come_to_the_block(made: Schools, more: int) -> None:
    """Rates for the money, and the headroom that is left in the growth fund: nothing is out of range."""
    calculation = Calculation(made)
    cost = Money(calculation.budgets(RATES, RULES).authority_total)
    block = SchoolsBlock(cost + Money(more * 100) + Money.of(50_000), growth_fund=Money.of(50_000))
    found = solve(
        calculation, RATES, RULES, [Lever.BASIC_ENTITLEMENT, Lever.GROWTH_FUND], block, lawful_limits(RATES)
    )
    if not found.is_reached:
        return
    rest = replace(found.block, growth_fund=found.block.growth_fund + found.headroom)
    codes = {one.code for one in submission_checks(Submission(found.budgets, rest))}
    assert not codes & {"block-not-balanced", "factor-range", "guarantee-range", "rules-refused"}


@settings(max_examples=40, deadline=None)
@given(schools, st.sampled_from(["-0.5", "-0.25", "0"]), st.sampled_from(["0", "1", "2.5"]))
def test_case_27_every_school_ends_at_its_guarantee_and_its_minimum_level(
    made: Schools, guarantee: str, cap: str
) -> None:
    """To within the rounding of lines: each of them may be half a penny off, the levels are not."""
    budgets = Calculation(made).budgets(RATES, Rules(Decimal(guarantee), Decimal(cap)))
    within = len(budgets.lines)
    premises = sum(budgets.line(name) for name in ("split_sites", "rates", "pfi", "exceptional"))
    assert (budgets.total - premises >= budgets.minimum_level - within).all()
    baseline, left_out = made.baseline, budgets.left_out.all
    assert baseline is not None
    for row in np.flatnonzero(baseline.known):
        last = int(baseline.budget[row] - baseline.rates[row] - left_out[row] + budgets.left_out.rates[row])
        level = (
            Decimal(last) / int(baseline.pupils[row]) * int(made.pupils[row]) * (1 + Decimal(guarantee) / 100)
        )
        assert int(budgets.total[row] - left_out[row]) >= level - within


def test_a_made_up_authority_can_be_checked_whole() -> None:
    budgets = Calculation(made_up(6, 300)).budgets(RATES, RULES)
    found = submission_checks(Submission(budgets, SchoolsBlock(Money(budgets.authority_total))))
    assert all(one.sentence and one.next_step and one.source for one in found)
