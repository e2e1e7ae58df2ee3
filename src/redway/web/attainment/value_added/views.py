"""One school's value-added page, its charts, its tables and its paper."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from redway.figures.theme import PAGE
from redway.web.attainment.made_up import made_up_in
from redway.web.attainment.pages import school_pages
from redway.web.attainment.value_added import charts, sentences
from redway.web.attainment.value_added.access import ACTION, known_names, may_see_authority
from redway.web.attainment.value_added.asked import Asked, asked_in
from redway.web.attainment.value_added.findings import among, findings, no_estimate
from redway.web.attainment.value_added.official import OfficialMeasure, official_of
from redway.web.attainment.value_added.page import (
    choices_of,
    looked_at,
    made_from,
    rule_today,
    wants_results,
)
from redway.web.attainment.value_added.paper import school_paper
from redway.web.attainment.value_added.progress import Held, SchoolProgress, held_of_school, progress_of
from redway.web.attainment.value_added.tables import TABLES, official_table, table_view, with_notice
from redway.web.design import charts as design_charts
from redway.web.design.charts import ChartView
from redway.web.design.exports import export
from redway.web.design.kept import kept_parts
from redway.web.design.papers import pdf_response
from redway.web.design.tables import TableView
from redway.web.measures.showing import store
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.register.models import School
from redway.web.schools.access import access_school, line_of, record_of


@require_safe
@needs("value_added.view", of="school")
def school(request: HttpRequest, urn: str) -> HttpResponse:
    """What one school adds: the estimate with its range, among others, through the years."""
    found = access_school(request, urn, ACTION)
    if urn != found.current_urn:
        current = reverse("attainment:school_value_added", args=[found.current_urn])
        return redirect(f"{current}?{request.GET.urlencode()}" if request.GET else current)
    held = held_of_school(found)
    query = looked_at(request)
    asked = asked_in(query, held.years)
    if asked is None:
        return render(request, "attainment/value_added/school.html", _frame(request, found, held))
    key = (
        "value-added",
        tuple(source.mark for source in held.sources.values()),
        (found.key, found.shown_name),
        permission.holder_of(request),
        store().build,
        query.urlencode(),
        permission.today(),
    )
    content = kept_parts.get(key, lambda: _content(request, found, held, asked, query))
    if wants_results(request):
        return HttpResponse(content)
    context = _frame(request, found, held) | {
        "asked": asked,
        "action": reverse("attainment:school_value_added", args=[urn]),
        "choices": choices_of(asked, held),
        "is_chosen": query.get("chosen") == "1",
        "content": content,
    }
    return render(request, "attainment/value_added/school.html", context)


def _frame(request: HttpRequest, found: School, held: Held) -> dict[str, Any]:
    """What stands around the figures."""
    links = [("Profile", reverse("schools:profile", args=[found.current_urn]))]
    links += school_pages(request, found, but="attainment:school_value_added")
    trail = [("Progress", reverse("attainment:index"))]
    if may_see_authority(request, found.authority):
        whole = reverse("attainment:authority_value_added", args=[found.authority])
        trail.append((f"Schools of {found.authority_name}", whole))
    return {
        "school": found,
        "made_up": any(made_up_in(source.versions) for source in held.sources.values()),
        "related": links,
        "breadcrumbs": trail,
    }


def _content(request: HttpRequest, found: School, held: Held, asked: Asked, query: QueryDict) -> SafeString:
    """The page below its form."""
    progress = progress_of(found, asked, held, rule_today())
    own = progress.own
    official = _official(request, progress)
    context = {
        "school": found,
        "asked": asked,
        "paper": reverse("attainment:school_value_added_paper", args=[found.current_urn]),
        "own": own,
        "findings": findings(progress),
        "no_estimate": no_estimate(progress),
        "similar": sentences.similar(asked.outcome, progress.chosen),
        "among": among(progress),
        "drawn_in": sentences.drawn_in(own, asked.outcome) if own else "",
        "used": sentences.pupils_used(own.pupils if own else 0, progress.left_out, progress.rule),
        "charts": chart_views(request, progress),
        "tables": {
            name.replace("-", "_"): table_view(progress, name, query, permission.today()) for name in TABLES
        },
        "official": TableView(official_table(official, found.shown_name)) if official else None,
        "official_words": official.indicator.definition if official else "",
        "made_from": made_from(request, progress.source, tuple(progress.by_year)),
    }
    return SafeString(render_to_string("attainment/value_added/school_content.html", context))


def _official(request: HttpRequest, progress: SchoolProgress) -> OfficialMeasure | None:
    """The published measure beside the model, for those who may see the school's published figures."""
    if not permission.decide(request, "school.figures", record_of(progress.school)):
        return None
    urns = line_of(progress.school).urns
    return official_of(progress.asked.outcome, urns, tuple(progress.by_year), store())


def chart_views(request: HttpRequest, progress: SchoolProgress) -> dict[str, ChartView]:
    """The charts that can be drawn, by name."""
    found = {}
    for name in ("caterpillar", "trend"):
        drawn = _drawn(request, progress, name)
        if drawn is not None:
            address = reverse(
                "attainment:school_value_added_chart", args=[progress.school.current_urn, name, "svg"]
            )
            found[name] = ChartView(
                name,
                drawn,
                address.removesuffix(".svg"),
                progress.source.build,
                query=progress.asked.query,
            )
    return found


def _drawn(request: HttpRequest, progress: SchoolProgress, name: str, width: int = PAGE) -> Any:
    """One chart, or None where there is nothing to draw."""
    authority = progress.school.authority_name
    if name == "caterpillar" and progress.estimates is not None:
        keys = [one.school for one in progress.estimates.shown]
        names = known_names(request, progress.school, keys)
        return charts.caterpillar_of(
            progress.estimates, progress.asked, authority, names, progress.school.key, width
        )
    if name == "trend" and charts.has_trend(progress):
        return charts.trend_of(progress, authority, width)
    return None


def _progress(request: HttpRequest, urn: str) -> SchoolProgress:
    """The progress of the school that this person may see, as the address asks for it."""
    found = access_school(request, urn, ACTION)
    held = held_of_school(found)
    asked = asked_in(request.GET, held.years)
    if asked is None:
        raise Http404("No results of this school's pupils are held.")
    return progress_of(found, asked, held, rule_today())


@require_safe
@needs("value_added.view", of="school")
def chart(request: HttpRequest, urn: str, name: str, extension: str) -> HttpResponse:
    """One chart of the page, as a picture or as a description."""
    progress = _progress(request, urn)
    drawn = _drawn(request, progress, name, design_charts.width_wanted(request))
    if drawn is None:
        raise Http404(f"The page has no chart called {name}.")
    return design_charts.answer(request, drawn, extension, progress.source.build)


@require_safe
@needs("value_added.view", of="school")
def table(request: HttpRequest, urn: str, name: str, extension: str) -> HttpResponseBase:
    """One table of the page as a file."""
    progress = _progress(request, urn)
    view = table_view(progress, name, request.GET, permission.today())
    if view is None:
        raise Http404(f"The page has no table called {name}.")
    return export(with_notice(view, progress.source), extension)


@require_safe
@needs("value_added.view", of="school")
def paper(request: HttpRequest, urn: str) -> HttpResponse:
    """The page as a PDF."""
    progress = _progress(request, urn)
    drawn = [view.chart for view in chart_views(request, progress).values()]
    document = school_paper(progress, drawn, _official(request, progress), permission.today())
    return pdf_response(document, progress.source.build)
