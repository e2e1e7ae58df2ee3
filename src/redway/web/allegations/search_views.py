"""Search for a person by name, among the cases one is named on. The name is sent, never in an address."""

from __future__ import annotations

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from redway.web.allegations.case_pages import address, title_of
from redway.web.allegations.index_view import related_pages
from redway.web.allegations.models import Case, CaseState
from redway.web.allegations.names import words_of
from redway.web.allegations.people import cases_about
from redway.web.audit import services as audit
from redway.web.design.form_fields import line
from redway.web.people.declarations import needs
from redway.web.people.models import Person

_MOST = 100


class SearchForm(forms.Form):
    """Whose cases are sought."""

    name = line("Name", missing="Enter a name, or part of one in whole words")

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        if not words_of([name]):
            raise forms.ValidationError("Enter a name, or part of one in whole words")
        return name


@require_http_methods(["GET", "HEAD", "POST"])
@needs("allegation.list")
def search(request: HttpRequest) -> HttpResponse:
    """Cases by the name of the person they are about: only those one is named on, and no count of others."""
    assert isinstance(request.user, Person)
    form = SearchForm(request.POST if request.method == "POST" else None)
    found: list[Case] | None = None
    if request.method == "POST" and form.is_valid():
        about = cases_about(request.user, form.cleaned_data["name"], timezone.now())
        found = list(about.select_related("subject").defer("account").order_by("-referred_at")[:_MOST])
        with transaction.atomic():
            audit.record(
                request.user,
                "allegation.search",
                "allegations",
                "list",
                {"cases": len(found)},
                sensitive_read=True,
            )
    context = {
        "form": form,
        "searched": found is not None,
        "found": [
            {
                "title": title_of(one),
                "address": address(one),
                "names": ", also known as ".join(one.subject.identity.get("names") or []),
                "state": CaseState(one.state).label,
                "referred": timezone.localdate(one.referred_at),
            }
            for one in found or ()
        ],
        "most": _MOST,
        "related": related_pages(request, but="allegations:search"),
    }
    return render(request, "allegations/lists/search.html", context)
