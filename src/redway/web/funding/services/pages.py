"""What the pages of services share: the way back and the links beside."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from redway.web.authorities.access import record_of as authority_record
from redway.web.design.form_page import Trail
from redway.web.people import permission
from redway.web.register.models import Authority

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
