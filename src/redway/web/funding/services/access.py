"""The way to a catalogue: of an authority, for those who sell there and for its schools."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from redway.core.errors import NotFound
from redway.web.funding.money_fields import is_year
from redway.web.people import permission
from redway.web.people.rules import Record
from redway.web.register.models import Authority, School
from redway.web.register.queries import find_authority
from redway.web.schools.access import access_school


def access_catalogue(request: HttpRequest, number: str, year: str, action: str) -> Authority:
    """The authority whose catalogue it is. A school's people may look into that of their own authority."""
    try:
        found = find_authority(number)
    except NotFound as error:
        raise Http404(error.message) from None
    permission.require(request, action, catalogue_record(request, number, action))
    if not is_year(year):
        raise Http404("There is no such year.")
    return found


def catalogue_record(asker: HttpRequest, number: str, action: str) -> Record:
    """A catalogue lies in its authority, and in each of its schools."""
    held = permission.visible(asker, action).schools
    own = School.objects.filter(key__in=held, authority=number).values_list("key", flat=True).first()
    return Record("authority", number, authority=number, school=own)


def access_school_year(request: HttpRequest, urn: str, year: str, action: str) -> School:
    """A school in a year of services, for those who may take the action on it."""
    found = access_school(request, urn, action)
    if not is_year(year):
        raise Http404("There is no such year.")
    return School.objects.get(pk=found.pk)
