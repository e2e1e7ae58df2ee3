"""The report of a period as a page: the same tables, sentences and sources as its files, to read or print."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from redway.allegations.annual_report import TITLES
from redway.web.allegations.index_view import related_pages
from redway.web.allegations.report_files import HOW_COUNTED, SINCE_LAST, how_counted, report_title
from redway.web.allegations.report_period import (
    OTHER_DAYS,
    financial_years,
    first_day_of,
    half_years,
    read_period,
)
from redway.web.allegations.statistics_shown import (
    ACTION,
    authorities_offered,
    authority_asked,
    chart_views,
    counted_for,
    files_of,
    query_of,
    revised_view,
    table_view,
)
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.models import Person


@require_safe
@needs(ACTION, of="authority")
def report(request: HttpRequest) -> HttpResponse:
    """The report, and the choice of its period and of whom it is for."""
    assert isinstance(request.user, Person)
    today = permission.today()
    authority = authority_asked(request)
    asked = read_period(request.GET.dict(), today)
    counted = counted_for(request, authority, asked)
    shown, charts = counted.report, chart_views(authority, asked, counted.report)
    first = first_day_of(authority.number, request.user, today)
    groups = [
        ("Financial years", financial_years(first, today)),
        ("Half-years", half_years(first, today)),
    ]
    offered = {one.value for _, choices in groups for one in choices}
    chosen = f"{asked.start}..{asked.end}"
    context = {
        "authority": authority,
        "choices": authorities_offered(request),
        "asked": asked,
        "groups": groups,
        "chosen": chosen if chosen in offered and not asked.problem else OTHER_DAYS,
        "other_days": OTHER_DAYS,
        "title": report_title(shown),
        "report": shown,
        "sections": [
            {
                "key": name,
                "title": TITLES[name],
                "chart": charts.get(name),
                "view": table_view(request, authority, asked, counted, name),
            }
            for name, table in shown.tables.items()
            if table.rows
        ],
        "since_title": SINCE_LAST,
        "revised": revised_view(shown.revised),
        "how_title": HOW_COUNTED,
        "how": how_counted(counted),
        "files": files_of(authority, asked),
        "is_over": asked.end < today,
        "statistics": f"{reverse('allegations:statistics')}?{query_of(asked, authority)}",
        "related": related_pages(request, but="allegations:report"),
    }
    return render(request, "allegations/statistics/report.html", context)
