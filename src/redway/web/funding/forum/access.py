"""The way to what the forum has: load it and decide in one step; strangers get 404.

Papers lie in an authority. A headteacher or chair holds a role for a school: what they may read is put into
that school, so that the one rule of permission decides on it like on everything else.
"""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest

from redway.web.funding.forum.models import Consultation, Meeting
from redway.web.people import permission
from redway.web.people.permission import Asker
from redway.web.people.rules import Record
from redway.web.register.models import Authority, School
from redway.web.register.queries import authority_names
from redway.web.schools.access import access_school

KIND = "forum"


def forum_record(asker: Asker, number: str, action: str) -> Record:
    """The forum of an authority as permission sees it, lying in a school of theirs if they have one there."""
    own = own_schools(asker, action, number)
    return Record(KIND, number, authority=number, school=own[0].key if own else None)


def own_schools(asker: Asker, action: str, number: str = "") -> list[School]:
    """The schools for which they hold a role with this action, in the authority if one is given."""
    seen = permission.visible(asker, action)
    if not seen.schools:
        return []
    found = School.objects.filter(key__in=seen.schools, gone_to="").order_by("sort_name")
    return list(found.filter(authority=number) if number else found)


def forums_of(asker: Asker, action: str = "forum.view") -> dict[str, str]:
    """Number -> name of the authorities whose forum is open to them, by name."""
    seen = permission.visible(asker, action)
    numbers = set(seen.authorities) | {school.authority for school in own_schools(asker, action)}
    named = authority_names(numbers)
    return dict(sorted(((number, named.get(number, number)) for number in numbers), key=lambda one: one[1]))


def access_forum(request: HttpRequest, number: str, action: str) -> Authority:
    """The authority whose forum it is, for those who may take the action on it."""
    permission.require(request, action, forum_record(request, number, action))
    found = Authority.objects.filter(number=number).first()
    if found is None:
        raise Http404("There is no such authority.")
    return found


def access_consultation(request: HttpRequest, key: UUID, action: str) -> Consultation:
    """A consultation, for those who may. A draft and a withdrawn paper are open to those who manage alone."""
    found = Consultation.objects.prefetch_related("options", "questions").filter(pk=key).first()
    if found is None:
        raise Http404("There is no such consultation.")
    permission.require(request, action, forum_record(request, found.authority, action))
    if found.state in (Consultation.State.DRAFT, Consultation.State.WITHDRAWN):
        permission.require(request, "forum.manage", forum_record(request, found.authority, "forum.manage"))
    return found


def access_meeting(request: HttpRequest, key: UUID, action: str) -> Meeting:
    """A meeting, for those who may."""
    found = Meeting.objects.filter(pk=key).first()
    if found is None:
        raise Http404("There is no such meeting.")
    permission.require(request, action, forum_record(request, found.authority, action))
    return found


def access_school_asked(
    request: HttpRequest, key: UUID, urn: str, action: str
) -> tuple[Consultation, School]:
    """A consultation and one of the schools it asks, for those who may take the action for that school."""
    school = access_school(request, urn, action)
    found = Consultation.objects.prefetch_related("options", "questions").filter(pk=key).first()
    if found is None or found.authority != school.authority or not found.published_at:
        raise Http404("This school is not asked in such a consultation.")
    if found.state == Consultation.State.WITHDRAWN:
        raise Http404("The consultation was withdrawn.")
    return found, school
