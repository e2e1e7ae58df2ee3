"""The minimum per-pupil level: core funding is topped up to so much a pupil.

Source: the department's calculation of 2021-22 and a statement of the same year, reproduced to the penny. The
top-up is taken from core before its lines are rounded, which is why a total of rounded lines may be a penny
beside the level.
"""

from __future__ import annotations

import numpy as np

from redway.funding.rates import MINIMUM, Rates
from redway.funding.rounding import PARTS, Whole, rounded_parts
from redway.funding.schools import Schools


def uses_minimum(rates: Rates) -> bool:
    return all(rates.has(name) for name in MINIMUM)


def minimum_level(schools: Schools, rates: Rates) -> Whole:
    """The level of each school in pence: so much for each pupil of a key stage. Nothing if none is set."""
    if not uses_minimum(rates):
        return schools.nothing()
    primary, ks3, ks4 = (rates.pence(name) for name in MINIMUM)
    level: Whole = schools.pupils_primary * primary + schools.pupils_ks3 * ks3 + schools.pupils_ks4 * ks4
    return level


def top_up(level: Whole, core: Whole, core_parts: Whole) -> Whole:
    """What core lacks to the level, to the penny; nothing where it reaches it."""
    added = np.zeros(len(core), dtype=np.int64)
    rows = (core < level).nonzero()[0]
    whole, parts = level[rows] - core[rows], -core_parts[rows]
    borrowed = np.where(parts < 0, 1, 0)
    added[rows] = rounded_parts(whole - borrowed, parts + borrowed * PARTS)
    return added
