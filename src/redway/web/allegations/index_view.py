"""The way in: each person is led to the page that is theirs, and from each page to the others."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from redway.web.design.navigation import LEADS_TO
from redway.web.people import permission
from redway.web.people.declarations import signed_in

PAGES = (
    ("Your day", "allegations:day"),
    ("Cases", "allegations:cases"),
    ("Search", "allegations:search"),
    ("Advice", "allegations:advice"),
    ("Low-level concerns", "allegations:concerns"),
    ("Your referrals", "allegations:my_referrals"),
    ("Refer, or ask for advice", "allegations:refer"),
    ("Statistics", "allegations:statistics"),
    ("Report", "allegations:report"),
    ("Keeping records", "allegations:retention"),
    ("Quarterly review", "allegations:reviews"),
    ("Settings", "allegations:settings"),
)
"""(label, name of the page), shown to those who may open it."""
HELP = (
    ("allegations:settings", "designated-officer"),
    ("allegations:my_referrals", "refer-an-allegation"),
    ("allegations:statistics", "named-senior-officer"),
)
"""(a page of this room, the help for those who may open it)"""


@require_safe
@signed_in("Leads each person to the first page of this room that they may open; there may be none")
def index(request: HttpRequest) -> HttpResponse:
    """To the day of an officer, the referrals of a referrer, the figures of who sees figures."""
    for name in LEADS_TO["allegations:index"]:
        if permission.may_open(request, name):
            return redirect(name)
    raise Http404("No role you hold has anything to do here.")


def related_pages(request: HttpRequest, but: str = "") -> list[tuple[str, str]]:
    """The other pages of the room that this person may open, and help for their work: (label, address)."""
    pages = [
        (label, reverse(name)) for label, name in PAGES if name != but and permission.may_open(request, name)
    ]
    return [*pages, ("Help", reverse("help:work", args=[_help_for(request)]))]


def _help_for(request: HttpRequest) -> str:
    """Which page of help is about this person's work here."""
    for name, slug in HELP:
        if permission.may_open(request, name):
            return slug
    return HELP[-1][1]
