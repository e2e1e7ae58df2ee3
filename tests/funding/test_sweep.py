"""Many scenarios at once give what each gives alone; case 28: a thousand of them well within a second."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.made_schools import made_up, school
from redway.core.money import Money
from redway.funding.calculation import Calculation
from redway.funding.errors import FundingError
from redway.funding.rates import Rates
from redway.funding.rounding import Rounding
from redway.funding.rules import Rules
from redway.funding.sweep import Scenario, sweep
from redway.funding.years import national_rates

RATES = national_rates("2025-26")
PRIMARY, KS3, KS4 = (f"basic_entitlement_{of}" for of in ("primary", "ks3", "ks4"))

VARIED = [
    *(PRIMARY, KS4, "fsm6_primary", "mobility_secondary"),
    *("lump_sum_primary", "sparsity_primary", "minimum_per_pupil_primary", "split_site_basic"),
]
changes = st.dictionaries(st.sampled_from(VARIED), st.decimals(300, 6_000, places=2), max_size=4)
laid_on = st.sampled_from(
    [{}, {"mobility_threshold": "8"}, {"london_fringe": "1.0156"}, {"area_cost_adjustment": "1.02"}]
)
rules = st.builds(
    Rules,
    st.sampled_from([None, Decimal("-0.5"), Decimal(0)]),
    st.sampled_from([None, Decimal(1), Decimal(3)]),
    st.sampled_from([Decimal(50), Decimal(100)]),
    st.sampled_from(list(Rounding)),
)
scenarios = st.builds(
    lambda typed, laid, under: Scenario("A scenario", RATES.over(typed).over(laid), under),
    changes,
    laid_on,
    rules,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(scenarios, min_size=1, max_size=12), st.integers(0, 1000))
def test_every_scenario_of_a_sweep_gives_what_it_gives_alone(these: list[Scenario], seed: int) -> None:
    calculation = Calculation(made_up(seed, 7, without_baseline=1))
    found = sweep(calculation, these)
    first = calculation.budgets(these[0].rates, these[0].rules)
    for place, one in enumerate(these):
        alone = calculation.budgets(one.rates, one.rules)
        assert found.total[place] == alone.authority_total
        assert found.protected[place] == (alone.guarantee > 0).sum()
        assert found.capped[place] == (alone.gains_cap > 0).sum()
        assert found.at_minimum[place] == (alone.minimum_per_pupil > 0).sum()
        assert found.losers[place] == (alone.total < first.total).sum()


def test_an_adjustment_typed_over_changes_every_national_rate_too() -> None:
    calculation = Calculation(made_up(5, 20))
    before, adjusted = calculation.budgets(RATES), RATES.over({"area_cost_adjustment": "1.05"})
    assert (calculation.changed(before, adjusted).total == calculation.budgets(adjusted).total).all()


def test_schools_without_a_base_year_can_be_swept() -> None:
    two = [Scenario(str(rate), RATES.over({PRIMARY: rate}), Rules()) for rate in (3900, 3800, 3700)]
    found = sweep(Calculation(school()), two)
    assert [one.total for one in found.summaries()] == [
        Money.of(rate * 210 + 145_100 + max(0, 4_955 * 210 - rate * 210 - 145_100))
        for rate in (3900, 3800, 3700)
    ]
    assert found.at_minimum.tolist() == [1, 1, 1]


def test_losers_may_be_counted_against_what_schools_get_now() -> None:
    now = np.array([200_000_000])
    found = sweep(Calculation(school()), [Scenario("As it is", RATES, Rules())], now)
    assert found.summaries()[0].losers == 1


def test_no_scenario_is_refused() -> None:
    with pytest.raises(FundingError, match="no scenario"):
        sweep(Calculation(school()), [])


def _around(rates: Rates, place: int) -> Rates:
    return rates.over({PRIMARY: Decimal(3_600) + place, KS3: Decimal(5_200) + place, KS4: 5_900 + place})


def test_a_thousand_scenarios_for_300_schools() -> None:
    calculation = Calculation(made_up(4, 300))
    thousand = [
        Scenario(str(n), _around(RATES, n // 2), Rules(Decimal(n % 5) / 10 - Decimal("0.5"), Decimal(3)))
        for n in range(1_000)
    ]
    assert len(set(sweep(calculation, thousand).total.tolist())) == 1_000
