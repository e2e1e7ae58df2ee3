"""The value-added page of all schools of an authority, its charts, its tables and its paper."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from redway.figures.chart import Chart
from redway.figures.theme import PAGE
from redway.web.attainment.made_up import made_up_in
from redway.web.attainment.pages import authority_pages
from redway.web.attainment.value_added import charts, sentences
from redway.web.attainment.value_added.access import ACTION, names_of
from redway.web.attainment.value_added.asked import Asked, asked_in
from redway.web.attainment.value_added.authority_tables import TABLES, table_view
from redway.web.attainment.value_added.findings import authority_findings
from redway.web.attainment.value_added.page import (
    choices_of,
    looked_at,
    made_from,
    rule_today,
    wants_results,
)
from redway.web.attainment.value_added.paper import authority_paper
from redway.web.attainment.value_added.progress import Held
from redway.web.attainment.value_added.tables import with_notice
from redway.web.attainment.value_added.whole import (
    AuthorityProgress,
    authority_progress,
    held_of_authority,
)
from redway.web.authorities.access import access_authority
from redway.web.design import charts as design_charts
from redway.web.design.charts import ChartView
from redway.web.design.exports import export
from redway.web.design.kept import kept_parts
from redway.web.design.papers import pdf_response
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.register.models import Authority


@require_safe
@needs("value_added.view", of="authority")
def authority(request: HttpRequest, number: str) -> HttpResponse:
    """All schools of an authority with their ranges, and the model behind them."""
    found = access_authority(request, number, ACTION)
    held = held_of_authority(found.number)
    query = looked_at(request)
    asked = asked_in(query, held.years)
    if asked is None:
        return render(request, "attainment/value_added/authority.html", _frame(request, found, held))
    key = (
        "value-added of all",
        tuple(source.mark for source in held.sources.values()),
        permission.holder_of(request),
        query.urlencode(),
        permission.today(),
    )
    content = kept_parts.get(key, lambda: _content(request, found, held, asked, query))
    if wants_results(request):
        return HttpResponse(content)
    context = _frame(request, found, held) | {
        "asked": asked,
        "action": reverse("attainment:authority_value_added", args=[number]),
        "choices": choices_of(asked, held),
        "is_chosen": query.get("chosen") == "1",
        "content": content,
    }
    return render(request, "attainment/value_added/authority.html", context)


def _frame(request: HttpRequest, found: Authority, held: Held) -> dict[str, Any]:
    """What stands around the figures."""
    links = [("Profile", reverse("authorities:profile", args=[found.number]))]
    links += authority_pages(request, found, but="attainment:authority_value_added")
    return {
        "authority": found,
        "made_up": any(made_up_in(source.versions) for source in held.sources.values()),
        "related": links,
        "breadcrumbs": [("Progress", reverse("attainment:index"))],
    }


def _content(
    request: HttpRequest, found: Authority, held: Held, asked: Asked, query: QueryDict
) -> SafeString:
    """The page below its form."""
    progress = authority_progress(found, asked, held, rule_today())
    drawn = _drawn(progress)
    used = progress.model.fit.n_pupils if progress.model else 0
    context = {
        "progress": progress,
        "asked": asked,
        "paper": reverse("attainment:authority_value_added_paper", args=[found.number]),
        "findings": authority_findings(progress),
        "similar": sentences.similar(asked.outcome, progress.chosen),
        "chart": _view(progress, drawn) if drawn else None,
        "tables": {
            name.replace("-", "_"): table_view(progress, name, query, permission.today()) for name in TABLES
        },
        "used": sentences.pupils_used(used, progress.left_out, progress.rule),
        "made_from": made_from(request, progress.source, asked.years),
    }
    return SafeString(render_to_string("attainment/value_added/authority_content.html", context))


def _drawn(progress: AuthorityProgress, width: int = PAGE) -> Chart | None:
    if progress.estimates is None:
        return None
    names = names_of(one.school for one in progress.estimates.shown)
    return charts.caterpillar_of(
        progress.estimates, progress.asked, progress.authority.name, names, width=width
    )


def _view(progress: AuthorityProgress, drawn: Chart) -> ChartView:
    address = reverse(
        "attainment:authority_value_added_chart", args=[progress.authority.number, "caterpillar", "svg"]
    )
    return ChartView(
        "caterpillar",
        drawn,
        address.removesuffix(".svg"),
        progress.source.build,
        query=progress.asked.query,
    )


def _progress(request: HttpRequest, number: str) -> AuthorityProgress:
    """The progress of the schools of an authority that this person may see, as the address asks for it."""
    found = access_authority(request, number, ACTION)
    held = held_of_authority(found.number)
    asked = asked_in(request.GET, held.years)
    if asked is None:
        raise Http404("No results of this authority's pupils are held.")
    return authority_progress(found, asked, held, rule_today())


@require_safe
@needs("value_added.view", of="authority")
def chart(request: HttpRequest, number: str, name: str, extension: str) -> HttpResponse:
    """The chart of the page, as a picture or as a description."""
    progress = _progress(request, number)
    drawn = _drawn(progress, design_charts.width_wanted(request)) if name == "caterpillar" else None
    if drawn is None:
        raise Http404(f"The page has no chart called {name}.")
    return design_charts.answer(request, drawn, extension, progress.source.build)


@require_safe
@needs("value_added.view", of="authority")
def table(request: HttpRequest, number: str, name: str, extension: str) -> HttpResponseBase:
    """One table of the page as a file."""
    progress = _progress(request, number)
    view = table_view(progress, name, request.GET, permission.today())
    if view is None:
        raise Http404(f"The page has no table called {name}.")
    return export(with_notice(view, progress.source), extension)


@require_safe
@needs("value_added.view", of="authority")
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The page as a PDF."""
    progress = _progress(request, number)
    drawn = _drawn(progress)
    document = authority_paper(progress, [drawn] if drawn else [], permission.today())
    return pdf_response(document, progress.source.build)
