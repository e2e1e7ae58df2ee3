"""What the pages of the plan and the board share: the trail, captions, addresses, and what is kept now."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from redway.core.words import day_in_words
from redway.web.design.form_page import Trail
from redway.web.improvement.board.access import plan_record
from redway.web.improvement.board.models import Action, Measure, Meeting, Objective
from redway.web.improvement.board.plan_read import ObjectiveRead, PlanRead
from redway.web.people import permission


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
