"""The ways to what is kept of schools in deficit: load and decide in one step; strangers get 404."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest

from redway.web.funding.deficits.models import Licence, Meeting, Stage
from redway.web.funding.forum.asking import status_of
from redway.web.people import permission
from redway.web.people.permission import Asker
from redway.web.people.rules import Record
from redway.web.register.models import School
from redway.web.schools.access import record_of as school_record


def school_of(key: str) -> School:
    """The school of a continuing key. Raises Http404 when the register no longer has it."""
    found = School.objects.filter(key=key).select_related("locality").first()
    if found is None:
        raise Http404("The school is no longer in the register.")
    return found


def record_of_school(key: str) -> Record:
    """What lies in a school is decided as the school is, wherever it is today."""
    return school_record(school_of(key))


def answers_to_authority(school: School) -> bool:
    """Whether the authority may license its deficit: academies answer to their trust instead."""
    return status_of(school.kind) != "Academy"


def access_licence(request: HttpRequest, key: UUID, action: str) -> tuple[Licence, School]:
    """An application or licence with its school, for those who may. A draft is open to its school alone."""
    found = Licence.objects.filter(pk=key).first()
    if found is None:
        raise Http404("There is no such licence.")
    school = school_of(found.school)
    permission.require(request, action, school_record(school))
    if found.stage == Stage.DRAFT:
        permission.require(request, "deficit.apply", school_record(school))
    return found, school


def access_meeting(request: HttpRequest, key: UUID, action: str) -> tuple[Meeting, School]:
    """A meeting with its school, for those who may."""
    found = Meeting.objects.prefetch_related("actions").filter(pk=key).first()
    if found is None:
        raise Http404("There is no such meeting.")
    school = school_of(found.school)
    permission.require(request, action, school_record(school))
    return found, school


def may(asker: Asker, action: str, school: School) -> bool:
    """Whether somebody may take an action on a school."""
    return bool(permission.decide(asker, action, school_record(school)))
