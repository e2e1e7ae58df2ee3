"""What the pages of the plan and the board share: one way to show and take a form, the trail, who asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from redway.core.errors import RedwayError
from redway.core.words import day_in_words
from redway.datasets.checked_rows import TableRefused
from redway.web.design.uploaded_table import problems_shown
from redway.web.improvement.board.access import plan_record
from redway.web.improvement.board.models import Action, Measure, Meeting, Objective
from redway.web.improvement.board.plan_read import ObjectiveRead, PlanRead
from redway.web.people import permission
from redway.web.people.models import Person

Trail = list[tuple[str, str]]
FORM = ["GET", "HEAD", "POST"]


def person(request: HttpRequest) -> Person:
    """Whoever asks; these pages are for people signed in."""
    assert isinstance(request.user, Person)
    return request.user


def may(request: HttpRequest, action: str, number: str) -> bool:
    """May they take the action on the plan of this authority?"""
    return bool(permission.decide(request, action, plan_record(number)))


def trail(request: HttpRequest, *more: tuple[str, str]) -> Trail:
    """The way back to the plan and on."""
    above = [("Improvement", reverse("improvement:index"))]
    found = above if permission.may_open(request, "improvement:index") else []
    return [*found, ("Plan and board", reverse("board:index")), *more]


def objective_crumb(objective: Objective) -> tuple[str, str]:
    """The step of the trail for an objective."""
    return (f"Objective {objective.number}", reverse("board:objective", args=[objective.pk]))


def objective_caption(objective: Objective) -> str:
    """What stands above the heading of a form about an objective."""
    return f"{objective.number}. {objective.title}"


def objective_address(objective: Objective) -> str:
    """Address of the page of an objective."""
    return reverse("board:objective", args=[objective.pk])


def objective_stands(objective: Objective) -> list[tuple[str, str]]:
    """What is kept of an objective now, for somebody who meets the change of somebody else."""
    risks = [one.title for one in objective.risks.all() if one.closed_on is None]
    return [
        ("Objective", objective.title),
        ("Outcome", objective.outcome),
        ("Success measures", "; ".join(one.name for one in objective.measures.all()) or "None yet"),
        ("Actions", "; ".join(one.title for one in objective.actions.all()) or "None yet"),
        ("Open risks", "; ".join(risks) or "None"),
    ]


def read_objective(objective: Objective) -> ObjectiveRead:
    """An objective with everything under it, as it stands today."""
    return PlanRead(objective.authority, permission.today(), only=objective.pk).objective(objective.pk)


def measure_crumb(measure: Measure) -> tuple[str, str]:
    """The step of the trail for a success measure."""
    return ("Measure", reverse("board:measure", args=[measure.objective_id, measure.pk]))


def action_crumb(action: Action) -> tuple[str, str]:
    """The step of the trail for an action."""
    number = f"{action.objective.number}.{action.number}"
    return (f"Action {number}", reverse("board:action", args=[action.pk]))


def meeting_crumb(meeting: Meeting) -> tuple[str, str]:
    """The step of the trail for a meeting."""
    return (f"Meeting of {day_in_words(meeting.held_on)}", reverse("board:meeting", args=[meeting.pk]))


def form_page(
    request: HttpRequest,
    form: forms.Form,
    save: Callable[[Any, int], object],
    *,
    title: str,
    button: str,
    done: str,
    back: str,
    caption: str,
    breadcrumbs: Trail,
    revision: int = 0,
    rows: Sequence[tuple[str, str]] = (),
    sentences: Sequence[str] = (),
    stands: Callable[[], Sequence[tuple[str, str]]] = lambda: (),
    warning: bool = False,
    upload: bool = False,
) -> HttpResponse:
    """Show a form; when it is sent and sound, ``save(form, revision)`` and go ``back``.

    A refusal is said at the top and nothing written is lost. When somebody else changed the same thing in the
    meantime, ``stands`` tells what is kept now, and the form carries the new revision.
    """
    meanwhile: Sequence[tuple[str, str]] = ()
    if request.method == "POST" and form.is_valid():
        before = seen(request)
        try:
            save(form, before)
        except RedwayError as error:
            for problem in _problems(error):
                form.add_error(None, problem)
            meanwhile = stands() if before != revision else ()
        else:
            messages.success(request, done)
            return redirect(back)
    context = {
        "title": title,
        "caption": caption,
        "form": form,
        "button": button,
        "revision": revision,
        "rows": rows,
        "sentences": sentences,
        "stands": meanwhile,
        "warning": warning,
        "upload": upload,
        "back_address": back,
        "breadcrumbs": breadcrumbs,
    }
    return render(request, "board/form.html", context)


def seen(request: HttpRequest) -> int:
    """The revision that the person had before their eyes, as the form carries it; 0 for none."""
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isdecimal() and len(sent) < 9 else 0


def deed(request: HttpRequest, do: Callable[[int], object], *, done: str, back: str) -> HttpResponse:
    """Do something small that a button asks for, say so, and go back; a refusal is said there too."""
    try:
        do(seen(request))
    except RedwayError as error:
        messages.error(request, f"{error.message} {error.next_step}".strip())
    else:
        messages.success(request, done)
    return redirect(back)


def _problems(error: RedwayError) -> Sequence[str]:
    if isinstance(error, TableRefused):
        return problems_shown(error)
    return (f"{error.message} {error.next_step}".strip(),)
