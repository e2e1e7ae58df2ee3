"""The first page after signing in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from redway.web.authorities.profile import findings_of
from redway.web.home.attention import lines_for
from redway.web.home.places import places_of
from redway.web.measures.showing import store
from redway.web.people import permission
from redway.web.people.declarations import signed_in


@require_safe
@signed_in("Everybody has a first page; each line on it was decided by itself")
def index(request: HttpRequest) -> HttpResponse:
    """What needs attention, and the way to one's own authority and schools."""
    places = places_of(request)
    read = store()
    context = {
        "lines": lines_for(request),
        "places": places,
        "findings": [(authority, findings_of(read, authority)) for authority in places.authorities],
        "has_data": bool(read.build),
        "may_upload": permission.may_open(request, "datasets:upload"),
        "may_find": permission.may_open(request, "schools:find"),
        "may_measure": permission.may_open(request, "measures:index"),
        "roles": sorted(role.label for role in permission.roles_today(request)),
    }
    return render(request, "home/index.html", context)
