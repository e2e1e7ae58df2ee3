"""Changes of the ledger: taking in a list, choosing look-alikes, recording outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from redway.improvement.ledger import Entry, Outcome
from redway.web.audit import services as audit
from redway.web.improvement.support.access import record_of
from redway.web.improvement.support.changing import SupportRefused, locked, text
from redway.web.improvement.support.models import Alert
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import School
from redway.web.schools.access import record_of as school_record


@dataclass(frozen=True)
class Flag:
    """A school on a list: which list, of which day, and what the list showed (label and words)."""

    source: str
    decision: date
    model_version: str
    shown: Sequence[tuple[str, str]] = ()
    concern: str = ""


@transaction.atomic
def enter_alert(*, actor: Person, school: School, flag: Flag, look_alikes: Sequence[School] = ()) -> Alert:
    """Enter a flagged school with unflagged schools that looked alike. Raises SupportRefused.

    A list is addressed by its decision date and version; a school stands on it once.
    """
    permission.require(actor, "support.manage", school_record(school))
    if flag.decision > permission.today():
        raise SupportRefused("The decision date is to come.", "Give the day the list was made for.")
    if any(one.authority != school.authority or one.pk == school.pk for one in look_alikes):
        raise SupportRefused("A look-alike must be another school of this authority.", "Choose another.")
    found = _enter(actor, school, flag, flagged=True, like=None)
    for one in look_alikes:
        _enter(actor, one, Flag(flag.source, flag.decision, flag.model_version), flagged=False, like=found)
    details = {"school": school.key, "source": flag.source, "look_alikes": len(look_alikes)}
    audit.record(actor, "support.enter_alert", "alert", found.pk, details)
    return found


def _enter(actor: Person, school: School, flag: Flag, *, flagged: bool, like: Alert | None) -> Alert:
    School.objects.select_for_update().get(pk=school.pk)
    held = Alert.objects.filter(
        school=school.key, decision=flag.decision, source=flag.source, model_version=flag.model_version
    ).first()
    if held is not None:
        raise SupportRefused(
            f"{school.shown_name} stands in the ledger for this list already.", "Open its line instead."
        )
    return Alert.objects.create(
        authority=school.authority,
        school=school.key,
        source=flag.source,
        decision=flag.decision,
        model_version=flag.model_version,
        concern=flag.concern,
        flagged=flagged,
        like=like,
        shown=[list(pair) for pair in flag.shown],
        at=timezone.now(),
        by=actor,
    )


@transaction.atomic
def record_outcome(
    *, actor: Person, alert: Alert, revision: int, outcome: Outcome, on: date | None, source: str
) -> Alert:
    """Record what became of a school, with the day and where it is stated."""
    permission.require(actor, "support.manage", record_of(alert))
    held = locked(Alert, alert.pk, revision, actor)
    if outcome is Outcome.NOT_KNOWN:
        on, source = None, ""
    else:
        source = text(source, "It is not said where the outcome is stated.", "Name the report or figure.")
        if on is None or not held.decision < on <= permission.today():
            raise SupportRefused(
                "The outcome must lie between the decision date and today.", "Give the day it became known."
            )
    held.outcome, held.outcome_on, held.outcome_source = outcome.value, on, source
    held.save()
    audit.record(actor, "support.record_outcome", "alert", held.pk, {"outcome": outcome.value})
    return held


def entries_of(authority: str) -> list[tuple[Alert, Entry]]:
    """The ledger of an authority: each line as stored, and as the rules see it."""
    held = Alert.objects.filter(authority=authority).annotate(
        visit_count=Count("visits", distinct=True),
        programme_count=Count("programmes", distinct=True),
        action_count=Count("visits__follow_ups", distinct=True),
    )
    return [
        (
            one,
            Entry(
                str(one.pk),
                one.flagged,
                Outcome(one.outcome),
                one.visit_count,
                one.action_count,
                one.programme_count,
                str(one.like_id or ""),
            ),
        )
        for one in held
    ]
