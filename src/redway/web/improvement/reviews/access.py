"""The way to reviews, strategies and schools' own judgements; strangers get 404.

A review of the authority's work is for its officers. A review of a school is open to that school's
headteacher and chair once it is published; so is a published strategy of their authority.
"""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest

from redway.core.errors import NotFound
from redway.web.improvement.reviews.models import Review
from redway.web.people import permission
from redway.web.people.permission import Asker
from redway.web.people.rules import Record
from redway.web.register.models import Authority, School
from redway.web.register.queries import find_authority
from redway.web.schools.access import access_school

KIND = "review"


def record_of(review: Review) -> Record:
    """A review as permission sees it: in its authority, and in its school if it is of one."""
    return Record(KIND, str(review.pk), authority=review.authority, school=review.school or None)


def place_record(number: str) -> Record:
    """The reviews and the strategy of an authority as permission sees them."""
    return Record(KIND, number, authority=number)


def school_record(school: School) -> Record:
    """What a school judges of itself, as permission sees it."""
    return Record(KIND, school.key, authority=school.authority, school=school.key)


def access_review(request: HttpRequest, key: UUID, action: str) -> Review:
    """A review, for those who may take the action on it; one not published is open to who manages it."""
    found = Review.objects.filter(pk=key).first()
    if found is None:
        raise Http404("There is no such review.")
    permission.require(request, action, record_of(found))
    if found.state != Review.State.PUBLISHED:
        permission.require(request, "review.manage", record_of(found))
    return found


def access_place(request: HttpRequest, number: str, action: str) -> Authority:
    """The authority, for those who may take the action on all of it."""
    found = _authority(number)
    permission.require(request, action, place_record(number))
    return found


def access_strategy(request: HttpRequest, number: str) -> Authority:
    """The authority whose strategy it is: its officers, and the people of its schools."""
    found = _authority(number)
    seen = permission.visible(request, "review.view").schools
    own = School.objects.filter(key__in=seen, authority=number).values_list("key", flat=True).first()
    permission.require(request, "review.view", Record(KIND, number, authority=number, school=own))
    return found


def access_own_school(request: HttpRequest, urn: str, action: str) -> School:
    """The whole school, for those who may take the action on what it judges of itself."""
    found = access_school(request, urn, action)
    permission.require(request, action, school_record(found))
    return School.objects.get(pk=found.pk)


def may(asker: Asker, action: str, record: Record) -> bool:
    """May they take the action on the record?"""
    return bool(permission.decide(asker, action, record))


def _authority(number: str) -> Authority:
    try:
        return find_authority(number)
    except NotFound as error:
        raise Http404(error.message) from None
