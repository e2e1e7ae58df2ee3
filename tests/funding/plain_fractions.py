"""The formula once more, school by school in exact fractions: slow, plain, sharing nothing with the first."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import floor

NOTHING = Fraction(0)


@dataclass
class PlainSchool:
    """One school as numbers. ``needs``: factor -> units, exactly."""

    phase: str
    primary: int
    ks3: int
    ks4: int
    needs: dict[str, Decimal] = field(default_factory=dict)
    miles: Decimal | None = None
    year_groups: int = 7
    sites: int = 0
    distant: Decimal = Decimal(0)
    premises: dict[str, Decimal] = field(default_factory=dict)
    baseline: tuple[Decimal, int, Decimal, Decimal, Decimal] | None = None
    exclusions: Decimal = Decimal(0)
    growing: bool = False


def pence(amount: Fraction) -> Fraction:
    """To the penny, half up; amounts here are not below nothing."""
    return Fraction(floor(amount * 100 + Fraction(1, 2)), 100)


def statement(
    school: PlainSchool,
    rate_of: dict[str, Decimal],
    guarantee: Decimal | None = None,
    cap: Decimal | None = None,
    scale: Decimal = Decimal(100),
) -> dict[str, Fraction]:
    """Every line, the top-up, the guarantee, the cap and the total of one school, in pounds."""
    rates = {name: Fraction(rate) for name, rate in rate_of.items()}
    secondary = school.ks3 + school.ks4
    exact = {
        "basic_entitlement_primary": rates["basic_entitlement_primary"] * school.primary,
        "basic_entitlement_ks3": rates["basic_entitlement_ks3"] * school.ks3,
        "basic_entitlement_ks4": rates["basic_entitlement_ks4"] * school.ks4,
    }
    for name, held in school.needs.items():
        units = Fraction(held)
        if name.startswith("mobility"):
            roll = school.primary if name.endswith("primary") else secondary
            units = max(NOTHING, units - roll * rates["mobility_threshold"] / 100)
        exact[name] = rates[name] * units
    lumps = {"primary": rates["lump_sum_primary"], "secondary": rates["lump_sum_secondary"]}
    exact["lump_sum"] = lumps.get(school.phase, max(lumps.values()))
    exact["sparsity"] = _sparsity(school, rates)
    core = sum(exact.values(), NOTHING)
    floor_of_school = (
        rates["minimum_per_pupil_primary"] * school.primary
        + rates["minimum_per_pupil_ks3"] * school.ks3
        + rates["minimum_per_pupil_ks4"] * school.ks4
    )
    lines = {name: pence(amount) for name, amount in exact.items()}
    premises = {name: Fraction(amount) for name, amount in school.premises.items()}
    if school.sites:
        distance = rates["split_site_distance"] * Fraction(school.distant)
        premises["split_sites"] = pence(rates["split_site_basic"] * school.sites + distance)
    top_up = pence(max(NOTHING, floor_of_school - core))
    budget = max(core, floor_of_school) + sum(premises.values(), NOTHING)
    left_out = (
        exact["lump_sum"] + lines["sparsity"] + premises.get("rates", NOTHING) + Fraction(school.exclusions)
    )
    protection = taken = NOTHING
    if school.baseline is not None and school.baseline[1] > 0:
        last, pupils_then, rates_then, exclusions_then, grants = map(Fraction, school.baseline)
        off_last_year = exact["lump_sum"] + lines["sparsity"] + rates_then + exclusions_then
        unit = max(NOTHING, last + grants - off_last_year) / pupils_then
        pupils_now, now = school.primary + secondary, budget - left_out
        if guarantee is not None:
            protection = pence(max(NOTHING, unit * (1 + Fraction(guarantee) / 100) * pupils_now - now))
        if cap is not None and not school.growing:
            excess = now - unit * (1 + Fraction(cap) / 100) * pupils_now
            taken = pence(max(NOTHING, excess * Fraction(scale) / 100))
            may_be_taken = Fraction(floor(max(NOTHING, core - floor_of_school) * 100), 100)
            taken = min(taken, may_be_taken)
    total = sum(lines.values(), NOTHING) + top_up + sum(premises.values(), NOTHING) + protection - taken
    return {
        **lines,
        **premises,
        "minimum_per_pupil": top_up,
        "guarantee": protection,
        "gains_cap": taken,
        "total": total,
    }


def _sparsity(school: PlainSchool, rates: dict[str, Fraction]) -> Fraction:
    if school.miles is None:
        return NOTHING
    size = rates[f"sparsity_pupils_{school.phase}"]
    far = rates[f"sparsity_miles_{school.phase}"]
    average = Fraction(school.primary + school.ks3 + school.ks4, school.year_groups)
    by_size = min(Fraction(1), max(NOTHING, (size - average) / (size / 2)))
    begins = far * (100 - rates["sparsity_taper_share"]) / 100
    by_distance = min(Fraction(1), max(NOTHING, (Fraction(school.miles) - begins) / (far - begins)))
    return rates[f"sparsity_{school.phase}"] * by_size * by_distance
