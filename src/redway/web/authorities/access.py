"""The way to an authority: load it and decide in one step; strangers get 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from redway.core.errors import NotFound
from redway.web.people import permission
from redway.web.people.rules import Record
from redway.web.register.models import Authority
from redway.web.register.queries import find_authority


def access_authority(request: HttpRequest, number: str, action: str, topic: str | None = None) -> Authority:
    """The authority of this number, for those who may take the action on it."""
    try:
        authority = find_authority(number)
    except NotFound as error:
        raise Http404(error.message) from None
    permission.require(request, action, record_of(authority, topic))
    return authority


def record_of(authority: Authority, topic: str | None = None) -> Record:
    """An authority as permission sees it, perhaps with the subject of a figure."""
    return Record("authority", authority.number, authority=authority.number, topic=topic)
