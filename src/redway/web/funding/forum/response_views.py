"""A school's answer to a consultation: written by headteacher and chair together, checked, sent."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from redway.core.errors import RedwayError
from redway.funding.consultation import Question
from redway.web.design.form_page import seen
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.funding.forum import consultation_services as services
from redway.web.funding.forum import tables
from redway.web.funding.forum.access import access_school_asked
from redway.web.funding.forum.forms import ResponseForm, answers_in_words
from redway.web.funding.forum.models import Consultation, Response
from redway.web.funding.forum.pages import trail
from redway.web.funding.forum.showing import Read, urns_of
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import School


@require_http_methods(["GET", "HEAD", "POST"])
@needs("forum.respond", of="school")
def respond(request: HttpRequest, key: UUID, urn: str) -> HttpResponse:
    """Write the school's answer; it may be kept part-way and changed until the closing day."""
    found, school = access_school_asked(request, key, urn, "forum.respond")
    questions = services.questions_of(found)
    held = _held(found, school)
    if request.method != "POST":
        form = ResponseForm(questions, initial=held.written if held else {})
        return _write(request, found, school, form, held, held.revision if held else 0)
    form = ResponseForm(questions, request.POST)
    before = seen(request)
    if not form.is_valid():
        return _write(request, found, school, form, held, before)
    try:
        _save(request, found, school, before, form.answers, send=False)
    except RedwayError as error:
        form.add_error(None, f"{error.message} {error.next_step}".strip())
        held = _held(found, school)
        return _write(request, found, school, form, held, held.revision if held else 0, news=True)
    if request.POST.get("go") == "save":
        messages.success(request, "What is written is kept. The other person of your school sees it too.")
        return redirect("forum:consultation", found.pk)
    return redirect("forum:respond_check", found.pk, school.current_urn)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("forum.respond", of="school")
def respond_check(request: HttpRequest, key: UUID, urn: str) -> HttpResponse:
    """Check the answer and send it."""
    found, school = access_school_asked(request, key, urn, "forum.respond")
    held = _held(found, school)
    if held is None:
        return redirect("forum:respond", found.pk, school.current_urn)
    refusal = ""
    if request.method == "POST":
        try:
            _save(request, found, school, seen(request), held.written, send=True)
        except RedwayError as error:
            refusal = f"{error.message} {error.next_step}".strip()
        else:
            messages.success(
                request, "Your school's answer is sent. You can change it until the closing day."
            )
            return redirect("forum:consultation", found.pk)
    context = {
        **_frame(found, school, held),
        "rows": answers_in_words(services.questions_of(found), held.written),
        "revision": held.revision,
        "refusal": refusal,
    }
    return render(request, "forum/respond_check.html", context)


def _held(found: Consultation, school: School) -> Response | None:
    return found.responses.select_related("saved_by", "sent_by").filter(school=school.key).first()


def _save(
    request: HttpRequest,
    found: Consultation,
    school: School,
    revision: int,
    answers: dict[str, Any],
    *,
    send: bool,
) -> None:
    services.save_response(
        actor=person_of(request),
        consultation=found,
        school=school,
        revision=revision,
        answers=answers,
        send=send,
        today=permission.today(),
        now=timezone.now(),
    )


def _write(
    request: HttpRequest,
    found: Consultation,
    school: School,
    form: ResponseForm,
    held: Response | None,
    revision: int,
    *,
    news: bool = False,
) -> HttpResponse:
    read = Read(found, permission.today())
    own = tables.own_school_table(read.options, urns_of(school))
    context = {
        **_frame(found, school, held),
        "form": form,
        "revision": revision,
        "is_open": read.is_open,
        "own": TableView(own, TableState("own")) if own else None,
        "news": _differing(services.questions_of(found), held, form) if news and held else [],
    }
    return render(request, "forum/respond.html", context)


def _frame(found: Consultation, school: School, held: Response | None) -> dict[str, Any]:
    return {
        "one": found,
        "school": school,
        "held": held,
        "back_address": reverse("forum:consultation", args=[found.pk]),
        "breadcrumbs": trail((found.title, reverse("forum:consultation", args=[found.pk]))),
    }


def _differing(questions: list[Question], held: Response, form: ResponseForm) -> list[tuple[str, str]]:
    """What the other person wrote where it is not what was written here."""
    mine = dict(answers_in_words(questions, form.answers))
    return [(words, said) for words, said in answers_in_words(questions, held.written) if mine[words] != said]
