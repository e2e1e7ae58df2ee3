"""Which designated officer leads when somebody works in one area and lives, or is employed, in another."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from redway.core.errors import RedwayError


class TransferError(RedwayError):
    """A hand-over that cannot be made as it stands."""


@dataclass(frozen=True)
class Suggestion:
    """Who should lead and who should be told, by three-digit number of the authority, and why."""

    lead: str
    informed: tuple[str, ...]
    reason: str


def suggest_lead(*, works_in: str = "", agency_in: str = "", lives_in: str = "") -> Suggestion:
    """The area where the person works leads; if that is not clear, the area where the employing agency is.

    Source: Sandwell guide to the designated officer, 2016. Raises TransferError when no area is known.
    """
    ways = (
        (works_in, "The person works there."),
        (agency_in, "Where the person works is not clear; the employing agency is there."),
        (lives_in, "Only where the person lives is known."),
    )
    for lead, reason in ways:
        if lead:
            others = dict.fromkeys(area for area in (works_in, agency_in, lives_in) if area and area != lead)
            return Suggestion(lead, tuple(others), reason)
    raise TransferError("No area is known.", "Say where the person works, or where their agency is.")


class TransferState(StrEnum):
    """How a hand-over stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Transfer:
    """A case handed from one authority to another; the old one keeps what it knew, to read only."""

    from_authority: str
    to_authority: str
    state: TransferState = TransferState.OFFERED
    reason: str = ""

    @property
    def lead(self) -> str:
        """Who leads: nothing changes until the other side has accepted."""
        return self.to_authority if self.state is TransferState.ACCEPTED else self.from_authority


def answer(transfer: Transfer, by_authority: str, state: TransferState, reason: str = "") -> Transfer:
    """The hand-over after somebody has answered it.

    The receiving authority accepts or declines (with a reason); the offering one may withdraw. Raises
    TransferError when it is answered already, or by the wrong side.
    """
    if transfer.state is not TransferState.OFFERED:
        raise TransferError(f"This hand-over was {transfer.state} already.", "Make a new one.")
    may = {
        TransferState.ACCEPTED: transfer.to_authority,
        TransferState.DECLINED: transfer.to_authority,
        TransferState.WITHDRAWN: transfer.from_authority,
    }
    if may.get(state) != by_authority:
        raise TransferError(
            "Only the authority it is offered to may accept or decline; only the offering one may withdraw.",
            "Ask the other authority.",
        )
    if state is TransferState.DECLINED and not reason.strip():
        raise TransferError("A hand-over is declined with a reason.", "Say why.")
    return Transfer(transfer.from_authority, transfer.to_authority, state, reason.strip())
