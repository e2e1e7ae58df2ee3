"""Blue, Red, Amber and Green by written rules, with a floor that is computed and that no opinion lifts.

The owner's view is kept as it was given. What is shown is the worse of it and the floor: something overdue is
never shown Green, whoever says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib import resources

from redway.core.dated_values import DatedValues
from redway.core.values import load_values
from redway.core.words import counted, day_in_words, listed
from redway.improvement.board_errors import RatingRefused


class Colour(StrEnum):
    """From best to worst in this order."""

    BLUE = "Blue"
    GREEN = "Green"
    AMBER = "Amber"
    RED = "Red"

    @property
    def badness(self) -> int:
        return list(Colour).index(self)


def worst(colours: Sequence[Colour]) -> Colour | None:
    """The worst of some colours; None of none."""
    return max(colours, key=lambda one: one.badness) if colours else None


@dataclass(frozen=True)
class RatingRules:
    """The written rules in force on a day."""

    meanings: dict[Colour, str]
    overdue_action: Colour
    overdue_milestone: Colour
    red_boards: int
    amber_boards: int
    off_track_periods: int


@cache
def _values() -> DatedValues:
    return load_values(resources.files("redway.improvement") / "values" / "rating-rules")


@cache
def rating_rules(day: date) -> RatingRules:
    """The rules of a day. Raises ValuesError before the first of them."""
    held = _values()
    return RatingRules(
        meanings={one: held.text_on(f"{one.value.lower()}-means", day) for one in Colour},
        overdue_action=Colour(held.text_on("overdue-action-floor", day)),
        overdue_milestone=Colour(held.text_on("overdue-milestone-floor", day)),
        red_boards=held.whole_number_on("red-boards-to-escalate", day),
        amber_boards=held.whole_number_on("amber-boards-to-escalate", day),
        off_track_periods=held.whole_number_on("off-track-periods", day),
    )


@dataclass(frozen=True)
class Standing:
    """What is known of an action without asking anybody. ``accepted_by`` are those who accepted evidence."""

    owner: int
    due_on: date
    completed_on: date | None = None
    overdue_milestones: Sequence[tuple[str, date]] = ()
    accepted_by: frozenset[int] = frozenset()

    @property
    def has_accepted_evidence(self) -> bool:
        """Evidence that its own owner accepted counts for nothing."""
        return bool(self.accepted_by - {self.owner})


@dataclass(frozen=True)
class Floor:
    """The best colour that may be shown, and why; ``colour`` None where nothing is against any colour."""

    colour: Colour | None
    reasons: tuple[str, ...] = ()


def floor_of(one: Standing, today: date, rules: RatingRules) -> Floor:
    """The computed floor of an action."""
    if one.completed_on is not None:
        if one.has_accepted_evidence:
            return Floor(None)
        return Floor(Colour.GREEN, ("complete, but nobody other than the owner has accepted evidence of it",))
    colours, reasons = [Colour.GREEN], []
    if one.due_on < today:
        colours.append(rules.overdue_action)
        reasons.append(f"overdue {counted((today - one.due_on).days, 'day')}")
    for title, due in one.overdue_milestones:
        colours.append(rules.overdue_milestone)
        reasons.append(f"milestone '{title}' overdue {counted((today - due).days, 'day')}")
    return Floor(worst(colours), tuple(reasons))


@dataclass(frozen=True)
class Shown:
    """The colour on the page, what the owner said, and why the two differ if they do."""

    colour: Colour | None
    owners_view: Colour | None
    reasons: tuple[str, ...]

    @property
    def is_lowered(self) -> bool:
        """Whether the floor overrules the owner."""
        return self.owners_view is not None and self.colour is not self.owners_view

    @property
    def words(self) -> str:
        """'Red: overdue 12 days. The owner says Green.'"""
        if self.colour is None:
            return "Not rated yet."
        return f"{self.colour}: {self.why[:1].lower()}{self.why[1:]}" if self.why else f"{self.colour}."

    @property
    def why(self) -> str:
        """The same without the colour, for beside it: 'Overdue 12 days. The owner says Green.'"""
        if self.colour is None:
            return "Not rated yet."
        parts = []
        if self.reasons:
            told = listed(self.reasons)
            parts.append(f"{told[:1].upper()}{told[1:]}.")
        if self.owners_view is None:
            parts.append("The owner has not rated it.")
        elif self.is_lowered:
            parts.append(f"The owner says {self.owners_view}.")
        return " ".join(parts)


def shown(owners_view: Colour | None, floor: Floor) -> Shown:
    """The worse of the owner's view and the floor. Without a view only a floor below Green is shown."""
    if owners_view is None:
        lowered = floor.colour in (Colour.AMBER, Colour.RED)
        return Shown(floor.colour if lowered else None, None, floor.reasons if lowered else ())
    colour = worst([owners_view, floor.colour] if floor.colour else [owners_view])
    binding = floor.colour is not None and floor.colour.badness >= owners_view.badness
    return Shown(colour, owners_view, floor.reasons if binding else ())


@dataclass(frozen=True)
class Proposed:
    """A colour somebody wants to give, with why. ``rationale`` says what changed since Red."""

    colour: Colour
    reason: str
    rationale: str = ""


def require_allowed(given: Proposed, one: Standing, prior: Sequence[tuple[date, Colour]]) -> None:
    """Raises RatingRefused for what the written rules do not allow.

    ``prior`` are the colours shown at the meetings before, oldest first. Something overdue may be called
    Green by its owner: it is kept as the owner's view and shown as the floor says.
    """
    if not given.reason.strip():
        raise RatingRefused("A colour without a reason is no rating.", "Say why it is that colour.")
    if given.colour is Colour.BLUE:
        if one.completed_on is None:
            raise RatingRefused("It is not complete, so it cannot be Blue.", "Say first that it is complete.")
        if not one.accepted_by:
            raise RatingRefused(
                "Blue needs evidence that somebody has accepted.",
                "Add evidence, and ask somebody other than the owner to accept it.",
            )
        if not one.has_accepted_evidence:
            raise RatingRefused(
                "Its evidence was accepted by its owner alone.",
                "Ask somebody other than the owner to accept it.",
            )
    if needs_rationale(given.colour, prior) and not given.rationale.strip():
        raise RatingRefused(
            f"From Red to {given.colour} at one meeting needs a rationale. {prior_words(prior)}",
            "Say what changed, and what shows it.",
        )


def needs_rationale(colour: Colour, prior: Sequence[tuple[date, Colour]]) -> bool:
    """Whether the colour leaps over Amber since the last meeting."""
    leaps = colour in (Colour.GREEN, Colour.BLUE)
    return leaps and bool(prior) and prior[-1][1] is Colour.RED


def prior_words(prior: Sequence[tuple[date, Colour]]) -> str:
    """The two colours before, newest last: 'Before: Amber on 10 February 2026, Red on 10 March 2026.'"""
    if not prior:
        return "It had no colour before."
    said = ", ".join(f"{colour} on {day_in_words(day)}" for day, colour in prior[-2:])
    return f"Before: {said}."


def recorded_words(rated: int, of: int) -> str:
    """How far the colours for a meeting are in. One missing means partly, never all.

    >>> recorded_words(3, 4), recorded_words(4, 4)
    ('Partly recorded: 3 of 4 actions are rated', 'Recorded: all of 4 actions are rated')
    """
    if of and rated == of:
        return f"Recorded: all of {of} actions are rated" if of > 1 else "Recorded: the one action is rated"
    if rated:
        return f"Partly recorded: {rated} of {counted(of, 'action')} {'is' if rated == 1 else 'are'} rated"
    return "Not recorded: no action is rated"
