"""What the pages of services share: the way back and the links beside."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from redway.core.errors import RedwayError
from redway.datasets.checked_rows import TableRefused
from redway.web.authorities.access import record_of as authority_record
from redway.web.design.uploaded_table import problems_shown
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import Authority

Trail = list[tuple[str, str]]

PAGES = (
    ("Catalogue", "services:catalogue", "service.view"),
    ("Orders of schools", "services:orders", "service.manage"),
    ("Income against cost", "services:income", "service.manage"),
    ("Effect of a price change", "services:change", "service.manage"),
    ("Import a price list", "services:price_list", "service.manage"),
)


def links(request: HttpRequest, authority: Authority, year: str, but: str = "") -> Trail:
    """The pages about an authority's services that this person may open."""
    record = authority_record(authority)
    found = [
        (label, reverse(name, args=[authority.number, year]))
        for label, name, action in PAGES
        if name != but and permission.decide(request, action, record)
    ]
    if but != "services:terms" and permission.decide(request, "service.manage", record):
        found.append(("Terms and renewals", reverse("services:terms", args=[authority.number])))
    return found


def trail(authority: Authority | None = None, year: str = "") -> Trail:
    """The way back."""
    found = [("Funding", reverse("funding:index"))]
    if authority is not None and year:
        address = reverse("services:catalogue", args=[authority.number, year])
        found.append((f"Catalogue of {year}", address))
    return found


def person_of(request: HttpRequest) -> Person:
    """Who is signed in."""
    assert isinstance(request.user, Person)
    return request.user


def seen(request: HttpRequest, now: int) -> int:
    """The revision that the person had before their eyes, as the form carries it."""
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else now


def problems_of(error: RedwayError) -> tuple[str, ...]:
    """Everything that is wrong, each a sentence."""
    if isinstance(error, TableRefused):
        return problems_shown(error)
    return (f"{error.message} {error.next_step}".strip(),)
