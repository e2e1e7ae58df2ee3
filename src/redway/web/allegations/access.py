"""The way to a case: load and decide in one step. To a stranger and its subject it does not exist."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from redway.web.allegations.models import Barred, Capacity, Case, Named, Subject
from redway.web.audit import services as audit
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.people.rules import Record

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


def record_of(case: Case, at: datetime, action: str) -> Record:
    """A case as permission sees it for an action: who is named on it so that they may take it, and to whom it
    is closed. Three queries.
    """
    conflicts = Barred.objects.filter(case=case, lifted_at__isnull=True).values_list("person_id", flat=True)
    barred = {*conflicts, *accounts_of(case.subject)}
    named = _in_force(
        Named.objects.filter(case=case, capacity__in=CAPACITIES.get(action, ())), at
    ).values_list("person_id", flat=True)
    return Record(
        "allegation", case.key, authority=case.authority, named=frozenset(named), barred=frozenset(barred)
    )


def access_case(request: HttpRequest, key: str, action: str) -> Case:
    """The case, for those who may take the action on it; the reading is recorded in the audit trail.

    Everybody else gets 404, whether or not there is such a case. An attempt by whom it is about, or by
    somebody with a conflict of interest, is recorded for the designated officers.
    """
    case = Case.objects.select_related("subject", "engagement").filter(key=key).first()
    if case is None or case.disposed_on is not None:
        raise Http404("There is no such case.")
    record = record_of(case, timezone.now(), action)
    person = request.user
    if isinstance(person, Person) and person.pk in record.barred:
        with transaction.atomic():
            audit.record(person, "allegation.attempt", "allegation", case.key, {"barred": True})
        raise Http404("There is no such case.")
    permission.require(request, action, record)
    with transaction.atomic():
        audit.record(
            person if isinstance(person, Person) else None,
            "allegation.read",
            "allegation",
            case.key,
            {"action": action},
            sensitive_read=True,
        )
    return case


def cases_open_to(person: Person, at: datetime, action: str = "allegation.list") -> QuerySet[Case]:
    """Cases a person is so named on at a moment that they may take the action, and not barred from.

    The only ones any list may show them. Whether a role lets them take it is asked of ``permission``.
    """
    named = _in_force(Named.objects.filter(person=person, capacity__in=CAPACITIES[action]), at)
    return not_barred(Case.objects.filter(pk__in=named.values("case_id")), person)


def hidden_in_the_trail(person: Person) -> Q:
    """Entries of the audit trail that do not exist for a person.

    Those of cases that do not exist for them; and attempts at a case for everybody: they would tell whom it
    is about. Its officers are shown them on their own page.
    """
    conflicts = Barred.objects.filter(person=person, lifted_at__isnull=True).values("case_id")
    about = Case.objects.filter(subject__in=records_about(person)).values("pk")
    theirs = Q(subject_id__in=conflicts) | Q(subject_id__in=about)
    concerns = Q(subject_kind="concern", subject_id__in=records_about(person).values("pk"))
    return concerns | Q(subject_kind="allegation") & (Q(verb="allegation.attempt") | theirs)


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


def _in_force(named: QuerySet[Named], at: datetime) -> QuerySet[Named]:
    return named.filter(Q(until__isnull=True) | Q(until__gt=at), from_at__lte=at)
