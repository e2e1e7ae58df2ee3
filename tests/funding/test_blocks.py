"""The early-years and high-needs blocks as sums."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from redway.core.errors import NotEnoughData, ValuesError
from redway.core.money import Money
from redway.funding.blocks import Age, Places, block_values, early_years, high_needs, place_funding
from redway.funding.deficits import Answer
from redway.funding.errors import RulesRefused

THIS_YEAR = block_values(date(2025, 9, 1))
HOURS = {Age.THREE_AND_FOUR: 570 * 1_000}
RATES = {Age.THREE_AND_FOUR: Money.parse("6.12")}


def passed(base: str, day: date, supplement: int = 50_000) -> Answer:
    base_rates = {Age.THREE_AND_FOUR: Money.parse(base)}
    found = early_years(HOURS, RATES, base_rates, {"deprivation": Money.of(supplement)}, block_values(day))
    return found.checks[0].answer


def test_the_block_is_hours_times_the_rate() -> None:
    base = {Age.THREE_AND_FOUR: Money.parse("5.80")}
    found = early_years(HOURS, RATES, base, {"deprivation": Money.of(50_000)}, THIS_YEAR)
    assert found.income == Money.parse("3,488,400.00")
    assert found.providers == Money.parse("3,356,000.00")
    assert found.kept == Money.parse("132,400.00")


def test_ninety_six_percent_must_reach_providers_in_2025_26_and_ninety_five_the_year_before() -> None:
    # 5.75 an hour and £50,000 are 95.39% of 6.12 an hour.
    assert passed("5.75", date(2025, 9, 1)) is Answer.BLOCKED
    assert passed("5.75", date(2024, 9, 1)) is Answer.PASSED


def test_a_supplement_for_deprivation_is_compulsory_and_the_cap_that_was_not_read_only_asks_for_a_look() -> (
    None
):
    base = {Age.THREE_AND_FOUR: Money.parse("5.20")}
    without = early_years(HOURS, RATES, base, {"rural": Money.of(500_000)}, THIS_YEAR)
    # 5.20 an hour and £500,000 are 99.3% of 6.12 an hour; £500,000 is 14.4% of what is planned.
    assert [check.answer for check in without.checks] == [Answer.PASSED, Answer.LOOK, Answer.BLOCKED]
    assert THIS_YEAR.entry("supplements-cap").status == "unconfirmed"


def test_a_year_that_is_not_loaded_is_refused() -> None:
    with pytest.raises(ValuesError, match="Load a file for 2026-27"):
        block_values(date(2026, 9, 1)).number("passed-to-providers")


def test_no_hours_are_not_an_empty_block() -> None:
    with pytest.raises(NotEnoughData):
        early_years({Age.TWO: 0}, {Age.TWO: Money.of(8)}, {Age.TWO: Money.of(8)}, {}, THIS_YEAR)


def test_places_are_ten_thousand_and_six_thousand_when_a_pupil_is_on_the_roll() -> None:
    places = Places(
        special=np.array([100, 0]),
        unit_occupied=np.array([0, 8]),
        unit_unoccupied=np.array([0, 2]),
        top_ups=np.array([50_000_000, 1_200_050]),
    )
    assert place_funding(places, THIS_YEAR).tolist() == [150_000_000, 4_800_000 + 2_000_000 + 1_200_050]
    block = high_needs(Money.of(2_000_000), places, Money.of(500_000), THIS_YEAR)
    assert block.balance == Money.parse("-80,000.50")


def test_places_below_nothing_are_refused() -> None:
    none = np.array([0])
    with pytest.raises(RulesRefused, match="below nothing"):
        place_funding(Places(np.array([-1]), none, none, none), THIS_YEAR)
