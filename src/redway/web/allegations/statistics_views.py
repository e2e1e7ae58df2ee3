"""Statistics and the report of a period: totals that always add up, and nobody's name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from redway.allegations.annual_report import TITLES, Report
from redway.core.errors import RedwayError
from redway.core.words import day_in_words
from redway.figures.chart import Chart, Measure
from redway.figures.comparison import Compared, comparison_chart
from redway.figures.theme import PAGE
from redway.web.allegations.index_view import related_pages
from redway.web.allegations.report_files import MEDIA, as_file, file_name, provenance_of
from redway.web.allegations.statistics_period import (
    Asked,
    Counted,
    count_period,
    freeze,
    half_year_of,
    read_asked,
)
from redway.web.authorities.access import access_authority
from redway.web.design import charts
from redway.web.design.charts import ChartView
from redway.web.design.exports import export
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.models import Person
from redway.web.register.models import Authority
from redway.web.register.queries import authority_names

CHARTS = ("sector", "category", "outcome")
"""Tables that are drawn as well: those whose rows are compared."""
ACTION = "allegation.statistics"


@require_safe
@needs(ACTION, of="authority")
def statistics(request: HttpRequest) -> HttpResponse:
    """The figures of a period, each table with its total."""
    authority, asked, counted = _counted(request)
    report = counted.report
    context = {
        "authority": authority,
        "choices": _choices(request),
        "asked": asked,
        "report": report,
        "edition": counted.edition,
        "sources": counted.source_of_targets,
        "views": [_view(request, authority, asked, counted, name) for name in report.tables],
        "charts": [
            ChartView(
                name,
                chart,
                reverse("allegations:statistics_chart", args=[authority.number, name, "svg"]).removesuffix(
                    ".svg"
                ),
                chart.key,
                query=_query(asked),
            )
            for name, chart in _charts(report).items()
        ],
        "files": [(extension, _file_address(authority, asked, extension)) for extension in MEDIA],
        "revised": TableView(report.revised, TableState("revised")) if report.revised else None,
        "reported_at": counted.reported_at,
        "may_freeze": asked.end < permission.today(),
        "periods": _periods(),
        "related": related_pages(request, but="allegations:statistics"),
    }
    return render(request, "allegations/statistics/statistics.html", context)


@require_safe
@needs(ACTION, of="authority")
def table(request: HttpRequest, number: str, name: str, extension: str) -> HttpResponseBase:
    """One table as a file."""
    authority, asked, counted = _counted(request, number)
    if name not in counted.report.tables:
        raise Http404("There is no such table.")
    return export(_view(request, authority, asked, counted, name), extension)


@require_safe
@needs(ACTION, of="authority")
def chart(request: HttpRequest, number: str, name: str, extension: str) -> HttpResponse:
    """The picture of a table."""
    _, _, counted = _counted(request, number)
    found = _charts(counted.report, charts.width_wanted(request)).get(name)
    if found is None:
        raise Http404("There is no such chart.")
    # Not kept between builds: what is counted depends on the reader.
    return charts.answer(request, found, extension, "allegations")


@require_safe
@needs(ACTION, of="authority")
def report(request: HttpRequest, number: str, extension: str) -> HttpResponse:
    """The whole report as a file."""
    authority, asked, counted = _counted(request, number)
    if extension not in MEDIA:
        raise Http404("There is no such kind of file.")
    body = as_file(
        counted,
        authority.name,
        extension,
        _charts(counted.report),
        settings.REDWAY_HOME.root / "charts" / "allegations",
    )
    response = HttpResponse(body, content_type=MEDIA[extension])
    name = file_name(asked.start, asked.end, extension, asked.publish)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@needs(ACTION, of="authority")
def keep(request: HttpRequest, number: str) -> HttpResponse:
    """Keep the figures as reported today."""
    authority = access_authority(request, number, ACTION)
    asked = read_asked(request.POST.dict(), permission.today())
    assert isinstance(request.user, Person)
    try:
        freeze(actor=request.user, authority=authority.number, asked=asked)
    except RedwayError as error:
        messages.error(request, f"{error.message} {error.next_step}")
    else:
        messages.success(request, "The figures are kept as reported today. Later corrections will show.")
    return redirect(f"{reverse('allegations:statistics')}?{_query(asked, authority)}")


def _counted(request: HttpRequest, number: str = "") -> tuple[Authority, Asked, Counted]:
    """The authority, for those who may see its statistics, and the period as this person may count it."""
    authority = access_authority(request, number or _number(request), ACTION)
    today = permission.today()
    asked = read_asked(request.GET.dict(), today)
    assert isinstance(request.user, Person)
    return authority, asked, count_period(authority.number, asked, request.user, today)


def _number(request: HttpRequest) -> str:
    """The authority asked for, else the first of this person's own."""
    own = sorted(permission.visible(request, ACTION).authorities)
    return request.GET.get("authority") or (own[0] if own else "")


def _choices(request: HttpRequest) -> list[tuple[str, str]]:
    own = permission.visible(request, ACTION).authorities
    return sorted(authority_names(own).items()) if len(own) > 1 else []


def _query(asked: Asked, authority: Authority | None = None) -> str:
    parts = [("authority", authority.number)] if authority else []
    return urlencode([*parts, ("from", str(asked.start)), ("to", str(asked.end)), *_publish(asked)])


def _publish(asked: Asked) -> list[tuple[str, str]]:
    return [("publish", "1")] if asked.publish else []


def _file_address(authority: Authority, asked: Asked, extension: str) -> str:
    address = reverse("allegations:statistics_report", args=[authority.number, extension])
    return f"{address}?{_query(asked)}"


def _view(request: HttpRequest, authority: Authority, asked: Asked, counted: Counted, name: str) -> TableView:
    address = reverse("allegations:statistics_table", args=[authority.number, name, "csv"])
    kept = (("from", str(asked.start)), ("to", str(asked.end)), *_publish(asked))
    return TableView(
        counted.report.tables[name],
        TableState.read(request.GET, name),
        address.removesuffix(".csv"),
        kept=kept,
        provenance=provenance_of(counted.report, counted),
        highlight=lambda row: row.get("word") == "Total",
    )


def _charts(report: Report, width: int = PAGE) -> dict[str, Chart]:
    """Bars of the tables whose every figure is shown."""
    found = {}
    for name in CHARTS:
        held = report.tables.get(name)
        rows = [row for row in held.rows if row["word"] != "Total"] if held else []
        counts = [row["cases"] for row in rows]
        if not any(counts) or not all(isinstance(count, int) for count in counts):
            continue
        found[name] = comparison_chart(
            f"{TITLES[name]}: how many?",
            Measure("cases", "", 0),
            [
                Compared(str(row["word"]), float(row["cases"]))  # type: ignore[arg-type]
                for row in rows
            ],
            width=width,
        )
    return found


def _periods() -> Sequence[tuple[str, str]]:
    """(label, query) of the periods most often asked for."""
    today = timezone.localdate()
    first, last = half_year_of(today)
    before = half_year_of(first - timedelta(days=1))
    year = today.year if today.month >= 4 else today.year - 1
    wanted = [
        (*before, "the half-year before"),
        (first, last, "this half-year"),
        (
            first.replace(year=year - 1, month=4, day=1),
            first.replace(year=year, month=3, day=31),
            "last year",
        ),
    ]
    return [
        (f"{day_in_words(start)} to {day_in_words(end)} ({label})", f"from={start}&to={end}")
        for start, end, label in wanted
    ]
