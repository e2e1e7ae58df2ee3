"""Services to schools: the prices and package rules that two counties published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core.money import Money
from redway.funding.errors import RulesRefused
from redway.funding.services import (
    Basis,
    Phase,
    Service,
    catalogue_problems,
    charges,
    income_against_cost,
    longest_term,
    one_school,
    price_change,
    service_rules,
    term_ends,
    term_problem,
)

RULES = service_rules(date(2026, 11, 24))
SAFETY = Service(
    "HS",
    "Health and safety",
    Basis.PUPIL,
    {
        Phase.NURSERY: Money.parse("5.07"),
        Phase.PRIMARY: Money.parse("5.07"),
        Phase.SECONDARY: Money.parse("6.35"),
        Phase.SPECIAL: Money.parse("8.39"),
    },
    cost=Money.of(7_000),
    delegated_per_school=Money.of(150),
    delegated_per_pupil=Money.of(4),
)
"""Oxfordshire's published prices; what is delegated is made up."""
DAYS = Service(
    "HSD", "Health and safety, by the day", Basis.DAY, dict.fromkeys(Phase, Money.of(567)), standard=False
)
PAYROLL = Service(
    "PAY", "Payroll", Basis.SCHOOL, {Phase.PRIMARY: Money.of(1_000), Phase.SECONDARY: Money.of(2_500)}
)
CATALOGUE = (SAFETY, DAYS, PAYROLL)
ONE = Decimal(1)


def pays(phase: Phase, pupils: int, order: dict[str, Decimal], equivalent: str = "") -> Money:
    book = one_school(phase, pupils, Decimal(equivalent or pupils), CATALOGUE, order)
    return Money(int(charges(book, CATALOGUE, RULES).by_school[0]))


def test_health_and_safety_costs_a_primary_of_210_and_a_secondary_of_900_what_oxfordshire_asks() -> None:
    assert pays(Phase.PRIMARY, 210, {"HS": ONE}) == Money.parse("1,064.70")
    assert pays(Phase.SECONDARY, 900, {"HS": ONE}) == Money.parse("5,715.00")


def test_days_are_charged_by_the_part_of_a_day() -> None:
    assert pays(Phase.PRIMARY, 210, {"HSD": Decimal("2.5")}) == Money.parse("1,417.50")


def test_income_below_cost_is_a_warning_with_the_shortfall() -> None:
    books = one_school(Phase.PRIMARY, 210, Decimal(210), CATALOGUE, {"HS": ONE})
    income = charges(books, CATALOGUE, RULES).by_service
    (safety, _, payroll), everything = income_against_cost(income, CATALOGUE)
    assert safety.shortfall == Money.parse("5,935.30")
    assert safety.words == "Income is £5,935.30 below cost"
    assert payroll.words == "The cost is not known"
    assert everything.shortfall is None


def test_over_100_pupils_the_whole_package_is_ten_percent_off_each_standard_service() -> None:
    book = one_school(Phase.PRIMARY, 210, Decimal(210), CATALOGUE, {"HS": ONE, "PAY": ONE, "HSD": ONE})
    found = charges(book, CATALOGUE, RULES)
    assert found.whole_package.all()
    assert found.discount[0].tolist() == [10_647, 0, 10_000]
    assert found.by_school[0] == 106_470 - 10_647 + 56_700 + 100_000 - 10_000


def test_at_99_full_time_equivalents_the_whole_package_is_the_delegated_amount_without_discount() -> None:
    book = one_school(Phase.PRIMARY, 105, Decimal(99), CATALOGUE, {"HS": ONE, "PAY": ONE})
    found = charges(book, CATALOGUE, RULES)
    assert found.small.all()
    assert not found.discount.any()
    # Health and safety: £150 and £4 for each of 105 pupils; nothing is delegated for payroll.
    assert found.amount[0].tolist() == [57_000, 0, 0]


def test_a_small_school_that_takes_one_service_pays_its_price() -> None:
    assert pays(Phase.PRIMARY, 90, {"HS": ONE}) == Money.parse("456.30")


def test_a_single_service_can_always_be_bought_at_its_list_price() -> None:
    assert pays(Phase.SECONDARY, 900, {"PAY": ONE}) == Money.of(2_500)
    assert catalogue_problems(CATALOGUE) == ()
    bound = replace(PAYROLL, prices={})
    assert "no school can buy it alone" in catalogue_problems((bound,))[0]


def test_a_package_holds_what_is_offered_to_the_phase() -> None:
    """Payroll is not offered to nurseries, so their package is health and safety."""
    book = one_school(Phase.NURSERY, 120, Decimal(120), CATALOGUE, {"HS": ONE})
    assert charges(book, CATALOGUE, RULES).whole_package.all()
    wrong = one_school(Phase.NURSERY, 120, Decimal(120), CATALOGUE, {"PAY": ONE})
    with pytest.raises(RulesRefused, match="Payroll is not offered to nursery schools"):
        charges(wrong, CATALOGUE, RULES)


def test_unknown_services_and_odd_days_are_refused() -> None:
    with pytest.raises(RulesRefused, match="no service 'XX'"):
        one_school(Phase.PRIMARY, 210, Decimal(210), CATALOGUE, {"XX": ONE})
    with pytest.raises(RulesRefused, match="two decimals"):
        one_school(Phase.PRIMARY, 210, Decimal(210), CATALOGUE, {"HSD": Decimal("0.333")})


def test_a_price_change_is_shown_for_the_same_orders() -> None:
    book = one_school(Phase.PRIMARY, 210, Decimal(210), CATALOGUE, {"HS": ONE})
    dearer = replace(SAFETY, prices={**SAFETY.prices, Phase.PRIMARY: Money.parse("5.50")})
    before, after = price_change(book, CATALOGUE, (dearer, DAYS, PAYROLL), RULES)
    assert (after - before).tolist() == [210 * 43]


@given(st.integers(1, 2_000), st.sampled_from(list(Phase)), st.sets(st.sampled_from(["HS", "HSD", "PAY"])))
def test_nobody_pays_more_than_the_list_price_unless_the_delegated_amount_is_handed_back(
    pupils: int, phase: Phase, codes: set[str]
) -> None:
    offered = {code for code in codes if code != "PAY" or phase in PAYROLL.prices}
    book = one_school(phase, pupils, Decimal(pupils), CATALOGUE, dict.fromkeys(offered, ONE))
    found = charges(book, CATALOGUE, RULES)
    if not (found.small & found.whole_package).any():
        assert (found.amount == found.listed - found.discount).all()
        assert (found.discount >= 0).all()
    assert found.by_school.sum() == found.by_service.sum()
    assert np.all(found.amount[book.taken == 0] == 0)


def test_terms_are_three_years_at_first_and_five_after_and_for_catering_five_and_seven() -> None:
    catering = replace(PAYROLL, name="Catering", catering=True)
    assert [longest_term(PAYROLL, first=first, rules=RULES) for first in (True, False)] == [3, 5]
    assert [longest_term(catering, first=first, rules=RULES) for first in (True, False)] == [5, 7]
    assert term_problem(PAYROLL, 4, first=True, rules=RULES) == (
        "Payroll: a first term may be 3 years at most, not 4."
    )
    assert term_problem(catering, 7, first=False, rules=RULES) == ""
    assert term_ends(date(2024, 4, 1), 3) == date(2027, 3, 31)
