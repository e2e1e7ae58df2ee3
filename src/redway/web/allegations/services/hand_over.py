"""Handing a case to the designated officer of another authority, once they accept it.

The new authority goes on with a case of its own that holds everything recorded so far, and the documents that
were not withdrawn. The old one keeps what it knew, to read only, and sees nothing of what follows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import models
from django.http import Http404

from redway.allegations import cross_border
from redway.allegations.cross_border import Transfer, TransferState
from redway.allegations.editions import Edition, edition_named
from redway.web.allegations import document_store
from redway.web.allegations.access import accounts_of
from redway.web.allegations.models import (
    Barred,
    Capacity,
    Case,
    CaseState,
    HandOver,
    Happening,
    Named,
    new_reference,
)
from redway.web.allegations.names import index_names
from redway.web.allegations.services.changing import Step, change, missing, refuse
from redway.web.allegations.services.referrals import officers_of, profile_of
from redway.web.allegations.services.work import work_of
from redway.web.audit import services as audit
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.people.rules import Record

OFFER_LASTS = timedelta(days=30)
"""How long those it is offered to see what is shared of a case without answering."""


def offer_transfer(*, actor: Person, case: Case, revision: int, to_authority: str, reason: str) -> HandOver:
    """Offer a case to another authority. Nothing changes until its officers accept."""
    with change(actor, case, revision, "offer_transfer") as step:
        receiving = _receiving(step.case, to_authority)
        refuse(
            [
                missing(reason, "Say why the other authority is to lead."),
                "The case is with this authority." if to_authority == step.case.authority else "",
                "" if receiving else "Redway knows no designated officer of that authority.",
                "The case is offered already." if _offered(step.case).exists() else "",
            ]
        )
        offer = HandOver.objects.create(
            case=step.case,
            from_authority=step.case.authority,
            to_authority=to_authority,
            reason=reason.strip(),
            offered_by=actor,
            offered_at=step.now,
        )
        for officer in receiving:
            Named.objects.create(
                case=step.case,
                person=officer,
                capacity=Capacity.EXTERNAL,
                from_at=step.now,
                until=step.now + OFFER_LASTS,
                reason=reason.strip(),
                named_by=actor,
            )
        step.details |= {"to": to_authority, "offer": offer.pk}
    return offer


def answer_transfer(*, actor: Person, hand_over: HandOver, state: TransferState, reason: str = "") -> Case:
    """Accept, decline or withdraw an offer. Returns the case to go on with: on acceptance the new one.

    Raises TransferError when it was answered already, or by the wrong side; DocumentGoneError when a document
    that should go with it is not in the data folder: then nothing is handed over.
    """
    offered = hand_over.case
    side = _side(actor, hand_over)
    action = "allegation.work" if side == hand_over.from_authority else "allegation.shared"
    with (
        _files_of_what_is_kept() as files,
        change(actor, offered, None, "answer_transfer", action=action) as step,
    ):
        found = HandOver.objects.select_for_update().get(pk=hand_over.pk)
        transfer = Transfer(
            found.from_authority, found.to_authority, TransferState(found.state), found.reason
        )
        answered = cross_border.answer(transfer, side, state, reason)
        found.state, found.answered_at = answered.state.value, step.now
        if reason.strip():
            found.reason = f"{found.reason}\n\n{reason.strip()}"
        found.save()
        _named_externally(step, found).update(until=step.now)
        goes_on = step.case
        if state is TransferState.ACCEPTED:
            goes_on = _received(step, found, actor, files)
            step.case.state = CaseState.TRANSFERRED
            Happening.objects.create(
                case=step.case, event="transferred", at=step.now, entered_by=actor, words=reason.strip()
            )
        step.details |= {"offer": found.pk, "answer": state.value}
    return goes_on


@contextmanager
def _files_of_what_is_kept() -> Iterator[list[str]]:
    """A list for the names of files that are written; they are removed when the change is not kept."""
    files: list[str] = []
    try:
        yield files
    except BaseException:
        for key in files:
            document_store.forget(key)
        raise


def _side(actor: Person, hand_over: HandOver) -> str:
    """The authority for which somebody answers. Raises Http404 for a stranger to both."""
    for authority in (hand_over.to_authority, hand_over.from_authority):
        if permission.decide(actor, "allegation.break_glass", Record("allegation", "", authority)):
            return authority
    raise Http404("no designated officer of either authority")


def _receiving(case: Case, authority: str) -> list[Person]:
    barred = Barred.objects.filter(case=case, lifted_at__isnull=True).values_list("person_id", flat=True)
    closed_to = {*barred, *accounts_of(case.subject)}
    officers = [one for one in officers_of(authority) if one.pk not in closed_to]
    chosen = set(profile_of(authority).receiving.values_list("pk", flat=True))
    return [one for one in officers if one.pk in chosen] or officers


def _offered(case: Case) -> models.QuerySet[HandOver]:
    return HandOver.objects.filter(case=case, state=TransferState.OFFERED.value)


def _named_externally(step: Step, offer: HandOver) -> models.QuerySet[Named]:
    """The officers who see what is shared because of this offer."""
    return Named.objects.filter(
        case=step.case, capacity=Capacity.EXTERNAL, from_at=offer.offered_at, until__gt=step.now
    )


def _received(step: Step, offer: HandOver, actor: Person, files: list[str]) -> Case:
    """The case of the authority that accepts: a copy of everything recorded, under its own profile."""
    old, now = step.case, step.now
    edition = Edition(profile_of(offer.to_authority).profile, edition_named(old.edition).year)
    accounts = sorted(accounts_of(old.subject))
    account = old.subject.account_id or next(iter(accounts), None)
    subject = _copied(
        old.subject, authority=offer.to_authority, merged_into=None, account_id=account, revision=0
    )
    index_names(subject)
    work = {one.pk: _copied(one, subject=subject) for one in work_of(old)}
    engagement = work[old.engagement_id] if old.engagement_id else None
    received = {"handed_over_from": {"authority": offer.from_authority, "case": old.key}}
    new: Case = _copied(
        old,
        authority=offer.to_authority,
        subject=subject,
        engagement=engagement,
        edition=edition.name,
        account=old.account | received,
        revision=0,
    )
    for row in (
        *old.allegations.all(),
        *old.strands.all(),
        *old.tellings.all(),
        *old.happenings.all(),
        *old.suspensions.all(),
        *old.onward.all(),
        *old.barred.all(),
    ):
        _copied(row, case=new)
    # Which records are one person is known to the old authority alone; the accounts of that person go along.
    for other in accounts:
        if other != account:
            Barred.objects.create(
                case=new, person_id=other, reason="An account of the person.", barred_by=actor, barred_at=now
            )
    meetings = {}
    for meeting in old.meetings.all():
        meetings[meeting.pk] = _copied(meeting, case=new)
        for minutes in meeting.minutes.all():
            _copied(minutes, meeting=meetings[meeting.pk])
    for one in old.actions.all():
        _copied(one, case=new, meeting=meetings[one.meeting_id] if one.meeting_id else None)
    documents = _documents_copied(old, new, files)
    receiving = _receiving(old, offer.to_authority)
    for officer in receiving:
        leads = officer == (actor if actor in receiving else receiving[0])
        Named.objects.create(
            case=new, person=officer, capacity=Capacity.OFFICER, leads=leads, from_at=now, named_by=actor
        )
    audit.record(
        actor,
        "allegation.receive",
        "allegation",
        new.key,
        {"from": offer.from_authority, "revision": 0, "documents": documents},
    )
    step.details["documents"] = documents
    return new


def _documents_copied(old: Case, new: Case, files: list[str]) -> list[str]:
    """Keys under which the new case keeps the documents. What the old authority shared is shared no more:
    with whom, the new one decides.
    """
    kept = []
    for document in old.documents.order_by("added_at", "pk"):
        if document.withdrawn_because:
            continue
        key = new_reference()
        body = document_store.bytes_of(document.key)
        files.append(key)
        document_store.keep(key, body)
        _copied(document, key=key, case=new, shared=False)
        kept.append(key)
    return kept


def _copied(row: Any, **changed: Any) -> Any:
    """Another row with the same content, but for what is changed."""
    kept = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    made = type(row)(**kept)
    for name, value in changed.items():
        setattr(made, name, value)
    made.save(force_insert=True)
    return made
