"""What of deficits needs somebody's attention: returns, applications, what was agreed at meetings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from redway.core.words import counted, day_in_words
from redway.funding.deficits import Level, ReturnState, level_for, returns_in_words
from redway.web.funding.deficits.models import Licence, MeetingAction, Stage
from redway.web.funding.deficits.records import ReturnLine, plan_of, return_lines
from redway.web.funding.deficits.services.licences import levels_of
from redway.web.funding.deficits.values_of import rules_for
from redway.web.home.lines import MOST_OF_A_KIND, Line
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import School


def deficit_lines(request: HttpRequest) -> Iterable[Line]:
    """What waits for this person about schools in deficit."""
    if permission.visible(request, "deficit.view").nothing:
        return []
    today = permission.today()
    return [
        *_returns_to_send(request, today),
        *_sent_back(request),
        *_to_decide(request, today),
        *_returns_to_chase(request, today),
        *_actions(request, today),
    ]


def _returns_to_send(request: HttpRequest, today: date) -> list[Line]:
    """Monthly returns of one's own school that are due or late."""
    lines = []
    for licence, school in _licences(request, "deficit.apply", Stage.GRANTED):
        waiting = _waiting(licence, today)
        if waiting:
            late = sum(one.due.state is ReturnState.LATE for one in waiting)
            title = (
                f"{counted(late, 'monthly return is', 'monthly returns are')} late"
                if late
                else (f"{counted(len(waiting), 'monthly return is', 'monthly returns are')} due")
            )
            why = f"{school.shown_name}. {returns_in_words([one.due for one in waiting])}"
            lines.append(Line(title, why, _address(licence), "Red" if late else "Amber"))
    return lines


def _sent_back(request: HttpRequest) -> list[Line]:
    """Applications that the school is to change."""
    return [
        Line(
            f"{school.shown_name}: application for a licensed deficit",
            "It was sent back to you to be changed.",
            _address(licence),
            "Amber",
        )
        for licence, school in _licences(request, "deficit.apply", Stage.RETURNED)
    ]


def _to_decide(request: HttpRequest, today: date) -> list[Line]:
    """Applications that this person is to decide on, by their amount."""
    assert isinstance(request.user, Person)
    lines = []
    for licence, school in _licences(request, "deficit.decide", Stage.APPLIED):
        plan = plan_of(licence)
        if plan is None:
            continue
        level = level_for(plan.deepest, rules_for(licence.authority, today))
        # A director may decide on every amount, but is only asked for those that an officer may not.
        mine = levels_of(request.user, school.key)
        asked = Level.DIRECTOR if Level.DIRECTOR in mine else Level.OFFICER
        if mine and level is asked:
            why = f"It waits for your decision: {-plan.deepest} at its deepest."
            lines.append(Line(f"{school.shown_name}: licensed deficit", why, _address(licence), "Amber"))
    return lines


def _returns_to_chase(request: HttpRequest, today: date) -> list[Line]:
    """Late returns of schools, for who keeps deficits."""
    late = []
    for licence, school in _licences(request, "deficit.keep", Stage.GRANTED):
        found = [one for one in _waiting(licence, today) if one.due.state is ReturnState.LATE]
        if found:
            late.append((licence, school, found))
    if len(late) > MOST_OF_A_KIND:
        address = reverse("deficits:authority", args=[late[0][0].authority])
        total = sum(len(found) for _, _, found in late)
        return [Line(f"{total} monthly returns are late", f"Of {len(late)} schools.", address, "Red")]
    return [
        Line(
            f"{school.shown_name}: {counted(len(found), 'monthly return is', 'monthly returns are')} late",
            returns_in_words([one.due for one in found]),
            _address(licence),
            "Red",
        )
        for licence, school, found in late
    ]


def _actions(request: HttpRequest, today: date) -> list[Line]:
    """What was agreed at meetings and is past its day."""
    held = permission.visible(request, "deficit.keep").authorities
    actions = MeetingAction.objects.filter(
        meeting__authority__in=held, done_on__isnull=True, due_on__lt=today
    )
    found = list(actions.select_related("meeting").order_by("due_on"))
    if not found:
        return []
    first = found[0]
    title = f"{counted(len(found), 'action', 'actions')} agreed with schools in difficulty"
    why = f"Past the day agreed; the first since {day_in_words(first.due_on)}: {first.what}"
    return [Line(title, why, reverse("deficits:meetings", args=[first.meeting.authority]), "Amber")]


def _waiting(licence: Licence, today: date) -> list[ReturnLine]:
    return [one for one in return_lines(licence, today) if one.sent is None]


def _licences(request: HttpRequest, action: str, stage: Stage) -> list[tuple[Licence, School]]:
    """Applications or licences in a stage on which this person may take an action, with their schools."""
    seen = permission.visible(request, action)
    if seen.nothing:
        return []
    places = Q(key__in=seen.schools) | Q(authority__in=seen.authorities)
    schools: QuerySet[School] = School.objects.filter(places)
    held = Licence.objects.filter(stage=stage, school__in=schools.values("key"))
    found = list(held.prefetch_related("plan_years", "returns").order_by("begun_at"))
    known = School.objects.in_bulk({one.school for one in found})
    return [(one, known[one.school]) for one in found]


def _address(licence: Licence) -> str:
    return reverse("deficits:licence", args=[licence.pk])
