"""What every change of this room shares: the lock, the revision seen, and what can be refused."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from redway.core.errors import ChangedSinceOpened, RedwayError
from redway.core.words import day_in_words
from redway.web.people.models import Person
from redway.web.register.models import School

Changed = TypeVar("Changed", bound=models.Model)


class SupportRefused(RedwayError):  # noqa: N818 - says what is wrong in the words of the domain
    """A change that cannot be made."""


class ChangedMeanwhile(ChangedSinceOpened):
    """Somebody changed the same thing after the person opened it."""

    def __init__(self, who: str, on: date) -> None:
        super().__init__(
            f"{who or 'Somebody'} has changed this on {day_in_words(on)}, after you opened it.",
            "What is kept now stands beside what you wrote; send yours again if it still holds.",
        )


def locked(kind: type[Changed], key: Any, revision: int | None, actor: Person | None) -> Changed:
    """The row as it is now, stamped with who changes it; nobody else changes it until the transaction ends.

    Raises ChangedMeanwhile when its revision is not the one seen.
    """
    found: Any = kind._default_manager.select_for_update().get(pk=key)
    if revision is not None and found.revision != revision:
        raise ChangedMeanwhile(found.by.full_name if found.by else "", timezone.localdate(found.at))
    found.revision += 1
    found.at, found.by = timezone.now(), actor
    return found  # type: ignore[no-any-return]


def text(value: str, missing: str, step: str) -> str:
    """A text that must not be empty. Raises SupportRefused."""
    if not value.strip():
        raise SupportRefused(missing, step)
    return value.strip()


def refuse_twice(alike: models.QuerySet[Any], what: str) -> None:
    """A form that is sent twice, by a second click or the way back, makes one thing. Raises SupportRefused.

    The caller holds the lock under which ``alike`` can be looked at.
    """
    if alike.exists():
        raise SupportRefused(f"{what} already.", "If it was sent twice, there is nothing more to do.")


def refuse_closed(school: School) -> None:
    """Nothing new begins at a school that has closed. Raises SupportRefused."""
    if not school.is_open:
        raise SupportRefused(
            f"{school.shown_name} is not open.", "If another school took its place, choose that one."
        )


def moved(days: list[str], due_on: date) -> list[str]:
    """The days something was due, with a new one when it moved."""
    return days if days and days[-1] == due_on.isoformat() else [*days, due_on.isoformat()]


def next_number(found: models.QuerySet[Any]) -> int:
    """The number after the last."""
    return int(found.aggregate(last=models.Max("number"))["last"] or 0) + 1


def hundredths(days: Any) -> int:
    """Days as they are stored."""
    return int(days * 100)
