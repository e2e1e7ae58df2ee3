"""The way to what this room keeps: load it and decide in one step; strangers get 404.

Records lie in an authority and in a school, so that an adviser reaches those of the authority and a
headteacher those of the own school alone.
"""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from django.http import Http404, HttpRequest

from redway.core.errors import NotFound
from redway.improvement.visits import Reader
from redway.web.authorities.access import record_of as authority_record
from redway.web.improvement.support.models import Alert, Kept
from redway.web.people import permission
from redway.web.people.models import Grant, Person
from redway.web.people.permission import Asker
from redway.web.people.roles import Role
from redway.web.people.rules import Record
from redway.web.register.models import Authority, School
from redway.web.register.queries import find_authority
from redway.web.schools.access import access_school

KIND = "support"
Stored = TypeVar("Stored", bound=Kept)
_OFFICERS = frozenset({Role.ADVISER, Role.DIRECTOR})


def record_of(kept: Kept) -> Record:
    """A record of this room as permission sees it."""
    return Record(KIND, str(kept.pk), authority=kept.authority, school=kept.school)


def access_kept(request: HttpRequest, kind: type[Stored], key: UUID, action: str) -> tuple[Stored, School]:
    """A record and its school, for those who may take the action on it."""
    found = kind._default_manager.filter(pk=key).first()
    if found is None:
        raise Http404("There is no such record.")
    permission.require(request, action, record_of(found))
    return found, School.objects.get(key=found.school)


def access_place(request: HttpRequest, number: str, action: str) -> Authority:
    """The authority, for those who may take the action on all of it."""
    try:
        found = find_authority(number)
    except NotFound as error:
        raise Http404(error.message) from None
    permission.require(request, action, Record(KIND, number, authority=number))
    return found


def access_school_here(request: HttpRequest, urn: str, action: str) -> School:
    """The whole school, for those who may take the action on it; strangers get 404."""
    found = access_school(request, urn, action)
    permission.require(request, action, Record(KIND, found.key, authority=found.authority, school=found.key))
    return School.objects.get(pk=found.pk)


def may(asker: Asker, action: str, school: School) -> bool:
    """May they take the action on this school?"""
    record = Record("school", school.key, authority=school.authority, school=school.key)
    return bool(permission.decide(asker, action, record))


def may_here(asker: Asker, action: str, authority: Authority) -> bool:
    """May they take the action on this authority?"""
    return bool(permission.decide(asker, action, authority_record(authority)))


def reader_of(asker: Asker, school: School) -> Reader:
    """As whom somebody reads a note of a visit to this school.

    Who heads or governs it reads as that, whatever else they do: an adviser who is a head elsewhere is an
    officer there, and not at the own school.
    """
    record = Record("school", school.key, authority=school.authority, school=school.key)
    roles = {
        grant.role
        for grant in permission.holder_of(asker).held_on(permission.today())
        if grant.contains(record)
    }
    if Role.HEADTEACHER in roles:
        return Reader.HEADTEACHER
    officer = roles & _OFFICERS and Role.CHAIR_OF_GOVERNORS not in roles
    return Reader.OFFICER if officer else Reader.GOVERNORS


def follows_from(alert: Alert | None, *, officer: bool) -> str:
    """What a visit or a programme follows from. Which list a school was flagged on is for officers; its own
    target is known to the school."""
    if alert is None:
        return ""
    if alert.source == Alert.Source.TARGET:
        return str(alert.shown[0][0])
    return str(alert.get_source_display()) if officer else ""


def advisers_of(authority: str) -> list[Person]:
    """The advisers of an authority, by name."""
    today = permission.today()
    held = Grant.objects.filter(role=Role.ADVISER, authority=authority, ended_at__isnull=True)
    on = held.filter(first_day__lte=today).exclude(last_day__lt=today)
    people = Person.objects.filter(pk__in=on.values("person"), is_active=True)
    return list(people.order_by("full_name", "pk"))
