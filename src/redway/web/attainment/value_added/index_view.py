"""Where a person's progress pages begin: their authorities, their schools."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from redway.figures.table import Column, Row, Table
from redway.web.attainment.cohorts import authorities_held, results_of, rows_in, years_in
from redway.web.attainment.formulas import KEY_STAGES
from redway.web.attainment.pages import authority_pages, school_pages
from redway.web.attainment.value_added.access import ACTION
from redway.web.design.exports import export
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.register.models import Authority, School


@dataclass(frozen=True)
class Place:
    """One school with results of its pupils, and the years they are of."""

    school: School
    years: Mapping[str, Sequence[str]]
    """Key stage -> years, earliest first."""


@require_safe
@needs("value_added.view")
def index(request: HttpRequest) -> HttpResponse:
    """The schools and authorities whose progress this person may see."""
    seen = permission.visible(request, ACTION)
    places = _places(request)
    context = {
        "authorities": [(one, authority_pages(request, one)) for one in _authorities(request)],
        "own": [(one, school_pages(request, one.school)) for one in places if one.school.key in seen.schools],
        "view": _view(request, places) if seen.authorities or seen.everywhere else None,
    }
    return render(request, "attainment/index.html", context)


@require_safe
@needs("value_added.view")
def schools_table(request: HttpRequest, extension: str) -> HttpResponseBase:
    """The schools with results of their pupils as a file."""
    return export(_view(request, _places(request)), extension)


def _authorities(request: HttpRequest) -> list[Authority]:
    """Authorities with results of pupils, all of whose schools the person may see, by name."""
    seen, held = permission.visible(request, ACTION), authorities_held()
    return list(Authority.objects.filter(number__in=held if seen.everywhere else held & seen.authorities))


def _places(request: HttpRequest) -> list[Place]:
    """The schools whose progress the person may see, by name, with the years of their results."""
    seen = permission.visible(request, ACTION)
    found = School.objects.filter(authority__in=authorities_held())
    if not seen.everywhere:
        found = found.filter(Q(authority__in=seen.authorities) | Q(key__in=seen.schools))
    by_key = {school.key: school for school in found}
    years: dict[str, dict[str, list[str]]] = {}
    for authority in sorted({school.authority for school in by_key.values()}):
        for stage in KEY_STAGES:
            source = results_of(authority, stage)
            for year in years_in(source):
                cohort = rows_in(source, (year,))
                for key in [] if cohort is None else cohort["school"].unique().to_list():
                    if key in by_key:
                        years.setdefault(key, {}).setdefault(stage, []).append(year)
    places = [Place(by_key[key], held) for key, held in years.items()]
    return sorted(places, key=lambda place: place.school.sort_name)


def _view(request: HttpRequest, places: Sequence[Place]) -> TableView:
    """The schools as a table; each leads to its value-added page."""
    rows: list[Row] = [
        {
            "name": place.school.shown_name,
            "urn": place.school.current_urn,
            "phase": place.school.phase,
            **{stage: _span(place.years.get(stage, ())) for stage in KEY_STAGES},
        }
        for place in places
    ]
    columns = (
        Column("name", "School"),
        Column("phase", "Phase"),
        *(Column(stage, f"{name} results") for stage, name in KEY_STAGES.items()),
        Column("urn", "URN"),
    )
    return TableView(
        Table("Schools with results of their pupils", columns, rows),
        TableState.read(request.GET),
        address=reverse("attainment:schools_table", args=["csv"]).removesuffix(".csv"),
        links={"name": lambda row: reverse("attainment:school_value_added", args=[row["urn"]])},
    )


def _span(years: Sequence[str]) -> str:
    """'2022-23 to 2024-25', one year alone, or nothing."""
    if not years:
        return ""
    return years[0] if len(years) == 1 else f"{years[0]} to {years[-1]}"
