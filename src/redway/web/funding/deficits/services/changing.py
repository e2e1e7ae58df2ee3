"""What every change of deficits shares: who may, and what happened since a page was opened."""

from __future__ import annotations

from redway.core.errors import ChangedSinceOpened
from redway.web.authorities.access import record_of as authority_record
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import Authority


class ChangedMeanwhile(ChangedSinceOpened):
    """Somebody changed the record after the person opened it."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Somebody has changed this since you opened the page: {what}.",
            "What you typed is kept below. Read what is new, then send yours again or leave it.",
        )


def require(actor: Person | None, action: str, authority: Authority) -> None:
    """The actor may take an action on an authority; nobody is the actor of what the demo brings in."""
    if actor is not None:
        permission.require(actor, action, authority_record(authority))
