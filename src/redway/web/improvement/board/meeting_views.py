"""Pages of a meeting: agenda, the frozen pack, decisions, tasks and minutes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from redway.core.words import day_in_words
from redway.web.design.form_page import FORM, deed, form_page
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.improvement.board import meeting_services as services
from redway.web.improvement.board import tables
from redway.web.improvement.board.access import access_meeting, access_plan, people_of
from redway.web.improvement.board.forms import (
    DecisionForm,
    DoneForm,
    ItemForm,
    MeetingForm,
    MinutesForm,
    TaskForm,
)
from redway.web.improvement.board.models import Decision, Meeting, Objective, Task
from redway.web.improvement.board.pages import may, meeting_crumb, trail
from redway.web.improvement.board.plan_read import PlanRead
from redway.web.improvement.board.plan_views import chosen
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.signed_in import person_of


def _address(found: Meeting) -> str:
    return reverse("board:meeting", args=[found.pk])


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@require_safe
@needs("board.view")
def meetings(request: HttpRequest) -> HttpResponse:
    """Every meeting, and every decision of the board."""
    number, plans = chosen(request, "board.view")
    held = Meeting.objects.filter(authority=number).defer("pack", "public_pack")
    decisions = Decision.objects.filter(meeting__authority=number).select_related("meeting", "objective")
    context = {
        "number": number,
        "name": plans[number],
        "manages": may(request, "board.manage", number),
        "meetings": TableView(
            tables.meetings_table(list(held)),
            TableState.read(request.GET, "meetings"),
            links={"held": lambda row: reverse("board:meeting", args=[row["key"]])},
        ),
        "decisions": TableView(
            tables.decisions_table(list(decisions.order_by("-meeting__held_on", "pk"))),
            TableState.read(request.GET, "decisions"),
        ),
        "breadcrumbs": trail(request),
    }
    return render(request, "board/meetings.html", context)


@require_safe
@needs("board.view", of="improvement plan")
def meeting(request: HttpRequest, key: UUID) -> HttpResponse:
    """One meeting."""
    found = access_meeting(request, key, "board.view")
    today = permission.today()
    manages = may(request, "board.manage", found.authority)
    actor = person_of(request)
    plan = PlanRead(found.authority, today) if found.state == Meeting.State.PLANNED else None
    context = {
        "meeting": found,
        "plan": plan,
        "manages": manages,
        "is_planned": found.state == Meeting.State.PLANNED,
        "is_minuted": found.state == Meeting.State.MINUTED,
        "is_held": found.state == Meeting.State.FROZEN and found.held_on <= today,
        "items": list(found.items.all()),
        "decisions": list(found.decisions.select_related("objective")),
        "tasks": [
            (one, one.done_on is None and one.due_on < today, manages or one.owner_id == actor.pk)
            for one in found.tasks.select_related("owner")
        ],
        "minutes": [part for part in found.minutes.split("\n\n") if part.strip()],
        "breadcrumbs": trail(request, ("Meetings", reverse("board:meetings"))),
    }
    return render(request, "board/meeting.html", context)


@require_http_methods(FORM)
@needs("board.manage", of="improvement plan")
def meeting_new(request: HttpRequest, number: str) -> HttpResponse:
    """Plan a meeting."""
    authority = access_plan(request, number, "board.manage")
    return form_page(
        request,
        MeetingForm(_sent(request)),
        lambda form, _: services.plan_meeting(
            actor=person_of(request), authority=number, **form.cleaned_data
        ),
        title="Plan a meeting",
        button="Plan the meeting",
        done="The meeting is planned, with the usual agenda.",
        back=f"{reverse('board:meetings')}?authority={number}",
        caption=authority.name,
        breadcrumbs=trail(request, ("Meetings", reverse("board:meetings"))),
    )


def _stands(found: Meeting) -> list[tuple[str, str]]:
    """What is kept of a meeting now, for somebody who meets the change of somebody else."""
    return [
        ("Meeting", f"{day_in_words(found.held_on)}: {found.get_state_display().lower()}"),
        ("Agenda", "; ".join(one.title for one in found.items.all()) or "Nothing yet"),
        ("Decisions", "; ".join(one.words for one in found.decisions.all()) or "None yet"),
        ("Actions agreed", "; ".join(one.words for one in found.tasks.all()) or "None yet"),
    ]


def _page(
    request: HttpRequest,
    found: Meeting,
    form: forms.Form,
    save: Any,
    *,
    title: str,
    button: str,
    done: str,
    **more: Any,
) -> HttpResponse:
    """A form about one meeting."""
    more.setdefault("stands", lambda: _stands(found))
    return form_page(
        request,
        form,
        save,
        title=title,
        button=button,
        done=done,
        back=_address(found),
        caption=f"Meeting of {day_in_words(found.held_on)}",
        revision=found.revision,
        breadcrumbs=trail(request, meeting_crumb(found)),
        **more,
    )


@require_http_methods(FORM)
@needs("board.manage", of="improvement plan")
def item_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Put something on the agenda."""
    found = access_meeting(request, key, "board.manage")
    return _page(
        request,
        found,
        ItemForm(_sent(request)),
        lambda form, revision: services.add_item(
            actor=person_of(request), meeting=found, revision=revision, **form.cleaned_data
        ),
        title="Put an item on the agenda",
        button="Put it on the agenda",
        done="The item is on the agenda.",
    )


@require_POST
@needs("board.manage", of="improvement plan")
def item_off(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Take something off the agenda."""
    found = access_meeting(request, key, "board.manage")
    item = get_object_or_404(found.items.select_related("meeting"), number=number)
    return deed(
        request,
        lambda revision: services.take_item_off(actor=person_of(request), item=item, revision=revision),
        done="The item is off the agenda.",
        back=_address(found),
    )


@require_http_methods(FORM)
@needs("board.manage", of="improvement plan")
def freeze(request: HttpRequest, key: UUID) -> HttpResponse:
    """Freeze the pack of a meeting."""
    found = access_meeting(request, key, "board.manage")
    plan = PlanRead(found.authority, permission.today())
    return _page(
        request,
        found,
        forms.Form(_sent(request)),
        lambda _, revision: services.freeze_pack(
            actor=person_of(request),
            meeting=found,
            revision=revision,
            today=permission.today(),
            now=timezone.now(),
        ),
        title="Freeze the pack",
        button="Freeze the pack",
        done="The pack is frozen. It says the same whenever it is opened.",
        sentences=[
            f"{plan.recorded}. What is not rated is shown so.",
            "The pack is made from the plan as it stands now. A frozen pack never changes.",
        ],
        rows=[(f"{one.number} {one.action.title}", one.shown.words) for one in plan.actions],
    )


@require_http_methods(FORM)
@needs("board.manage", of="improvement plan")
def decide(request: HttpRequest, key: UUID) -> HttpResponse:
    """Record what the board decided."""
    found = access_meeting(request, key, "board.manage")
    objectives = Objective.objects.filter(authority=found.authority, state=Objective.State.OPEN)
    form = DecisionForm(list(objectives), _sent(request))
    return _page(
        request,
        found,
        form,
        lambda form, revision: services.record_decision(
            actor=person_of(request),
            meeting=found,
            revision=revision,
            text=form.cleaned_data["text"],
            objective=form.objectives.get(form.cleaned_data["objective"]),
            restricted=form.cleaned_data["restricted"],
            today=permission.today(),
            now=timezone.now(),
        ),
        title="Record a decision",
        button="Record it",
        done="The decision is recorded.",
    )


@require_http_methods(FORM)
@needs("board.manage", of="improvement plan")
def task_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Record what somebody is to do."""
    found = access_meeting(request, key, "board.manage")
    form = TaskForm(people_of(found.authority), _sent(request))
    return _page(
        request,
        found,
        form,
        lambda form, revision: services.agree_task(
            actor=person_of(request),
            meeting=found,
            revision=revision,
            text=form.cleaned_data["text"],
            owner=form.people[form.cleaned_data["owner"]],
            due_on=form.cleaned_data["due_on"],
            restricted=form.cleaned_data["restricted"],
            today=permission.today(),
        ),
        title="Note an action of the meeting",
        button="Note it",
        done="The action is noted.",
    )


@require_http_methods(FORM)
@needs("plan.rate", of="improvement plan")
def task_done(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Say what came of something a meeting asked for."""
    found = access_meeting(request, key, "plan.rate")
    task = get_object_or_404(Task.objects.select_related("meeting"), meeting=found, pk=number)
    return _page(
        request,
        found,
        DoneForm(_sent(request), initial={"done_on": permission.today()}),
        lambda form, _: services.finish_task(
            actor=person_of(request), task=task, today=permission.today(), **form.cleaned_data
        ),
        title="Say that it is done",
        button="It is done",
        done="It is done.",
        rows=[("Action", task.words), ("Due", day_in_words(task.due_on))],
    )


@require_http_methods(FORM)
@needs("board.manage", of="improvement plan")
def minutes(request: HttpRequest, key: UUID) -> HttpResponse:
    """Finish the minutes."""
    found = access_meeting(request, key, "board.manage")
    return _page(
        request,
        found,
        MinutesForm(_sent(request)),
        lambda form, revision: services.finish_minutes(
            actor=person_of(request),
            meeting=found,
            revision=revision,
            today=permission.today(),
            now=timezone.now(),
            **form.cleaned_data,
        ),
        title="Finish the minutes",
        button="Finish the minutes",
        done="The minutes are finished.",
        sentences=["Decisions and actions are recorded apart. With the minutes the meeting is closed."],
    )
