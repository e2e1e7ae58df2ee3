"""More than half a million amounts agree with the same formula in exact fractions: no difference at all."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from funding.made_schools import many_schools
from funding.plain_fractions import statement
from redway.core.money import Money
from redway.funding.calculation import Calculation
from redway.funding.factors import FACTORS, PUPIL_LED
from redway.funding.rates import AREA_ADJUSTED, MINIMUM
from redway.funding.result import AFTER_LINES
from redway.funding.rules import Rules
from redway.funding.years import national_rates

SCHOOLS_A_SEED = 4_000
SEEDS = (1, 2, 3, 4, 5)
_THRESHOLDS = [
    name
    for name in national_rates("2025-26").names()
    if name.startswith(("sparsity_pupils", "sparsity_miles", "sparsity_taper", "mobility_threshold"))
]
RULES = Rules(guarantee=Decimal("-0.375"), cap=Decimal("2.5"), scale=Decimal("37.5"))


@pytest.mark.parametrize("seed", SEEDS)
def test_lines_and_totals_agree_with_exact_fractions(seed: int) -> None:
    schools, one_by_one = many_schools(SCHOOLS_A_SEED, seed)
    random = np.random.default_rng(seed)
    rates = national_rates("2025-26")
    rates = rates.over(
        {factor.name: Money(int(rates.pence(factor.name) * random.uniform(0.8, 1.2))) for factor in PUPIL_LED}
    )
    plain_rates = {name: rates.rate(name).pounds for name in {*AREA_ADJUSTED, *MINIMUM}}
    plain_rates |= {name: rates.value(name) for name in _THRESHOLDS}
    budgets = Calculation(schools).budgets(rates, RULES)
    columns = {factor.name: budgets.line(factor.name) for factor in FACTORS if factor.name != "london_fringe"}
    columns |= {name: getattr(budgets, name) for name in AFTER_LINES}
    compared = 0
    for row, school in enumerate(one_by_one):
        expected = statement(school, plain_rates, RULES.guarantee, RULES.cap, RULES.scale)
        for name, column in columns.items():
            assert int(column[row]) == expected.get(name, 0) * 100, (name, row)
            compared += 1
    assert compared * len(SEEDS) >= 500_000
    for name in ("guarantee", "gains_cap", "minimum_per_pupil"):
        assert (getattr(budgets, name) > 0).sum() > 20, f"too few schools meet {name} to prove it"
