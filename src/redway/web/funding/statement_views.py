"""A school's statement: every line, why it is what it is, and why it differs from last year or a scenario."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from redway.core.errors import RedwayError
from redway.funding.difference import Difference
from redway.funding.trail import explain
from redway.web.design.exports import export
from redway.web.design.papers import pdf_response
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.funding.access import access_statement, funding_record, is_financial_year
from redway.web.funding.models import Scenario
from redway.web.funding.rate_fields import label_of
from redway.web.funding.statement_paper import statement_paper
from redway.web.funding.statements import (
    Statement,
    causes_of,
    difference_table,
    difference_words,
    scenarios_for_schools,
    statement_of,
    statement_view,
    unconfirmed_of,
    years_of,
)
from redway.web.funding.trails import index_trail
from redway.web.funding.workbench import BUILD
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.register.models import School


@require_safe
@needs("funding.statement", of="school")
def latest(request: HttpRequest, urn: str) -> HttpResponse:
    """The newest statement of a school."""
    school = access_statement(request, urn)
    years = years_of(school.authority)
    if not years:
        return render(request, "funding/no_statement.html", _none(school, ""))
    return redirect("funding:statement", school.current_urn, years[0])


@require_safe
@needs("funding.statement", of="school")
def statement(request: HttpRequest, urn: str, year: str) -> HttpResponse:
    """What the school gets in a year, line by line."""
    school, shown = _statement(request, urn, year)
    if shown is None:
        return render(request, "funding/no_statement.html", _none(school, year))
    offered = scenarios_for_schools(school.authority, year, _sees_everything(request, school))
    last, other = shown.since_last_year, shown.under_other
    context = {
        "school": school,
        "year": year,
        "shown": shown,
        "view": statement_view(shown, TableState.read(request.GET, "lines")),
        "years": years_of(school.authority),
        "offered": offered,
        "chosen": shown.other.scenario if shown.other else None,
        "last": last
        and _explained(last, shown.now.label, shown.before.label if shown.before else "", "year"),
        "under": other
        and _explained(other, shown.other.label if shown.other else "", shown.now.label, "scenario"),
        "may_see_year": _sees_everything(request, school),
        "unconfirmed": [label_of(name) for name in unconfirmed_of(shown.now)],
        "breadcrumbs": index_trail(),
        "paper": f"{reverse('funding:statement_paper', args=[school.current_urn, year])}{_query(shown)}",
    }
    return render(request, "funding/statement.html", context)


@require_safe
@needs("funding.statement", of="school")
def statement_table(request: HttpRequest, urn: str, year: str, extension: str) -> HttpResponseBase:
    """The lines as a file."""
    return export(statement_view(_must(request, urn, year), TableState.read(request.GET, "lines")), extension)


@require_safe
@needs("funding.statement", of="school")
def paper(request: HttpRequest, urn: str, year: str) -> HttpResponse:
    """The statement as a PDF, to be sent and printed."""
    return pdf_response(statement_paper(_must(request, urn, year), permission.today()), BUILD)


@require_safe
@needs("funding.statement", of="school")
def why(request: HttpRequest, urn: str, year: str, line: str) -> HttpResponse:
    """Why a figure: the inputs, the rate, the product and where it was rounded."""
    shown = _must(request, urn, year)
    try:
        trails = [
            (one.label, explain(one.budgets, one.urn, line)) for one in shown.columns if line in one.amounts
        ]
    except RedwayError as error:
        raise Http404(error.message) from None
    if not trails:
        raise Http404("There is no such line.")
    context = {
        "school": shown.school,
        "year": year,
        "label": trails[0][1].label,
        "trails": [
            {
                "label": label,
                "trail": trail,
                "unconfirmed": [label_of(name) for name in trail.unconfirmed],
            }
            for label, trail in reversed(trails)
        ],
        "breadcrumbs": [
            (
                f"{shown.school.shown_name}, {year}",
                reverse("funding:statement", args=[shown.school.current_urn, year]),
            )
        ],
    }
    return render(request, "funding/why.html", context)


def _statement(request: HttpRequest, urn: str, year: str) -> tuple[School, Statement | None]:
    school = access_statement(request, urn)
    if not is_financial_year(year):
        raise Http404("There is no such year.")
    return school, statement_of(school, year, _other(request, school, year))


def _must(request: HttpRequest, urn: str, year: str) -> Statement:
    _, shown = _statement(request, urn, year)
    if shown is None:
        raise Http404("The school has no statement of this year.")
    return shown


def _other(request: HttpRequest, school: School, year: str) -> Scenario | None:
    """The scenario asked for: one that schools may read, or any for an officer of the authority."""
    asked = request.GET.get("scenario", "")
    try:
        key = UUID(asked)
    except ValueError:
        return None
    offered = scenarios_for_schools(school.authority, year, _sees_everything(request, school))
    return next((one for one in offered if one.pk == key), None)


def _sees_everything(request: HttpRequest, school: School) -> bool:
    return bool(permission.decide(request, "funding.view", funding_record(school.authority)))


def _explained(found: Difference, after: str, before: str, name: str) -> dict[str, object]:
    table = difference_table(found, "Line by line", before, after)
    return {
        "words": difference_words(found, after, before),
        "causes": causes_of(found),
        "view": TableView(table, TableState(name), highlight=lambda row: row["line"] == "Total"),
    }


def _query(shown: Statement) -> str:
    return f"?scenario={shown.other.scenario.pk}" if shown.other else ""


def _none(school: School, year: str) -> dict[str, object]:
    return {"school": school, "year": year, "years": years_of(school.authority)}
