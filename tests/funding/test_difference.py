"""Why a school gets more or less: worked by hand, and parts that always add to the difference."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.made_schools import made_up, school, whole
from redway.core.money import Money, total
from redway.funding.calculation import Calculation
from redway.funding.difference import Cause, difference_explained
from redway.funding.errors import FundingError
from redway.funding.rounding import PARTS, Rounding
from redway.funding.rules import Rules
from redway.funding.schools import Units
from redway.funding.years import national_rates

NOW, LAST = national_rates("2025-26"), national_rates("2024-25")
NO_MINIMUM = {f"minimum_per_pupil_{of}": 0 for of in ("primary", "ks3", "ks4")}


def test_a_primary_of_210_falls_to_200_and_its_share_of_free_meals_rises() -> None:
    """10 pupils at £3,562; 21 of 210 with meals are 20 of 200, and it has 25: 1 fewer and 5 more at £490."""
    before = Calculation(school(needs={"fsm_primary": Units.counted(whole(21))})).budgets(
        LAST.over(NO_MINIMUM)
    )
    fewer = school(pupils_primary=200, needs={"fsm_primary": Units.counted(whole(25))})
    after = Calculation(fewer).budgets(NOW.over(NO_MINIMUM))
    found = difference_explained(before, after, 0)
    lines = {line.line: dict(line.parts) for line in found.lines}
    assert lines == {
        "basic_entitlement_primary": {Cause.PUPILS: Money.of(-35_620), Cause.RATE: Money.of(285 * 200)},
        "fsm_primary": {
            Cause.PUPILS: Money.of(-490),
            Cause.NEEDS: Money.of(5 * 490),
            Cause.RATE: Money.of(125),
        },
        "lump_sum": {Cause.RATE: Money.of(145_100 - 134_400)},
    }
    assert found.by_cause() == {
        Cause.PUPILS: Money.of(-36_110),
        Cause.NEEDS: Money.of(2_450),
        Cause.RATE: Money.of(57_000 + 125 + 10_700),
    }
    assert found.change == total(found.by_cause().values())


def test_a_school_that_moves_to_its_minimum_level_is_told_so() -> None:
    before = Calculation(school()).budgets(NOW)
    after = Calculation(school()).budgets(NOW.over({"basic_entitlement_primary": 3800}))
    assert difference_explained(before, after, 0).by_cause() == {
        Cause.RATE: Money.of(-47 * 210),
        Cause.MINIMUM_PER_PUPIL: Money.of(47 * 210),
    }


def test_rounding_is_shown_as_rounding() -> None:
    """0.333 units at £495 and at £495.01 are both £164.84; the rate alone would add a third of a penny."""
    third = Units.shared(whole(PARTS * 333 // 1000), whole(1))
    before = Calculation(school(pupils_primary=1, needs={"fsm_primary": third})).budgets(NOW.over(NO_MINIMUM))
    after = Calculation(before.schools).budgets(before.rates.over({"fsm_primary": "495.02"}))
    (line,) = difference_explained(before, after, 0).lines
    assert line.before == Money.parse("164.84")
    assert line.parts == ((Cause.RATE, Money(1)), (Cause.ROUNDING, Money(-1)))


def test_a_longer_way_to_the_next_school_is_the_school_itself() -> None:
    near = school(pupils_primary=105, miles=1_800, year_groups=7)
    before = Calculation(near).budgets(NOW.over(NO_MINIMUM))
    far = Calculation(replace(near, miles=whole(2_500))).budgets(
        NOW.over(NO_MINIMUM | {"sparsity_primary": 57_500})
    )
    (line,) = difference_explained(before, far, 0).lines
    assert line.parts[0] == (Cause.SCHOOL, Money.parse("34332.71") - Money.parse("17166.36"))
    assert [cause for cause, _ in line.parts] == [Cause.SCHOOL, Cause.RATE]


def test_a_year_that_had_no_such_rate_counts_as_a_rate() -> None:
    old = national_rates("2021-22")
    assert not old.has("split_site_basic")
    before = Calculation(school()).budgets(old.over(NO_MINIMUM))
    after = Calculation(school(sites=1)).budgets(NOW.over(NO_MINIMUM))
    lines = {line.line: line.parts for line in difference_explained(before, after, 0).lines}
    assert lines["split_sites"] == ((Cause.RATE, Money.of(54_300)),)


def test_a_school_of_one_result_only_cannot_be_compared() -> None:
    before, after = Calculation(school()).budgets(NOW), Calculation(school(urn=("7",))).budgets(NOW)
    with pytest.raises(FundingError, match="School 7 is not in the earlier result"):
        difference_explained(before, after, 0)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(0, 2**32 - 1),
    st.sampled_from(list(Rounding)),
    st.sampled_from(["1", "1.0156"]),
    st.sampled_from(["1", "1.05"]),
)
def test_parts_add_to_the_difference_for_any_two_years(
    one: int, other: int, rounding: Rounding, fringe: str, adjustment: str
) -> None:
    before = Calculation(made_up(one, 6)).budgets(
        LAST.over({"london_fringe": fringe}), Rules(Decimal(0), Decimal(2), Decimal(75), rounding)
    )
    after = Calculation(made_up(other, 6, without_baseline=1)).budgets(
        NOW.over({"area_cost_adjustment": adjustment}),
        Rules(Decimal("-0.5"), Decimal(3), Decimal(50), rounding),
    )
    for row in range(6):
        found = difference_explained(before, after, row)
        assert found.change == Money(int(after.total[row] - before.total[row]))
        assert found.change == total(line.change for line in found.lines)
        assert found.change == total(found.by_cause().values())
        for line in found.lines:
            assert line.change == total(amount for _, amount in line.parts)
