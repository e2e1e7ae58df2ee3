"""Who gains and who loses between two results: each school, groups of schools, and how much moves.

Two results may be of two scenarios for one year or of two years; schools are paired by their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from redway.core.money import Money
from redway.funding.absorption import Absorption, absorption
from redway.funding.calculation import Budgets
from redway.funding.errors import FundingError
from redway.funding.factors import BANDS
from redway.funding.rounding import PARTS, PERCENT_PARTS, Whole, rounded_ratio
from redway.funding.schools import Flags, Phase, Schools, SchoolStatus

_THOUSANDTHS = 1_000
_FIFTHS = ("Fifth with least deprivation", "Second fifth", "Third fifth", "Fourth fifth", "Most deprivation")
NOT_KNOWN = "Not known"


class By(StrEnum):
    """What schools are grouped by."""

    PHASE = "phase"
    SIZE = "size"
    DEPRIVATION = "deprivation"
    LOCALITY = "locality"
    STATUS = "status"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    By.PHASE: "Phase",
    By.SIZE: "Pupils",
    By.DEPRIVATION: "Share of pupils in deprivation bands A to F",
    By.LOCALITY: "Locality",
    By.STATUS: "Maintained schools and academies",
}
SIZE_BANDS = (105, 210, 420, 630, 1_000)
"""Upper ends: half a form of entry in a primary school, one, two and three forms, and 1,000 pupils."""
_PHASES = {
    Phase.PRIMARY: "Primary",
    Phase.SECONDARY: "Secondary",
    Phase.MIDDLE: "Middle",
    Phase.ALL_THROUGH: "All-through",
}
_STATUSES = {SchoolStatus.MAINTAINED: "Maintained schools", SchoolStatus.ACADEMY: "Academies"}


@dataclass(frozen=True)
class SchoolChange:
    """One school. ``percent`` has three decimals and is None where it had nothing before; amounts a pupil
    are to the penny and None without pupils."""

    urn: str
    name: str
    before: Money
    after: Money
    change: Money
    percent: Decimal | None
    per_pupil_before: Money | None
    per_pupil_after: Money | None


@dataclass(frozen=True)
class GroupChange:
    """Some schools together. Groups of one kind add to the whole."""

    label: str
    schools: int
    pupils: int
    gain: int
    lose: int
    unchanged: int
    before: Money
    after: Money
    change: Money
    percent: Decimal | None
    largest_gain: Money
    largest_loss: Money
    """Below nothing, or nothing where no school loses."""


@dataclass(frozen=True)
class Turbulence:
    """How much money moves between schools, whatever the sum does."""

    gained: Money
    """All gains added up."""
    lost: Money
    """All losses added up, as an amount above nothing."""
    middle_percent: Decimal | None
    """The middle one of all changes in percent, whichever way they go."""
    beyond: int
    """Schools that change by more than ``threshold`` percent."""
    threshold: Decimal


@dataclass(frozen=True)
class Impact:
    """Two results side by side: one entry a school that is in both, in whole pence.

    ``percent`` is in thousandths of a percent; ``had`` says where there is one. Schools that are only in one
    of the results are named, and stay outside the groups.
    """

    before: Budgets
    after: Budgets
    rows_before: npt.NDArray[np.intp]
    rows_after: npt.NDArray[np.intp]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    was: Whole
    now: Whole

    @cached_property
    def change(self) -> Whole:
        changed: Whole = self.now - self.was
        return changed

    @cached_property
    def had(self) -> Flags:
        flags: Flags = self.was > 0
        return flags

    @cached_property
    def percent(self) -> Whole:
        return rounded_ratio(self.change * PERCENT_PARTS, np.maximum(self.was, 1)) * self.had

    @cached_property
    def pupils(self) -> Whole:
        """This year's pupils."""
        return self.after.schools.pupils[self.rows_after]

    @property
    def same_schools(self) -> bool:
        return self.before.schools.urn == self.after.schools.urn

    @cached_property
    def absorption(self) -> Absorption:
        """What does not reach schools. Raises FundingError for results of different schools."""
        return absorption(self.before, self.after)

    def school(self, urn: str) -> SchoolChange:
        """One school. Raises FundingError when it is not in both results."""
        try:
            place = self._urns.index(urn)
        except ValueError:
            raise FundingError(
                f"School {urn} is not in both results, so there is nothing to compare it with.",
                "Look at its statement of the one year.",
            ) from None
        return self._at(place)

    def schools(self) -> tuple[SchoolChange, ...]:
        """Every school, in the order of the later result."""
        return tuple(self._at(place) for place in range(len(self.was)))

    def whole(self) -> GroupChange:
        """All schools that are in both results."""
        return self._group("All schools", np.ones(len(self.was), dtype=np.bool_))

    def groups(self, by: By) -> tuple[GroupChange, ...]:
        """Groups of one kind, those that have schools, in their natural order."""
        label_of, order = grouped(self.after.schools, by)
        here = np.array([label_of[row] for row in self.rows_after], dtype=object)
        return tuple(self._group(label, here == label) for label in order if (here == label).any())

    def turbulence(self, threshold: Decimal = Decimal(2)) -> Turbulence:
        """How much moves; ``threshold`` is the percentage beyond which a change is counted."""
        sizes = np.sort(np.abs(self.percent[self.had]))
        middle = int(sizes[(len(sizes) - 1) // 2 : len(sizes) // 2 + 1].sum()) if len(sizes) else 0
        halves = 1 if len(sizes) % 2 else 2
        return Turbulence(
            gained=Money(int(np.maximum(self.change, 0).sum())),
            lost=Money(int(np.maximum(-self.change, 0).sum())),
            middle_percent=Decimal(middle) / halves / _THOUSANDTHS if len(sizes) else None,
            beyond=int((sizes > int(threshold * _THOUSANDTHS)).sum()),
            threshold=threshold,
        )

    @cached_property
    def _urns(self) -> list[str]:
        return [self.after.schools.urn[row] for row in self.rows_after]

    def _at(self, place: int) -> SchoolChange:
        row_before, row_after = self.rows_before[place], self.rows_after[place]
        schools = self.after.schools
        return SchoolChange(
            urn=schools.urn[row_after],
            name=schools.name[row_after],
            before=Money(int(self.was[place])),
            after=Money(int(self.now[place])),
            change=Money(int(self.change[place])),
            percent=_percent(int(self.percent[place])) if self.had[place] else None,
            per_pupil_before=_per_pupil(self.was[place], self.before.schools.pupils[row_before]),
            per_pupil_after=_per_pupil(self.now[place], schools.pupils[row_after]),
        )

    def _group(self, label: str, inside: Flags) -> GroupChange:
        change = self.change[inside]
        was, now = int(self.was[inside].sum()), int(self.now[inside].sum())
        gain, lose = int((change > 0).sum()), int((change < 0).sum())
        return GroupChange(
            label=label,
            schools=len(change),
            pupils=int(self.pupils[inside].sum()),
            gain=gain,
            lose=lose,
            unchanged=len(change) - gain - lose,
            before=Money(was),
            after=Money(now),
            change=Money(now - was),
            percent=_percent(_ratio((now - was) * PERCENT_PARTS, was)) if was > 0 else None,
            largest_gain=Money(int(change.max(initial=0))),
            largest_loss=Money(int(change.min(initial=0))),
        )


def impact(before: Budgets, after: Budgets) -> Impact:
    """Pair two results by school. Raises FundingError when they have no school in common."""
    if before.schools.urn == after.schools.urn:
        rows_before = rows_after = np.arange(len(after.schools), dtype=np.intp)
    else:
        places = {urn: row for row, urn in enumerate(before.schools.urn)}
        pairs = [(places[urn], row) for row, urn in enumerate(after.schools.urn) if urn in places]
        rows_before = np.array([pair[0] for pair in pairs], dtype=np.intp)
        rows_after = np.array([pair[1] for pair in pairs], dtype=np.intp)
    if not len(rows_after):
        raise FundingError(
            "The two results have no school in common.", "Compare results for schools of one authority."
        )
    return Impact(
        before=before,
        after=after,
        rows_before=rows_before,
        rows_after=rows_after,
        only_before=_missing_from(after.schools.urn, before.schools.urn),
        only_after=_missing_from(before.schools.urn, after.schools.urn),
        was=before.total[rows_before],
        now=after.total[rows_after],
    )


def grouped(schools: Schools, by: By) -> tuple[Sequence[str], Sequence[str]]:
    """(label of each school's group, all labels in their natural order)."""
    if by is By.PHASE:
        return [_PHASES[phase] for phase in schools.phase], tuple(_PHASES.values())
    if by is By.STATUS:
        return [_STATUSES[status] for status in schools.status], tuple(_STATUSES.values())
    if by is By.LOCALITY:
        here = [locality or NOT_KNOWN for locality in schools.locality]
        return here, [*sorted(set(here) - {NOT_KNOWN}), NOT_KNOWN]
    if by is By.SIZE:
        labels = _size_labels()
        return [labels[place] for place in np.searchsorted(SIZE_BANDS, schools.pupils)], labels
    return _deprivation(schools), (*_FIFTHS, NOT_KNOWN)


def deprivation_shares(schools: Schools) -> tuple[Whole, Flags]:
    """(share of pupils in any deprivation band, in PARTS; where it is known) of each school."""
    names = [f"idaci_{band}_{roll}" for band in BANDS for roll in ("primary", "secondary")]
    held = [schools.needs[name] for name in names if name in schools.needs]
    units = sum((one.whole * PARTS + one.parts for one in held), schools.nothing())
    known: Flags = (schools.pupils > 0) & bool(held)
    share: Whole = units // np.maximum(schools.pupils, 1)
    return share, known


def _deprivation(schools: Schools) -> list[str]:
    """The fifth of each school among those whose share is known; equal shares are in one fifth."""
    share, known = deprivation_shares(schools)
    in_order = np.sort(share[known])
    fifth = np.searchsorted(in_order, share) * len(_FIFTHS) // max(1, len(in_order))
    return [_FIFTHS[min(int(place), 4)] if ok else NOT_KNOWN for place, ok in zip(fifth, known, strict=True)]


def _size_labels() -> tuple[str, ...]:
    between = (f"{low + 1:,} to {high:,}" for low, high in pairwise(SIZE_BANDS))
    return (f"Up to {SIZE_BANDS[0]:,}", *between, f"Over {SIZE_BANDS[-1]:,}")


def _missing_from(there: Iterable[str], here: Iterable[str]) -> tuple[str, ...]:
    held = set(there)
    return tuple(urn for urn in here if urn not in held)


def _per_pupil(pence: int, pupils: int) -> Money | None:
    return Money(int(pence)).divided_by(int(pupils)) if pupils else None


def _percent(thousandths: int) -> Decimal:
    return Decimal(thousandths) / _THOUSANDTHS


def _ratio(numerator: int, denominator: int) -> int:
    """To the nearest whole number, half away from zero, with integers of any size."""
    nearest = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -nearest if numerator < 0 else nearest
