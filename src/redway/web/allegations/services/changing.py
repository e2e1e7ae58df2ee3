"""How a case is changed: locked, permitted, unchanged since it was read, in a state that allows it, recorded.

``revision`` is the state of the case that the person had before their eyes. Who saves second is shown what
the first has changed; what they wrote is theirs to send again.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone

from redway.core.errors import RedwayError
from redway.core.words import day_in_words
from redway.web.allegations.access import record_of
from redway.web.allegations.encryption import keys_asked_once
from redway.web.allegations.models import Case, CaseState
from redway.web.audit import services as audit
from redway.web.audit.models import AuditEntry
from redway.web.audit.words import in_words
from redway.web.people import permission
from redway.web.people.models import Person

RUNNING = (CaseState.ARRIVED, CaseState.OPEN)
"""States in which a case is worked on. What is closed or handed over is read."""


class ChangeRefusedError(RedwayError):
    """A change that cannot be made as it stands; ``problems`` lists everything that is wrong with it."""

    def __init__(self, problems: Iterable[str], next_step: str = "") -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems), next_step)


@dataclass(frozen=True)
class Change:
    """What somebody did to a case."""

    what: str
    by: str
    at: datetime


class ChangedMeanwhileError(RedwayError):
    """Somebody changed the case after the person opened it; ``changes`` says what, oldest first."""

    def __init__(self, changes: tuple[Change, ...]) -> None:
        self.changes = changes
        super().__init__(
            "Somebody has changed this case since you opened it.",
            "Read what is new. What you wrote is kept; send it again if it still holds.",
        )


@dataclass
class Step:
    """One change while it is made: the locked case, and the codes that the audit trail is to hold."""

    case: Case
    now: datetime
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day in England."""
        return timezone.localdate(self.now)


@contextmanager
def change(
    actor: Person,
    case: Case,
    revision: int | None,
    verb: str,
    *,
    action: str = "allegation.work",
    states: Collection[str] = RUNNING,
) -> Iterator[Step]:
    """One change to a case. What is done inside is kept with its audit entry, or not at all.

    ``revision`` None is for what says itself whether it can still be done, such as an answer to an offer.
    Raises Http404 (not permitted), ChangedMeanwhileError, and ChangeRefusedError when the case stands so that
    the change cannot be made.
    """
    with transaction.atomic(), keys_asked_once():
        step = Step(locked(case), timezone.now())
        permission.require(actor, action, record_of(step.case, step.now, action))
        if revision is not None and step.case.revision != revision:
            raise ChangedMeanwhileError(changes_since(step.case, revision))
        if step.case.state not in states:
            raise ChangeRefusedError([f"The case is {_STANDING[step.case.state]}."], "Open it to read it.")
        yield step
        step.case.revision += 1
        step.case.save()
        audit.record(
            actor,
            f"allegation.{verb}",
            "allegation",
            step.case.key,
            {"revision": step.case.revision, **step.details},
        )


_STANDING: dict[str, str] = {
    CaseState.ARRIVED: "not evaluated yet",
    CaseState.ADVICE: "kept as advice",
    CaseState.OPEN: "open",
    CaseState.CLOSED: "closed",
    CaseState.TRANSFERRED: "with another authority now",
}


def locked(case: Case) -> Case:
    """The case as it is stored, held until the transaction ends. Call it inside one."""
    # Only the case itself: on PostgreSQL the empty side of an outer join cannot be locked.
    held = Case.objects.select_for_update(of=("self",)).select_related("subject", "engagement")
    found = held.filter(pk=case.pk, disposed_on__isnull=True).first()
    if found is None:
        raise Http404("There is no such case.")
    return found


def changes_since(case: Case, revision: int) -> tuple[Change, ...]:
    """What was done to a case after it stood at a revision, oldest first."""
    entries = AuditEntry.objects.filter(
        subject_kind="allegation", subject_id=case.key, sensitive_read=False
    ).select_related("actor")
    return tuple(
        Change(in_words(one.verb), one.actor.full_name if one.actor else "Redway", one.at)
        for one in entries.order_by("sequence")
        if json.loads(one.details).get("revision", 0) > revision
    )


def refuse(problems: Iterable[str], next_step: str = "") -> None:
    """Raises ChangeRefusedError when there is any problem."""
    if found := [problem for problem in problems if problem]:
        raise ChangeRefusedError(found, next_step)


def missing(text: str, problem: str) -> str:
    """The problem when a text is empty, else nothing."""
    return "" if text.strip() else problem


def not_to_come(what: str, day: date | None, today: date) -> str:
    """The problem when something that has happened is dated after today, else nothing."""
    if day is None or day <= today:
        return ""
    return f"{what} on {day_in_words(day)} has not come yet: today is {day_in_words(today)}."


def not_before(what: str, day: date | None, earlier: str, limit: date | None) -> str:
    """The problem when one thing is dated before another that must come first, else nothing."""
    if day is None or limit is None or day >= limit:
        return ""
    return f"{what} on {day_in_words(day)} is before {earlier} on {day_in_words(limit)}."


def in_england(when: datetime) -> datetime:
    """A moment with its zone: one without is the time in England."""
    return when if timezone.is_aware(when) else timezone.make_aware(when)


def one_of(found: Any, case: Case, what: str) -> Any:
    """A row when it belongs to the case. Raises Http404 for one of another case."""
    if found is None or found.case_id != case.pk:
        raise Http404(f"The case has no such {what}.")
    return found
