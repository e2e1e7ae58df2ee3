"""Statistics of a period: totals that always add up, and nobody's name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from redway.allegations.editions import edition_in_words
from redway.core.errors import RedwayError
from redway.core.words import day_in_words
from redway.web.allegations.index_view import related_pages
from redway.web.allegations.report_files import MEDIA, as_file, file_name
from redway.web.allegations.statistics_period import Asked, Counted, freeze, half_year_of, read_asked
from redway.web.allegations.statistics_shown import (
    ACTION,
    authorities_offered,
    authority_asked,
    chart_views,
    charts_of,
    counted_for,
    files_of,
    query_of,
    revised_view,
    table_view,
)
from redway.web.audit import services as audit
from redway.web.authorities.access import access_authority
from redway.web.design import charts
from redway.web.design.exports import export
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.models import Person
from redway.web.register.models import Authority


@require_safe
@needs(ACTION, of="authority")
def statistics(request: HttpRequest) -> HttpResponse:
    """The figures of a period, each table with its total."""
    authority, asked, counted = _counted(request)
    report = counted.report
    context = {
        "authority": authority,
        "choices": authorities_offered(request),
        "asked": asked,
        "report": report,
        "edition": edition_in_words(counted.edition) if counted.edition else "",
        "sources": counted.source_of_targets,
        "views": [table_view(request, authority, asked, counted, name) for name in report.tables],
        "charts": chart_views(authority, asked, report).values(),
        "files": files_of(authority, asked),
        "report_page": f"{reverse('allegations:report')}?{query_of(asked, authority)}",
        "revised": revised_view(report.revised),
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
    answer = export(table_view(request, authority, asked, counted, name), extension)
    _write_down_taken(request, authority, asked, f"{name}.{extension}")
    return answer


@require_safe
@needs(ACTION, of="authority")
def chart(request: HttpRequest, number: str, name: str, extension: str) -> HttpResponse:
    """The picture of a table."""
    _, _, counted = _counted(request, number)
    found = charts_of(counted.report, charts.width_wanted(request)).get(name)
    if found is None:
        raise Http404("There is no such chart.")
    response = charts.answer(request, found, extension, "allegations")
    # Unlike other charts it is kept nowhere: what is counted depends on the reader.
    response["Cache-Control"] = "no-store, private"
    del response["ETag"]
    return response


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
        charts_of(counted.report),
        settings.REDWAY_HOME.root / "charts" / "allegations",
    )
    response = HttpResponse(body, content_type=MEDIA[extension])
    _write_down_taken(request, authority, asked, f"report.{extension}")
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
    page = "allegations:report" if request.POST.get("from_report") else "allegations:statistics"
    return redirect(f"{reverse(page)}?{query_of(asked, authority)}")


def _counted(request: HttpRequest, number: str = "") -> tuple[Authority, Asked, Counted]:
    """The authority, for those who may see its statistics, and the period as this person may count it."""
    authority = authority_asked(request, number)
    asked = read_asked(request.GET.dict(), permission.today())
    return authority, asked, counted_for(request, authority, asked)


def _write_down_taken(request: HttpRequest, authority: Authority, asked: Asked, what: str) -> None:
    assert isinstance(request.user, Person)
    details = {"from": asked.start.isoformat(), "to": asked.end.isoformat(), "file": what}
    with transaction.atomic():
        audit.record(request.user, "allegation.take_report", "authority", authority.number, details)


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
