"""What a fitted model says of each school, as pages need it: estimate, range, who is told apart from whom.

Schools of so few pupils that a figure about them would be a figure about children are taken out before
anything is shown, and one more with them where a single one could be worked out from the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import hypot
from typing import TypeVar

from redway.attainment.effects import SchoolEffects, comparable_intervals, rank_intervals
from redway.attainment.model import Model
from redway.figures.disclosure import Rule
from redway.indicators.intervals import Z95

Number = TypeVar("Number", int, float)


@dataclass(frozen=True)
class Estimate:
    """One school beside the average school, in units of the outcome."""

    school: str
    pupils: int
    plain: float
    """Mean difference of its pupils from the estimate, before it is drawn towards the average."""
    trusted: float
    """How much of the plain difference is kept, 0 to 1: more for more pupils."""
    value: float
    error: float
    """Comparative standard error."""
    lower: float
    upper: float

    @property
    def is_apart(self) -> bool:
        """Whether the 95% range leaves the average out."""
        return self.lower > 0 or self.upper < 0

    @property
    def beside_average(self) -> str:
        """'Above', 'Below' or 'Not told apart'."""
        if self.lower > 0:
            return "Above"
        return "Below" if self.upper < 0 else "Not told apart"


@dataclass(frozen=True)
class Apart:
    """The other schools, seen from one of them."""

    add_less: int
    add_more: int
    not_told_apart: int

    @property
    def others(self) -> int:
        return self.add_less + self.add_more + self.not_told_apart


@dataclass(frozen=True)
class Estimates:
    """Every school that may be shown, in the order of their keys, and the keys of those that may not."""

    shown: Sequence[Estimate]
    hidden: frozenset[str]
    small: frozenset[str]
    """Those of the hidden that have few pupils themselves; the others are hidden to protect them."""
    effects: SchoolEffects
    """The same of the schools shown, as columns."""

    @cached_property
    def pairwise(self) -> Mapping[str, tuple[float, float]]:
        """Ranges for comparing two schools, by key: two differ where theirs do not overlap."""
        low, high = comparable_intervals(self.effects)
        return self._by_school(low.tolist(), high.tolist())

    @cached_property
    def places(self) -> Mapping[str, tuple[int, int]]:
        """Between which places each could stand in an order of schools, with 95% certainty; 1 is lowest."""
        first, last = rank_intervals(self.effects)
        return self._by_school(first.tolist(), last.tolist())

    def _by_school(self, low: list[Number], high: list[Number]) -> dict[str, tuple[Number, Number]]:
        return dict(zip(self.effects.group, zip(low, high, strict=True), strict=True))

    def of(self, school: str) -> Estimate | None:
        """The estimate of one school; None when it has none or may not be shown."""
        return next((one for one in self.shown if one.school == school), None)

    def apart_from(self, own: Estimate) -> Apart:
        """How many other schools add less or more than this one by more than chance explains (95%).

        The two estimates are taken as independent: what they share, the coefficients, is nearly the same
        for both.
        """
        less = more = same = 0
        for other in self.shown:
            if other.school == own.school:
                continue
            gap = own.value - other.value
            if abs(gap) <= Z95 * hypot(own.error, other.error):
                same += 1
            elif gap > 0:
                less += 1
            else:
                more += 1
        return Apart(less, more, same)


def estimates_of(model: Model, rule: Rule, pupils: Mapping[str, int]) -> Estimates:
    """The schools of a model under a disclosure rule.

    ``pupils`` counts the pupils of each school, in the model or not: which schools are hidden beside the
    small ones must not change with what the model allows for.
    """
    every = model.effects
    effects = every.suppressed(rule.small, pupils)
    sizes = zip(every.group, every.n.tolist(), strict=True)
    small = frozenset(school for school, size in sizes if rule.is_small(size))
    columns = (
        effects.n,
        effects.raw,
        effects.shrinkage,
        effects.effect,
        effects.se_comparative,
        effects.lower,
        effects.upper,
    )
    rows = zip(effects.group, *(column.tolist() for column in columns), strict=True)
    return Estimates(tuple(Estimate(*row) for row in rows), frozenset(effects.hidden), small, effects)
