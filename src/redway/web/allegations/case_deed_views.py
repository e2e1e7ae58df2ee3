"""The form pages of a case: written, checked where it cannot be undone, done.

The form carries the revision of the case that the person had before their eyes. If somebody has changed the
case since, the page says what they did and keeps what was typed, to be sent again or left.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from redway.allegations.closing import ClosingRefusedError
from redway.allegations.outcomes import OutcomeRefusedError
from redway.core.errors import RedwayError
from redway.core.words import counted
from redway.web.allegations.access import access_case, record_of
from redway.web.allegations.case_deed import Deed, Sent
from redway.web.allegations.case_deeds import DEEDS
from redway.web.allegations.case_form import CaseForm
from redway.web.allegations.case_pages import address, title_of, trail_of
from redway.web.allegations.models import Case
from redway.web.allegations.services.changing import Change, ChangedMeanwhileError, ChangeRefusedError
from redway.web.design.form_page import NOTHING_SEEN, seen
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.models import Person

View = Callable[..., HttpResponse]


def page_of(deed: Deed) -> View:
    """The view of one deed."""

    @require_http_methods(["GET", "HEAD", "POST"])
    @needs(deed.action, of="allegation")
    def view(request: HttpRequest, key: str, item: str = "") -> HttpResponse:
        case = access_case(request, key, deed.action)
        thing = deed.item(case, item) if deed.item else None
        if deed.guard is not None:
            assert isinstance(request.user, Person)
            deed.guard(request.user, case, thing)
        if case.state not in deed.states:
            messages.info(request, "This cannot be done as the case stands now.")
            return redirect(address(case, deed.back))
        if request.method != "POST":
            form = deed.form(case, thing, initial=deed.initial(case, thing))
            return _page(request, deed, case, form)
        form = deed.form(case, thing, request.POST)
        if not form.is_valid() or request.POST.get("go") == "change":
            return _page(request, deed, case, form)
        if deed.check and request.POST.get("go") != "send":
            return _page(request, deed, case, form, checking=True)
        return _send(request, deed, case, thing, form)

    return view


def _send(request: HttpRequest, deed: Deed, case: Case, thing: Any, form: CaseForm) -> HttpResponse:
    assert isinstance(request.user, Person)
    try:
        deed.send(Sent(request.user, case, thing, seen(request, NOTHING_SEEN), form))
    except ChangedMeanwhileError as error:
        case.refresh_from_db()
        return _page(request, deed, case, form, changes=error.changes)
    except RedwayError as error:
        for problem in problems_of(error):
            form.add_error(None, problem)
        return _page(request, deed, case, form)
    messages.success(request, deed.done)
    # Whoever has closed the case to themselves is led out of it.
    record = record_of(case, timezone.now(), "allegation.view")
    still_open = permission.decide(request, "allegation.view", record)
    return redirect(address(case, deed.back) if still_open else "allegations:index")


def problems_of(error: RedwayError) -> Sequence[str]:
    """Everything that is wrong, each a sentence."""
    match error:
        case ChangeRefusedError() if error.problems:
            return error.problems
        case ClosingRefusedError():
            # What is outstanding stands on the page already.
            count = counted(len(error.obstacles), "thing is", "things are")
            return (f"The case cannot be closed: {count} outstanding. {error.next_step}",)
        case OutcomeRefusedError():
            return error.reasons
    return (f"{error.message} {error.next_step}".strip(),)


def _page(
    request: HttpRequest,
    deed: Deed,
    case: Case,
    form: CaseForm,
    *,
    checking: bool = False,
    changes: Sequence[Change] | None = None,
) -> HttpResponse:
    # Whoever was shown what is new has the case as it is now before their eyes; an error shows nothing new.
    anew = request.method != "POST" or changes is not None
    context = {
        "deed": deed,
        "case": case,
        "title": deed.title_for(form.item),
        "caption": title_of(case),
        "form": form,
        "rows": deed.about(case, form.item),
        "checking": checking,
        "answers": form.answers() if checking else [],
        "sent_again": sent_again(request) if checking else [],
        "changed": changes is not None,
        "changes": changes or (),
        "revision": case.revision if anew else seen(request, NOTHING_SEEN),
        "back_address": address(case, deed.back),
        "breadcrumbs": trail_of(request, case, deed.action),
    }
    return render(request, "allegations/case/deed.html", context)


def sent_again(request: HttpRequest) -> list[tuple[str, str]]:
    """The answers as they were typed, for the page that shows them back to send them."""
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", "revision", "go")
    ]


PAGES: dict[str, View] = {deed.slug: page_of(deed) for deed in DEEDS}
