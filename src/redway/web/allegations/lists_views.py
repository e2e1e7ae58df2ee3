"""Pages that list the cases one is named on, and the advice among them."""

from __future__ import annotations

import re

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from redway.web.allegations.access import cases_open_to
from redway.web.allegations.index_view import related_pages
from redway.web.allegations.lists import CaseFilter, advice_view, case_view
from redway.web.audit import services as audit
from redway.web.design.table_state import TableState
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.models import Person
from redway.web.people.signed_in import person_of

_REFERENCE = re.compile(r"[2-9a-z]{10}")


@require_http_methods(["GET", "HEAD", "POST"])
@needs("allegation.list")
def cases(request: HttpRequest) -> HttpResponse:
    """The cases one is named on, narrowed by what is counted and never by a name.

    A reference is sent, so that whatever else somebody types in its place reaches no address.
    """
    if request.method == "POST":
        return _by_reference(request, request.POST.get("reference", "").strip().lower())
    asked = CaseFilter(request.GET or None) if _asked(request) else CaseFilter({"state": "running"})
    person = person_of(request)
    now = timezone.now()
    view = case_view(asked.narrowed(cases_open_to(person, now)), TableState.read(request.GET))
    read_names(person, "allegation.read_list", len(view.every_row))
    shared = cases_open_to(person, now, "allegation.shared").exclude(pk__in=cases_open_to(person, now))
    context = {
        "view": view,
        "filter": asked,
        "shared": list(shared.values_list("key", flat=True)),
        "may_break_glass": bool(permission.decide(request, "allegation.break_glass")),
        "related": related_pages(request, but="allegations:cases"),
    }
    return render(request, "allegations/lists/cases.html", context)


def _by_reference(request: HttpRequest, reference: str) -> HttpResponse:
    """To a case by its reference; for who is not named on it, to the page that asks why."""
    assert isinstance(request.user, Person)
    if not _REFERENCE.fullmatch(reference):
        messages.error(request, "A reference is ten letters and digits, such as 4h7kq2mzpw.")
        return redirect("allegations:cases")
    named = cases_open_to(request.user, timezone.now()).filter(pk=reference).exists()
    return redirect("allegations:case" if named else "allegations:case_break_glass", reference)


def _asked(request: HttpRequest) -> bool:
    return any(name in request.GET for name in CaseFilter.base_fields)


@require_safe
@needs("allegation.list")
def advice(request: HttpRequest) -> HttpResponse:
    """The advice log: what was asked and did not meet the threshold."""
    person = person_of(request)
    view = advice_view(
        cases_open_to(person, timezone.now()),
        TableState.read(request.GET),
        may_work=bool(permission.decide(request, "allegation.work")),
    )
    read_names(person, "allegation.read_advice", len(view.every_row))
    context = {
        "view": view,
        "may_refer": permission.may_open(request, "allegations:refer"),
        "related": related_pages(request, but="allegations:advice"),
    }
    return render(request, "allegations/lists/advice.html", context)


def read_names(person: Person, verb: str, how_many: int) -> None:
    """Write down that somebody read a list with names in it."""
    with transaction.atomic():
        audit.record(person, verb, "allegations", "list", {"cases": how_many}, sensitive_read=True)
