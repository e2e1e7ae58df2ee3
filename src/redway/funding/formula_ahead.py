"""The formula in years ahead: rolls as forecast, rates raised, each year's guarantee on the year before.

What is not forecast stays as it is: the share of pupils in each phase and with each need, premises, sparsity,
and the rules of the year that is known.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np

from redway.core.errors import NotEnoughData
from redway.funding.calculation import Budgets, Calculation
from redway.funding.rates import AREA_ADJUSTED, MINIMUM
from redway.funding.rounding import PARTS, PERCENT_PARTS, Whole, rounded_ratio
from redway.funding.schools import Baseline, Schools, Units

RAISED = (*sorted(AREA_ADJUSTED), *MINIMUM)
"""The rates and levels that are taken to rise."""


def budgets_ahead(known: Budgets, pupils: Whole, rise: int) -> Whole:
    """Budget of every school in each year ahead, in whole pence: years down, schools across.

    ``pupils`` has a row for each year ahead and a column for each school of ``known``; ``rise`` is what
    rates rise by a year, in thousandths of a percent. A school whose last pupils have left gets nothing.
    Raises NotEnoughData for a school without pupils in the year that is known.
    """
    if (known.schools.pupils <= 0).any():
        raise NotEnoughData(
            "A school has no pupils in the year that is known, so nothing can be said of its years ahead.",
            "Leave the school out, or enter its pupils.",
        )
    found, before = [], known
    for year, rolls in enumerate(pupils, 1):
        by = (Decimal(PERCENT_PARTS + rise) / PERCENT_PARTS) ** year
        schools = _with_rolls(known.schools, rolls, _baseline(before))
        before = Calculation(schools).budgets(known.rates.scaled(RAISED, by), known.rules)
        found.append(np.where(rolls > 0, before.total, 0))
    return np.array(found, dtype=np.int64).reshape(len(pupils), len(known.schools))


def _baseline(before: Budgets) -> Baseline:
    schools = before.schools
    exclusions = schools.nothing() if schools.exclusions is None else schools.exclusions
    rates = schools.premises.get("rates", schools.nothing())
    return Baseline(
        before.total, schools.pupils, rates, exclusions, schools.nothing(), np.ones(len(schools), dtype=bool)
    )


def _with_rolls(schools: Schools, rolls: Whole, baseline: Baseline) -> Schools:
    """The schools with other rolls, in the same proportions; needs keep their share of their roll."""
    primary = rounded_ratio(rolls * schools.pupils_primary, schools.pupils)
    ks4 = rounded_ratio(rolls * schools.pupils_ks4, schools.pupils)
    ks4 = np.minimum(ks4, rolls - primary)
    then = {"primary": primary, "secondary": rolls - primary}
    now = {"primary": schools.pupils_primary, "secondary": schools.pupils_secondary}
    needs = {}
    for name, units in schools.needs.items():
        roll = name.rsplit("_", 1)[1]
        needs[name] = Units.shared(_share(units, now[roll]), then[roll])
    return replace(
        schools,
        pupils_primary=primary,
        pupils_ks3=rolls - primary - ks4,
        pupils_ks4=ks4,
        needs=needs,
        baseline=baseline,
        no_baseline_because=(),
    )


def _share(units: Units, roll: Whole) -> Whole:
    if units.shares is not None:
        return units.shares
    share: Whole = np.where(
        roll > 0, rounded_ratio(units.whole * PARTS + units.parts, np.maximum(roll, 1)), 0
    )
    return share
