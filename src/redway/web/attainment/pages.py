"""The pages about one school's or authority's progress, for links between them. Each only if it is there."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from redway.web.authorities.access import record_of as authority_record
from redway.web.people import permission
from redway.web.register.models import Authority, School
from redway.web.schools.access import record_of as school_record

SCHOOL_PAGES = (
    ("Value added", "attainment:school_value_added", "value_added.view"),
    ("Tracking", "attainment:school_tracking", "tracking.view"),
    ("Gaps between groups", "attainment:school_gaps", "tracking.view"),
    ("Target groups", "attainment:school_target_groups", "tracking.view"),
    ("Targets", "attainment:school_targets", "target.view"),
)
"""(label, name of the address, action that opens it)"""

AUTHORITY_PAGES = (
    ("Value added of all schools", "attainment:authority_value_added", "value_added.view"),
    ("Targets of all schools", "attainment:authority_targets", "target.view"),
)

Link = tuple[str, str]
"""(label, address)"""


def school_pages(request: HttpRequest, school: School, but: str = "") -> list[Link]:
    """The pages about a school that this person may open; ``but`` names the one they are on."""
    record = school_record(school)
    allowed = [
        (label, name)
        for label, name, action in SCHOOL_PAGES
        if name != but and permission.decide(request, action, record)
    ]
    return _links(allowed, school.current_urn)


def authority_pages(request: HttpRequest, authority: Authority, but: str = "") -> list[Link]:
    """The pages about all schools of an authority that this person may open."""
    record = authority_record(authority)
    allowed = [
        (label, name)
        for label, name, action in AUTHORITY_PAGES
        if name != but and permission.decide(request, action, record)
    ]
    return _links(allowed, authority.number)


def _links(named: Iterable[tuple[str, str]], key: str) -> list[Link]:
    found = []
    for label, name in named:
        try:
            found.append((label, reverse(name, args=[key])))
        except NoReverseMatch:
            continue
    return found
