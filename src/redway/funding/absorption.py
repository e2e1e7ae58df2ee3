"""Absorption: how much of a change reaches schools, and what swallows the rest.

A cut in rates leaves a school that is on its guarantee or its minimum level where it was; a rise leaves one
that is capped where it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from redway.core.money import Money
from redway.funding.calculation import Budgets
from redway.funding.errors import FundingError
from redway.funding.factors import PREMISES
from redway.funding.rounding import Whole
from redway.funding.schools import Flags

_WITHIN_ROUNDING = 1
"""Pence. What a guarantee makes up is a whole penny, so a school it holds may still move by one."""


class Absorber(StrEnum):
    """What takes the place of a change."""

    MINIMUM_PER_PUPIL = "minimum per-pupil level"
    GUARANTEE = "guarantee"
    GAINS_CAP = "cap"


@dataclass(frozen=True)
class Absorption:
    """One entry a school, in pence. ``lines`` is the change before any protection; ``made_up`` is what each
    absorber changes besides (a rise of the cap's deduction counts as less). They add to ``total``."""

    lines: Whole
    made_up: Mapping[Absorber, Whole]
    total: Whole
    touched: Flags
    """Schools whose lines change."""
    unmoved: Flags
    """Of them, those that get what they got before."""

    @cached_property
    def swallowed_by(self) -> dict[Absorber, Flags]:
        """The schools that are touched and unmoved, by what makes up most of the change."""
        sizes = np.stack([np.abs(self.made_up[absorber]) for absorber in Absorber])
        most = sizes.argmax(axis=0)
        return {absorber: self.unmoved & (most == place) for place, absorber in enumerate(Absorber)}

    def count(self, absorber: Absorber) -> int:
        """How many schools this one holds where they were."""
        return int(self.swallowed_by[absorber].sum())

    @property
    def of_lines(self) -> Money:
        """What the change of rates alone would cost (or save, below nothing)."""
        return Money(int(self.lines.sum()))

    @property
    def absorbed(self) -> Money:
        """How much of it does not reach schools: what it would come to, less what it comes to."""
        return Money(int((self.lines - self.total).sum()))


def absorption(before: Budgets, after: Budgets) -> Absorption:
    """Compare two results for the same schools. Raises FundingError for results of different schools."""
    if before.schools.urn != after.schools.urn:
        raise FundingError(
            "The two results are not of the same schools.", "Compare scenarios for one set of schools."
        )
    made_up = {
        Absorber.MINIMUM_PER_PUPIL: after.minimum_per_pupil - before.minimum_per_pupil,
        Absorber.GUARANTEE: after.guarantee - before.guarantee,
        Absorber.GAINS_CAP: before.gains_cap - after.gains_cap,
    }
    # Seen before lines are rounded: a school that is held moves by the rounding of each of its lines.
    unrounded = after.core + _premises(after) - before.core - _premises(before)
    settled = unrounded + sum(made_up.values())
    touched = np.abs(unrounded) > _WITHIN_ROUNDING
    return Absorption(
        lines=(after.formula - after.minimum_per_pupil) - (before.formula - before.minimum_per_pupil),
        made_up=made_up,
        total=after.total - before.total,
        touched=touched,
        unmoved=touched & (np.abs(settled) <= _WITHIN_ROUNDING),
    )


def _premises(budgets: Budgets) -> Whole:
    lines = budgets.lines[-len(PREMISES) :]
    added: Whole = lines[0] + lines[1] + lines[2] + lines[3]
    return added
