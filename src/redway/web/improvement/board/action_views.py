"""Pages of an action: its colour with the computed floor, milestones, evidence, dates, what it waits for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from redway.core.words import day_in_words, listed
from redway.improvement.action_plan import Confidence, EvidenceKind
from redway.improvement.rating import floor_of
from redway.web.design.form_page import FORM, deed, form_page
from redway.web.improvement.board import action_services as services
from redway.web.improvement.board.access import access_action, access_objective, people_of
from redway.web.improvement.board.forms import (
    ActionForm,
    AgreeForm,
    EvidenceForm,
    JudgeForm,
    MilestoneForm,
    MoveForm,
    NeedsForm,
    OnForm,
    RatingForm,
    ReasonForm,
)
from redway.web.improvement.board.meeting_services import note_plan_read
from redway.web.improvement.board.models import Action, Evidence, Objective, Reopening
from redway.web.improvement.board.pages import action_crumb, may, objective_crumb, objective_stands, trail
from redway.web.improvement.board.plan_read import ActionRead, PlanRead
from redway.web.people import permission
from redway.web.people.declarations import needs
from redway.web.people.models import Person
from redway.web.people.signed_in import person_of


def _read(found: Action) -> ActionRead:
    return PlanRead(found.objective.authority, permission.today(), only=found.objective_id).action(found.pk)


def _address(found: Action) -> str:
    return reverse("board:action", args=[found.pk])


def _caption(found: Action) -> str:
    return f"{found.objective.number}.{found.number} {found.title}"


def _named(one: Person | None) -> str:
    return one.full_name if one else "Nobody yet"


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@require_safe
@needs("plan.view", of="improvement plan")
def action(request: HttpRequest, key: UUID) -> HttpResponse:
    """One action with everything that is known of it."""
    found = access_action(request, key, "plan.view")
    of = found.objective
    note_plan_read(actor=person_of(request), authority=of.authority, objective=of)
    read = _read(found)
    one, actor, authority = read.action, person_of(request), found.objective.authority
    alive = one.state != Action.State.WITHDRAWN and one.objective.state == Objective.State.OPEN
    edits = may(request, "plan.edit", authority) and alive
    owns = one.owner_id == actor.pk and alive and may(request, "plan.rate", authority)
    judges = may(request, "plan.accept_evidence", authority) and alive and one.owner_id != actor.pk
    context = {
        "read": read,
        "action": one,
        "objective": one.objective,
        "people": [
            ("Owner", _named(one.owner)),
            ("Sponsor", _named(one.sponsor)),
            ("Success measure", one.measure.name if one.measure else "None yet"),
            ("Due", read.due.sentence if read.due else "No date yet"),
            *([("Complete", day_in_words(one.completed_on))] if one.completed_on else []),
        ],
        "milestones": [
            (each, read.milestone_due(each), each.done_on is None and each.due_on < read.today)
            for each in one.milestones.all()
        ],
        "evidence": [
            (each, EvidenceKind(each.kind).value.capitalize(), judges and each.by_id != actor.pk)
            for each in one.evidence.all()
        ],
        "ratings": list(reversed(one.ratings.all())),
        "moves": list(one.moves.all()),
        "reopenings": [
            (each, each.agreed is None and services.may_answer(actor, each))
            for each in one.reopenings.select_related("asked_by", "answered_by", "action__objective")
        ],
        "reopens": one.completed_on is not None
        and not any(each.agreed is None for each in one.reopenings.all())
        and alive
        and (edits or owns or actor.pk in services.accepters_of(one)),
        "edits": edits,
        "owns": owns and read.is_pursued,
        "works": (edits or owns) and read.is_pursued,
        "is_draft": one.state == Action.State.DRAFT,
        "breadcrumbs": trail(request, objective_crumb(one.objective)),
    }
    return render(request, "board/action.html", context)


@require_http_methods(FORM)
@needs("plan.edit", of="improvement plan")
def action_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Draft an action under an objective."""
    found = access_objective(request, key, "plan.edit")
    return form_page(
        request,
        ActionForm(people_of(found.authority), list(found.measures.all()), _sent(request)),
        lambda form, revision: services.draft_action(
            actor=person_of(request), objective=found, revision=revision, doing=form.doing
        ),
        title="Draft an action",
        button="Keep the draft",
        done="The action is kept as a draft. Approve it when it has owner, sponsor, measure and date.",
        back=reverse("board:objective", args=[found.pk]),
        caption=f"{found.number}. {found.title}",
        revision=found.revision,
        stands=lambda: objective_stands(found),
        breadcrumbs=trail(request, objective_crumb(found)),
    )


@require_http_methods(FORM)
@needs("plan.edit", of="improvement plan")
def action_edit(request: HttpRequest, key: UUID) -> HttpResponse:
    """Change an action."""
    found = access_action(request, key, "plan.edit")
    initial = {
        "title": found.title,
        "owner": str(found.owner_id or ""),
        "sponsor": str(found.sponsor_id or ""),
        "measure": str(found.measure_id or ""),
        "due_on": found.due_on,
    }
    return form_page(
        request,
        ActionForm(
            people_of(found.objective.authority),
            list(found.objective.measures.all()),
            _sent(request),
            initial=initial,
        ),
        lambda form, revision: services.edit_action(
            actor=person_of(request), action=found, revision=revision, doing=form.doing
        ),
        title="Change the action",
        button="Keep",
        done="The action is changed.",
        back=_address(found),
        caption=_caption(found),
        revision=found.revision,
        stands=lambda: _stands(found),
        breadcrumbs=trail(request, objective_crumb(found.objective), action_crumb(found)),
    )


@require_POST
@needs("plan.edit", of="improvement plan")
def approve(request: HttpRequest, key: UUID) -> HttpResponse:
    """Approve a draft."""
    found = access_action(request, key, "plan.edit")
    return deed(
        request,
        lambda revision: services.approve_action(actor=person_of(request), action=found, revision=revision),
        done="The action is approved. Its due date is now the first one, and stays visible.",
        back=_address(found),
    )


def _stands(found: Action) -> list[tuple[str, str]]:
    """What is kept of an action now, for somebody who meets the change of somebody else."""
    rating = found.ratings.last()
    return [
        ("Action", found.title),
        ("Owner", _named(found.owner)),
        ("Sponsor", _named(found.sponsor)),
        ("Due", day_in_words(found.due_on) if found.due_on else "No date yet"),
        ("Complete", day_in_words(found.completed_on) if found.completed_on else "Not complete"),
        ("Owner's view", f"{rating.colour}: {rating.reason}" if rating else "Not rated"),
    ]


def _page(
    request: HttpRequest,
    found: Action,
    form: forms.Form,
    save: Any,
    *,
    title: str,
    button: str,
    done: str,
    **more: Any,
) -> HttpResponse:
    """A form about one action."""
    more.setdefault("stands", lambda: _stands(found))
    return form_page(
        request,
        form,
        save,
        title=title,
        button=button,
        done=done,
        back=_address(found),
        caption=_caption(found),
        revision=found.revision,
        breadcrumbs=trail(request, objective_crumb(found.objective), action_crumb(found)),
        **more,
    )


@require_http_methods(FORM)
@needs("plan.rate", of="improvement plan")
def rate(request: HttpRequest, key: UUID) -> HttpResponse:
    """The owner's colour, with the computed floor and the two colours before in sight."""
    found = access_action(request, key, "plan.rate")
    read = _read(found)
    sentences = [read.prior_words]
    if read.is_pursued:
        floor = floor_of(services.standing_of(read.action, read.today), read.today, read.rules)
        if floor.reasons:
            why = "; ".join(floor.reasons)
            sentences.append(f"Whatever you say, it is shown {floor.colour} at best: {why}.")
    return _page(
        request,
        found,
        RatingForm(read.rules, _sent(request)),
        lambda form, revision: services.rate(
            actor=person_of(request),
            action=found,
            revision=revision,
            given=form.given,
            confidence=Confidence(form.cleaned_data["confidence"]),
            prior=read.prior,
            now=timezone.now(),
        ),
        title="Rate the action",
        button="Rate it",
        done="Your view is kept.",
        sentences=sentences,
    )


@require_http_methods(FORM)
@needs("plan.edit", of="improvement plan")
def move(request: HttpRequest, key: UUID) -> HttpResponse:
    """Move the due date."""
    found = access_action(request, key, "plan.edit")
    read = _read(found)
    return _page(
        request,
        found,
        MoveForm(_sent(request)),
        lambda form, revision: services.move_date(
            actor=person_of(request), action=found, revision=revision, now=timezone.now(), **form.cleaned_data
        ),
        title="Move the due date",
        button="Move it",
        done="The date is moved. The first one stays visible.",
        rows=[("Due", read.due.sentence)] if read.due else [],
    )


@require_http_methods(FORM)
@needs("plan.rate", of="improvement plan")
def complete(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say that everything is done."""
    found = access_action(request, key, "plan.rate")
    return _page(
        request,
        found,
        OnForm(_sent(request), initial={"on": permission.today()}),
        lambda form, revision: services.complete_action(
            actor=person_of(request),
            action=found,
            revision=revision,
            today=permission.today(),
            **form.cleaned_data,
        ),
        title="Say that it is complete",
        button="It is complete",
        done="It is complete. It becomes Blue when somebody else has accepted evidence, and you rate it so.",
    )


@require_http_methods(FORM)
@needs("plan.rate", of="improvement plan")
def reopen(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say that it was called complete by mistake."""
    found = access_action(request, key, "plan.rate")
    agreed_by = services.who_agrees(found, person_of(request))
    told = (
        f"Its evidence was accepted, so it stays complete until {listed(agreed_by, 'or')} agrees."
        if agreed_by
        else "It is open again at once. What was said stays on record."
    )
    return _page(
        request,
        found,
        ReasonForm(_sent(request)),
        lambda form, revision: services.reopen_action(
            actor=person_of(request), action=found, revision=revision, now=timezone.now(), **form.cleaned_data
        ),
        title="Open the action again",
        button="Ask to open it again" if agreed_by else "Open it again",
        done="Your question is kept. It stays complete until it is answered."
        if agreed_by
        else "The action is open again. Its owner rates it anew.",
        rows=[("Complete", day_in_words(found.completed_on))] if found.completed_on else [],
        sentences=[told],
    )


@require_http_methods(FORM)
@needs("plan.accept_evidence", of="improvement plan")
def reopening_answer(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Whoever accepted its evidence answers whether it is opened again."""
    found = access_action(request, key, "plan.accept_evidence")
    one: Reopening = get_object_or_404(
        found.reopenings.select_related("action__objective", "asked_by"), pk=number
    )
    return _page(
        request,
        found,
        AgreeForm(_sent(request)),
        lambda form, revision: services.answer_reopening(
            actor=person_of(request),
            reopening=one,
            revision=revision,
            agreed=form.cleaned_data["agreed"] == "yes",
            answer=form.cleaned_data["answer"],
            now=timezone.now(),
        ),
        title="Is the action open again?",
        button="Keep the answer",
        done="Your answer is on record.",
        rows=[
            ("Complete", day_in_words(one.completed_on)),
            ("Asked by", one.asked_by.full_name),
            ("Why it is not complete", one.reason),
        ],
    )


@require_http_methods(FORM)
@needs("plan.edit", of="improvement plan")
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Stop pursuing an action, with a reason."""
    found = access_action(request, key, "plan.edit")
    return _page(
        request,
        found,
        ReasonForm(_sent(request)),
        lambda form, revision: services.withdraw_action(
            actor=person_of(request), action=found, revision=revision, **form.cleaned_data
        ),
        title="Withdraw the action",
        button="Withdraw it",
        done="The action is withdrawn. It stays in the record.",
        warning=True,
    )


@require_http_methods(FORM)
@needs("plan.edit", of="improvement plan")
def depend(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say that another action has to come first."""
    found = access_action(request, key, "plan.edit")
    others = Action.objects.filter(objective__authority=found.objective.authority, state="approved")
    others = others.exclude(pk=found.pk).select_related("objective").order_by("objective__number", "number")
    form = NeedsForm(list(others), _sent(request))
    return _page(
        request,
        found,
        form,
        lambda form, revision: services.depend_on(
            actor=person_of(request),
            action=found,
            revision=revision,
            other=form.others[form.cleaned_data["other"]],
        ),
        title="Say what has to come first",
        button="Keep",
        done="The dependency is on record.",
    )


# --- milestones and evidence --------------------------------------------------------------------------------


@require_http_methods(FORM)
@needs("plan.rate", of="improvement plan")
def milestone_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Add a step."""
    found = access_action(request, key, "plan.rate")
    return _page(
        request,
        found,
        MilestoneForm(_sent(request)),
        lambda form, revision: services.add_milestone(
            actor=person_of(request), action=found, revision=revision, **form.cleaned_data
        ),
        title="Add a milestone",
        button="Add the milestone",
        done="The milestone is added.",
    )


@require_http_methods(FORM)
@needs("plan.rate", of="improvement plan")
def milestone_done(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Say that a step is reached."""
    found = access_action(request, key, "plan.rate")
    milestone = get_object_or_404(found.milestones.select_related("action__objective"), pk=number)
    return _page(
        request,
        found,
        OnForm(_sent(request), initial={"on": permission.today()}),
        lambda form, revision: services.reach_milestone(
            actor=person_of(request),
            milestone=milestone,
            revision=revision,
            today=permission.today(),
            **form.cleaned_data,
        ),
        title="Say that the milestone is reached",
        button="It is reached",
        done="The milestone is reached.",
        rows=[("Milestone", milestone.title), ("Due", day_in_words(milestone.due_on))],
    )


@require_http_methods(FORM)
@needs("plan.edit", of="improvement plan")
def milestone_move(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Move the day of a step."""
    found = access_action(request, key, "plan.edit")
    milestone = get_object_or_404(found.milestones.select_related("action__objective"), pk=number)
    return _page(
        request,
        found,
        MoveForm(_sent(request)),
        lambda form, revision: services.move_milestone(
            actor=person_of(request),
            milestone=milestone,
            revision=revision,
            now=timezone.now(),
            **form.cleaned_data,
        ),
        title="Move the milestone",
        button="Move it",
        done="The date is moved. The first one stays visible.",
        rows=[("Milestone", milestone.title), ("Due", day_in_words(milestone.due_on))],
    )


@require_http_methods(FORM)
@needs("plan.rate", of="improvement plan")
def evidence_new(request: HttpRequest, key: UUID) -> HttpResponse:
    """Enter evidence."""
    found = access_action(request, key, "plan.rate")
    return _page(
        request,
        found,
        EvidenceForm(_sent(request)),
        lambda form, revision: services.add_evidence(
            actor=person_of(request),
            action=found,
            revision=revision,
            shows=form.shows,
            today=permission.today(),
            now=timezone.now(),
        ),
        title="Add evidence",
        button="Add the evidence",
        done="The evidence is added. It counts when somebody other than the owner has accepted it.",
    )


@require_http_methods(FORM)
@needs("plan.accept_evidence", of="improvement plan")
def evidence_judge(request: HttpRequest, key: UUID, number: int) -> HttpResponse:
    """Accept evidence of somebody else's action, or turn it down."""
    found = access_action(request, key, "plan.accept_evidence")
    one: Evidence = get_object_or_404(
        found.evidence.select_related("action__objective", "action__owner", "by"), pk=number
    )
    return _page(
        request,
        found,
        JudgeForm(_sent(request)),
        lambda form, revision: services.judge_evidence(
            actor=person_of(request),
            evidence=one,
            revision=revision,
            accepted=form.cleaned_data["accepted"] == "yes",
            judgement=form.cleaned_data["judgement"],
            now=timezone.now(),
        ),
        title="Judge the evidence",
        button="Keep the judgement",
        done="Your judgement is on record.",
        rows=[
            ("Evidence", one.title),
            ("Kind", EvidenceKind(one.kind).label),
            ("Where it is kept", one.where),
            ("Day it is of", day_in_words(one.dated)),
            ("Entered by", one.by.full_name),
        ],
    )
