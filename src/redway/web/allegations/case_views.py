"""Pages that show a case: itself, its history, its chronology, what is shared; and breaking the glass."""

from __future__ import annotations

from functools import cache

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from redway.allegations.cross_border import TransferState
from redway.core.errors import RedwayError
from redway.web.allegations.access import access_case, record_of
from redway.web.allegations.case_chronology import chronology_of
from redway.web.allegations.case_deed_views import problems_of, sent_again
from redway.web.allegations.case_form import capital
from redway.web.allegations.case_forms_of_people import AnswerOfferForm, BreakGlassForm, name_of
from redway.web.allegations.case_history import history_table
from redway.web.allegations.case_pages import address, title_of, trail_of
from redway.web.allegations.case_showing import ShownCase
from redway.web.allegations.case_shown_person import person_shown
from redway.web.allegations.models import Capacity, Case, CaseState, HandOver
from redway.web.allegations.queries import case_view
from redway.web.allegations.services import naming
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.design.templatetags.design import day_and_time
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.models import Person
from redway.web.people.rules import Record


@require_safe
@needs("allegation.view", of="allegation")
def case(request: HttpRequest, key: str) -> HttpResponse:
    """Everything of one case, and what can be done now."""
    found = access_case(request, key, "allegation.view")
    assert isinstance(request.user, Person)
    shown = shown_to(request, found)
    context = {
        "title": title_of(found),
        "shown": shown,
        "person": person_shown(shown, request.user),
        "breadcrumbs": trail_of(request, found, "allegation.break_glass"),
    }
    return render(request, "allegations/case/case.html", context)


def shown_to(request: HttpRequest, case: Case) -> ShownCase:
    """The case as it is shown to whoever asks."""
    assert isinstance(request.user, Person)
    now = timezone.now()

    @cache
    def may(action: str) -> bool:
        return bool(permission.decide(request, action, record_of(case, now, action)))

    return ShownCase(case_view(case, now), may, request.user.pk, cache(name_of))


@require_safe
@needs("allegation.view", of="allegation")
def history(request: HttpRequest, key: str) -> HttpResponse:
    """Who changed and who read the case, from the audit trail: when and what, without content."""
    found = access_case(request, key, "allegation.view")
    context = {
        "title": title_of(found),
        "view": TableView(history_table(found), TableState.read(request.GET, "history")),
        "breadcrumbs": trail_of(request, found, "allegation.view"),
    }
    return render(request, "allegations/case/history.html", context)


@require_safe
@needs("allegation.view", of="allegation")
def chronology(request: HttpRequest, key: str) -> HttpResponse:
    """Everything that has a day, in order, to be printed."""
    found = access_case(request, key, "allegation.view")
    context = {
        "title": title_of(found),
        "entries": chronology_of(case_view(found)),
        "names": found.subject.identity.get("names", []),
        "printed": timezone.now(),
        "pdf_address": address(found, "", "case_chronology_pdf"),
        "breadcrumbs": trail_of(request, found, "allegation.view"),
    }
    return render(request, "allegations/case/chronology.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("allegation.break_glass", of="allegation")
def break_glass(request: HttpRequest, key: str) -> HttpResponse:
    """Open a case one is not named on: for a reason, for an hour, and reported."""
    found = access_case(request, key, "allegation.break_glass")
    assert isinstance(request.user, Person)
    if permission.decide(request, "allegation.work", record_of(found, timezone.now(), "allegation.work")):
        messages.info(request, "The case is open to you.")
        return redirect(address(found))
    form = BreakGlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            naming.break_glass(actor=request.user, key=key, reason=form.cleaned_data["reason"])
        except RedwayError as error:
            for problem in problems_of(error):
                form.add_error(None, problem)
        else:
            messages.success(request, "The case is open to you for an hour. Its officers are told.")
            return redirect(address(found))
    context = {
        "title": title_of(found),
        "form": form,
        "breadcrumbs": trail_of(request, found, "allegation.break_glass"),
    }
    return render(request, "allegations/case/break_glass.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("allegation.shared", of="allegation")
def shared(request: HttpRequest, key: str) -> HttpResponse:
    """What an officer of another authority sees, and the answer to an offer to hand the case over."""
    found = access_case(request, key, "allegation.shared")
    assert isinstance(request.user, Person)
    offer = _offer_to(request, found)
    form = AnswerOfferForm(found, offer, request.POST or None) if offer else None
    checking = False
    if request.method == "POST" and offer is not None and form is not None and form.is_valid():
        accepts = form.cleaned_data["state"] == TransferState.ACCEPTED.value
        go = request.POST.get("go", "")
        # Taking a case on cannot be undone, so it is read back first; declining can be made good.
        checking = accepts and go not in ("send", "change")
        if not checking and go != "change":
            goes_on = _answered(request.user, offer, form)
            if goes_on is not None:
                words = "You lead this case now." if accepts else "The other authority goes on with the case."
                messages.success(request, words)
                return redirect(address(goes_on) if accepts else "allegations:index")
    mine = found.named.filter(person=request.user, capacity=Capacity.EXTERNAL).order_by("-until").first()
    context = {
        "title": title_of(found),
        "authority": name_of(found.authority),
        "until": mine.until if mine else None,
        "rows": _shared_rows(found),
        "documents": found.documents.filter(shared=True).order_by("added_at"),
        "offer": offer,
        "offer_to": name_of(offer.to_authority) if offer else "",
        "form": form,
        "checking": checking,
        "answers": form.answers() if checking and form else [],
        "sent_again": sent_again(request) if checking else [],
        "breadcrumbs": trail_of(request, found, "allegation.shared"),
    }
    return render(request, "allegations/case/shared.html", context)


def _answered(person: Person, offer: HandOver, form: AnswerOfferForm) -> Case | None:
    """The case that goes on once an offer is answered; None when it cannot be, which the form then says."""
    try:
        return naming.answer_transfer(
            actor=person,
            hand_over=offer,
            state=TransferState(form.cleaned_data["state"]),
            reason=form.cleaned_data["reason"],
        )
    except RedwayError as error:
        for problem in problems_of(error):
            form.add_error(None, problem)
        return None


def _offer_to(request: HttpRequest, case: Case) -> HandOver | None:
    """The offer that waits for an answer by this person's authority."""
    offer = case.hand_overs.filter(state=TransferState.OFFERED.value).first()
    if offer is None:
        return None
    place = Record("allegation", "", offer.to_authority)
    return offer if permission.decide(request, "allegation.break_glass", place) else None


def _shared_rows(case: Case) -> list[tuple[str, str]]:
    leads = case.named.filter(leads=True, until__isnull=True).select_related("person").first()
    return [
        ("Stands", CaseState(case.state).label),
        ("Sector", capital(case.sector)),
        ("Reached the designated officer", day_and_time(case.referred_at)),
        ("Leads", leads.person.full_name if leads else "Nobody"),
    ]
