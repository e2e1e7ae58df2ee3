"""The description of the tables for programs, and the page that explains it to people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from redway.web.api.addresses import ADDRESSES
from redway.web.api.document import document, example_of
from redway.web.people.declarations import public, signed_in


@require_safe
@signed_in("It explains addresses and holds no figures")
def index(request: HttpRequest) -> HttpResponse:
    """How to read Redway's tables from Excel, Power BI and programs."""
    rows = [(address, example_of(address)) for address in ADDRESSES]
    context = {
        "rows": rows,
        "site": request.build_absolute_uri("/").rstrip("/"),
        "breadcrumbs": [("Help", reverse("help:index"))],
    }
    return render(request, "api/index.html", context)


@require_safe
@public("It describes addresses, as the documentation does, and holds no figures")
def openapi(request: HttpRequest) -> JsonResponse:
    """The OpenAPI document."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False, "indent": 1})
