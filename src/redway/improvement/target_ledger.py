"""The ledger target -> visit -> action -> outturn: what became of targets that were doubted or not met.

A target that the adviser doubted is followed to its own outturn, one that was not met to that of the next
target in the same measure. Targets that were helped are set beside targets in the same position that nobody
helped. That is no trial: help goes where people think it is needed or welcome, and a cohort that did badly is
mostly followed by one that does better by itself (regression to the mean).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from redway.core.words import counted
from redway.improvement.ledger import Precision, Walk


class Why(StrEnum):
    """Why a target is followed."""

    DOUBTED = "Agreed with reservation, or not agreed"
    NOT_MET = "Not met"

    @property
    def followed_to(self) -> str:
        """Which outturn says what became of it."""
        return "its own outturn" if self is Why.DOUBTED else "the outturn of the next target"


class Reached(StrEnum):
    """What the outturn that it is followed to says."""

    MET = "Met"
    NOT_MET = "Not met"
    NOT_KNOWN = "Not known yet"

    @classmethod
    def of(cls, met: bool | None) -> Reached:
        """From whether a target was met; None where it is not known."""
        if met is None:
            return cls.NOT_KNOWN
        return cls.MET if met else cls.NOT_MET


@dataclass(frozen=True)
class TargetEntry:
    """One target that was doubted or not met, what it led to, and what was reached after."""

    key: str
    why: Why
    reached: Reached
    visits: int = 0
    actions: int = 0
    programmes: int = 0

    @property
    def is_supported(self) -> bool:
        """Help was given: an action or a programme; a visit alone is a look, not help."""
        return self.actions > 0 or self.programmes > 0


@dataclass(frozen=True)
class TargetTeaching:
    """What the ledger of targets teaches."""

    walk: Walk
    shares: tuple[Precision, ...]
    """For each reason: targets met after help, and without any."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """What may and may not be said of it."""
        walk = self.walk
        if not walk.alerts:
            return ("No target has been doubted or not met.",)
        told = (
            f"{counted(walk.alerts, 'target was', 'targets were')} doubted or not met: {walk.visited} led to "
        )
        found = [f"{told}a visit, {walk.acted_on} to help; what was reached after is known for {walk.known}."]
        for helped, left in zip(self.shares[::2], self.shares[1::2], strict=True):
            if helped.counted and left.counted:
                found.append(_compared(helped, left))
        found.append(
            "Help is not given by lot, and a cohort that did badly is mostly followed by one that does "
            "better by itself (regression to the mean). Only what helped schools do beyond the others can be "
            "put down to help."
        )
        return tuple(found)


def _compared(helped: Precision, left: Precision) -> str:
    ours, theirs = helped.interval, left.interval
    assert ours is not None
    assert theirs is not None
    beyond = ours.lower > theirs.upper or ours.upper < theirs.lower
    told = (
        "The two differ by more than chance would do."
        if beyond
        else "That is no more of a difference than chance would do."
    )
    return f"{helped.what}: {helped.words}; without help: {left.words}. {told}"


def target_teaching(entries: Iterable[TargetEntry]) -> TargetTeaching:
    """What a ledger of targets teaches. Where the outturn is not known an entry counts in the walk alone."""
    held = list(entries)
    shares = []
    for why in Why:
        of_kind = [one for one in held if one.why is why and one.reached is not Reached.NOT_KNOWN]
        name = "Doubted, then met" if why is Why.DOUBTED else "Not met, and the next one met"
        for helped in (True, False):
            these = [one for one in of_kind if one.is_supported is helped]
            met = sum(one.reached is Reached.MET for one in these)
            shares.append(Precision(met, len(these), f"{name}, {'with' if helped else 'without'} help"))
    walk = Walk(
        len(held),
        sum(one.visits > 0 for one in held),
        sum(one.is_supported for one in held),
        sum(one.reached is not Reached.NOT_KNOWN for one in held),
    )
    return TargetTeaching(walk, tuple(shares))


def both_in_words(alerts: Walk, targets: Walk) -> str:
    """Alerts and targets together, in one sentence: how many came how far."""
    return (
        f"{counted(alerts.alerts, 'alert')} and {counted(targets.alerts, 'target')} that were doubted or not "
        f"met: {alerts.visited + targets.visited} led to a visit, {alerts.acted_on + targets.acted_on} to "
        f"help; what came after is known for {alerts.known + targets.known}."
    )
