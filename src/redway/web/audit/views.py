"""Pages of the audit trail. Reading it is itself recorded."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from redway.web.audit import services
from redway.web.audit.forms import SearchForm
from redway.web.audit.queries import entries, entries_table
from redway.web.audit.verify import verify
from redway.web.design.exports import export
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of

MOST_SHOWN = 1000
MOST_EXPORTED = 100_000


@require_safe
@needs("audit.view")
@transaction.atomic
def index(request: HttpRequest) -> HttpResponse:
    """Search by person, verb, record and day."""
    form = SearchForm(request.GET or None)
    found = list(entries(form.search, person_of(request))[: MOST_SHOWN + 1])
    services.record(
        person_of(request), "audit.read", "audit", "trail", form.search.parameters, sensitive_read=True
    )
    view = TableView(
        table=entries_table(found[:MOST_SHOWN]),
        state=TableState.read(request.GET),
        address=reverse("audit:index").rstrip("/"),
        links={"actor": _person_address},
        first_shown=("sequence", "at", "actor", "verb", "subject", "details"),
    )
    return render(request, "audit/index.html", {"form": form, "view": view, "more": len(found) > MOST_SHOWN})


@require_safe
@needs("audit.view")
@transaction.atomic
def index_export(request: HttpRequest, extension: str) -> HttpResponseBase:
    """The entries found, as a file."""
    form = SearchForm(request.GET or None)
    found = list(entries(form.search, person_of(request))[:MOST_EXPORTED])
    details = form.search.parameters | {"entries": str(len(found))}
    services.record(person_of(request), "audit.export", "audit", "trail", details, sensitive_read=True)
    return export(TableView(table=entries_table(found), state=TableState.read(request.GET)), extension)


@require_POST
@needs("audit.view")
def check(request: HttpRequest) -> HttpResponse:
    """Check every link of the trail."""
    result = verify()
    with transaction.atomic():
        services.record(
            person_of(request),
            "audit.verify",
            "audit",
            "trail",
            {"whole": result.whole, "checked": result.checked},
        )
    return render(request, "audit/checked.html", {"result": result, "back": reverse("audit:index")})


def _person_address(row: object) -> str:
    number = row["actor_number"]  # type: ignore[index]
    return reverse("people:person", args=[number]) if number else ""
