"""What every change of the forum shares: permission, the lock, the revision seen, and what can be refused."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.db import models

from redway.core.errors import ChangedSinceOpened, RedwayError
from redway.web.funding.forum.access import forum_record
from redway.web.funding.forum.models import Consultation, Meeting
from redway.web.people import permission
from redway.web.people.models import Person

Kept = TypeVar("Kept", Consultation, Meeting)


class ForumRefused(RedwayError):  # noqa: N818 - says what is wrong in the words of the domain
    """A change that cannot be made."""


class ChangedMeanwhile(ChangedSinceOpened):
    """Somebody changed the same thing after the person opened it."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Somebody has changed this {what} since you opened it.",
            "What is kept now stands beside what you wrote; send yours again if it still holds.",
        )


def require_manager(actor: Person, authority: str) -> None:
    """Only those who manage the forum of this authority; a stranger gets 404."""
    permission.require(actor, "forum.manage", forum_record(actor, authority, "forum.manage"))


def locked(kind: type[Kept], key: UUID, revision: int | None, what: str) -> Kept:
    """The row as it is now; nobody else changes it until the transaction ends. Raises ChangedMeanwhile."""
    found = kind.objects.select_for_update().get(pk=key)
    if revision is not None and found.revision != revision:
        raise ChangedMeanwhile(what)
    found.revision += 1
    return found


def next_number(found: models.QuerySet[models.Model]) -> int:
    """The number after the last."""
    return (found.aggregate(last=models.Max("number"))["last"] or 0) + 1


def words(text: str, missing: str, step: str) -> str:
    """A text that must not be empty. Raises ForumRefused."""
    if not text.strip():
        raise ForumRefused(missing, step)
    return text.strip()
