"""The early-years and high-needs blocks of the dedicated schools grant, as sums for the whole authority."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from redway.core.errors import NotEnoughData
from redway.core.money import NOTHING, Money, total
from redway.core.words import percent
from redway.funding.deficits import Answer, Check
from redway.funding.errors import RulesRefused
from redway.funding.local_values import InForce, values_in_force
from redway.funding.rounding import Whole

SUBJECT = "blocks"


def block_values(on: date, own: Mapping[str, Decimal] | None = None) -> InForce:
    """Rates and limits of the two blocks on a day. Raises ValuesError for a year that is not loaded."""
    return values_in_force(SUBJECT, on, own)


class Age(StrEnum):
    """Ages for which hours are paid at different rates."""

    UNDER_TWO = "under-two"
    TWO = "two"
    THREE_AND_FOUR = "three-and-four"


@dataclass(frozen=True)
class EarlyYears:
    """The early-years block: what comes in, what is planned for providers, and whether that is enough."""

    income: Money
    providers: Money
    supplements: Money
    """Planned supplements to providers; they are part of ``providers``."""
    checks: tuple[Check, ...]

    @property
    def kept(self) -> Money:
        """What the authority keeps for central services."""
        return self.income - self.providers


def early_years(
    hours: Mapping[Age, int],
    rates: Mapping[Age, Money],
    base_rates: Mapping[Age, Money],
    supplements: Mapping[str, Money],
    values: InForce,
) -> EarlyYears:
    """The block: funded hours a year, the authority's rates an hour, what it plans to pay providers.

       ``base_rates`` are paid to providers for each hour, ``supplements`` (kind -> money) are
       added; one called ``deprivation`` is compulsory for three- and four-year-olds. Raises NotEnoughData
    without hours, RulesRefused for hours or money below nothing.
    """
    if any(one < 0 for one in hours.values()) or any(one < NOTHING for one in supplements.values()):
        raise RulesRefused("Hours and supplements cannot be below nothing.", "Mend the plan.")
    income = total(rates[age].times(count) for age, count in hours.items())
    if income.pence == 0:
        raise NotEnoughData("There are no funded hours.", "Enter the hours of each age.")
    base = total(base_rates[age].times(count) for age, count in hours.items())
    added = total(supplements.values())
    planned = base + added
    return EarlyYears(
        income,
        planned,
        added,
        (_passed_on(income, planned, values), _capped(planned, added, values), _for_deprivation(supplements)),
    )


def _passed_on(income: Money, planned: Money, values: InForce) -> Check:
    least = values.number("passed-to-providers")
    share = planned.pounds * 100 / income.pounds
    words = f"{percent(share, 2)} of the block goes to providers; at least {percent(least)} must."
    return Check("Passed to providers", Answer.PASSED if share >= least else Answer.BLOCKED, words)


def _capped(planned: Money, supplements: Money, values: InForce) -> Check:
    most = values.number("supplements-cap")
    share = supplements.pounds * 100 / planned.pounds if planned.pence else Decimal(0)
    words = (
        f"Supplements are {percent(share, 2)} of what is planned for providers; {percent(most)} is the most."
    )
    if share > most:
        # The cap was not read in a publication, so it asks for a look and does not refuse.
        return Check("Supplements", Answer.LOOK, words)
    return Check("Supplements", Answer.PASSED, words)


def _for_deprivation(supplements: Mapping[str, Money]) -> Check:
    if supplements.get("deprivation", NOTHING) > NOTHING:
        return Check("Deprivation", Answer.PASSED, "There is a supplement for deprivation.")
    words = "There is no supplement for deprivation; three- and four-year-olds must have one."
    return Check("Deprivation", Answer.BLOCKED, words)


@dataclass(frozen=True)
class Places:
    """Places of every institution, in columns: whole places, and top-ups in whole pence."""

    special: Whole
    """In special schools and alternative provision."""
    unit_occupied: Whole
    """In units of mainstream schools, filled by a pupil on the roll."""
    unit_unoccupied: Whole
    top_ups: Whole


def place_funding(places: Places, values: InForce) -> Whole:
    """Place funding and top-ups of every institution, in whole pence. Raises RulesRefused below 0 places."""
    found: Whole = places.top_ups.copy()
    for name, count in (
        ("place-special", places.special),
        ("place-unit-occupied", places.unit_occupied),
        ("place-unit-unoccupied", places.unit_unoccupied),
    ):
        if (count < 0).any():
            raise RulesRefused("An institution has places below nothing.", "Mend the number of places.")
        found = found + count * Money.of(values.number(name)).pence
    return found


@dataclass(frozen=True)
class HighNeeds:
    """The high-needs block: what comes in and what is planned to be spent."""

    income: Money
    institutions: Money
    other: Money
    """Independent schools, support services, contributions and the like."""

    @property
    def balance(self) -> Money:
        """What is left; below zero where more is planned than comes in."""
        return self.income - self.institutions - self.other


def high_needs(income: Money, places: Places, other: Money, values: InForce) -> HighNeeds:
    """The block as one sum. Raises RulesRefused for places below nothing."""
    return HighNeeds(income, Money(int(place_funding(places, values).sum())), other)
