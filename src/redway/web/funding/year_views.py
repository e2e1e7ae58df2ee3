"""The first page of the room, and one year's formula: schools, rates, money, scenarios."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.errors import RedwayError
from redway.web.design.exports import export
from redway.web.design.table_state import TableState
from redway.web.funding.access import access_year, authorities_open_to, may_edit, schools_open_to
from redway.web.funding.block import BlockForm, set_down_block
from redway.web.funding.ground import block_of, ground_of
from redway.web.funding.schools_tables import tables_of
from redway.web.funding.trails import index_trail, year_trail
from redway.web.funding.year_table import year_view, years_held
from redway.web.people import permission
from redway.web.people.declarations import needs, signed_in
from redway.web.people.models import Person

ROOMS = (
    ("Schools Forum", "forum:index", "Consultations, meetings, votes and decisions."),
    (
        "Schools in deficit",
        "deficits:index",
        "Balances, licensed deficits, recovery plans and monthly returns.",
    ),
    (
        "Money beside the formula",
        "blocks:index",
        "The schools block, de-delegation, growth, notional SEN, other blocks and the years ahead.",
    ),
    ("Services to schools", "services:index", "Catalogue, orders, income against cost."),
)


@require_safe
@signed_in("It leads on to the rooms of funding, each person to those that are open to them.")
def index(request: HttpRequest) -> HttpResponse:
    """Where funding begins: one's authorities' formulas, one's schools' statements, and the other rooms."""
    rooms = [
        (label, reverse(name), about) for label, name, about in ROOMS if permission.may_open(request, name)
    ]
    authorities = [
        (name, [(year, reverse("funding:year", args=[number, year])) for year in years_held(number)])
        for number, name in authorities_open_to(request).items()
    ]
    schools = [
        (school.shown_name, reverse("funding:latest_statement", args=[school.current_urn]))
        for school in schools_open_to(request)
    ]
    if not (rooms or authorities or schools):
        raise Http404("Nothing of funding is open to you.")
    return render(
        request, "funding/index.html", {"rooms": rooms, "authorities": authorities, "schools": schools}
    )


@require_safe
@needs("funding.view", of="funding")
def year(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """One year's formula: what it stands on, and its scenarios."""
    authority = access_year(request, number, year, "funding.view")
    try:
        ground, problem = ground_of(number, year), None
    except RedwayError as error:
        ground, problem = None, error
    context = {
        "authority": authority,
        "year": year,
        "years": years_held(number),
        "ground": ground,
        "problem": problem,
        "table": tables_of(number, year).first(),
        "money": held.as_block if (held := block_of(number, year)) else None,
        "view": year_view(number, year, ground, TableState.read(request.GET, "scenarios")),
        "may_edit": may_edit(request, number),
        "breadcrumbs": index_trail(),
    }
    return render(request, "funding/year.html", context)


@require_safe
@needs("funding.view", of="funding")
def year_table(request: HttpRequest, number: str, year: str, extension: str) -> HttpResponseBase:
    """The scenarios of a year as a file."""
    access_year(request, number, year, "funding.view")
    try:
        ground = ground_of(number, year)
    except RedwayError as error:
        raise Http404(error.message) from None
    return export(year_view(number, year, ground, TableState.read(request.GET, "scenarios")), extension)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("funding.edit", of="funding")
def money(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """Set down the schools block and what is set aside from it."""
    authority = access_year(request, number, year, "funding.edit")
    held = block_of(number, year)
    form = BlockForm(held, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, Person)
        try:
            set_down_block(
                actor=request.user,
                authority=number,
                year=year,
                revision=form.cleaned_data["revision"],
                block=form.block,
                decided=form.decided,
                now=timezone.now(),
            )
        except RedwayError as error:
            form.add_error(None, f"{error.message} {error.next_step}")
            form.show_revision_of(block_of(number, year))
        else:
            messages.success(request, f"The money of {year} is set down.")
            return redirect("funding:year", number, year)
    context = {
        "form": form,
        "title": f"Money of {year}",
        "lead": "What comes in, and what is set aside before schools are paid by the formula.",
        "button": "Set down",
        "back": reverse("funding:year", args=[number, year]),
        "breadcrumbs": year_trail(authority, year),
    }
    return render(request, "funding/form.html", context)
