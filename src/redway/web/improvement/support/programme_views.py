"""A programme: starting it, its cycle by half-term, each step, its end."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from redway.core.words import day_in_words
from redway.improvement.ledger import Outcome
from redway.improvement.programmes import moved_words, overdue_words, standing, template, templates_on
from redway.improvement.visits import Reader
from redway.web.design.form_page import FORM, Trail
from redway.web.improvement.support import programmes as services
from redway.web.improvement.support.access import (
    access_kept,
    access_school_here,
    follows_from,
    may,
    reader_of,
)
from redway.web.improvement.support.forms import EndForm, StartForm, StepForm
from redway.web.improvement.support.models import Alert, Programme, Step
from redway.web.improvement.support.pages import form_page, notice, trail
from redway.web.improvement.support.target_lines import line_at_hand, origin_chosen, targets_to_choose
from redway.web.improvement.support.triage_visits import triage_at_hand, triage_to_choose
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of
from redway.web.register.models import School


def school_trail(school: School) -> Trail:
    """The way back to the school."""
    return trail((school.shown_name, reverse("support:school", args=[school.current_urn])))


def alerts_of(school: School) -> list[tuple[str, str]]:
    """The alerts of a school in the ledger, meetings that decided to visit it, and its targets that were
    doubted or not met, to choose from."""
    held = Alert.objects.filter(school=school.key, flagged=True)
    kept = [(str(one.pk), f"{follows_from(one, officer=True)}, {day_in_words(one.decision)}") for one in held]
    return [*kept, *triage_to_choose(school), *targets_to_choose(school)]


def alert_at_hand(request: HttpRequest, school: School) -> dict[str, str]:
    """The alert, decision or target a form begins with: the one that led here, else the latest alert whose
    outcome is not known."""
    open_ones = Alert.objects.filter(school=school.key, flagged=True).order_by("-decision", "-at")
    asked = request.GET.get("alert", "")
    if any(str(one.pk) == asked for one in open_ones):
        return {"alert": asked}
    for prefix, line_of in (("target:", line_at_hand), ("triage:", triage_at_hand)):
        if asked.startswith(prefix) and (begun := line_of(school, asked)):
            return {"alert": begun}
    alerts = open_ones.exclude(source=Alert.Source.TARGET)
    latest = alerts.filter(outcome=Outcome.NOT_KNOWN.value).first()
    return {"alert": str(latest.pk)} if latest else {}


def running_of(school: School) -> list[tuple[str, str]]:
    """The programmes that run at a school, to choose from."""
    held = Programme.objects.filter(school=school.key, state=Programme.State.RUNNING)
    return [(str(one.pk), one.title) for one in held]


@require_http_methods(FORM)
@needs("support.manage", of="support")
def start(request: HttpRequest, urn: str) -> HttpResponse:
    """Start a programme at a school from a template."""
    school = access_school_here(request, urn, "support.manage")
    today = permission.today()
    offered = templates_on(today)
    form = StartForm(
        [(one.code, one.title) for one in offered],
        alerts_of(school),
        request.POST or None,
        initial=alert_at_hand(request, school),
    )

    def save(form: Any, revision: int) -> None:
        given = form.cleaned_data
        chosen = template(given["template"], today)
        with transaction.atomic():
            services.start_programme(
                actor=person_of(request),
                school=school,
                template=chosen,
                why=given["why"],
                starts_on=given["starts_on"],
                half_terms=given["half_terms"] or chosen.half_terms,
                alert=origin_chosen(person_of(request), school, given["alert"]),
            )

    return form_page(
        request,
        form,
        save,
        title="Start a programme",
        button="Start it",
        done="The programme is started; its steps are laid out by half-term.",
        back=reverse("support:school", args=[school.current_urn]),
        caption=school.shown_name,
        breadcrumbs=school_trail(school),
        rows=[(one.title, f"{one.purpose}. {one.half_terms} half-terms.") for one in offered],
    )


@require_safe
@needs("support.view", of="support")
def programme(request: HttpRequest, key: UUID) -> HttpResponse:
    """The cycle of a programme, half-term by half-term."""
    found, school = access_kept(request, Programme, key, "support.view")
    today = permission.today()
    steps = list(found.steps.select_related("by"))
    board = [
        {"number": number, "when": group[0].when, "steps": [_shown(one, today) for one in group]}
        for number, members in groupby(steps, key=lambda one: one.half_term)
        for group in [list(members)]
    ]
    context = {
        "programme": found,
        "made_up": notice(found),
        "school": school,
        "board": board,
        "now": next((one["number"] for one in board if _is_now(one, today)), None),
        "about": _about(found, officer=reader_of(request, school) is Reader.OFFICER),
        "visits": list(found.visits.select_related("visitor")),
        "manages": may(request, "support.manage", school) and found.state == Programme.State.RUNNING,
        "breadcrumbs": school_trail(school),
    }
    return render(request, "support/programme.html", context)


def _is_now(half_term: Any, today: date) -> bool:
    return bool(half_term["steps"][-1]["step"].due_on >= today)


def _shown(step: Step, today: date) -> dict[str, Any]:
    return {
        "step": step,
        "rating": standing(step.due_on, step.done_on, today).value,
        "when": overdue_words(step.due_on, step.done_on, today),
        "moved": moved_words([date.fromisoformat(one) for one in step.due_days]),
    }


def _about(found: Programme, *, officer: bool = True) -> list[tuple[str, str]]:
    """What the programme is. Which list a school was flagged on is for officers."""
    rows = [
        ("Purpose", found.purpose),
        ("Why this school", found.why),
        ("From", day_in_words(found.starts_on)),
        ("To", day_in_words(found.ends_on)),
        ("Led by", found.lead.full_name if found.lead else ""),
        ("State", found.get_state_display()),
        ("Follows from", follows_from(found.alert, officer=officer)),
        ("What came of it", found.outcome),
    ]
    return [(label, value) for label, value in rows if value]


@require_http_methods(FORM)
@needs("support.manage", of="support")
def step(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Agree what a step is at this school, move it, or say what came of it."""
    found, school = access_kept(request, Programme, key, "support.manage")
    held = Step.objects.filter(programme=found, number=number).first()
    if held is None:
        raise Http404("There is no such step.")
    form = StepForm(
        request.POST or None,
        initial={"what": held.what, "due_on": held.due_on, "done_on": held.done_on, "found": held.found},
    )

    def save(form: Any, revision: int) -> None:
        written = services.StepWritten(**form.cleaned_data)
        services.write_step(
            actor=person_of(request), programme=found, number=number, revision=revision, written=written
        )

    def stands() -> list[tuple[str, str]]:
        now = Step.objects.get(pk=held.pk)
        return [
            ("Agreed", now.what),
            ("Due", day_in_words(now.due_on)),
            ("Done", day_in_words(now.done_on) if now.done_on else "Not yet"),
            ("Found", now.found),
        ]

    back = reverse("support:programme", args=[found.pk])
    return form_page(
        request,
        form,
        save,
        title=f"{held.name}, {held.when}",
        button="Save",
        done="The step is saved.",
        back=back,
        caption=f"{school.shown_name}: {found.title}",
        breadcrumbs=[*school_trail(school), (found.title, back)],
        revision=held.revision,
        made_up=found.made_up,
        rows=[("The programme asks for", "; ".join(held.asks))],
        stands=stands,
    )


@require_http_methods(FORM)
@needs("support.manage", of="support")
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    """End a programme, with what came of it."""
    found, school = access_kept(request, Programme, key, "support.manage")
    back = reverse("support:programme", args=[found.pk])

    def save(form: Any, revision: int) -> None:
        services.end_programme(
            actor=person_of(request),
            programme=found,
            revision=revision,
            outcome=form.cleaned_data["outcome"],
            withdrawn=form.cleaned_data["how"] == "withdrawn",
        )

    return form_page(
        request,
        EndForm(request.POST or None),
        save,
        title="End the programme",
        button="End it",
        done="The programme is ended. Everything in it stays.",
        back=back,
        caption=f"{school.shown_name}: {found.title}",
        breadcrumbs=[*school_trail(school), (found.title, back)],
        revision=found.revision,
        made_up=found.made_up,
        stands=lambda: _about(Programme.objects.get(pk=found.pk)),
        warning=True,
    )
