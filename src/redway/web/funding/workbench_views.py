"""The workbench: rates at the left, their effect at the right, redrawn with every change."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from redway.core.errors import RedwayError
from redway.funding.findings import is_blocked
from redway.web.design import charts
from redway.web.design.exports import export
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.funding.access import access_scenario, may_edit
from redway.web.funding.effect import effect_chart, effect_map
from redway.web.funding.models import Scenario
from redway.web.funding.saved_since import saved_since
from redway.web.funding.trails import scenario_trail, year_trail
from redway.web.funding.validation import findings_of, validation_table
from redway.web.funding.workbench import AGAINST, BUILD, Workbench, workbench_of
from redway.web.people.declarations import needs
from redway.web.register.queries import find_authority

CHARTS = ("gains", "map")


@require_safe
@needs("funding.view", of="funding")
def workbench(request: HttpRequest, key: UUID) -> HttpResponse:
    """A scenario: what it changes, and what that does to every school.

    With ``part=effect`` only the effect is answered, with the sentence for every box that is wrong.
    """
    scenario = access_scenario(request, key, "funding.view")
    authority = find_authority(scenario.authority)
    try:
        shown = workbench_of(request, authority, scenario)
    except RedwayError as error:
        context = {
            "scenario": scenario,
            "authority": authority,
            "problem": error,
            "breadcrumbs": year_trail(authority, scenario.year),
        }
        return render(request, "funding/no_result.html", context)
    context = _effect_context(request, shown)
    if request.GET.get("part") == "effect":
        errors = {name: [str(one) for one in found] for name, found in shown.asked.form.errors.items()}
        page = render_to_string("funding/effect.html", context, request)
        address = f"{shown.address}?{shown.query}" if shown.query else shown.address
        return JsonResponse({"effect": page, "said": shown.said, "errors": errors, "address": address})
    context |= {
        "authority": authority,
        "form": shown.asked.form,
        "rules": [shown.asked.form[name] for name in ("guarantee", "cap", "scale", "rounding")],
        "guarantee_range": _guarantee_range(shown),
        "against_choices": AGAINST.items(),
        "versions": scenario.versions.select_related("by")[:10],
        "since": saved_since(scenario, request.GET.get("since", ""), shown.asked.form.rate_fields),
        "breadcrumbs": year_trail(authority, scenario.year),
    }
    return render(request, "funding/workbench.html", context)


@require_safe
@needs("funding.view", of="funding")
def effect_table(request: HttpRequest, key: UUID, extension: str) -> HttpResponseBase:
    """The table of schools as a file."""
    return export(_shown(request, key).table(request.GET), extension)


@require_safe
@needs("funding.view", of="funding")
def effect_picture(request: HttpRequest, key: UUID, name: str, extension: str) -> HttpResponse:
    """Who gains and who loses, or where they are, as a picture."""
    shown, width = _shown(request, key), charts.width_wanted(request)
    if name not in CHARTS:
        raise Http404("There is no such chart.")
    drawn = (
        effect_chart(shown.effect, width)
        if name == "gains"
        else effect_map(shown.effect, shown.authority, width)
    )
    if drawn is None:
        raise Http404("No school has a place on a map.")
    return charts.answer(request, drawn, extension, BUILD, keep=False)


@require_safe
@needs("funding.view", of="funding")
def checks(request: HttpRequest, key: UUID) -> HttpResponse:
    """What a submission of the scenario as saved would be rejected for, or asked about."""
    scenario = access_scenario(request, key, "funding.view")
    authority = find_authority(scenario.authority)
    try:
        shown = workbench_of(request, authority, scenario)
    except RedwayError as error:
        raise Http404(error.message) from None
    found = findings_of(shown.ground, shown.effect.after)
    context = {
        "scenario": scenario,
        "authority": authority,
        "blocked": is_blocked(found),
        "shown": shown,
        "view": TableView(
            validation_table(shown.ground, shown.effect.after),
            TableState("checks"),
            first_shown=("severity", "where", "sentence", "next_step"),
        ),
        "breadcrumbs": scenario_trail(authority, scenario),
    }
    return render(request, "funding/checks.html", context)


def _shown(request: HttpRequest, key: UUID) -> Workbench:
    scenario: Scenario = access_scenario(request, key, "funding.view")
    try:
        return workbench_of(request, find_authority(scenario.authority), scenario)
    except RedwayError as error:
        raise Http404(error.message) from None


def _effect_context(request: HttpRequest, shown: Workbench) -> dict[str, object]:
    return {
        "shown": shown,
        "scenario": shown.scenario,
        "effect": shown.effect,
        "view": shown.table(request.GET),
        "gains": shown.chart(),
        "map": shown.map(),
        "may_edit": may_edit(request, shown.scenario.authority),
    }


def _guarantee_range(shown: Workbench) -> str:
    rates = shown.ground.rates
    if not (rates.has("guarantee_lowest") and rates.has("guarantee_highest")):
        return ""
    return f"{rates.value('guarantee_lowest')}% to {rates.value('guarantee_highest')}%"
