"""The plan as one chain: outcome, success measure, action, milestone; and what of it may be approved.

A success measure runs from a baseline on a day to a target on a day. Where it should be in between is taken
from the straight line between the two, for no plan says otherwise; every page that shows it says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from redway.core.words import day_in_words, number
from redway.improvement.board_errors import MeasureRefused, NotReady


class Polarity(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"

    @property
    def label(self) -> str:
        return f"{self.value.capitalize()} is better"


class EvidenceKind(StrEnum):
    """What a piece of evidence shows. Only impact says that anything changed for children."""

    ACTIVITY = "activity"
    OUTPUT = "output"
    IMPACT = "impact"

    @property
    def label(self) -> str:
        return {
            EvidenceKind.ACTIVITY: "Activity: something was done",
            EvidenceKind.OUTPUT: "Output: something was delivered",
            EvidenceKind.IMPACT: "Impact: something changed for children",
        }[self]


class Confidence(StrEnum):
    """How sure the owner is that the action will be delivered: apart from whether it has any impact."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class SuccessMeasure:
    """How it will be known that an outcome was reached. ``unit`` is 'percent' or words after the number."""

    name: str
    unit: str
    polarity: Polarity
    baseline: Decimal
    baseline_on: date
    target: Decimal
    target_on: date
    source: str
    indicator: str = ""
    """Code of the indicator that feeds it; empty where readings are entered by hand."""
    decimals: int = 1

    def __post_init__(self) -> None:
        if not self.name.strip() or not self.source.strip():
            raise MeasureRefused(
                "A success measure needs a name and a source.",
                "Say what is counted, and where it comes from.",
                "source" if self.name.strip() else "name",
            )
        if self.target_on <= self.baseline_on:
            raise MeasureRefused(
                f"The target day, {day_in_words(self.target_on)}, is not after the day of the baseline, "
                f"{day_in_words(self.baseline_on)}.",
                "Give the day by which the target is to be reached.",
                "target_on",
            )
        if self._sign * (self.target - self.baseline) < 0:
            raise MeasureRefused(
                f"From {self.show(self.baseline)} to {self.show(self.target)} is the wrong way: "
                f"{self.polarity.label.lower()}, so the baseline has passed the target already.",
                "Change the target, or which way is better.",
            )

    @property
    def _sign(self) -> int:
        return 1 if self.polarity is Polarity.HIGHER else -1

    @property
    def is_to_hold(self) -> bool:
        """Whether the aim is not to fall back: the target is the baseline."""
        return self.target == self.baseline

    def show(self, value: Decimal) -> str:
        """A value with its unit.

        >>> SuccessMeasure("Absence", "percent", Polarity.LOWER, Decimal(9), date(2025, 7, 31), Decimal(8),
        ...     date(2027, 7, 31), "School census").show(Decimal("8.59"))
        '8.6%'
        """
        shown = number(value, self.decimals)
        if self.unit == "percent":
            return f"{shown}%"
        return f"{shown} {self.unit.removesuffix('s') if shown == '1' else self.unit}".strip()

    def reached(self, value: Decimal) -> bool:
        """Whether a value is at the target or better."""
        return self._sign * (value - self.target) >= 0

    def way_done(self, value: Decimal) -> int:
        """Percent of the way from baseline to target, rounded down; below 0 when it has gone backwards.

        A measure that is to hold its baseline is at 100 when it does and at 0 when it does not.
        """
        if self.is_to_hold:
            return 100 if self.reached(value) else 0
        return int((100 * (value - self.baseline) / (self.target - self.baseline)).__floor__())

    def due_by(self, day: date) -> Decimal:
        """Where the straight line from baseline to target stands on a day; level before and after it."""
        if day <= self.baseline_on:
            return self.baseline
        if day >= self.target_on:
            return self.target
        gone = Decimal((day - self.baseline_on).days)
        return self.baseline + (self.target - self.baseline) * gone / (self.target_on - self.baseline_on).days

    def off_track(self, value: Decimal, day: date) -> bool:
        """Whether a reading of that day is worse than the line."""
        return self._sign * (value - self.due_by(day)) < 0


def places_of(*values: Decimal) -> int:
    """The decimal places a measure is written with: as many as its baseline or target have, at most three.

    >>> places_of(Decimal("66"), Decimal("72.50"))
    1
    """
    exponents = [one.normalize().as_tuple().exponent for one in values]
    return min(3, max((-one for one in exponents if isinstance(one, int) and one < 0), default=0))


@dataclass(frozen=True)
class Reading:
    """One value of a measure: the period it is about, its last day, and where it comes from.

    The limits are of its 95% interval, where there is one.
    """

    period: str
    on: date
    value: Decimal
    source: str
    lower: Decimal | None = None
    upper: Decimal | None = None


def off_track_run(measure: SuccessMeasure, readings: Sequence[Reading]) -> int:
    """How many periods running, up to the newest, the measure was worse than its line.

    Readings up to the day of the baseline say nothing of the plan and are left out.
    """
    run = 0
    for one in sorted(readings, key=lambda one: one.on, reverse=True):
        if one.on <= measure.baseline_on or not measure.off_track(one.value, one.on):
            break
        run += 1
    return run


def nearness_words(measure: SuccessMeasure, newest: Reading | None) -> str:
    """How near the target, in one sentence: what members of a board ask first."""
    aim = f"{measure.show(measure.target)} by {day_in_words(measure.target_on)}"
    if newest is None:
        start = f"No reading yet. Baseline {measure.show(measure.baseline)}"
        if measure.is_to_hold:
            return f"{start}, to be held until {day_in_words(measure.target_on)}."
        return f"{start}, target {aim}."
    now = f"{measure.show(newest.value)} ({newest.period})"
    if measure.reached(newest.value):
        return f"Target reached: {now}; target {aim}."
    if measure.is_to_hold:
        return f"Not held: {now}; to be held: {aim}."
    done = measure.way_done(newest.value)
    if done < 0:
        start = measure.show(measure.baseline)
        return f"Further from the target than the baseline of {start}: {now}; target {aim}."
    return f"{done}% of the way from {measure.show(measure.baseline)} to {aim}: {now}."


@dataclass(frozen=True)
class Drafted:
    """What an action has when somebody wants it approved. Owner and sponsor are numbers of people."""

    title: str
    owner: int | None
    sponsor: int | None
    has_measure: bool
    due_on: date | None


def lacking(one: Drafted) -> tuple[str, ...]:
    """What keeps an action from being approved, a sentence each; empty when nothing does."""
    found = []
    if not one.title.strip():
        found.append("It does not say what is to be done.")
    if one.owner is None:
        found.append("It has no owner.")
    if one.sponsor is None:
        found.append("It has no sponsor.")
    if one.owner is not None and one.owner == one.sponsor:
        found.append("Its owner is its sponsor: nobody would be told when it is late.")
    if not one.has_measure:
        found.append("It has no success measure.")
    if one.due_on is None:
        found.append("It has no due date.")
    return tuple(found)


def require_ready(one: Drafted) -> None:
    """Raises NotReady naming everything that is lacking."""
    if missing := lacking(one):
        raise NotReady(f"The action '{one.title}'" if one.title.strip() else "The action", missing)
