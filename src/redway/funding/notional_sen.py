"""Notional SEN: how much of a school's budget is meant for special needs. A flag, and never more money.

An authority names a percentage of each line. Each share is rounded to the penny and the shares are added.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import numpy as np

from redway.funding.calculation import Budgets
from redway.funding.errors import RulesRefused
from redway.funding.factors import ADDITIONAL_NEEDS, BASIC_ENTITLEMENT, LUMP_SUM
from redway.funding.local_values import InForce, values_in_force
from redway.funding.rounding import PERCENT_PARTS, Whole, rounded_ratio

SUBJECT = "notional-sen"
MINIMUM = "minimum_per_pupil"
"""Name of the minimum per-pupil top-up beside the lines."""
GROUPS = {
    "basic-entitlement": tuple(factor.name for factor in BASIC_ENTITLEMENT),
    "additional-needs": tuple(factor.name for factor in ADDITIONAL_NEEDS),
    "lump-sum": (LUMP_SUM.name,),
    "minimum-per-pupil": (MINIMUM,),
}
"""Name of a percentage -> the lines it is of."""


def usual_shares(on: date, own: Mapping[str, Decimal] | None = None) -> tuple[dict[str, int], InForce]:
    """Line -> its share in thousandths of a percent, and the values behind them; own numbers go first."""
    held = values_in_force(SUBJECT, on, own)
    return {line: held.percent_parts(group) for group, lines in GROUPS.items() for line in lines}, held


def lines_counted(budgets: Budgets) -> dict[str, Whole]:
    """The lines of a result that a share is taken of, with the minimum per-pupil top-up."""
    absent = set(budgets.not_used)
    named = [name for lines in GROUPS.values() for name in lines if name != MINIMUM and name not in absent]
    return {**{name: budgets.line(name) for name in named}, MINIMUM: budgets.minimum_per_pupil}


def notional_sen(lines: Mapping[str, Whole], shares: Mapping[str, int]) -> Whole:
    """Notional SEN of every school in whole pence.

    ``lines`` are pence a school by name of the line, ``shares`` thousandths of a percent. A line without
    a share counts nothing. Raises RulesRefused for a share outside 0 to 100%, or of a line that is not there.

    >>> notional_sen({"lump_sum": np.array([11_780_000])}, {"lump_sum": 5_000}).tolist()
    [589000]
    """
    for name, share in shares.items():
        if not 0 <= share <= PERCENT_PARTS:
            raise RulesRefused(f"{share / 1000:g}% of {name} is no share.", "Give 0% to 100%.")
    counted = [rounded_ratio(amounts * shares.get(name, 0), PERCENT_PARTS) for name, amounts in lines.items()]
    if not counted:
        raise RulesRefused("There is no line to take a share of.", "Calculate the budgets first.")
    total: Whole = np.sum(counted, axis=0)
    return total
