"""How often reservations were right, over schools and years, and what may be said of so few.

A reservation, or a refusal to agree, says that a target is too low or too high. It was right if the outturn
lies on that side by more than chance explains, wrong if it lies on the other; in between nobody can tell.
Three things are left out of the count and told: what was written when results could be known already
(hindsight), targets that the school changed after the reservation (it did its work), and those whose outturn
is not known yet.

Results of any school move, so a part of outturns lies beyond chance on either side without anybody having
doubted the target. Reservations are therefore set beside targets agreed without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from redway.attainment.target_levels import values
from redway.attainment.target_record import Concern, Decision, TargetRecord, Verdict
from redway.core.periods import PeriodKind, parse_period
from redway.core.words import counted, number, percent, plural
from redway.indicators.intervals import Interval, wilson


class Became(StrEnum):
    """What became of a reservation."""

    RIGHT = "Right"
    WRONG = "Wrong"
    CANNOT_TELL = "Cannot be told"
    NOT_YET = "Outturn not known yet"
    CHANGED = "The school changed its target"
    HINDSIGHT = "Written when results could be known"


class Side(StrEnum):
    """Where an outturn lies beside the target."""

    ABOVE = "Above by more than chance"
    BELOW = "Below by more than chance"
    WITHIN = "Within chance"


@dataclass(frozen=True)
class Reservation:
    """One reservation or refusal, and what became of it."""

    year: str
    decision: Decision
    concern: Concern
    became: Became


@dataclass(frozen=True)
class Looked:
    """One target looked back on: its reservations, and where the outturn lies if it was agreed without any.

    ``side`` is None where it is not known or cannot be told for want of a range, or where there was a
    reservation.
    """

    reservations: tuple[Reservation, ...]
    side: Side | None


def look_back(
    record: TargetRecord, year: str, decided_on: Sequence[date], chance_alone: float | None
) -> Looked:
    """A target of one year looked back on.

    ``decided_on`` are the days of ``record.decisions``, in their order; ``chance_alone`` is as in
    ``TargetRecord.reservation_was``. A target that was withdrawn is not looked back on.
    """
    if record.withdrawn:
        return Looked((), None)
    found = []
    for at, decided in enumerate(record.decisions):
        # What is decided later about the same value speaks for what was decided before.
        superseded = any(one.version == decided.version for one in record.decisions[at + 1 :])
        if decided.concern is None or superseded:
            continue
        if decided_on[at] >= results_known_from(year):
            became = Became.HINDSIGHT
        elif decided.version != record.number:
            became = Became.CHANGED
        else:
            became = _became(record, decided.concern, chance_alone)
        found.append(Reservation(year, decided.decision, decided.concern, became))
    agreed = record.decided is not None and not found
    return Looked(tuple(found), _side(record, chance_alone) if agreed else None)


def results_known_from(for_year: str) -> date:
    """The day from which results of a school year may be known, so that what is said later is hindsight.

    >>> results_known_from("2026-27")
    datetime.date(2027, 7, 1)
    """
    year = parse_period(for_year, PeriodKind.ACADEMIC)
    month, number = str(values().value_on("target-results-known-from", year.start).value).split("-")
    return date(year.end.year, int(month), int(number))


def _became(record: TargetRecord, concern: Concern, chance_alone: float | None) -> Became:
    return {
        Verdict.RIGHT: Became.RIGHT,
        Verdict.WRONG: Became.WRONG,
        Verdict.CANNOT_TELL: Became.CANNOT_TELL,
        Verdict.NOT_YET: Became.NOT_YET,
    }[record.concern_was(concern, chance_alone)]


def _side(record: TargetRecord, chance_alone: float | None) -> Side | None:
    if not record.outturns or chance_alone is None:
        return None
    difference = record.outturns[-1].value - record.current.value
    if abs(difference) <= chance_alone:
        return Side.WITHIN
    return Side.ABOVE if difference > 0 else Side.BELOW


@dataclass(frozen=True)
class Share:
    """So many of so many. ``interval`` is Wilson's 95%; None where there is nothing to count."""

    what: str
    count: int
    of: int

    @property
    def interval(self) -> Interval | None:
        return wilson(self.count, self.of) if self.of else None

    @property
    def words(self) -> str:
        """'3 of 12 (25%, between 9% and 53%)'."""
        if self.interval is None:
            return "Nothing to count yet"
        low, high = percent(100 * self.interval.lower, 0), percent(100 * self.interval.upper, 0)
        share = percent(100 * self.count / self.of, 0)
        return f"{number(self.count)} of {number(self.of)} ({share}, between {low} and {high})"


@dataclass(frozen=True)
class Tally:
    """Reservations counted up, beside targets agreed without one."""

    counts: dict[Became, int]
    right: Share
    """Of those of which it can be told."""
    beside: tuple[tuple[Share, Share], ...]
    """For each side: reservations that were right of all with an outturn, and targets agreed without a
    reservation whose outturn lies on that side."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """What may and may not be said of it."""
        made = sum(self.counts.values())
        if not made:
            return ("No reservation has been recorded yet.",)
        found = [f"{counted(made, 'reservation')} recorded."]
        if not self.right.of:
            found.append("Of none of them can it be told yet whether it was right.")
        else:
            found.append(
                f"Of {counted(self.right.of, 'reservation')} of which it can be told, "
                f"{number(self.right.count)} {plural(self.right.count, 'was', 'were')} right: "
                f"{self.right.words}. {self._beside_a_coin}"
            )
        if unsure := self.counts[Became.CANNOT_TELL]:
            found.append(
                f"Of {number(unsure)} more the outturn lies so near the target that chance alone could part "
                "them, and nobody should claim to have been right."
            )
        if changed := self.counts[Became.CHANGED]:
            found.append(
                f"After {number(changed)} the school changed its target: the reservation did its work, and "
                "whether it was right will never be known."
            )
        if late := self.counts[Became.HINDSIGHT]:
            found.append(f"{number(late)} written when results could be known are not counted: hindsight.")
        return tuple(found)

    @property
    def _beside_a_coin(self) -> str:
        interval = self.right.interval
        assert interval is not None
        if interval.lower > 0.5:
            return "That is more often than a coin would be right."
        if interval.upper < 0.5:
            return "That is less often than a coin would be right."
        return "So few say nothing more: a coin could do as well."


def tally(looked: Iterable[Looked]) -> Tally:
    """Reservations of any schools and years counted up."""
    held = list(looked)
    made = [one for each in held for one in each.reservations]
    sides = [each.side for each in held if each.side is not None]
    counts = {became: sum(one.became is became for one in made) for became in Became}
    right, wrong = counts[Became.RIGHT], counts[Became.WRONG]
    beside = []
    for concern, side, where in (
        (Concern.TOO_LOW, Side.ABOVE, "above"),
        (Concern.TOO_HIGH, Side.BELOW, "below"),
    ):
        known = [one for one in made if one.concern is concern and one.became in _WITH_OUTTURN]
        word = concern.label.removeprefix("The target is ")
        beside.append(
            (
                Share(
                    f"Thought {word}: outturn {where} the target by more than chance",
                    sum(one.became is Became.RIGHT for one in known),
                    len(known),
                ),
                Share(
                    f"Agreed without reservation: outturn {where} by more than chance",
                    sum(one is side for one in sides),
                    len(sides),
                ),
            )
        )
    return Tally(
        counts, Share("Right, of reservations of which it can be told", right, right + wrong), tuple(beside)
    )


_WITH_OUTTURN = (Became.RIGHT, Became.WRONG, Became.CANNOT_TELL)
