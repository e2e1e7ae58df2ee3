"""What the pages of deficits share: the way back, the links beside, and a form that is sent."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from redway.web.authorities.access import record_of as authority_record
from redway.web.design.form_page import Trail
from redway.web.people import permission
from redway.web.register.models import Authority, School

AUTHORITY_PAGES = (
    ("Balances and licences", "deficits:authority", "deficit.view"),
    ("Schools at risk", "deficits:at_risk", "deficit.view"),
    ("Meetings", "deficits:meetings", "deficit.view"),
    ("Rules and assumptions", "deficits:rules", "deficit.view"),
    ("Upload a table", "deficits:upload", "deficit.keep"),
)
"""(label, name of the address, action that opens it)"""


def authority_links(request: HttpRequest, authority: Authority, but: str = "") -> Trail:
    """The pages about all schools of an authority that this person may open."""
    record = authority_record(authority)
    return [
        (label, reverse(name, args=[authority.number]))
        for label, name, action in AUTHORITY_PAGES
        if name != but and permission.decide(request, action, record)
    ]


def trail(request: HttpRequest, school: School | None = None) -> Trail:
    """The way back: funding, the authority's page for those who may open it, the school's."""
    found = [("Funding", reverse("funding:index"))]
    if school is not None:
        if permission.visible(request, "deficit.view").authorities:
            name = school.authority_name or "All schools"
            found.append((f"Deficits in {name}", reverse("deficits:authority", args=[school.authority])))
        found.append((school.shown_name, reverse("deficits:school", args=[school.current_urn])))
    return found
