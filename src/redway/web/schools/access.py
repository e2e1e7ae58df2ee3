"""The way to a school: load it and decide in one step; strangers get 404."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest

from redway.core.errors import InvalidIdentifier
from redway.core.identifiers import urn as urn_of
from redway.web.people import permission
from redway.web.people.rules import Record
from redway.web.register.models import Establishment, School


@dataclass(frozen=True)
class Line:
    """A school with every establishment it has been, earliest first, those merged into it last."""

    school: School
    establishments: tuple[Establishment, ...]

    @property
    def urns(self) -> tuple[str, ...]:
        """Numbers under which figures are the school's own."""
        return tuple(one.urn for one in self.establishments if one.on_stem)

    @property
    def record(self) -> Record:
        """The school as permission sees it."""
        return record_of(self.school)

    def establishment(self, urn: str) -> Establishment | None:
        """The establishment with a number."""
        return next((one for one in self.establishments if one.urn == urn), None)


def record_of(school: School, topic: str | None = None) -> Record:
    """A school as permission sees it, perhaps with the subject of a figure."""
    return Record("school", school.key, authority=school.authority, school=school.key, topic=topic)


def access_line(request: HttpRequest, urn: str, action: str) -> Line:
    """The school that has, or ever had, this URN, with its establishments, for those who may."""
    return line_of(access_school(request, urn, action))


def access_school(request: HttpRequest, urn: str, action: str, topic: str | None = None) -> School:
    """The school that has, or ever had, this URN, for those who may take the action on it. One query.

    ``topic`` narrows the question to the subject of a figure.
    """
    try:
        number = urn_of(urn)
    except InvalidIdentifier as error:
        raise Http404(error.message) from None
    named = School.objects.filter(establishments__urn=number).select_related("locality")
    school = named.only(*_DECIDED_ON).first()
    if school is None:
        raise Http404(f"There is no school with URN {number}.")
    permission.require(request, action, record_of(school, topic))
    return school


_DECIDED_ON = ("key", "current_urn", "name", "local_name", "authority", "authority_name", "locality__name")
"""What is needed to decide and to name the school and its locality; the rest is read when it is shown."""


def line_of(school: School) -> Line:
    """The school with its establishments, for somebody who has been let in already."""
    found = school.establishments.select_related("school__locality")
    ordered = sorted(found, key=lambda one: (not one.on_stem, one.urn))
    return Line(ordered[0].school, tuple(ordered))
