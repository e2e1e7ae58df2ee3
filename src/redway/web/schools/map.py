"""The schools of one authority as points on its outline."""

from __future__ import annotations

from redway.core.errors import NotFound
from redway.figures.areas import authority_outline
from redway.figures.chart import Chart
from redway.figures.maps import Place, points_map
from redway.figures.theme import PAGE
from redway.web.register.models import Authority, School
from redway.web.schools.finding import SchoolSearch

MOST_ON_A_MAP = 1500


def map_of(sought: SchoolSearch, width: int = PAGE) -> Chart | None:
    """A map of what is sought within the authority chosen; None without one, or without any place."""
    authority = Authority.objects.filter(number=sought.filters.authority).first()
    if authority is None:
        return None
    found = sought.found.read(0, MOST_ON_A_MAP)
    places = [
        _place(school) for school in found if school.easting is not None and school.northing is not None
    ]
    if not places:
        return None
    try:
        outline = authority_outline(authority.ons_code)
    except NotFound:
        outline = ()
    return points_map(f"Where are the schools found in {authority.name}?", outline, places, width=width)


def _place(school: School) -> Place:
    note = ", ".join(part for part in (school.phase, school.postcode) if part)
    return Place(school.shown_name, float(school.easting or 0), float(school.northing or 0), note)
