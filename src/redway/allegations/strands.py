"""The three strands of a case: the social-care enquiry, the criminal investigation, the employer's process.

They run side by side, each with its own owner, dates and outcome. None is forgotten: each is either said
not to be needed, with a reason, or concluded with an outcome before the case can close.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from redway.core.words import day_in_words, listed


class Strand(StrEnum):
    """Who looks into the allegation, and in which respect."""

    SOCIAL_CARE = "social-care enquiry"
    CRIMINAL = "criminal investigation"
    EMPLOYER = "employer's process"


class State(StrEnum):
    """How a strand stands."""

    UNDECIDED = "not decided"
    NOT_NEEDED = "not needed"
    OPEN = "open"
    CONCLUDED = "concluded"


OUTCOMES: dict[Strand, tuple[str, ...]] = {
    Strand.SOCIAL_CARE: (
        "no further action",
        "child in need plan",
        "child protection plan",
        "child looked after",
        "other support",
    ),
    Strand.CRIMINAL: (
        "no further action",
        "caution",
        "charged",
        "acquitted",
        "convicted",
    ),
    Strand.EMPLOYER: (
        "no action",
        "advice or training",
        "warning",
        "dismissed",
        "resigned before a decision",
        "services no longer used",
        "approval ended",
    ),
}
"""What each strand can end with. They answer different questions by different standards of proof."""


@dataclass(frozen=True)
class StrandRecord:
    """One strand of one case."""

    strand: Strand
    state: State = State.UNDECIDED
    owner: str = ""
    opened_on: date | None = None
    concluded_on: date | None = None
    outcome: str = ""
    reason: str = ""
    """Why it is not needed, or what its outcome rests on."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more is expected of it."""
        return self.state in (State.NOT_NEEDED, State.CONCLUDED)


def problems(record: StrandRecord) -> tuple[str, ...]:
    """What is missing or contradictory in a strand as it is written; nothing when it may be saved."""
    found = []
    name = record.strand.value
    if record.state is State.NOT_NEEDED and not record.reason.strip():
        found.append(f"Say why the {name} is not needed.")
    if record.state in (State.OPEN, State.CONCLUDED):
        if not record.owner.strip():
            found.append(f"Say who is responsible for the {name}.")
        if record.opened_on is None:
            found.append(f"Say when the {name} was opened.")
    if record.state is State.CONCLUDED:
        found += _concluded(record)
    return tuple(found)


def _concluded(record: StrandRecord) -> list[str]:
    name, allowed = record.strand.value, OUTCOMES[record.strand]
    found = []
    if record.concluded_on is None:
        found.append(f"Say when the {name} was concluded.")
    elif record.opened_on and record.concluded_on < record.opened_on:
        found.append(
            f"The {name} cannot end on {day_in_words(record.concluded_on)}, "
            f"before it was opened on {day_in_words(record.opened_on)}."
        )
    if record.outcome not in allowed:
        found.append(f"Say how the {name} ended: {listed(allowed)}.")
    return found
