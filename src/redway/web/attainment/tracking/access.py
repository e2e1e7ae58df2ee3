"""Who sees pupils by name, and the way to one pupil: load and decide in one step; strangers get 404."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
from django.http import Http404, HttpRequest

from redway.web.attainment.cohorts import ON_ROLL, rows_in, source_of, years_in
from redway.web.attainment.names import names_of_pupils
from redway.web.attainment.tracking.pupil_keys import pupil_with
from redway.web.people import permission
from redway.web.people.rules import Record
from redway.web.register.models import Authority, School
from redway.web.schools.access import record_of

COUNTS = "tracking.view"
NAMES = "pupil.view"


@dataclass(frozen=True)
class Pupil:
    """One pupil on roll, for somebody who may see them."""

    key: str
    authority: str
    school: School
    row: pl.DataFrame
    """One row: the columns of the file of pupils on roll."""

    @property
    def name(self) -> str:
        return names_of_pupils(self.row)[0]

    @property
    def number(self) -> str:
        return str(self.row["pupil"][0])

    @property
    def year_group(self) -> int:
        return int(self.row["year_group"][0] or 0)


def sees_names(request: HttpRequest, school: School) -> bool:
    """May they see the pupils of this school by name?"""
    return bool(permission.decide(request, NAMES, record_of(school)))


def access_pupil(request: HttpRequest, key: str) -> Pupil:
    """The pupil on roll with this key, for those who may see the pupils of the school they are at."""
    for authority in _authorities(request):
        on_roll = source_of(authority, ON_ROLL)
        number = pupil_with(on_roll, key)
        frame = rows_in(on_roll, years_in(on_roll)[-1:]) if number is not None else None
        if frame is not None:
            row = frame.filter(pl.col("pupil") == number).head(1)
            at = str(row["school"][0])
            school = School.objects.filter(key=at).first()
            permission.require(request, NAMES, record_of(school) if school else _unknown(at, authority))
            return Pupil(key, authority, school or School(key=at, current_urn=at, name=f"URN {at}"), row)
    raise Http404("There is no such pupil.")


def _unknown(urn: str, authority: str) -> Record:
    """A school that the register does not know: only whoever has a role for the whole authority may."""
    return Record("school", urn, authority=authority, school=urn)


def _authorities(request: HttpRequest) -> list[str]:
    """The authorities in which the person may see any pupil by name."""
    seen = permission.visible(request, NAMES)
    if seen.everywhere:
        return list(Authority.objects.values_list("number", flat=True))
    own = School.objects.filter(key__in=seen.schools).values_list("authority", flat=True)
    return sorted({*seen.authorities, *own})
