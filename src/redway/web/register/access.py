"""The way to a locality: load it and decide in one step; strangers get 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from redway.web.people import permission
from redway.web.register.localities import record_of
from redway.web.register.models import Locality
from redway.web.register.queries import localities_of


def access_locality(request: HttpRequest, authority: str, number: int, action: str) -> Locality:
    """A locality in use of this authority, for those who may take the action on it."""
    found = localities_of(authority).filter(pk=number).first()
    if found is None:
        raise Http404("There is no such locality.")
    permission.require(request, action, record_of(found))
    return found
