"""How one's own referrals stand: that, and nothing else of a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from redway.figures.table import Column, Kind, Row, Table
from redway.web.allegations.access import cases_open_to
from redway.web.allegations.index_view import related_pages
from redway.web.allegations.lists_views import read_names
from redway.web.allegations.models import Case, CaseState, Happening
from redway.web.allegations.promises import promises_of
from redway.web.allegations.referral_drafts import drafts_of
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.people.declarations import needs
from redway.web.people.models import Person

_COLUMNS = (
    Column("reference", "Reference"),
    Column("sent", "Sent", Kind.DATE),
    Column("stands", "How it stands"),
    Column("answered", "Answered", Kind.DATE),
)
_WANTED = Column("wanted", "You are to do something by", Kind.DATE)
_STANDS = {
    CaseState.ARRIVED: "Arrived, not evaluated yet",
    CaseState.ADVICE: "Advice",
    CaseState.OPEN: "Open",
    CaseState.CLOSED: "Closed",
    CaseState.TRANSFERRED: "With another authority",
}


@require_safe
@needs("allegation.follow")
def my_referrals(request: HttpRequest) -> HttpResponse:
    """What one has sent, by reference, and what one has begun."""
    assert isinstance(request.user, Person)
    table = status_table(request.user)
    read_names(request.user, "allegation.read_referrals", len(list(table.rows)))
    refer = reverse("allegations:refer")  # stands at the top of the page already
    related = related_pages(request, but="allegations:my_referrals")
    context = {
        "view": TableView(table, TableState.read(request.GET)),
        "drafts": drafts_of(request.user),
        "related": [one for one in related if one[1] != refer],
    }
    return render(request, "allegations/referral/mine.html", context)


def status_table(person: Person) -> Table:
    """The referrals of one person, the latest first. A few queries."""
    open_to = cases_open_to(person, timezone.now(), "allegation.follow")
    # Nothing that is encrypted is read: whoever follows a referral sees its status alone.
    cases = open_to.only("key", "state", "referred_at").order_by("-referred_at")
    answers = Happening.objects.filter(event="answered", case__in=open_to).order_by("-at")
    answered = {one.case_id: one.at for one in answers if not one.withdrawn_because}
    wanted = {one.case: one.due_on for one in reversed(promises_of(person, timezone.now()))}
    rows: list[Row] = [_row(case, answered, wanted.get(case.pk)) for case in cases]
    columns = (*_COLUMNS, _WANTED) if wanted else _COLUMNS
    return Table("What you have sent", columns, rows)


def _row(case: Case, answered: Mapping[str, datetime], wanted: date | None) -> Row:
    at = answered.get(case.pk)
    return {
        "reference": case.key,
        "sent": timezone.localdate(case.referred_at),
        "stands": _STANDS[CaseState(case.state)],
        "answered": timezone.localdate(at) if at else None,
        "wanted": wanted or "Nothing",
    }
