"""Sparsity: small schools far from the next one.

Sources: thresholds of size and the 20% taper of the distance as read; the weight by size reproduces the
department's calculation of 2021-22 and a published statement. Each weight is a fraction of whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from redway.funding.errors import RatesRefused
from redway.funding.rates import SPARSITY_METHODS, Rates
from redway.funding.rounding import PARTS, Whole, divided, rounded_ratio
from redway.funding.schools import PHASES, Schools

_MILE = 1_000


@dataclass(frozen=True)
class SparsityRule:
    """What makes a school of one phase sparse, and how the money tapers.

    ``pupils`` a year group (in tenths) up to which it is small; ``miles`` (in thousandths) from which it
    is far; ``taper`` the share below that distance at which a taper begins, in percent, or None without one.
    """

    method: str
    pupils: int
    miles: int
    taper: int | None


def rule_of(phase: str, rates: Rates) -> SparsityRule:
    """The rule in force for a phase. Raises RatesRefused for a method that is not known."""
    method = rates.text("sparsity_method")
    if method not in SPARSITY_METHODS:
        raise RatesRefused(
            f"'{method}' is not a method of sparsity.", f"Write one of {', '.join(SPARSITY_METHODS)}."
        )
    taper = int(rates.value("sparsity_taper_share")) if rates.flag("sparsity_distance_taper") else None
    return SparsityRule(
        method,
        int(rates.value(f"sparsity_pupils_{phase}") * 10),
        int(rates.value(f"sparsity_miles_{phase}") * _MILE),
        taper,
    )


def size_weight(pupils: Whole, year_groups: Whole, rule: SparsityRule) -> tuple[Whole, Whole]:
    """(numerator, denominator) of the weight by size, between nothing and one.

    ``nff``: one at half the threshold, nothing at the threshold. ``taper``: one at nothing, nothing at the
    threshold. ``fixed``: one up to the threshold.
    """
    threshold = rule.pupils * year_groups
    left = threshold - pupils * 10
    if rule.method == "nff":
        return np.clip(2 * left, 0, threshold), threshold
    if rule.method == "taper":
        return np.clip(left, 0, threshold), threshold
    return np.where(left >= 0, 1, 0), np.ones_like(threshold)


def distance_weight(miles: Whole, rule: SparsityRule) -> tuple[Whole, int]:
    """(numerator, denominator) of the weight by distance, between nothing and one."""
    if rule.taper is None:
        return np.where(miles >= rule.miles, 1, 0), 1
    stretch = rule.miles * rule.taper
    begins = rule.miles * (100 - rule.taper)
    return np.clip(miles * 100 - begins, 0, stretch), stretch


def sparsity(schools: Schools, rates: Rates) -> tuple[Whole, Whole, Whole]:
    """Each school's amount: whole pence, parts of a penny, and the amount to the penny."""
    numerator, denominator = schools.nothing(), np.ones(len(schools), dtype=np.int64)
    if schools.miles is None or schools.year_groups is None:
        return numerator, numerator, numerator
    far = np.flatnonzero((schools.miles >= 0) & (schools.year_groups > 0))
    for place, phase in enumerate(PHASES):
        here = far[schools.phase_codes[far] == place]
        name = f"sparsity_{phase}"
        if not len(here) or not rates.has(name):
            continue
        rule = rule_of(phase, rates)
        by_size, of_size = size_weight(schools.pupils[here], schools.year_groups[here], rule)
        by_distance, of_distance = distance_weight(schools.miles[here], rule)
        common = np.gcd(by_distance, of_distance)
        numerator[here] = rates.pence(name) * by_size * (by_distance // common)
        denominator[here] = of_size * (of_distance // common)
    whole, rest = divided(numerator, denominator)
    return whole, _in_parts(rest, denominator), rounded_ratio(numerator, denominator)


def _in_parts(rest: Whole, denominator: Whole) -> Whole:
    # The remainder of a division by some ten million, times PARTS, would not fit; two steps of 100,000 do.
    step = 100_000
    high, rest = divided(rest * step, denominator)
    low, _ = divided(rest * step, denominator)
    parts: Whole = high * step + low
    assert step * step == PARTS
    return parts
