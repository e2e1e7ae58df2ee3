"""The way to a target: its school, measure and year in one step; strangers get 404."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import reverse

from redway.core.errors import InvalidPeriod
from redway.core.periods import PeriodKind, parse_period
from redway.web.attainment.models import Target
from redway.web.attainment.targets.measures import Measure, known_measure, summer_of
from redway.web.attainment.targets.records import targets
from redway.web.register.models import Authority, School
from redway.web.schools.access import access_school


@dataclass(frozen=True)
class Place:
    """Where a target is or would be: a school, a measure, the year of the results."""

    school: School
    measure: Measure
    year: str
    target: Target | None
    """The target in talks or in force; None while nothing is proposed."""
    withdrawn: tuple[Target, ...] = ()
    """Targets for the same that were withdrawn, earliest first."""

    @property
    def authority(self) -> Authority:
        """The school's authority as far as the school names it."""
        return Authority(number=self.school.authority, name=self.school.authority_name)

    @property
    def title(self) -> str:
        """'Maths, expected standard: target for summer 2027'."""
        return f"{self.measure.short}: target for {summer_of(self.year)}"

    def address(self, page: str = "target", *more: str) -> str:
        """Address of one of its pages."""
        parts = [self.school.current_urn, self.measure.code, self.year, *more]
        return reverse(f"attainment:{page}", args=parts)


def access_place(request: HttpRequest, urn: str, measure: str, year: str, action: str) -> Place:
    """A target or the place for one, for those who may take the action at its school."""
    school = access_school(request, urn, action)
    known = known_measure(measure)
    if known is None or not is_year(year):
        raise Http404("There is no such measure or year.")
    found = list(targets().filter(school=school.key, measure=known.code, year=year))
    in_force = next((one for one in found if one.withdrawn_at is None), None)
    gone = sorted(
        (one for one in found if one.withdrawn_at is not None), key=lambda one: str(one.withdrawn_at)
    )
    return Place(school, known, year, in_force, tuple(gone))


def is_year(text: str) -> bool:
    """Whether a part of an address is a school year as Redway writes it: '2026-27'."""
    try:
        return parse_period(text, PeriodKind.ACADEMIC).label == text
    except InvalidPeriod:
        return False
