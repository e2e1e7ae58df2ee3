"""What of the plan and the board needs attention: colours due, evidence, escalations, tasks, packs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.http import HttpRequest
from django.urls import reverse

from redway.core.words import counted, day_in_words
from redway.improvement.escalation import Rung
from redway.web.home.lines import MOST_OF_A_KIND, Line
from redway.web.improvement.board.access import plans_of
from redway.web.improvement.board.action_services import may_answer
from redway.web.improvement.board.models import Evidence, Meeting, Reopening, Task
from redway.web.improvement.board.plan_read import ActionRead, PlanRead
from redway.web.people import permission
from redway.web.people.models import Person

SOON = timedelta(days=10)
"""So long before a meeting its colours are due."""


def board_lines(request: HttpRequest) -> Iterable[Line]:
    """What waits for this person in the plans that are open to them."""
    if not isinstance(request.user, Person) or not permission.decide(request, "plan.view"):
        return []
    today = permission.today()
    lines: list[Line] = []
    for number in plans_of(request):
        plan = PlanRead(number, today)
        lines += [
            *_own_actions(request.user, plan),
            *_gone_up(request, plan),
            *_own_tasks(request.user, number, today),
            *_evidence(request.user, number),
            *_reopenings(request.user, number),
            *_meetings(request, plan),
        ]
    return lines


def _address(one: ActionRead) -> str:
    return reverse("board:action", args=[one.action.pk])


def _own_actions(person: Person, plan: PlanRead) -> list[Line]:
    """Own actions that are overdue, or to be rated before the next meeting."""
    own = [one for one in plan.actions if one.action.owner_id == person.pk]
    lines = [
        Line(f"{one.action.title}: overdue", f"You own it. {one.shown.why}", _address(one), "Red")
        for one in own
        if one.is_overdue
    ]
    meeting = _coming(plan)
    if meeting is None or meeting.held_on > plan.today + SOON:
        return lines
    last = plan.meetings[-1].frozen_at if plan.meetings else None
    due = [
        one
        for one in own
        if one.action.completed_on is None
        and (one.rating is None or (last is not None and one.rating.at <= last))
    ]
    why = f"The board meets on {day_in_words(meeting.held_on)}, and its pack has no colour of yours yet."
    if len(due) > MOST_OF_A_KIND:
        return [*lines, Line(f"{len(due)} actions to rate", why, reverse("board:index"), "Amber")]
    return [*lines, *(Line(f"Rate: {one.action.title}", why, _address(one), "Amber") for one in due)]


def _coming(plan: PlanRead) -> Meeting | None:
    """The next meeting whose pack is not frozen."""
    found = Meeting.objects.filter(authority=plan.number, held_on__gte=plan.today, frozen_at=None)
    return found.order_by("held_on").first()


def _gone_up(request: HttpRequest, plan: PlanRead) -> list[Line]:
    """What went up to this person as a sponsor, or to whoever runs the board."""
    runs = bool(permission.decide(request, "board.manage"))
    assert isinstance(request.user, Person)
    return [
        Line(
            f"{one.action.title}: gone up to {up.rung.label.lower()}",
            up.words,
            _address(one),
            "Red" if up.rung is Rung.BOARD else "Amber",
        )
        for one, up in plan.escalated
        if one.action.sponsor_id == request.user.pk or (runs and up.rung is Rung.BOARD)
    ]


def _own_tasks(person: Person, number: str, today: date) -> list[Line]:
    found = Task.objects.filter(meeting__authority=number, owner=person, done_on=None)
    return [
        Line(
            one.words,
            f"The board asked you for it, by {day_in_words(one.due_on)}.",
            reverse("board:task_done", args=[one.meeting_id, one.pk]),
            "Red" if one.due_on < today else "",
        )
        for one in found
    ]


def _evidence(person: Person, number: str) -> list[Line]:
    """Evidence this person may judge: of actions of others, entered by others."""
    waiting = Evidence.objects.filter(
        action__objective__authority=number, action__state="approved", accepted=None
    )
    waiting = waiting.exclude(action__owner=person).exclude(by=person).select_related("action")
    found = list(waiting)
    if len(found) > MOST_OF_A_KIND:
        why = "Somebody other than the owner has to look at it."
        told = counted(len(found), "piece of evidence", "pieces of evidence")
        return [Line(f"{told} to judge", why, reverse("board:index"))]
    return [
        Line(
            f"Evidence to judge: {one.title}",
            f"For the action '{one.action.title}'. Somebody other than its owner has to look at it.",
            reverse("board:evidence_judge", args=[one.action_id, one.pk]),
        )
        for one in found
    ]


def _reopenings(person: Person, number: str) -> list[Line]:
    """Complete actions that somebody wants to open again, and that wait for this person to agree."""
    waiting = Reopening.objects.filter(action__objective__authority=number, agreed=None)
    return [
        Line(
            f"Is it open again? {one.action.title}",
            f"You may answer {one.asked_by.full_name}, who says that it was called complete by mistake.",
            reverse("board:reopening_answer", args=[one.action_id, one.pk]),
        )
        for one in waiting.select_related("action__objective", "asked_by")
        if may_answer(person, one)
    ]


def _meetings(request: HttpRequest, plan: PlanRead) -> list[Line]:
    """For whoever runs the board: packs to freeze, minutes to finish. For members: packs to read."""
    lines = []
    near = Meeting.objects.filter(authority=plan.number).exclude(state=Meeting.State.MINUTED)
    runs = bool(permission.decide(request, "board.manage"))
    for one in near.filter(held_on__lte=plan.today + SOON).defer("pack", "public_pack").order_by("held_on"):
        day, address = day_in_words(one.held_on), reverse("board:meeting", args=[one.pk])
        if one.frozen_at is None and runs:
            late = "Red" if one.held_on <= plan.today else "Amber"
            lines.append(Line(f"Freeze the pack of the board of {day}", f"{plan.recorded}.", address, late))
        elif one.frozen_at is not None and one.held_on < plan.today and runs:
            lines.append(Line(f"Finish the minutes of the board of {day}", "It was held.", address, "Amber"))
        elif one.frozen_at is not None and one.held_on >= plan.today:
            pack = reverse("board:ten_minutes")
            why = "Its pack is frozen: what to ask fits into ten minutes."
            lines.append(Line(f"The improvement board meets on {day}", why, pack))
    return lines
