"""A local formula of 2008-09: before national factors, each authority paid by factors of its own.

Beside pupils by age: an allocation for pupils with English as an additional language, a threshold below which
a small school is protected, one count of early-years children instead of three, an allocation for new
schools, residential provision open 52 weeks, and deprivation above a share of the roll. Lines are rounded to
the penny or to whole pounds, as the authority printed them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from redway.core.money import Money
from redway.funding.errors import FundingError
from redway.funding.guarantee_2008 import Guarantee2008, Kind, guarantee_2008
from redway.funding.local_values import InForce, values_in_force
from redway.funding.rounding import PERCENT_PARTS, Rounding, Whole, rounded_ratio
from redway.funding.schools import Flags
from redway.funding.years import first_day

SUBJECT = "local-2008"
STAGES = {
    "reception": "Reception",
    "ks1": "Key stage 1",
    "ks2": "Key stage 2",
    "ks3": "Key stage 3",
    "ks4": "Key stage 4",
}
LINES = {
    **{f"age-weighted-{stage}": f"Age-weighted pupils, {label.lower()}" for stage, label in STAGES.items()},
    "part-time-nursery": "Part-time nursery places",
    "early-years": "Early-years children",
    "eal": "English as an additional language",
    "deprivation": "Deprivation",
    "small-school": "Small-school protection",
    "new-school": "New school, year of opening",
    "new-school-places": "New school, places not yet filled",
    "residential": "Residential provision, 52 weeks",
    "lump-sum": "Lump sum",
}
"""Name of a line -> what it is called, in the order of a statement."""
_SIZES = {Rounding.DFE_LINES: 1, Rounding.WHOLE_POUNDS: 100}
_HALF = 2
_TERMS = 3


@dataclass(frozen=True)
class LastYear:
    """What the guarantee needs of the year before, and its count of this year's pupils."""

    budget: Whole
    pupils_before: Whole
    pupils_now: Whole


@dataclass(frozen=True)
class Schools2008:
    """One entry a school in every column; a column that is None is not used.

    ``pupils`` are heads by stage. ``early_years`` are children at the one count in January, or at three
    counts, one a term. ``small`` protection goes to nursery and primary schools.
    """

    urn: tuple[str, ...]
    name: tuple[str, ...]
    kind: tuple[Kind, ...]
    pupils: Mapping[str, Whole] = field(default_factory=dict)
    part_time_places: Whole | None = None
    early_years: tuple[Whole, ...] = ()
    eal: Whole | None = None
    deprived: Whole | None = None
    opens: Flags | None = None
    places_to_fill: Whole | None = None
    residential_places: Whole | None = None
    last: LastYear | None = None

    def __post_init__(self) -> None:
        if unknown := sorted(set(self.pupils) - set(STAGES)):
            raise FundingError(f"'{unknown[0]}' is no stage of 2008.", f"Use {', '.join(STAGES)}.")
        if len(self.early_years) not in (0, 1, _TERMS):
            raise FundingError(
                f"Early-years children are counted {len(self.early_years)} times.",
                "Give the one count of January, or one for each of three terms.",
            )
        for name, counts in self._counts().items():
            if (counts < 0).any():
                row = int(np.flatnonzero(counts < 0)[0])
                raise FundingError(
                    f"{self.urn[row]}: {name} is {counts[row]}, below nothing.", "Mend the file of schools."
                )

    def __len__(self) -> int:
        return len(self.urn)

    def nothing(self) -> Whole:
        return np.zeros(len(self), dtype=np.int64)

    @property
    def roll(self) -> Whole:
        """Pupils of all stages."""
        return sum(self.pupils.values(), self.nothing())

    def _counts(self) -> dict[str, Whole]:
        columns = {
            **self.pupils,
            **{f"early-years count {place}": held for place, held in enumerate(self.early_years, 1)},
            "part-time places": self.part_time_places,
            "eal": self.eal,
            "deprived": self.deprived,
            "places to fill": self.places_to_fill,
            "residential places": self.residential_places,
        }
        return {name: held for name, held in columns.items() if held is not None}


@dataclass(frozen=True)
class Budgets2008:
    """What each school got: one entry a school, in pence, already rounded as ``rounding`` says."""

    schools: Schools2008
    values: InForce
    rounding: Rounding
    lines: Mapping[str, Whole]
    units: Mapping[str, tuple[Whole, int]]
    """Line -> (units, what they are divided by)."""
    formula: Whole
    guarantee: Guarantee2008 | None
    total: Whole

    @property
    def rests_on(self) -> tuple[str, ...]:
        """Names of the rates and thresholds its lines rest on."""
        named = {*self.lines, *(f"{line}-threshold" for line in self.lines)}
        named |= {f"lump-sum-{kind.value}" for kind in self.schools.kind}
        return tuple(one.name for one in self.values.entries() if one.name in named)

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """Values this rests on that nobody has confirmed; said beside every result."""
        unconfirmed = {one.name for one in self.values.unconfirmed}
        rates = tuple(name for name in self.rests_on if name in unconfirmed)
        return rates + (self.guarantee.unconfirmed if self.guarantee else ())

    def rate(self, name: str, row: int) -> Money:
        """What one unit of a line is paid at one school; a lump sum goes by the kind of school."""
        return Money.of(self.values.number(rate_name(name, self.schools.kind[row])))

    def units_of(self, name: str, row: int) -> Decimal:
        """The units of a line at one school, exactly."""
        units, divided_by = self.units[name]
        return Decimal(int(units[row])) / divided_by


def values_2008(year: str = "2008-09", own: Mapping[str, Decimal] | None = None) -> InForce:
    """Rates and parameters of a year, with the authority's own over them. Raises ValuesError for a year that
    holds none: a local formula of one year says nothing of another."""
    held = values_in_force(SUBJECT, first_day(year), own)
    held.entry("age-weighted-ks1")
    return held


def budgets_2008(
    schools: Schools2008, values: InForce, rounding: Rounding = Rounding.DFE_LINES
) -> Budgets2008:
    """Every line and total. Rounding is to the penny or to whole pounds, half away from zero, line by line.

    Raises FundingError for another rounding.
    """
    if rounding not in _SIZES:
        raise FundingError(
            f"A formula of 2008 is not rounded as '{rounding.value}'.",
            f"Use {' or '.join(held.value for held in _SIZES)}.",
        )
    units = _units(schools, values)
    lines = {
        name: _line(_rate(schools, values, name), *units[name], _SIZES[rounding])
        for name in LINES
        if name in units
    }
    formula = sum(lines.values(), schools.nothing())
    last = schools.last
    guarantee = None
    if last is not None:
        guarantee = guarantee_2008(
            schools.kind, last.budget, last.pupils_before, last.pupils_now, formula, values
        )
    return Budgets2008(
        schools,
        values,
        rounding,
        lines,
        units,
        formula,
        guarantee,
        formula + guarantee.added if guarantee else formula,
    )


def _units(schools: Schools2008, values: InForce) -> dict[str, tuple[Whole, int]]:
    """Line -> (units, what they are divided by), of the columns there are."""
    units: dict[str, tuple[Whole, int]] = {
        f"age-weighted-{stage}": (heads, 1) for stage, heads in schools.pupils.items()
    }
    if schools.part_time_places is not None:
        units["part-time-nursery"] = (schools.part_time_places, _HALF)
    if schools.early_years:
        counted = sum(schools.early_years, schools.nothing())
        units["early-years"] = (counted, len(schools.early_years))
    if schools.eal is not None:
        units["eal"] = (schools.eal, 1)
    if schools.deprived is not None:
        share = values.percent_parts("deprivation-threshold")
        above = np.maximum(schools.deprived * PERCENT_PARTS - schools.roll * share, 0)
        units["deprivation"] = (above, PERCENT_PARTS)
    if schools.pupils:
        below = np.maximum(values.whole("small-school-threshold") - schools.roll, 0)
        protected = np.array([kind in (Kind.NURSERY, Kind.PRIMARY) for kind in schools.kind])
        units["small-school"] = (np.where(protected & (schools.roll > 0), below, 0), 1)
    if schools.opens is not None:
        units["new-school"] = (schools.opens.astype(np.int64), 1)
    if schools.places_to_fill is not None:
        units["new-school-places"] = (schools.places_to_fill, 1)
    if schools.residential_places is not None:
        units["residential"] = (schools.residential_places, 1)
    units["lump-sum"] = (schools.nothing() + 1, 1)
    return units


def rate_name(line: str, kind: Kind) -> str:
    """The rate that a line is paid at in a kind of school."""
    return f"lump-sum-{kind.value}" if line == "lump-sum" else line


def _rate(schools: Schools2008, values: InForce, name: str) -> Whole:
    """The rate of a line in pence; a lump sum goes by the kind of school."""
    if name != "lump-sum":
        return np.full(len(schools), Money.of(values.number(name)).pence, dtype=np.int64)
    by_kind = {kind: Money.of(values.number(rate_name(name, kind))).pence for kind in set(schools.kind)}
    return np.array([by_kind[kind] for kind in schools.kind], dtype=np.int64)


def _line(pence: Whole, units: Whole, divided_by: int, to: int) -> Whole:
    return rounded_ratio(pence * units, divided_by * to) * to
