"""The ledger alert -> visit -> action -> outcome: what became of alerts, and whether they were worth it.

A school that was flagged, helped and then did not decline proves nothing about the alert: the help may have
worked. Such an entry is 'supported'. It is left out of precision, and precision is also shown as it would be
if every supported entry had been a right alarm, and if every one had been a false one: the truth is between.
Flagged schools are set beside unflagged schools that looked alike, because schools are flagged when their
figures are at their worst, and figures at their worst mostly get better by themselves (regression to the
mean; the hospital alerts of 2007 to 2016 fell by 61% in the nine months after an alert, and whether that was
more than this is disputed).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from redway.core.words import counted
from redway.indicators.intervals import Interval, wilson


class Outcome(StrEnum):
    """What became of a school after the decision date."""

    DECLINED = "Declined"
    HELD = "Neither declined nor improved"
    IMPROVED = "Improved"
    NOT_KNOWN = "Not known yet"


class Verdict(StrEnum):
    """What an entry says of its alert."""

    RIGHT = "Right alarm"
    FALSE = "False alarm"
    SUPPORTED = "Supported"
    OPEN = "Not known yet"
    MISSED = "Missed"
    QUIET = "Rightly not flagged"


@dataclass(frozen=True)
class Entry:
    """One school at one decision date.

    ``like`` is the key of the flagged entry that an unflagged one was chosen as a look-alike of; empty for
    flagged ones.
    """

    key: str
    flagged: bool
    outcome: Outcome
    visits: int = 0
    actions: int = 0
    programmes: int = 0
    like: str = ""

    @property
    def is_supported(self) -> bool:
        """Help was given: an action or a programme; a visit alone is a look, not help."""
        return self.actions > 0 or self.programmes > 0

    @property
    def verdict(self) -> Verdict:
        """What the entry says of its alert (case 37: flagged, supported, improved is 'supported')."""
        if self.outcome is Outcome.NOT_KNOWN:
            return Verdict.OPEN
        declined = self.outcome is Outcome.DECLINED
        if not self.flagged:
            return Verdict.MISSED if declined else Verdict.QUIET
        if declined:
            return Verdict.RIGHT
        return Verdict.SUPPORTED if self.is_supported else Verdict.FALSE


@dataclass(frozen=True)
class Precision:
    """Right alarms of those counted. ``interval`` is Wilson's 95%; None where nothing can be counted."""

    right: int
    counted: int
    what: str

    @property
    def share(self) -> float | None:
        return self.right / self.counted if self.counted else None

    @property
    def interval(self) -> Interval | None:
        return wilson(self.right, self.counted) if self.counted else None

    @property
    def words(self) -> str:
        """'3 of 12 (25%, between 9% and 53%)'."""
        if self.interval is None:
            return "Nothing to count yet"
        low, high = round(self.interval.lower * 100), round(self.interval.upper * 100)
        share = round(self.right / self.counted * 100)
        return f"{self.right} of {self.counted} ({share}%, between {low}% and {high}%)"


@dataclass(frozen=True)
class Walk:
    """How many alerts came how far."""

    alerts: int
    visited: int
    acted_on: int
    known: int


@dataclass(frozen=True)
class Teaching:
    """What the ledger teaches: counts of each verdict, precision three ways, and the comparison."""

    walk: Walk
    verdicts: dict[Verdict, int]
    without_supported: Precision
    supported_right: Precision
    supported_false: Precision
    flagged_improved: Precision
    alike_improved: Precision

    @property
    def sentences(self) -> tuple[str, ...]:
        """What may and may not be said of it."""
        walk = self.walk
        told = f"{counted(walk.alerts, 'alert')}: {walk.visited} led to a visit, {walk.acted_on} to help; "
        found = [f"{told}what became of the school is known for {walk.known}."]
        supported = self.verdicts[Verdict.SUPPORTED]
        if supported:
            found.append(
                f"{counted(supported, 'school was', 'schools were')} flagged, supported and did not decline. "
                "They are left out of precision, because nobody can know what would have happened without "
                "the help; the two other rows say what precision would be at most and at least."
            )
        found.append(self._compared())
        found.append(
            "Schools are flagged when their figures are at their worst, and figures at their worst mostly "
            "get better by themselves (regression to the mean). Only what flagged schools do beyond their "
            "look-alikes can be put down to support."
        )
        return tuple(found)

    def _compared(self) -> str:
        ours, alike = self.flagged_improved, self.alike_improved
        if not ours.counted or not alike.counted:
            return (
                "There are too few known outcomes to compare flagged schools with unflagged look-alikes: "
                "choose look-alikes for each alert, and record what becomes of them too."
            )
        assert ours.interval is not None
        assert alike.interval is not None
        beyond = ours.interval.lower > alike.interval.upper or ours.interval.upper < alike.interval.lower
        told = (
            "The two differ by more than chance would do."
            if beyond
            else "That is no more of a difference than chance would do."
        )
        both = f"Of flagged schools {ours.words} improved; of unflagged look-alikes {alike.words} improved."
        return f"{both} {told}"


def teaching(entries: Iterable[Entry]) -> Teaching:
    """What a ledger teaches. Entries whose outcome is not known are counted as alerts and nowhere else."""
    held = list(entries)
    flagged = [one for one in held if one.flagged]
    verdicts = {verdict: sum(one.verdict is verdict for one in held) for verdict in Verdict}
    right, wrong = verdicts[Verdict.RIGHT], verdicts[Verdict.FALSE]
    supported = verdicts[Verdict.SUPPORTED]
    everyone = right + wrong + supported
    return Teaching(
        Walk(
            len(flagged),
            sum(one.visits > 0 for one in flagged),
            sum(one.is_supported for one in flagged),
            sum(one.outcome is not Outcome.NOT_KNOWN for one in flagged),
        ),
        verdicts,
        Precision(right, right + wrong, "Supported schools left out"),
        Precision(right + supported, everyone, "If every supported school was a right alarm"),
        Precision(right, everyone, "If every supported school was a false alarm"),
        _improved(flagged, "Flagged schools that improved"),
        _improved([one for one in held if one.like], "Unflagged look-alikes that improved"),
    )


def _improved(entries: Sequence[Entry], what: str) -> Precision:
    known = [one for one in entries if one.outcome is not Outcome.NOT_KNOWN]
    return Precision(sum(one.outcome is Outcome.IMPROVED for one in known), len(known), what)


def look_alikes(
    chance: float, phase: str, others: Iterable[tuple[str, str, float]], count: int = 2
) -> tuple[str, ...]:
    """The unflagged schools most like a flagged one: of its phase, with the nearest chance.

    ``others`` are (key, phase, chance) of unflagged schools; ties go by key, so that the choice is the same
    each time.

    >>> others = [("a", "Primary", 0.1), ("b", "Primary", 0.2), ("c", "Secondary", 0.3)]
    >>> look_alikes(0.30, "Primary", others, 1)
    ('b',)
    """
    of_phase = [(abs(value - chance), key) for key, kind, value in others if kind == phase]
    return tuple(key for _, key in sorted(of_phase)[:count])
