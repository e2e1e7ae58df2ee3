"""The way to a measure: load it and decide in one step; strangers get 404."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from redway.core.errors import NotFound
from redway.indicators.catalogue import Indicator, load_catalogue
from redway.web.measures.showing import allowed, topic_of
from redway.web.people import permission
from redway.web.people.rules import Record

_ANY = Record("measure", "")


def access_measure(request: HttpRequest, code: str, action: str) -> Indicator:
    """The measure with this code, for those who may see measures on its subject."""
    try:
        indicator = load_catalogue().get(code)
    except NotFound as error:
        raise Http404(error.message) from None
    permission.require(request, action, Record("measure", code, topic=topic_of(indicator)))
    return indicator


def measures_visible(request: HttpRequest) -> list[Indicator]:
    """The measures on subjects this person may see, in catalogue order."""
    return allowed(load_catalogue(), permission.topics(request, "measure.view", _ANY))
