"""What is read of the money beside the formula: its pages, their tables as files, its chart."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from redway.core.errors import RedwayError
from redway.web.design import charts
from redway.web.design.exports import export
from redway.web.funding.access import authorities_open_to
from redway.web.funding.blocks.ahead_shown import balance_chart, read_moves
from redway.web.funding.blocks.models import Fund
from redway.web.funding.blocks.pages import asked_of, section_of, show
from redway.web.funding.blocks.years_ahead import years_ahead
from redway.web.funding.models import Scenario
from redway.web.funding.trails import index_trail
from redway.web.funding.workbench import BUILD
from redway.web.funding.year_table import years_held
from redway.web.people import permission
from redway.web.people.declarations import needs


@require_safe
@needs("funding.view")
def index(request: HttpRequest) -> HttpResponse:
    """One's authorities and their years; straight on to the newest formula in force where there is one."""
    open_to = authorities_open_to(request)
    if not open_to:
        raise Http404("No authority's formula is open to you.")
    found = [(number, name, years_held(number)) for number, name in open_to.items()]
    if len(found) == 1:
        number, _, years = found[0]
        in_force = set(
            Scenario.objects.filter(authority=number, is_current=True).values_list("year", flat=True)
        )
        newest = next((year for year in years if year in in_force), years[0])
        return redirect("blocks:block", number, newest)
    return render(request, "blocks/index.html", {"authorities": found, "breadcrumbs": index_trail()})


@require_safe
@needs("funding.view", of="funding")
def block(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """The schools block: what comes in, what is set aside, what is left."""
    return show(request, number, year, "block")


@require_safe
@needs("funding.view", of="funding")
def services(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """De-delegation and education functions: services, votes, and what each school gives."""
    return show(request, number, year, "services")


@require_safe
@needs("funding.view", of="funding")
def fund(request: HttpRequest, number: str, year: str, fund: str) -> HttpResponse:
    """A growth or falling-rolls fund: criteria, what schools are paid, what comes in."""
    if fund not in Fund.values:
        raise Http404("There is no such fund.")
    return show(request, number, year, fund)


@require_safe
@needs("funding.view", of="funding")
def notional_sen(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """Notional SEN of every school."""
    return show(request, number, year, "notional-sen")


@require_safe
@needs("funding.view", of="funding")
def other_blocks(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """The early-years and high-needs blocks."""
    return show(request, number, year, "other-blocks")


@require_safe
@needs("funding.view", of="funding")
def ahead(request: HttpRequest, number: str, year: str) -> HttpResponse:
    """The years ahead: budgets by the formula, balances, and who falls into deficit when."""
    return show(request, number, year, "ahead")


@require_safe
@needs("funding.view", of="funding")
def table(
    request: HttpRequest, number: str, year: str, page: str, name: str, extension: str
) -> HttpResponseBase:
    """A table of one of the pages as a file."""
    asked = asked_of(request, number, year)
    return export(section_of(asked, page, name).view(asked, page), extension)


@require_safe
@needs("funding.view", of="funding")
def chart(request: HttpRequest, number: str, year: str, extension: str) -> HttpResponse:
    """The balances through the years ahead, as a picture."""
    asked = asked_of(request, number, year)
    if asked.formula is None:
        raise Http404("No formula is in force.")
    try:
        found = years_ahead(number, asked.formula, permission.today(), read_moves(asked)[1])
    except RedwayError as error:
        raise Http404(error.message) from None
    if not found.rows:
        raise Http404("No school's balance is held.")
    drawn = balance_chart(found, charts.width_wanted(request))
    return charts.answer(request, drawn, extension, BUILD, keep=False)
