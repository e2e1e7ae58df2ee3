"""What every change of the plan and the board shares: permission, the lock, the revision, and refusals."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db import models

from redway.core.errors import ChangedSinceOpened, RedwayError
from redway.web.improvement.board.access import plan_record
from redway.web.improvement.board.models import Action, Meeting, Objective
from redway.web.people import permission
from redway.web.people.models import Person

Kept = TypeVar("Kept", Objective, Action, Meeting)
_CALLED: dict[type[models.Model], str] = {Objective: "objective", Action: "action", Meeting: "meeting"}


class BoardRefused(RedwayError):  # noqa: N818 - says what is wrong in the words of the domain
    """A change that cannot be made."""


class ChangedMeanwhile(ChangedSinceOpened):
    """Somebody changed the same thing after the person opened it."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Somebody has changed this {what} since you opened it.",
            "What is kept now stands beside what you wrote; send yours again if it still holds.",
        )


def require(actor: Person, action: str, authority: str) -> None:
    """Only those who may; a stranger gets 404."""
    permission.require(actor, action, plan_record(authority))


def locked(kind: type[Kept], key: UUID, revision: int) -> Kept:
    """The row as it is now; nobody else changes it until the transaction ends. Raises ChangedMeanwhile."""
    found = kind.objects.select_for_update().get(pk=key)
    if found.revision != revision:
        raise ChangedMeanwhile(_CALLED[kind])
    found.revision += 1
    return found


def next_number(found: models.QuerySet[models.Model]) -> int:
    """The number after the last."""
    return (found.aggregate(last=models.Max("number"))["last"] or 0) + 1


def words(text: str, missing: str, step: str) -> str:
    """A text that must not be empty. Raises BoardRefused."""
    if not text.strip():
        raise BoardRefused(missing, step)
    return text.strip()
