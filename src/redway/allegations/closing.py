"""Closing a case: everything that is still outstanding, listed at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from redway.allegations import told
from redway.allegations.strands import StrandRecord
from redway.core.errors import RedwayError
from redway.core.words import day_in_words


class ClosingRefusedError(RedwayError):
    """A case that cannot close yet; ``obstacles`` lists what is outstanding."""

    def __init__(self, obstacles: tuple[str, ...]) -> None:
        self.obstacles = obstacles
        super().__init__(
            f"The case cannot be closed: {' '.join(obstacles)}",
            "Deal with each of them, or ask a manager to close it with a reason, which is reported.",
        )


@dataclass(frozen=True)
class CaseAtClosing:
    """What closing asks of a case."""

    strands: Sequence[StrandRecord]
    grid: told.Grid
    allegations_without_finding: int
    open_actions: Sequence[tuple[str, date | None]] = ()
    """What is still to be done, and by when."""
    unanswered_referrals: Sequence[str] = ()
    """Bodies for which it is not yet said whether they were told or need not be."""
    suspended: bool = False
    outcome_letter_on: date | None = None
    further: Sequence[str] = field(default=())
    """Anything else the authority's own checklist asks for, each a sentence."""


def obstacles(case: CaseAtClosing) -> tuple[str, ...]:
    """Everything that stands in the way of closing, each a sentence; nothing when the case may close."""
    found = [
        f"The {strand.strand.value} is {strand.state.value}." for strand in case.strands if not strand.is_over
    ]
    found += [f"It is not said whether {party.was} told." for party in told.not_told(case.grid)]
    if case.allegations_without_finding:
        count = case.allegations_without_finding
        found.append(f"{count} allegation{'s have' if count > 1 else ' has'} no finding.")
    found += [f"It is not answered whether to refer to {body}." for body in case.unanswered_referrals]
    found += [_action(what, by) for what, by in case.open_actions]
    if case.suspended:
        found.append("The person is still suspended.")
    if case.outcome_letter_on is None:
        found.append("No outcome letter has been sent.")
    return (*found, *case.further)


def check(case: CaseAtClosing, *, override_reason: str = "", overridden_by: str = "") -> tuple[str, ...]:
    """What was outstanding when a case closes: nothing, or what a manager's reason overrides.

    Raises ClosingRefusedError when something is outstanding and there is no reason from a named manager.
    """
    found = obstacles(case)
    if found and not (override_reason.strip() and overridden_by.strip()):
        raise ClosingRefusedError(found)
    return found


def _action(what: str, by: date | None) -> str:
    return f"An action is not done: {what.rstrip('.')}{f', due {day_in_words(by)}' if by else ''}."
