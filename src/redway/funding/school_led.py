"""Lines a school has for being a school: lump sum, London fringe and split sites."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from redway.core.money import Money
from redway.funding.rates import Rates
from redway.funding.rounding import PARTS, Whole, divided, rounded_parts
from redway.funding.schools import PHASES, Phase, Schools
from redway.funding.sparsity import sparsity

_MULTIPLIER_PARTS = 100_000


@dataclass(frozen=True)
class SchoolLed:
    """What a school has for being a school, in pence; sparsity also with its parts of a penny."""

    lump_sum: Whole
    sparsity: Whole
    sparsity_parts: Whole
    sparsity_rounded: Whole
    split_sites: Whole

    @cached_property
    def in_core(self) -> Whole:
        """What of it is core, before rounding and without its parts of a penny."""
        held: Whole = self.lump_sum + self.sparsity
        return held

    @cached_property
    def in_core_rounded(self) -> Whole:
        held: Whole = self.lump_sum + self.sparsity_rounded
        return held


def school_led(schools: Schools, rates: Rates) -> SchoolLed:
    return SchoolLed(lump_sum(schools, rates), *sparsity(schools, rates), split_sites(schools, rates))


def lump_sum(schools: Schools, rates: Rates) -> Whole:
    """One a school. A middle or all-through school has the higher of the two phases."""
    primary, secondary = rates.pence("lump_sum_primary"), rates.pence("lump_sum_secondary")
    by_phase = {Phase.PRIMARY: primary, Phase.SECONDARY: secondary}
    higher = max(primary, secondary)
    amounts = np.array([by_phase.get(phase, higher) for phase in PHASES], dtype=np.int64)
    lump: Whole = amounts[schools.phase_codes]
    return lump


@dataclass(frozen=True)
class Fringe:
    """What the fringe of London adds: whole pence and parts, to the penny, and the part for the lump sum."""

    whole: Whole
    parts: Whole
    rounded: Whole
    of_lump_sum: Whole
    is_nothing: bool = False


def fringe(rates: Rates, core: Whole, core_parts: Whole, lump: Whole) -> Fringe:
    """A multiplier (1 outside the fringe) on pupil-led lines, lump sum and sparsity, less these."""
    above_one = int((rates.value("london_fringe") - 1) * _MULTIPLIER_PARTS)
    if above_one == 0:
        nothing = np.zeros(len(core), dtype=np.int64)
        return Fringe(nothing, nothing, nothing, nothing, is_nothing=True)
    whole, parts = _times(core, core_parts, above_one)
    of_lump = rounded_parts(*_times(lump, np.zeros_like(lump), above_one))
    return Fringe(whole, parts, rounded_parts(whole, parts), of_lump)


def split_sites(schools: Schools, rates: Rates) -> Whole:
    """A basic sum for each further site, and a distance sum (or its tapered part) for each that is far."""
    if schools.sites is None:
        return schools.nothing()
    amount: Whole = schools.sites * rates.pence("split_site_basic")
    if schools.distant_sites is not None:
        distance = rates.pence("split_site_distance")
        whole, parts = schools.distant_sites.whole * distance, schools.distant_sites.parts * distance
        amount = amount + rounded_parts(whole + parts // PARTS, parts % PARTS)
    return amount


def _times(whole: Whole, parts: Whole, above_one: int) -> tuple[Whole, Whole]:
    """An amount times hundred-thousandths; what is below a part of a penny is left out."""
    pence, left = divided(whole * above_one, _MULTIPLIER_PARTS)
    more = (left * PARTS + parts * above_one) // _MULTIPLIER_PARTS
    return pence + more // PARTS, more % PARTS


def lump_sum_rate(schools: Schools, rates: Rates, row: int) -> tuple[str, Money]:
    """(name of the rate, the rate) that one school's lump sum is paid by."""
    phase = schools.phase[row]
    names = ("lump_sum_primary", "lump_sum_secondary")
    if phase in (Phase.PRIMARY, Phase.SECONDARY):
        name = f"lump_sum_{phase}"
        return name, rates.rate(name)
    name = max(names, key=lambda held: rates.rate(held).pence)
    return name, rates.rate(name)
