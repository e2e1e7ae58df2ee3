"""The ways to what is kept here: load and decide in one step; strangers get 404."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest

from redway.web.authorities.access import record_of as authority_record
from redway.web.improvement.models import Concern, Intelligence, ScoreSet, TriageMeeting
from redway.web.people import permission
from redway.web.people.permission import Asker
from redway.web.register.models import Authority, School
from redway.web.register.queries import find_authority
from redway.web.schools.access import record_of as school_record


def school_of(key: str) -> School:
    """The school of a continuing key. Raises Http404 when the register no longer has it."""
    found = School.objects.filter(key=key).select_related("locality").first()
    if found is None:
        raise Http404("The school is no longer in the register.")
    return found


def access_set(
    request: HttpRequest, key: UUID, action: str = "early_warning.view"
) -> tuple[ScoreSet, Authority]:
    """A set of scores with its authority, for those who may."""
    found = ScoreSet.objects.filter(pk=key).first()
    if found is None:
        raise Http404("There is no such set of scores.")
    return found, _authority(request, found.authority, action)


def access_concern(request: HttpRequest, key: UUID, action: str) -> tuple[Concern, School]:
    """A concern with its school, for those who may."""
    found = Concern.objects.filter(pk=key).first()
    if found is None:
        raise Http404("There is no such concern.")
    school = school_of(found.school)
    permission.require(request, action, school_record(school))
    return found, school


def access_intelligence(request: HttpRequest, key: UUID, action: str) -> tuple[Intelligence, School]:
    """Something known of a school, for those who may."""
    found = Intelligence.objects.filter(pk=key, withdrawn_at__isnull=True).first()
    if found is None:
        raise Http404("There is no such record.")
    school = school_of(found.school)
    permission.require(request, action, school_record(school))
    return found, school


def access_meeting(request: HttpRequest, key: UUID, action: str) -> tuple[TriageMeeting, Authority]:
    """A triage meeting with its authority, for those who may."""
    found = TriageMeeting.objects.select_related("scores").filter(pk=key).first()
    if found is None:
        raise Http404("There is no such meeting.")
    return found, _authority(request, found.authority, action)


def may(asker: Asker, action: str, school: School) -> bool:
    """Whether somebody may take an action on a school."""
    return bool(permission.decide(asker, action, school_record(school)))


def _authority(request: HttpRequest, number: str, action: str) -> Authority:
    found = find_authority(number)
    permission.require(request, action, authority_record(found))
    return found
