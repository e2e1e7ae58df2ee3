"""The schools of one authority and year, in columns: what a formula needs to know of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from redway.funding.rounding import PARTS, Whole, divided

MOST_PUPILS = 9_000
"""No school in England has as many pupils; up to here the arithmetic of the guarantee is exact in 63 bits."""
MOST_A_SCHOOL = 5_000_000_000
"""Pence: £50 million. Twice what the largest school of England has; up to here the same holds."""


class Phase(StrEnum):
    PRIMARY = "primary"
    SECONDARY = "secondary"
    MIDDLE = "middle"
    ALL_THROUGH = "all_through"


class SchoolStatus(StrEnum):
    MAINTAINED = "maintained"
    ACADEMY = "academy"


PHASES = tuple(Phase)
Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Units:
    """How many units each school has: whole ones, and ten-thousand-millionths of one beside them.

    ``shares`` is set where the units were given as a share of a roll.
    """

    whole: Whole
    parts: Whole
    shares: Whole | None = None

    @classmethod
    def counted(cls, counts: Whole) -> Units:
        return cls(counts, np.zeros_like(counts))

    @classmethod
    def shared(cls, shares: Whole, pupils: Whole) -> Units:
        """A share (in PARTS) of each school's pupils: exact."""
        whole, parts = divided(shares * pupils, PARTS)
        return cls(whole, parts, shares)

    def of(self, school: int) -> Decimal:
        """The units of one school, exactly."""
        return int(self.whole[school]) + Decimal(int(self.parts[school])) / PARTS


@dataclass(frozen=True)
class Baseline:
    """Last year's budget of each school, in pence. ``known`` is false for a school that has none.

    ``budget`` includes last year's guarantee and minimum per-pupil level; ``grants`` are grants rolled in
    since; ``exclusions`` and ``rates`` are last year's.
    """

    budget: Whole
    pupils: Whole
    rates: Whole
    exclusions: Whole
    grants: Whole
    known: Flags

    @cached_property
    def is_used(self) -> Flags:
        """Whether a school has a budget and pupils of last year to be compared with."""
        used: Flags = self.known & (self.pupils > 0)
        return used


@dataclass(frozen=True)
class Schools:
    """One entry a school in every column. Money is whole pence, rolls are whole pupils.

    ``needs`` holds the units of each factor of additional needs that the file has (mobility: all mobile
    pupils, before the threshold); a factor not in it is not used. ``miles`` are thousandths of a mile, or
    -1 where the school is not sparse. ``premises`` holds pence by factor (rates, pfi, exceptional).
    ``exclusions`` are this year's approved exclusions from the guarantee.
    """

    urn: tuple[str, ...]
    name: tuple[str, ...]
    phase: tuple[Phase, ...]
    status: tuple[SchoolStatus, ...]
    locality: tuple[str, ...]
    pupils_primary: Whole
    pupils_ks3: Whole
    pupils_ks4: Whole
    needs: Mapping[str, Units] = field(default_factory=dict)
    miles: Whole | None = None
    year_groups: Whole | None = None
    sites: Whole | None = None
    distant_sites: Units | None = None
    premises: Mapping[str, Whole] = field(default_factory=dict)
    baseline: Baseline | None = None
    exclusions: Whole | None = None
    growing: Flags | None = None
    no_baseline_because: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.urn)

    @cached_property
    def pupils_secondary(self) -> Whole:
        return self.pupils_ks3 + self.pupils_ks4

    @cached_property
    def pupils(self) -> Whole:
        return self.pupils_primary + self.pupils_ks3 + self.pupils_ks4

    def roll(self, of: str) -> Whole:
        """The roll a factor is a share of: primary, ks3, ks4 or secondary."""
        found: Whole = getattr(self, f"pupils_{of}")
        return found

    @cached_property
    def phase_codes(self) -> Codes:
        """Where each school's phase stands in PHASES."""
        places = {phase: place for place, phase in enumerate(PHASES)}
        return np.array([places[phase] for phase in self.phase], dtype=np.int8)

    def is_phase(self, phase: Phase) -> Flags:
        found: Flags = self.phase_codes == PHASES.index(phase)
        return found

    @cached_property
    def is_maintained(self) -> Flags:
        return np.array([held is SchoolStatus.MAINTAINED for held in self.status], dtype=np.bool_)

    def row_of(self, urn: str) -> int:
        """The row of a school. Raises KeyError when it is not among these."""
        try:
            return self.urn.index(urn)
        except ValueError:
            raise KeyError(urn) from None

    def nothing(self) -> Whole:
        """A column of noughts, for money that no school has."""
        return np.zeros(len(self), dtype=np.int64)
