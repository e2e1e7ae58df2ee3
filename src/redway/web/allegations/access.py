"""The way to a case: load and decide in one step. To a stranger and its subject it does not exist.

Whoever is turned away gets the same answer, at the same cost, whether or not there is such a case; and each
time one entry is made in the trail, which nobody reads but the officers of the case.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from redway.web.allegations.models import Barred, Capacity, Case, Named, Subject
from redway.web.audit import services as audit
from redway.web.people import permission
from redway.web.people.models import Grant, Person
from redway.web.people.rules import TABLE, Record

_ON_THE_CASE = frozenset({Capacity.OFFICER, Capacity.MANAGER, Capacity.BREAK_GLASS})
CAPACITIES: dict[str, frozenset[str]] = {
    "allegation.follow": frozenset({Capacity.REFERRER}),
    "allegation.list": _ON_THE_CASE,
    "allegation.view": _ON_THE_CASE,
    "allegation.work": frozenset({Capacity.OFFICER, Capacity.BREAK_GLASS}),
    "allegation.close_over": frozenset({Capacity.OFFICER, Capacity.MANAGER}),
    "allegation.shared": _ON_THE_CASE | {Capacity.EXTERNAL},
}
"""Action -> as what somebody must be named to take it.

A designated officer of another authority holds the same role there as an officer has here: only the capacity
in which they are named keeps what is not shared from them.
"""


_ROLES_ON_A_CASE = tuple(role.value for role, rules in TABLE.items() if "allegation.list" in rules)
"""Roles with which somebody is on a case; they must be held in its authority."""
_NO_CASE = Case(key="none", subject=Subject(key="none"))
"""Stands for a case that does not exist: asked about like any other, so that it takes no less long."""


def record_of(case: Case, at: datetime, action: str) -> Record:
    """A case as permission sees it for an action: who is named on it so that they may take it, and to whom it
    is closed. Three queries.
    """
    conflicts = Barred.objects.filter(case=case.key, lifted_at__isnull=True).values_list(
        "person_id", flat=True
    )
    barred = {*conflicts, *accounts_of(case.subject)}
    named = _in_force(
        Named.objects.filter(_in_office(), case=case.key, capacity__in=CAPACITIES.get(action, ())),
        at,
    ).values_list("person_id", flat=True)
    return Record(
        "allegation", case.key, authority=case.authority, named=frozenset(named), barred=frozenset(barred)
    )


def access_case(request: HttpRequest, key: str, action: str) -> Case:
    """The case, for those who may take the action on it; the reading is recorded in the audit trail.

    Everybody else gets 404, whether or not there is such a case. That they were turned away is recorded; an
    attempt by whom it is about, or by somebody with a conflict of interest, is shown to its officers.
    """
    person = request.user
    assert isinstance(person, Person)
    case = case_open_to(request, key, action)
    with transaction.atomic():
        audit.record(
            person, "allegation.read", "allegation", case.key, {"action": action}, sensitive_read=True
        )
    return case


def case_open_to(asker: permission.Asker, key: str, action: str) -> Case:
    """The case, for those who may take the action on it; others are turned away as ``access_case`` says."""
    person = asker.user if isinstance(asker, HttpRequest) else asker
    assert isinstance(person, Person)
    case = _stored(key)
    record = record_of(case, timezone.now(), action)
    allowed = permission.decide(asker, action, record)
    if case is _NO_CASE or not allowed:
        _write_down_refusal(person, record)
        raise Http404("There is no such case.")
    return case


def turned_away_at_the_door(person: Person, of: str, address: Mapping[str, Any]) -> None:
    """Write down that somebody whose roles open no page of a case asked for one."""
    if of == "allegation" and "key" in address:
        _write_down_refusal(person, record_of(_stored(address["key"]), timezone.now(), "allegation.view"))


def _stored(key: str) -> Case:
    case = Case.objects.select_related("subject", "engagement").filter(key=key).first()
    return _NO_CASE if case is None or case.disposed_on is not None else case


def _write_down_refusal(person: Person, record: Record) -> None:
    """One entry, whoever is turned away from whatever. What was typed as a reference is not kept."""
    barred = person.pk in record.barred
    verb = "allegation.attempt" if barred else "allegation.turn_away"
    with transaction.atomic():
        audit.record(person, verb, "allegation", record.key, {"barred": barred}, sensitive_read=True)


def cases_open_to(person: Person, at: datetime, action: str = "allegation.list") -> QuerySet[Case]:
    """Cases a person is so named on at a moment that they may take the action, and not barred from.

    The only ones any list may show them. Whether a role lets them take it is asked of ``permission``.
    """
    named = _in_force(
        Named.objects.filter(_in_office(), person=person, capacity__in=CAPACITIES[action]),
        at,
    )
    return not_barred(Case.objects.filter(pk__in=named.values("case_id")), person)


def hidden_in_the_trail(person: Person) -> Q:
    """Entries of the audit trail that are not read in the trail as a whole: those about cases, by anybody.

    The history of a case is read on the case, by those it is open to. If the entries of some cases were left
    out for some readers, the numbers that are missing would tell them which cases are about them.
    """
    return Q(subject_kind__in=("allegation", "concern", "draft"))


def not_barred(cases: QuerySet[Case], person: Person) -> QuerySet[Case]:
    """Without the cases that do not exist for this person: for counts as much as for lists."""
    conflicts = Barred.objects.filter(person=person, lifted_at__isnull=True).values("case_id")
    return cases.exclude(pk__in=conflicts).exclude(subject__in=records_about(person))


def accounts_of(subject: Subject) -> frozenset[int]:
    """The accounts of whom a record is about, whichever of their merged records an account is known on."""
    head = subject.merged_into_id or subject.pk
    known = Subject.objects.filter(Q(pk=head) | Q(merged_into=head), account__isnull=False)
    return frozenset(known.values_list("account_id", flat=True))


def records_about(person: Person) -> QuerySet[Subject]:
    """The records about a person: those with their account, and all merged with them."""
    return Subject.objects.filter(
        Q(account=person)
        | Q(merged__account=person)
        | Q(merged_into__account=person)
        | Q(merged_into__merged__account=person)
    )


def _in_office() -> Q:
    """Named as somebody from outside, or holding today a role of the authority with which one is on a case.

    Whoever has left, or moved to another authority, leaves the cases behind though nobody ended their naming.
    """
    today = permission.today()
    outside = Q(capacity__in=(Capacity.EXTERNAL, Capacity.REFERRER))
    held = Grant.objects.filter(
        Q(last_day__isnull=True) | Q(last_day__gte=today),
        person=OuterRef("person"),
        role__in=_ROLES_ON_A_CASE,
        authority=OuterRef("case__authority"),
        first_day__lte=today,
        ended_at__isnull=True,
    )
    return outside | Q(Exists(held))


def _in_force(named: QuerySet[Named], at: datetime) -> QuerySet[Named]:
    return named.filter(Q(until__isnull=True) | Q(until__gt=at), from_at__lte=at)
