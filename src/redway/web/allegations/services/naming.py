"""To whom a case is open: officers and managers by name, others until a day, nobody with a conflict."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from redway.web.allegations.access import case_open_to, record_of
from redway.web.allegations.models import Barred, Capacity, Case, CaseState, Named
from redway.web.allegations.services.changing import Step, change, locked, missing, one_of, refuse
from redway.web.allegations.services.hand_over import answer_transfer, offer_transfer
from redway.web.audit import services as audit
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.people.rules import Record

__all__ = [
    "answer_transfer",
    "bar",
    "break_glass",
    "end_naming",
    "lift_bar",
    "link_account",
    "name_officer",
    "offer_transfer",
    "review_break_glass",
    "share_with_external",
]

BREAK_GLASS_LASTS = timedelta(hours=1)
_ANY = tuple(CaseState)
"""Whoever may read a closed case must still be able to be named on it, or kept from it."""


def name_officer(
    *,
    actor: Person,
    case: Case,
    revision: int,
    person: Person,
    capacity: Capacity = Capacity.OFFICER,
    leads: bool = False,
) -> Case:
    """Open the case to a designated officer of its authority, or to a manager who may close it over.

    ``leads`` makes them the officer who leads; who led before stays named.
    """
    with change(actor, case, revision, "name", states=_ANY) as step:
        now = step.now
        refuse(
            [
                ""
                if capacity in (Capacity.OFFICER, Capacity.MANAGER)
                else "Others are not named in this way.",
                "They cannot be named on this case." if _closed_to(step, person) else "",
                _lacks_role(step.case, person, capacity),
                "Only an officer leads." if leads and capacity is not Capacity.OFFICER else "",
                _names_themselves(step, actor, person),
            ]
        )
        if leads:
            _named(step.case, now).filter(leads=True).update(leads=False)
        held = _named(step.case, now).filter(person=person, capacity=capacity)
        if held.exists():
            held.update(leads=leads)
        else:
            Named.objects.create(
                case=step.case, person=person, capacity=capacity, leads=leads, from_at=now, named_by=actor
            )
        step.details |= {"person": person.pk, "capacity": str(capacity), "leads": leads}
    return step.case


def end_naming(*, actor: Person, case: Case, revision: int, named: Named) -> Case:
    """Somebody is on the case no longer, from this moment. The last officer stays."""
    with change(actor, case, revision, "end_naming", states=_ANY) as step:
        found: Named = one_of(Named.objects.filter(pk=named.pk).first(), step.case, "naming")
        over = found.until is not None and found.until <= step.now
        officer = found.capacity == Capacity.OFFICER
        refuse(
            [
                "They are on the case no longer." if over else "",
                _nobody_left(step, without=found.person_id) if officer else "",
            ]
        )
        found.until = step.now
        found.save(update_fields=["until"])
        step.details |= {"person": found.person_id, "capacity": found.capacity}
    return step.case


def bar(*, actor: Person, case: Case, revision: int, person: Person, reason: str) -> Case:
    """Close the case to somebody with a conflict of interest, whatever their role. An officer may say so of
    themselves, once another officer is named.
    """
    with change(actor, case, revision, "bar", states=_ANY) as step:
        refuse(
            [
                missing(reason, "Say what the conflict of interest is."),
                "The case is closed to them already." if _closed_to(step, person) else "",
                _nobody_left(step, without=person.pk),
            ]
        )
        Barred.objects.create(
            case=step.case, person=person, reason=reason.strip(), barred_by=actor, barred_at=step.now
        )
    return step.case


def lift_bar(*, actor: Person, case: Case, revision: int, barred: Barred) -> Case:
    """There is no conflict of interest, or none any more. It does not name them on the case."""
    with change(actor, case, revision, "lift_bar", states=_ANY) as step:
        found: Barred = one_of(Barred.objects.filter(pk=barred.pk).first(), step.case, "conflict")
        refuse(["It was lifted already."] if found.lifted_at else [])
        found.lifted_at = step.now
        found.save(update_fields=["lifted_at"])
    return step.case


def link_account(*, actor: Person, case: Case, revision: int, person: Person | None) -> Case:
    """Say which account is that of whom it is about: to it nothing about them exists. None unsays it."""
    with change(actor, case, revision, "link_account", states=_ANY) as step:
        subject = step.case.subject
        refuse(
            [_nobody_left(step, without=person.pk)]
            if person is not None and person.pk != subject.account_id
            else []
        )
        subject.account = person
        subject.revision += 1
        subject.save(update_fields=["account", "revision"])
        # Who it is does not stand in the trail, which administrators read.
        step.details["linked"] = person is not None
    return step.case


def share_with_external(
    *, actor: Person, case: Case, revision: int, person: Person, until: datetime, reason: str
) -> Case:
    """Show a designated officer of another authority what is shared of the case, until a moment.

    Sharing again moves the end. ``end_naming`` ends it at once.
    """
    with change(actor, case, revision, "share", states=_ANY) as step:
        refuse(
            [
                missing(reason, "Say why it is shared."),
                "Say until when, and choose a day to come." if until <= step.now else "",
                "They cannot be named on this case." if _closed_to(step, person) else "",
                ""
                if permission.decide(person, "allegation.shared", _as_named(step.case, person))
                else "They are no designated officer.",
            ]
        )
        _named(step.case, step.now).filter(person=person, capacity=Capacity.EXTERNAL).update(until=step.now)
        Named.objects.create(
            case=step.case,
            person=person,
            capacity=Capacity.EXTERNAL,
            from_at=step.now,
            until=until,
            reason=reason.strip(),
            named_by=actor,
        )
        step.details |= {"person": person.pk, "until": until.isoformat()}
    return step.case


def break_glass(*, actor: Person, key: str, reason: str) -> Case:
    """Open a case one is not named on, for an hour and for a reason. Its officers are shown it to look at.

    Whom it is about, or who has a conflict of interest, learns only that there is no such case.
    """
    case, now = case_open_to(actor, key, "allegation.break_glass"), timezone.now()
    with transaction.atomic():
        found = locked(case)
        refuse(
            [
                missing(reason, "Say why you must open this case."),
                "You are named on this case." if actor.pk in _may_work(found, now) else "",
            ]
        )
        until = now + BREAK_GLASS_LASTS
        Named.objects.create(
            case=found,
            person=actor,
            capacity=Capacity.BREAK_GLASS,
            from_at=now,
            until=until,
            reason=reason.strip(),
            named_by=actor,
        )
        audit.record(actor, "allegation.break_glass", "allegation", found.key, {"until": until.isoformat()})
    return found


def review_break_glass(*, actor: Person, case: Case, revision: int, named: Named) -> Case:
    """An officer of the case has looked at why somebody broke the glass. Nobody does so for themselves."""
    with change(actor, case, revision, "review_break_glass", states=_ANY) as step:
        found: Named = one_of(Named.objects.filter(pk=named.pk).first(), step.case, "naming")
        refuse(
            [
                "" if found.capacity == Capacity.BREAK_GLASS else "The glass was not broken.",
                "Somebody else must look at it." if found.person_id == actor.pk else "",
                "" if _is_officer(step, actor) else "An officer named on the case must look at it.",
                "It was looked at already." if found.reviewed_at else "",
            ]
        )
        found.reviewed_at = step.now
        found.save(update_fields=["reviewed_at"])
        step.details["person"] = found.person_id
    return step.case


def _named(case: Case, at: datetime) -> QuerySet[Named]:
    """Who is named on a case at a moment."""
    in_force = Q(until__isnull=True) | Q(until__gt=at)
    return Named.objects.filter(in_force, case=case, from_at__lte=at)


def _closed_to(step: Step, person: Person) -> bool:
    return person.pk in record_of(step.case, step.now, "allegation.view").barred


def _may_work(case: Case, at: datetime) -> frozenset[int]:
    return record_of(case, at, "allegation.work").named


def _lacks_role(case: Case, person: Person, capacity: Capacity) -> str:
    place = _as_named(case, person)
    if capacity is Capacity.MANAGER:
        may = permission.decide(person, "allegation.close_over", place) and permission.decide(
            person, "allegation.statistics", place
        )
        return "" if may else "They may not close cases over what is outstanding in this authority."
    may = permission.decide(person, "allegation.break_glass", place)
    return "" if may else "They are no designated officer of this authority."


def _names_themselves(step: Step, actor: Person, person: Person) -> str:
    """Who is here for an hour does not make it for good."""
    if person.pk != actor.pk:
        return ""
    return (
        ""
        if _is_officer(step, actor)
        else "You are here for an hour only: an officer named on the case must name you."
    )


def _is_officer(step: Step, actor: Person) -> bool:
    return _named(step.case, step.now).filter(person=actor, capacity=Capacity.OFFICER).exists()


def _nobody_left(step: Step, *, without: int) -> str:
    closed = record_of(step.case, step.now, "allegation.work").barred
    officers = set(
        _named(step.case, step.now).filter(capacity=Capacity.OFFICER).values_list("person_id", flat=True)
    )
    if without not in officers or officers - closed - {without}:
        return ""
    return "No officer would be left on the case: name another one first."


def _as_named(case: Case, person: Person) -> Record:
    """The case as permission would see it if this person were named on it."""
    return Record("allegation", case.key, authority=case.authority, named=frozenset({person.pk}))
