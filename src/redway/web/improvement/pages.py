"""What the pages share: the way back, the links beside, and a form that is sent."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from redway.web.authorities.access import record_of as authority_record
from redway.web.design.form_page import Trail
from redway.web.people import permission
from redway.web.register.models import Authority, School
from redway.web.schools.access import record_of as school_record

AUTHORITY_PAGES = (
    ("Where to look first", "improvement:early_warning", "early_warning.view"),
    ("Schools causing concern", "improvement:concerns", "concern.view"),
    ("Triage meetings", "improvement:triage", "concern.view"),
    ("Official triggers", "improvement:triggers", "concern.view"),
    ("Categories", "improvement:categories", "concern.view"),
)
"""(label, name of the address, action that opens it)"""
BESIDE = (
    ("Support and visits", "support:authority", "support.view"),
    ("Ledger of alerts and targets", "support:ledger", "support.view"),
)
"""The same of the rooms to which a warning or a concern leads on."""
SCHOOL_PAGES = (
    ("Early warning and charts", "improvement:school", "early_warning.view"),
    ("What is known, category and decisions", "improvement:concern", "concern.view"),
    ("Category and decisions", "improvement:own_school", "improvement.own_school"),
    ("Targets", "attainment:school_targets", "target.view"),
    ("Support and visits", "support:school", "support.view"),
    ("Ready for inspection", "reviews:readiness", "review.view"),
    ("The school’s profile", "schools:profile", "school.view"),
)
"""The same of one school."""


def authority_links(request: HttpRequest, authority: Authority, but: str = "") -> Trail:
    """The pages about all schools of an authority that this person may open."""
    record = authority_record(authority)
    return [
        (label, reverse(name, args=[authority.number]))
        for label, name, action in (*AUTHORITY_PAGES, *BESIDE)
        if name != but and permission.decide(request, action, record)
    ]


def school_pages(request: HttpRequest, school: School, but: str = "") -> Trail:
    """The pages of improvement about a school that this person may open; ``but`` is the one they are on."""
    record = school_record(school)
    return [
        (label, reverse(name, args=[school.current_urn]))
        for label, name, action in SCHOOL_PAGES
        if name != but and permission.decide(request, action, record)
    ]


def trail(authority: Authority | None = None, *onward: tuple[str, str]) -> Trail:
    """The way back: improvement, an authority's list, and what lies below it."""
    found = [("Improvement", reverse("improvement:index"))]
    if authority is not None:
        address = reverse("improvement:early_warning", args=[authority.number])
        found.append((f"Where to look first in {authority.name}", address))
    return [*found, *onward]


def school_trail(request: HttpRequest, school: School) -> Trail:
    """The way back from a page about one school: over the authority's list for those who may open it."""
    found = [("Improvement", reverse("improvement:index"))]
    place = Authority(number=school.authority, name=school.authority_name)
    if permission.decide(request, "concern.view", authority_record(place)):
        address = reverse("improvement:concerns", args=[school.authority])
        found.append((f"Concerns in {school.authority_name}", address))
        found.append((school.shown_name, reverse("improvement:concern", args=[school.current_urn])))
    return found
