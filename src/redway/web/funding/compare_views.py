"""Up to four scenarios side by side."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from redway.core.errors import RedwayError
from redway.figures.provenance import Provenance
from redway.figures.table import Table
from redway.web.design.exports import XLSX, export
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.funding.access import access_year
from redway.web.funding.comparing import (
    GROUPED_BY,
    MOST,
    Comparison,
    chosen_of,
    comparison_of,
    comparison_workbook,
    schools_view,
)
from redway.web.funding.scenarios import scenarios_of
from redway.web.funding.trails import year_trail
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.register.models import Authority


@require_safe
@needs("funding.view", of="funding")
def compare(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """The scenarios chosen: what differs, totals, groups of schools, every school."""
    authority = access_year(request, number, year, "funding.view")
    offered = list(scenarios_of(number, year))
    found = _found(request, authority, year)
    context = {
        "authority": authority,
        "year": year,
        "offered": offered,
        "chosen": [one.scenario.pk for one in found.columns] if found else [],
        "most": MOST,
        "found": found,
        "query": "&".join(f"scenario={one.scenario.pk}" for one in found.columns) if found else "",
        "tables": _tables(found) if found else [],
        "groups": [_plain(found.groups(by), by.value) for by in GROUPED_BY] if found else [],
        "schools": schools_view(found, number, year, request.GET) if found else None,
        "breadcrumbs": year_trail(authority, year),
    }
    return render(request, "funding/compare.html", context)


@require_safe
@needs("funding.view", of="funding")
def compare_table(request: HttpRequest, number: str, year: str, extension: str) -> HttpResponseBase:
    """Every school under the scenarios chosen, as a file."""
    return export(schools_view(_must(request, number, year), number, year, request.GET), extension)


@require_safe
@needs("funding.view", of="funding")
def compare_workbook(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """The whole comparison as a workbook."""
    found = _must(request, number, year)
    provenance = Provenance(
        year,
        [
            f"{one.scenario.name}, revision {one.scenario.revision}, "
            f"schools version {one.ground.table.number}"
            for one in found.columns
        ],
        ("The authority's own table of schools and rates",),
        permission.today(),
    )
    response = HttpResponse(comparison_workbook(found, provenance), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="scenarios-{number}-{year}.xlsx"'
    return response


def _must(request: HttpRequest, number: str, year: str) -> Comparison:
    found = _found(request, access_year(request, number, year, "funding.view"), year)
    if found is None:
        raise Http404("There is no scenario to compare.")
    return found


def _found(request: HttpRequest, authority: Authority, year: str) -> Comparison | None:
    offered = list(scenarios_of(authority.number, year))
    try:
        return comparison_of(chosen_of(request.GET.getlist("scenario"), offered))
    except RedwayError as error:
        raise Http404(error.message) from None


def _tables(found: Comparison) -> list[TableView]:
    return [_plain(found.totals(), "totals"), _plain(found.rates(), "rates")]


def _plain(table: Table, name: str) -> TableView:
    return TableView(table, TableState(name), nothing="–", wide=True)
