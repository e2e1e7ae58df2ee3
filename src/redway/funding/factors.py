"""The factors of a school funding formula, in the order of a statement. One name in files, rates and lines.

Which factors there are: the schools operational guide of the Department for Education, by year; their order
follows the department's own calculation of an academy's general annual grant.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

BANDS = ("a", "b", "c", "d", "e", "f")
"""Bands of the income deprivation affecting children index; A is the most deprived."""


class Kind(StrEnum):
    """What a line is paid for."""

    PUPILS = "pupils"
    ADDITIONAL_NEEDS = "additional needs"
    SCHOOL = "school"
    PREMISES = "premises"


@dataclass(frozen=True)
class Factor:
    """One line of a statement.

    ``pupils`` names the roll a share is a share of: primary, ks3, ks4 or secondary; nothing for a line of
    the school itself. ``rates`` are the names under which its rate is held.
    """

    name: str
    label: str
    kind: Kind
    pupils: str = ""
    rates: tuple[str, ...] = ()

    @property
    def is_pupil_led(self) -> bool:
        return self.kind in (Kind.PUPILS, Kind.ADDITIONAL_NEEDS)


def _basic(roll: str, label: str) -> Factor:
    name = f"basic_entitlement_{roll}"
    return Factor(name, f"Basic entitlement, {label}", Kind.PUPILS, roll, (name,))


def _needs(stem: str, label: str) -> tuple[Factor, ...]:
    return tuple(
        Factor(f"{stem}_{roll}", f"{label}, {roll}", Kind.ADDITIONAL_NEEDS, roll, (f"{stem}_{roll}",))
        for roll in ("primary", "secondary")
    )


NEEDS: dict[str, str] = {
    "fsm": "Free school meals",
    "fsm6": "Free school meals in the last six years",
    **{f"idaci_{band}": f"Deprivation band {band.upper()}" for band in BANDS},
    "low_prior_attainment": "Low prior attainment",
    "eal": "English as an additional language",
    "mobility": "Mobility",
}
"""Stem of a factor of additional needs -> what it is called. Each has a primary and a secondary line."""

BASIC_ENTITLEMENT = (_basic("primary", "primary"), _basic("ks3", "key stage 3"), _basic("ks4", "key stage 4"))
ADDITIONAL_NEEDS = tuple(factor for stem, label in NEEDS.items() for factor in _needs(stem, label))
PUPIL_LED = BASIC_ENTITLEMENT + ADDITIONAL_NEEDS
LUMP_SUM = Factor("lump_sum", "Lump sum", Kind.SCHOOL, "", ("lump_sum_primary", "lump_sum_secondary"))
SPARSITY = Factor(
    "sparsity",
    "Sparsity",
    Kind.SCHOOL,
    "",
    ("sparsity_primary", "sparsity_secondary", "sparsity_middle", "sparsity_all_through"),
)
LONDON_FRINGE = Factor("london_fringe", "London fringe", Kind.SCHOOL, "", ("london_fringe",))
SPLIT_SITES = Factor(
    "split_sites", "Split sites", Kind.PREMISES, "", ("split_site_basic", "split_site_distance")
)
RATES = Factor("rates", "Business rates", Kind.PREMISES)
PRIVATE_FINANCE = Factor("pfi", "Private finance initiative", Kind.PREMISES)
EXCEPTIONAL_PREMISES = Factor("exceptional", "Exceptional premises", Kind.PREMISES)

CORE = (*PUPIL_LED, LUMP_SUM, SPARSITY, LONDON_FRINGE)
"""What the minimum per-pupil level is measured against."""
PREMISES = (SPLIT_SITES, RATES, PRIVATE_FINANCE, EXCEPTIONAL_PREMISES)
FACTORS: tuple[Factor, ...] = (*CORE, *PREMISES)

_BY_NAME = {factor.name: factor for factor in FACTORS}


def factor(name: str) -> Factor:
    """The factor of that name. Raises KeyError when there is none."""
    return _BY_NAME[name]
