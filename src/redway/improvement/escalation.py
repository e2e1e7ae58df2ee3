"""When something that stays Red or Amber goes up: to its sponsor first, to the board if it lasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from redway.core.words import counted, day_in_words
from redway.improvement.rating import Colour, RatingRules


class Rung(StrEnum):
    """Who has to deal with it."""

    SPONSOR = "sponsor"
    BOARD = "board"

    @property
    def label(self) -> str:
        return {Rung.SPONSOR: "Its sponsor", Rung.BOARD: "The board"}[self]


@dataclass(frozen=True)
class Escalation:
    """One thing that went up: to whom, why, since which meeting, and how old that is."""

    rung: Rung
    why: str
    since: date
    age_days: int

    @property
    def words(self) -> str:
        """'Red at 2 boards running, since 10 February 2026 (28 days): for its sponsor.'"""
        age = counted(self.age_days, "day")
        return f"{self.why}, since {day_in_words(self.since)} ({age}): for {self.rung.label.lower()}."


def escalation(
    frozen: Sequence[tuple[date, Colour | None]], rules: RatingRules, today: date
) -> Escalation | None:
    """What the frozen meetings call for. None when neither rule is met.

    Reaching the number of boards of a rule calls for the sponsor; one board more calls for the board.
    """
    ordered = sorted(frozen, key=lambda one: one[0])
    red = _run(ordered, (Colour.RED,))
    amber = _run(ordered, (Colour.RED, Colour.AMBER))
    met = []
    if len(red) >= rules.red_boards:
        met.append(_went_up("Red", red, rules.red_boards, today))
    if len(amber) >= rules.amber_boards:
        name = "Amber" if all(colour is Colour.AMBER for _, colour in amber) else "Amber or Red"
        met.append(_went_up(name, amber, rules.amber_boards, today))
    return max(met, key=lambda one: (one.rung is Rung.BOARD, one.age_days), default=None)


def _run(
    ordered: Sequence[tuple[date, Colour | None]], among: tuple[Colour, ...]
) -> list[tuple[date, Colour | None]]:
    """The meetings up to the last, without a break, at which the colour was one of these; oldest first."""
    run: list[tuple[date, Colour | None]] = []
    for one in reversed(ordered):
        if one[1] not in among:
            break
        run.insert(0, one)
    return run


def _went_up(colour: str, run: Sequence[tuple[date, Colour | None]], needed: int, today: date) -> Escalation:
    since = run[0][0]
    rung = Rung.BOARD if len(run) > needed else Rung.SPONSOR
    return Escalation(rung, f"{colour} at {len(run)} boards running", since, (today - since).days)
