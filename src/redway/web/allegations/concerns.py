"""Low-level concerns: who may read one, which a person may read, and the patterns among those.

A concern is open to whoever entered it and to the officers who receive the referrals of its authority, while
they are its officers. It does not exist for the person it is about, for their namesakes, nor for whoever a
case about them is closed to.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from redway.allegations.editions import edition_on
from redway.allegations.low_level_concerns import Concern, Pattern, patterns
from redway.core.dated_values import Status
from redway.web.allegations.access import accounts_of, records_about
from redway.web.allegations.models import Barred, LowLevelConcern, Subject
from redway.web.allegations.names import words_of
from redway.web.allegations.services.merging import head_of
from redway.web.allegations.services.referrals import officers_of, profile_of
from redway.web.audit import services as audit
from redway.web.audit.models import AuditEntry
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.people.rules import Record

KIND = "concern"
"""How the audit trail calls what is about a person's concerns; the key is that of the person's record."""
_NO_CONCERN = LowLevelConcern(key="none", subject=Subject(key="none", identity={}))
"""Stands for a concern that does not exist: asked about like any other."""
_NOT_ERASED = Q(became__isnull=True) | Q(became__disposed_on__isnull=True)


@dataclass(frozen=True)
class PatternNote:
    """A pattern, with the concerns it is made of."""

    pattern: Pattern
    concerns: tuple[LowLevelConcern, ...]


@dataclass(frozen=True)
class Threshold:
    """From how many concerns within how many months a person should look; ``source`` says who says so."""

    at_least: int
    months: int
    source: str
    unconfirmed: bool


def receiving_in(authority: str) -> list[Person]:
    """The officers who receive what comes to an authority; all of its officers where it names none."""
    officers = officers_of(authority)
    chosen = set(profile_of(authority).receiving.values_list("pk", flat=True))
    return [one for one in officers if one.pk in chosen] or officers


def record_of_concern(concern: LowLevelConcern) -> Record:
    """A concern as permission sees it."""
    officers = officers_of(concern.authority)
    readers = {one.pk: one for one in receiving_in(concern.authority)}
    readers |= {one.pk: one for one in officers if one.pk == concern.entered_by_id}
    head = head_of(concern.subject)
    conflicts = Barred.objects.filter(
        Q(case__subject=head) | Q(case__subject__merged_into=head), lifted_at__isnull=True
    )
    closed = {*accounts_of(concern.subject), *conflicts.values_list("person_id", flat=True)}
    closed |= {pk for pk, one in readers.items() if is_namesake(one, concern.subject)}
    return Record(
        "concern",
        str(concern.pk),
        authority=concern.authority,
        named=frozenset(readers),
        barred=frozenset(closed),
    )


def access_concern(request: HttpRequest, key: str) -> LowLevelConcern:
    """One concern, for those it is open to; 404 for everybody else, whether or not there is one.

    That they were turned away is recorded as it is for a case.
    """
    person, found = request.user, _stored(key)
    assert isinstance(person, Person)
    record = record_of_concern(found)
    allowed = permission.decide(request, "allegation.work", record)
    if found is _NO_CONCERN or not allowed:
        _write_down_refusal(person, found, record)
        raise Http404("There is no such concern.")
    return found


def turned_away_at_the_door(person: Person, of: str, address: Mapping[str, Any]) -> None:
    """Write down that somebody whose roles open no concern asked for one."""
    if of == "concern":
        found = _stored(address["key"])
        _write_down_refusal(person, found, record_of_concern(found))


def attempts_shown_to(person: Person, since: datetime) -> list[AuditEntry]:
    """Attempts, since a moment, at concerns that a person may read by somebody to whom those do not exist."""
    made = AuditEntry.objects.filter(subject_kind=KIND, verb="allegation.attempt", at__gte=since)
    held = list(made.select_related("actor").order_by("-sequence"))
    mine = {one.pk for one in concerns_open_to(person)} if held else set()
    return [one for one in held if json.loads(one.details)["concern"] in mine]


def _stored(key: str) -> LowLevelConcern:
    read = LowLevelConcern.objects.select_related("subject", "entered_by", "became")
    return read.filter(_NOT_ERASED, pk=key).first() or _NO_CONCERN


def _write_down_refusal(person: Person, concern: LowLevelConcern, record: Record) -> None:
    barred = person.pk in record.barred
    verb = "allegation.attempt" if barred else "allegation.turn_away"
    details = {"concern": concern.pk, "barred": barred}
    with transaction.atomic():
        audit.record(person, verb, KIND, concern.subject_id, details, sensitive_read=True)


def concerns_open_to(person: Person) -> list[LowLevelConcern]:
    """The concerns a person may read, the latest first. A fixed number of queries for each authority."""
    here = permission.visible(person, "allegation.settings").authorities
    mine = Q(authority__in=here, entered_by=person)
    for authority in here:
        if any(one.pk == person.pk for one in receiving_in(authority)):
            mine |= Q(authority=authority)
    held = LowLevelConcern.objects.filter(_NOT_ERASED, mine).exclude(subject__in=closed_to(person))
    read = held.select_related("subject", "entered_by").order_by("-on", "-entered_at", "-pk")
    return [one for one in read if not is_namesake(person, one.subject)]


def closed_to(person: Person) -> QuerySet[Subject]:
    """The people about whom a person may know nothing: themselves, and of whom a case is closed to them."""
    conflicts = Barred.objects.filter(person=person, lifted_at__isnull=True).values("case__subject")
    return Subject.objects.filter(
        Q(pk__in=records_about(person).values("pk"))
        | Q(pk__in=conflicts)
        | Q(merged__in=conflicts)
        | Q(merged_into__in=conflicts)
        | Q(merged_into__merged__in=conflicts)
    )


def is_namesake(person: Person, subject: Subject) -> bool:
    """Whether a person bears a name of somebody, so that they might be them."""
    mine = words_of([person.full_name])
    return any(words_of([name]) == mine for name in subject.identity.get("names") or ())


def threshold_of(authority: str, on: date) -> Threshold | None:
    """From when the rules of an authority ask for a look; None where they have no such rule."""
    value = edition_on(on, profile_of(authority).profile).find("low-level-pattern")
    if value is None or not isinstance(value.value, tuple):
        return None
    at_least, months = value.value
    return Threshold(int(str(at_least)), int(str(months)), value.source, value.status is Status.UNCONFIRMED)


def patterns_among(concerns: Sequence[LowLevelConcern], on: date, threshold: Threshold) -> list[PatternNote]:
    """Patterns among the concerns somebody may read: notes to them, about nobody but the dates and counts."""
    found = patterns(map(_without_names, concerns), on, threshold.at_least, threshold.months)
    return [PatternNote(pattern, tuple(_of(pattern, concerns))) for pattern in found]


def _of(pattern: Pattern, concerns: Iterable[LowLevelConcern]) -> Iterable[LowLevelConcern]:
    for one in concerns:
        bare = _without_names(one)
        key = bare.person if pattern.about == "person" else bare.place
        if key == pattern.key and pattern.first <= one.on <= pattern.last:
            yield one


def _without_names(one: LowLevelConcern) -> Concern:
    # Places that are not known are not one place.
    return Concern(head_of(one.subject), one.place or f"not known {one.pk}", one.on)
