"""Years ahead: what becomes of every school's balance if funding, pupils and costs go as assumed.

Three cases are always counted, low, central and high pressure, because nobody knows the future: what only
happens in the high case is said to be so. Assumptions are dated values in ``values/projection``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from redway.core.errors import NotEnoughData
from redway.funding.local_values import InForce, values_in_force
from redway.funding.rounding import PERCENT_PARTS, Whole, rounded_ratio

SUBJECT = "projection"
NEVER = -1
"""Stands for no year in ``first_deficit``."""


class Case(StrEnum):
    """How hard costs press."""

    LOW = "low"
    CENTRAL = "central"
    HIGH = "high"


@dataclass(frozen=True)
class Pressure:
    """What one case assumes, each in thousandths of a percent.

    ``pay``, ``prices``: rise a year. ``pension``: added to pay a year. ``pay_share``: part of spending.
    ``follows_pupils``: of spending that rises and falls with pupil numbers.
    """

    pay: int
    prices: int
    pension: int
    pay_share: int
    follows_pupils: int


@dataclass(frozen=True)
class Projection:
    """One case: arrays of whole pence, years down, schools across."""

    funding: Whole
    spending: Whole
    balance: Whole
    """At the end of each year."""

    @property
    def first_deficit(self) -> npt.NDArray[np.int64]:
        """Place of the first year that ends in deficit, for each school; NEVER where none does."""
        below = self.balance < 0
        return np.where(below.any(axis=0), below.argmax(axis=0), NEVER)


Funding = Callable[[int, Whole], Whole]
"""(place of the year, pupils of each school) -> budget of each school in whole pence."""


def assumptions(on: date, own: Mapping[str, Decimal] | None = None) -> InForce:
    """What is assumed on a day, with an authority's own numbers over those to start from."""
    return values_in_force(SUBJECT, on, own)


def pressure(case: Case, held: InForce) -> Pressure:
    """The assumptions of one case. Raises ValuesError where one is not held."""
    return Pressure(
        pay=held.percent_parts(f"pay-{case.value}"),
        prices=held.percent_parts(f"prices-{case.value}"),
        pension=held.percent_parts(f"pension-{case.value}"),
        pay_share=held.percent_parts("pay-share"),
        follows_pupils=held.percent_parts("follows-pupils"),
    )


def project(
    *, balance: Whole, spending: Whole, pupils: Whole, funding: Funding, pressures: Mapping[Case, Pressure]
) -> dict[Case, Projection]:
    """Every case, for all schools at once.

    ``balance`` and ``spending`` are of the year that is known, in whole pence a school. ``pupils`` has that
    year in its first row and one row for each year ahead. ``funding`` gives budgets of a year ahead, counted
    from 1: the formula itself, or an assumption. Raises NotEnoughData without a year ahead, or for a school
    without pupils in the year that is known.
    """
    if len(pupils) < 2:
        raise NotEnoughData("There is no year ahead.", "Give pupil forecasts for at least one year.")
    if (pupils[0] <= 0).any():
        raise NotEnoughData(
            "A school has no pupils in the year that is known, so nothing can be said of its costs.",
            "Leave the school out, or enter its pupils.",
        )
    budgets = np.array([funding(year, pupils[year]) for year in range(1, len(pupils))], dtype=np.int64)
    return {case: _one_case(balance, spending, pupils, budgets, one) for case, one in pressures.items()}


def _one_case(
    balance: Whole, spending: Whole, pupils: Whole, budgets: Whole, assumed: Pressure
) -> Projection:
    spent, left = [], []
    for year, budget in enumerate(budgets, 1):
        spending = next_spending(spending, pupils[year - 1], pupils[year], assumed)
        balance = balance + budget - spending
        spent.append(spending)
        left.append(balance)
    return Projection(budgets, np.array(spent), np.array(left))


def next_spending(spending: Whole, before: Whole, after: Whole, assumed: Pressure) -> Whole:
    """Spending of the next year: part follows pupils, then pay and prices rise, each rounded to the penny.

    A school whose last pupils have left before keeps what does not follow pupils.
    """
    follows = rounded_ratio(spending * assumed.follows_pupils, PERCENT_PARTS)
    counted = spending + rounded_ratio(follows * (after - before), np.maximum(before, 1))
    pay = rounded_ratio(counted * assumed.pay_share, PERCENT_PARTS)
    rises = rounded_ratio(pay * (assumed.pay + assumed.pension), PERCENT_PARTS)
    prices = rounded_ratio((counted - pay) * assumed.prices, PERCENT_PARTS)
    return counted + rises + prices


def funding_per_pupil(budget: Whole, pupils: Whole, rise: int, fixed: int = 0) -> Funding:
    """Funding that follows pupils, for an authority without a formula at hand.

    ``rise`` is in thousandths of a percent a year; ``fixed`` pence of each budget, such as a lump sum, do not
    follow pupils.
    """
    led = np.maximum(budget - fixed, 0)

    def of_year(year: int, then: Whole) -> Whole:
        counted = rounded_ratio(led * then, pupils) + np.minimum(budget, fixed)
        for _ in range(year):
            counted = counted + rounded_ratio(counted * rise, PERCENT_PARTS)
        return counted

    return of_year
