"""Pages about measures: the list, one measure over everybody, and the way back from a figure to its file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from redway.core.errors import NotFound
from redway.datasets.format import load_formats
from redway.indicators.catalogue import Indicator, Polarity, load_catalogue
from redway.web.authorities.access import access_authority
from redway.web.design import charts as design_charts
from redway.web.design.charts import ChartView
from redway.web.design.exports import export
from redway.web.design.kept import kept_parts
from redway.web.design.tables import TableView
from redway.web.measures.access import access_measure, measures_visible
from redway.web.measures.catalogue_table import catalogue_view
from redway.web.measures.everyone import Everyone, everyone, phases_of
from redway.web.measures.everyone_table import chart_address, everyone_view
from redway.web.measures.lineage import Origin, origins_of
from redway.web.measures.showing import figures_of, store, topic_of
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.rules import Record
from redway.web.register.queries import authorities_present, build_number, locality_names
from redway.web.schools.access import access_school

LEVELS = {"school": "Schools", "authority": "Authorities"}
TRAIL = ("Measures", "/measures/")


@require_safe
@needs("measure.view")
def index(request: HttpRequest) -> HttpResponse:
    """Every measure, by subject."""
    view = catalogue_view(measures_visible(request), request.GET)
    return render(request, "measures/index.html", {"view": view})


@require_safe
@needs("measure.view")
def index_table(request: HttpRequest, extension: str) -> HttpResponseBase:
    """The list of measures as a file."""
    return export(catalogue_view(measures_visible(request), request.GET), extension)


@require_safe
@needs("measure.view", of="measure")
def measure(request: HttpRequest, code: str) -> HttpResponse:
    """One measure: what it means, and everybody on it."""
    indicator = access_measure(request, code, "measure.view")
    linked = bool(permission.decide(request, "authority.view"))
    look = request.GET.urlencode()
    localities = locality_names()
    placed = hash(frozenset(localities.items()))
    key = ("measure", code, placed, store().build, build_number(), linked, look, permission.today())
    context = {
        "measure": indicator,
        "content": kept_parts.get(key, lambda: _content(request, indicator, linked, localities)),
        "breadcrumbs": [TRAIL],
    }
    return render(request, "measures/measure.html", context)


def _content(
    request: HttpRequest, indicator: Indicator, linked: bool, localities: Mapping[str, str]
) -> SafeString:
    """The page below its frame; ``linked`` says whether the pages of authorities may be opened."""
    shown = _everyone(request, indicator)
    highlighted = request.GET.get("highlight", "")
    context: dict[str, Any] = {
        "measure": indicator,
        "shown": shown,
        "levels": [(level, name) for level, name in LEVELS.items() if level in indicator.levels],
        "authorities": authorities_present() if shown and shown.level == "school" else [],
        "about": _about(indicator),
    }
    if shown is not None:
        context |= {
            "england": indicator.show(shown.england),
            "phases": phases_of(shown.figures, shown.places),
            "chart": _chart_view(shown, highlighted),
            "view": _table(request, shown, highlighted, linked, localities),
        }
    return render_to_string("measures/measure_content.html", context)


@require_safe
@needs("measure.view", of="measure")
def everyone_table(request: HttpRequest, code: str, extension: str) -> HttpResponseBase:
    """Everybody on one measure as a file."""
    shown = _everyone(request, access_measure(request, code, "measure.view"))
    if shown is None:
        raise Http404("Nothing is held of this measure.")
    view = everyone_view(shown, request.GET, permission.today(), localities=locality_names())
    return export(view, extension)


@require_safe
@needs("measure.view", of="measure")
def chart(request: HttpRequest, code: str, extension: str) -> HttpResponse:
    """The funnel or distribution, as a picture or a description."""
    shown = _everyone(request, access_measure(request, code, "measure.view"))
    drawn = (
        shown.chart(request.GET.get("highlight", ""), design_charts.width_wanted(request)) if shown else None
    )
    if shown is None or drawn is None:
        raise Http404("There is no chart of this measure.")
    return design_charts.answer(request, drawn, extension, shown.build)


@require_safe
@needs("lineage.view", of="figure")
def lineage(request: HttpRequest, code: str, level: str, entity: str, period: str) -> HttpResponse:
    """Where one figure came from: rule, version, file, row, column and the text that stood there."""
    indicator = access_measure_of_figure(request, code, level, entity)
    found = origins_of(store(), level, entity, indicator, period)
    if not found:
        raise Http404("No such figure is held.")
    return render(
        request, "measures/lineage.html", _lineage_context(request, indicator, level, entity, found)
    )


def access_measure_of_figure(request: HttpRequest, code: str, level: str, entity: str) -> Indicator:
    """The measure of a figure, for those who may follow figures of that school or area."""
    try:
        indicator = load_catalogue().get(code)
    except NotFound as error:
        raise Http404(error.message) from None
    topic = topic_of(indicator)
    record = Record("figure", f"{code} {level} {entity}", topic=topic)
    if level == "school":
        # Whoever follows a figure must be one who may see it: an authority does not open its schools.
        school = access_school(request, entity, "school.figures", topic)
        record = Record("figure", record.key, authority=school.authority, school=school.key, topic=topic)
    elif level == "authority":
        access_authority(request, entity, "lineage.view", topic)
        record = Record("figure", record.key, authority=entity, topic=topic)
    permission.require(request, "lineage.view", record)
    return indicator


def _lineage_context(
    request: HttpRequest, indicator: Indicator, level: str, entity: str, found: list[Origin]
) -> dict[str, object]:
    figures = figures_of(store().figures(level, [entity], [indicator.code]))
    figure = next(one for one in figures if one.period == found[0].period)
    trail = [TRAIL, (indicator.short, reverse("measures:measure", args=[indicator.code]))]
    return {
        "measure": indicator,
        "figure": figure,
        "origins": found,
        "who": found[0].who,
        "may_version": bool(permission.decide(request, "dataset.view")),
        "breadcrumbs": trail if permission.may_open(request, "measures:index") else None,
    }


def _table(
    request: HttpRequest, shown: Everyone, highlighted: str, linked: bool, localities: Mapping[str, str]
) -> TableView:
    view = everyone_view(shown, request.GET, permission.today(), highlighted, localities)
    if linked or shown.level == "school":
        return view
    return replace(view, links={"value": view.links["value"]})


def _about(indicator: Indicator) -> list[tuple[str, str]]:
    """What the catalogue says of the measure, for a summary list; what it does not say is left out."""
    rows = [
        ("Code", indicator.code),
        ("Every Child Matters outcome", indicator.outcome.value.capitalize()),
        ("Unit", indicator.unit),
        ("Which way is better", _POLARITY[indicator.polarity]),
        ("Numerator", indicator.numerator),
        ("Denominator", indicator.denominator),
        ("Publisher", indicator.publisher),
        ("Files it is made from", "; ".join(dict.fromkeys(_titles(indicator)))),
    ]
    return [(key, value) for key, value in rows if value]


_POLARITY = {
    Polarity.HIGH: "Higher is better",
    Polarity.LOW: "Lower is better",
    Polarity.NEUTRAL: "Neither: it describes",
}


def _titles(indicator: Indicator) -> list[str]:
    titles = {known.code: known.title for known in load_formats()}
    return [titles.get(source.format, source.format) for source in indicator.sources]


def _everyone(request: HttpRequest, indicator: Indicator) -> Everyone | None:
    """The group the address asks for; the first level that has figures when it asks for none."""
    asked = request.GET.get("level", "")
    levels = [asked] if asked in LEVELS else [level for level in LEVELS if level in indicator.levels]
    for level in levels:
        found = everyone(
            store(),
            indicator,
            level,
            request.GET.get("period", ""),
            request.GET.get("phase", "") if level == "school" else "",
            request.GET.get("authority", "") if level == "school" else "",
        )
        if found is not None:
            return found
    return None


def _chart_view(shown: Everyone, highlighted: str) -> ChartView | None:
    drawn = shown.chart(highlighted)
    if drawn is None:
        return None
    address = reverse("measures:chart", args=[shown.indicator.code, "svg"]).removesuffix(".svg")
    query = chart_address(shown, highlighted)
    return ChartView("everyone", drawn, address, shown.build, f"Source: {shown.indicator.publisher}.", query)
