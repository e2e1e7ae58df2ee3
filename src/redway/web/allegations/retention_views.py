"""Records due for review or disposal on a day, of the cases one is named on."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from redway.figures.table import Column, Kind, Row, Table
from redway.web.allegations.access import cases_open_to
from redway.web.allegations.case_form import capital
from redway.web.allegations.disposal_list import DueRecord, due_on
from redway.web.allegations.index_view import related_pages
from redway.web.allegations.lists import WithoutSeeking
from redway.web.design.table_state import TableState
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.models import Person

_COLUMNS = (
    Column("case", "Case"),
    Column("outcome", "Outcome"),
    Column("due", "Due", Kind.DATE),
    Column("action", "What is asked"),
    Column("why", "Why"),
    Column("rule", "Rule"),
)


@require_safe
@needs("allegation.list")
def retention(request: HttpRequest) -> HttpResponse:
    """What is due on a day by the rules, by reference alone."""
    assert isinstance(request.user, Person)
    on = _day(request.GET.get("on", "")) or permission.today()
    open_to = cases_open_to(request.user, timezone.now())
    keys = set(open_to.values_list("key", flat=True))
    found = [
        one
        for number in sorted(set(open_to.values_list("authority", flat=True)))
        for one in due_on(on, number, request.user)
        if one.key in keys
    ]
    rows: list[Row] = [_row(one) for one in found]
    table = Table("Records due, the longest due first", _COLUMNS, rows)
    links = {"case": lambda row: f"{reverse('allegations:case', args=[row['case']])}#keeping"}
    context = {
        "view": WithoutSeeking(table, TableState.read(request.GET), links=links),
        "on": on,
        "related": related_pages(request, but="allegations:retention"),
    }
    return render(request, "allegations/lists/retention.html", context)


def _row(one: DueRecord) -> Row:
    unconfirmed = " (not confirmed at its source)" if one.retention.unconfirmed else ""
    return {
        "case": one.key,
        "outcome": capital(one.outcome.value) if one.outcome else "Advice",
        "due": one.retention.due,
        "action": capital(one.retention.action.value),
        "why": one.retention.reason,
        "rule": f"{one.retention.source}{unconfirmed}",
    }


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
