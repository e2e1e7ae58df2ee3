"""Pages on which the authority agrees its own timetable, line by line."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from redway.core.errors import NotFound, RedwayError
from redway.datasets.timetable import Entry, Terms
from redway.web.datasets import agreements
from redway.web.datasets.timetable_form import AgreementForm, ProposalForm
from redway.web.datasets.timetable_words import terms_in_words
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.rules import Record
from redway.web.people.signed_in import person_of


@require_http_methods(["GET", "HEAD", "POST"])
@needs("timetable.edit", of="timetable")
def agree(request: HttpRequest, entry: str) -> HttpResponse:
    """Agree when a dataset is due, from whom, and who answers for it."""
    found = access_entry(request, entry, "timetable.edit")
    form = AgreementForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and form.save(person_of(request)):
        messages.success(request, f"{found.title} is agreed.")
        return redirect("datasets:index")
    context = {
        "entry": found,
        "form": form,
        "proposal": terms_in_words(Terms.of(agreements.proposed_entry(entry))),
        "history": [_happening(one) for one in agreements.history_of(entry)],
        "breadcrumbs": [("Datasets", reverse("datasets:index"))],
    }
    return render(request, "datasets/agree.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("timetable.edit", of="timetable")
def proposal(request: HttpRequest, entry: str) -> HttpResponse:
    """Go back to the proposal for one line."""
    found = access_entry(request, entry, "timetable.edit")
    form = ProposalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            agreements.return_to_proposal(
                actor=person_of(request), code=entry, reason=form.cleaned_data["reason"]
            )
        except RedwayError as error:
            messages.info(request, f"{error.message} {error.next_step}")
        else:
            messages.success(request, f"{found.title} stands as proposed again.")
        return redirect("datasets:index")
    context = {
        "entry": found,
        "form": form,
        "agreed": terms_in_words(Terms.of(found)),
        "proposal": terms_in_words(Terms.of(agreements.proposed_entry(entry))),
        "breadcrumbs": [
            ("Datasets", reverse("datasets:index")),
            (found.title, reverse("datasets:agree", args=[entry])),
        ],
    }
    return render(request, "datasets/proposal.html", context)


def access_entry(request: HttpRequest, code: str, action: str) -> Entry:
    """A line of the timetable in force, for those who may take the action on it."""
    try:
        found = agreements.find_entry(code, permission.today())
    except NotFound as error:
        raise Http404(error.message) from None
    permission.require(request, action, Record("timetable", code))
    return found


def _happening(one: Any) -> dict[str, Any]:
    words = "Back to the proposal" if one.proposal else f"Agreed: {terms_in_words(agreements.terms_of(one))}"
    return {"at": one.agreed_at, "words": words, "reason": one.reason, "by": one.agreed_by.full_name}
