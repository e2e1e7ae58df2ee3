"""Records due for review or disposal on a day, of the cases one is named on; of others only how many."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from redway.core.words import counted
from redway.figures.table import Column, Kind, Row, Table
from redway.web.allegations.access import cases_open_to
from redway.web.allegations.case_form import capital
from redway.web.allegations.disposal_list import DueRecord, due_of, records_kept, without_a_day
from redway.web.allegations.index_view import related_pages
from redway.web.allegations.lists import WithoutSeeking
from redway.web.allegations.lists_views import read_names
from redway.web.allegations.models import Capacity, Named
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
_WITHOUT_COLUMNS = (Column("case", "Case"), Column("outcome", "Outcome"), Column("why", "Why"))


@require_safe
@needs("allegation.list")
def retention(request: HttpRequest) -> HttpResponse:
    """What is due on a day by the rules, by reference alone."""
    assert isinstance(request.user, Person)
    person, now = request.user, timezone.now()
    typed = request.GET.get("on", "")
    on = _day(typed)
    day = on or permission.today()
    open_to = cases_open_to(person, now)
    keys = set(open_to.values_list("key", flat=True))
    places = {*open_to.values_list("authority", flat=True), *_places(request)}
    records = [one for number in sorted(places) for one in records_kept(number, person)]
    mine = [one for one in records if one.key in keys]
    read_names(person, "allegation.read_retention", len(mine))
    context = {
        "view": _view(request, "", Table("Records due, the longest due first", _COLUMNS, _due(mine, day))),
        "without": _view(
            request,
            "without",
            Table("Records for which no day can be named", _WITHOUT_COLUMNS, _without(mine)),
        ),
        "others": _of_others([one.key for one in due_of(records, day) if one.key not in keys]),
        "on": day,
        "problem": "" if on or not typed else f"'{typed}' is no day: what is due today is shown.",
        "related": related_pages(request, but="allegations:retention"),
    }
    return render(request, "allegations/lists/retention.html", context)


def _places(request: HttpRequest) -> frozenset[str]:
    """Authorities whose cases this person may count."""
    return permission.visible(request, "allegation.statistics").authorities


def _of_others(keys: list[str]) -> list[str]:
    """How many records are due on which others are named, and on which nobody is named any more."""
    named = set(
        Named.objects.filter(case__in=keys, capacity=Capacity.OFFICER, until__isnull=True).values_list(
            "case_id", flat=True
        )
    )
    theirs, nobodys = len(named), len(keys) - len(named)
    said = []
    if theirs:
        more = counted(theirs, "more record is", "more records are")
        said.append(f"{more} due on which other officers are named.")
    if nobodys:
        more = counted(nobodys, "more record is", "more records are")
        said.append(
            f"{more} due on which no officer is named any more: whoever runs Redway can list them with "
            "redway allegations retention."
        )
    return said


def _due(records: list[DueRecord], on: date) -> list[Row]:
    return [
        {
            "case": one.key,
            "outcome": _outcome(one),
            "due": one.retention.due,
            "action": capital(one.retention.action.value),
            "why": one.retention.reason,
            "rule": f"{one.retention.source or 'None'}{_mark(one)}",
        }
        for one in due_of(records, on)
    ]


def _without(records: list[DueRecord]) -> list[Row]:
    return [
        {"case": one.key, "outcome": _outcome(one), "why": one.retention.reason}
        for one in sorted(without_a_day(records), key=lambda one: (one.retention.reason, one.key))
    ]


def _outcome(one: DueRecord) -> str:
    return capital(one.outcome.value) if one.outcome else "Advice, or none recorded"


def _mark(one: DueRecord) -> str:
    return " (not confirmed at its source)" if one.retention.unconfirmed else ""


def _view(request: HttpRequest, prefix: str, table: Table) -> WithoutSeeking:
    return WithoutSeeking(table, TableState.read(request.GET, prefix), links={"case": _keeping})


def _keeping(row: Row) -> str:
    return f"{reverse('allegations:case', args=[row['case']])}#keeping"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
