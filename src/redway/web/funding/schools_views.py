"""The table of schools of a year: looked at, taken in, taken away in the same shape."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.errors import RedwayError
from redway.core.words import counted
from redway.datasets.checked_rows import TableRefused
from redway.web.design.exports import XLSX, export
from redway.web.design.table_state import TableState
from redway.web.design.uploaded_table import problems_shown, rows_of_upload
from redway.web.funding.access import access_scenario, access_year, may_edit
from redway.web.funding.ground import ground_under
from redway.web.funding.proforma import proforma
from redway.web.funding.schools_file import SchoolsFileForm, file_view, page_view
from redway.web.funding.schools_tables import tables_of, take_in_schools
from redway.web.funding.trails import year_trail
from redway.web.funding.validation import MinimumTooLow
from redway.web.people.declarations import needs
from redway.web.people.models import Person
from redway.web.register.queries import find_authority
from redway.web.security import takes_files


@require_safe
@needs("funding.view", of="funding")
def schools(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """The schools of a year as they are held, and the versions there were."""
    authority = access_year(request, number, year, "funding.view")
    versions = list(tables_of(number, year).defer("rows").select_related("by"))
    table = tables_of(number, year).first()
    context = {
        "authority": authority,
        "year": year,
        "table": table,
        "versions": versions,
        "view": page_view(table, TableState.read(request.GET, "rows")) if table else None,
        "may_edit": may_edit(request, number),
        "breadcrumbs": year_trail(authority, year),
    }
    return render(request, "funding/schools.html", context)


@require_safe
@needs("funding.view", of="funding")
def schools_table(request: HttpRequest, number: str, year: str, extension: str) -> HttpResponseBase:
    """The whole table, in the shape in which it is taken in."""
    access_year(request, number, year, "funding.view")
    table = tables_of(number, year).first()
    if table is None:
        raise Http404("There is no table of schools for the year.")
    response = export(file_view(table), extension)
    if "Content-Disposition" in response:
        response["Content-Disposition"] = f'attachment; filename="schools-{number}-{year}.{extension}"'
    return response


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@needs("funding.edit", of="funding")
def take_in(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """Take in a file of schools: whole, or refused with everything that is wrong in it."""
    authority = access_year(request, number, year, "funding.edit")
    bound = request.method == "POST"
    form = SchoolsFileForm(request.POST, request.FILES) if bound else SchoolsFileForm()
    problems: tuple[str, ...] = ()
    if bound and form.is_valid():
        assert isinstance(request.user, Person)
        file = form.cleaned_data["file"]
        try:
            headings, rows = rows_of_upload(file)
            made = take_in_schools(
                actor=request.user,
                authority=number,
                year=year,
                headings=headings,
                rows=rows,
                file=file.name,
                now=timezone.now(),
            )
        except TableRefused as error:
            problems = problems_shown(error)
            wrong = counted(len(error.problems), "thing is", "things are")
            form.add_error("file", f"{wrong} wrong in {file.name}, as named below")
        except RedwayError as error:
            form.add_error("file", f"{error.message} {error.next_step}")
        else:
            messages.success(request, f"{made.schools} schools are taken in, as version {made.number}.")
            return redirect("funding:schools", number, year)
    context = {
        "form": form,
        "problems": problems,
        "title": f"Take in the schools of {year}",
        "lead": "One row a school. The file is taken in whole, or not at all with every fault named.",
        "button": "Take in",
        "back": reverse("funding:schools", args=[number, year]),
        "breadcrumbs": year_trail(authority, year),
    }
    return render(request, "funding/form.html", context)


@require_safe
@needs("funding.view", of="funding")
def workbook(request: HttpRequest, key: UUID) -> HttpResponse:
    """A scenario as a workbook laid out as an authority's proforma is."""
    scenario = access_scenario(request, key, "funding.view")
    try:
        ground = ground_under(scenario)
        if ground is None:
            raise Http404("There is no table of schools for the year.")
        content = proforma(find_authority(scenario.authority), scenario, ground, timezone.localdate())
    except MinimumTooLow as error:
        messages.error(request, f"{error.message} {error.next_step}")
        return redirect("funding:checks", scenario.pk)
    except RedwayError as error:
        raise Http404(error.message) from None
    response = HttpResponse(content, content_type=XLSX)
    name = f"proforma-{scenario.authority}-{scenario.year}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
