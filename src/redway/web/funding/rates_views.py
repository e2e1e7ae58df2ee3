"""The rates of a year: every value with its source and status; loading an authority's own."""

from __future__ import annotations

from importlib import resources

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.errors import RedwayError
from redway.funding.years import years_with_values
from redway.web.design.exports import export
from redway.web.design.table_state import TableState
from redway.web.funding.access import access_year, may_edit
from redway.web.funding.ground import newest_rates, rates_of
from redway.web.funding.local_rates import RatesFileForm, take_in_rates
from redway.web.funding.rates_table import rates_view
from redway.web.funding.trails import year_trail
from redway.web.people.declarations import needs
from redway.web.people.models import Person
from redway.web.security import takes_files


@require_safe
@needs("funding.view", of="funding")
def rates(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """Every value of the year. A year without values says what to load and how."""
    authority = access_year(request, number, year, "funding.view")
    local = newest_rates(number, year)
    try:
        held, problem = rates_of(year, local), None
    except RedwayError as error:
        held, problem = None, error
    context = {
        "authority": authority,
        "year": year,
        "local": local,
        "problem": problem,
        "view": rates_view(number, held, TableState.read(request.GET, "rates")) if held else None,
        "unconfirmed": len(held.unconfirmed) if held else 0,
        "pattern": years_with_values()[-1],
        "may_edit": may_edit(request, number),
        "breadcrumbs": year_trail(authority, year),
    }
    return render(request, "funding/rates.html", context)


@require_safe
@needs("funding.view", of="funding")
def rates_table(request: HttpRequest, number: str, year: str, extension: str) -> HttpResponseBase:
    """The rates of a year as a file."""
    access_year(request, number, year, "funding.view")
    try:
        held = rates_of(year, newest_rates(number, year))
    except RedwayError as error:
        raise Http404(error.message) from None
    return export(rates_view(number, held, TableState.read(request.GET, "rates")), extension)


@require_safe
@needs("funding.view", of="funding")
def rates_pattern(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """The file of national values of the latest year that has any: the shape to follow."""
    access_year(request, number, year, "funding.view")
    name = f"{years_with_values()[-1]}.toml"
    file = resources.files("redway.funding") / "values" / "national" / name
    response = HttpResponse(file.read_text(encoding="utf-8"), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rates-{name}"'
    return response


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
@needs("funding.edit", of="funding")
def take_in(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """Load a file of the authority's own rates, or of a year that has none yet."""
    authority = access_year(request, number, year, "funding.edit")
    bound = request.method == "POST"
    form = RatesFileForm(request.POST, request.FILES) if bound else RatesFileForm()
    if bound and form.is_valid():
        assert isinstance(request.user, Person)
        file = form.cleaned_data["file"]
        try:
            made = take_in_rates(
                actor=request.user,
                authority=number,
                year=year,
                content=file.read(),
                file=file.name,
                now=timezone.now(),
            )
        except RedwayError as error:
            form.add_error("file", f"{error.message} {error.next_step}")
        else:
            messages.success(request, f"The rates are loaded, as version {made.number}.")
            return redirect("funding:rates", number, year)
    context = {
        "form": form,
        "title": f"Load rates of {year}",
        "lead": "A file in TOML with an entry for each rate. What it leaves out is national.",
        "button": "Load",
        "back": reverse("funding:rates", args=[number, year]),
        "breadcrumbs": year_trail(authority, year),
    }
    return render(request, "funding/form.html", context)
