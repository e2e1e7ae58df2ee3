"""What of support needs somebody's attention: notes to write and moderate, what is past its day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from redway.core.words import counted, day_in_words
from redway.improvement.programmes import overdue_words
from redway.improvement.target_ledger import Why
from redway.web.attainment.targets.told import not_met_since
from redway.web.home.lines import MOST_OF_A_KIND, Line
from redway.web.improvement.support.models import Alert, FollowUp, Programme, Step, Visit
from redway.web.improvement.support.target_lines import code_of
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import School

FOLLOWED_FOR = timedelta(days=120)
"""A target that was not met is told at home for so long, unless something follows from it."""
ASKED_BEFORE = timedelta(days=28)
"""The school's part is asked for on home from four weeks before the visit."""


def support_lines(request: HttpRequest) -> Iterable[Line]:
    """What waits for this person about support and visits."""
    if permission.visible(request, "support.view").nothing:
        return []
    today = permission.today()
    return [
        *_school_parts(request, today),
        *_own_actions(request, today),
        *_visitor_parts(request, today),
        *_to_moderate(request),
        *_actions_to_chase(request, today),
        *_late_steps(request, today),
        *_targets_to_follow(request, today),
    ]


def _within(request: HttpRequest, action: str, school: str, authority: str) -> Q | None:
    """The narrowing of a list to what this person may take the action on; None for nothing."""
    seen = permission.visible(request, action)
    if seen.nothing:
        return None
    return Q(**{f"{school}__in": seen.schools}) | Q(**{f"{authority}__in": seen.authorities})


def _visits(request: HttpRequest, action: str) -> QuerySet[Visit]:
    places = _within(request, action, "school", "authority")
    held = Visit.objects.filter(withdrawn_at=None).order_by("visit_on")
    return held.none() if places is None else held.filter(places)


def _names(keys: Iterable[str]) -> dict[str, str]:
    return {key: school.shown_name for key, school in School.objects.in_bulk(set(keys)).items()}


def _visit_lines(found: Sequence[Visit], title: str, why: str, rating: str = "Amber") -> list[Line]:
    named = _names(one.school for one in found)
    if len(found) > MOST_OF_A_KIND:
        address = reverse("support:visits", args=[found[0].authority])
        return [Line(f"{title}: {len(found)} notes", why, address, rating)]
    return [
        Line(
            f"{title}: {named[one.school]}",
            f"Visit of {day_in_words(one.visit_on)}. {why}",
            reverse("support:visit", args=[one.pk]),
            rating,
        )
        for one in found
    ]


def _school_parts(request: HttpRequest, today: date) -> list[Line]:
    held = _visits(request, "visit.answer").filter(
        school_sent_at=None, visitor_sent_at=None, returned_at=None, visit_on__lte=today + ASKED_BEFORE
    )
    return _visit_lines(list(held), "Write the school's part", "The school writes before the visitor does.")


def _visitor_parts(request: HttpRequest, today: date) -> list[Line]:
    if not isinstance(request.user, Person):
        return []
    held = _visits(request, "visit.write").filter(
        visitor=request.user, visitor_sent_at=None, visit_on__lte=today
    )
    back = [one for one in held if one.returned_at]
    due = [one for one in held if not one.returned_at]
    return [
        *_visit_lines(back, "Sent back by the moderator", "Read what is to be changed."),
        *_visit_lines(due, "Write the visitor's part", "The visit has been held."),
    ]


def _to_moderate(request: HttpRequest) -> list[Line]:
    if not isinstance(request.user, Person):
        return []
    held = _visits(request, "visit.write").filter(moderated_at=None).exclude(visitor_sent_at=None)
    return _visit_lines(
        list(held.exclude(visitor=request.user)),
        "Moderate a note",
        "The school reads it once another adviser has.",
    )


def _actions(request: HttpRequest, action: str, today: date) -> list[FollowUp]:
    places = _within(request, action, "visit__school", "visit__authority")
    if places is None:
        return []
    held = FollowUp.objects.filter(places, done_on=None, due_on__lt=today, visit__withdrawn_at=None)
    return list(held.select_related("visit").order_by("due_on"))


def _own_actions(request: HttpRequest, today: date) -> list[Line]:
    found = [one for one in _actions(request, "visit.answer", today) if one.owner == FollowUp.Owner.SCHOOL]
    return _action_lines(found, today)


def _actions_to_chase(request: HttpRequest, today: date) -> list[Line]:
    return _action_lines(_actions(request, "visit.write", today), today)


def _action_lines(found: Sequence[FollowUp], today: date) -> list[Line]:
    if len(found) > MOST_OF_A_KIND:
        address = reverse("support:follow_ups", args=[found[0].visit.authority])
        why = f"The first since {day_in_words(found[0].due_on)}."
        return [Line(f"{len(found)} follow-up actions are overdue", why, address, "Red")]
    named = _names(one.visit.school for one in found)
    return [
        Line(
            f"{named[one.visit.school]}: {one.what}",
            f"Follow-up of a visit, {overdue_words(one.due_on, None, today)}.",
            reverse("support:follow_up", args=[one.visit_id, one.number]),
            "Red",
        )
        for one in found
    ]


def _targets_to_follow(request: HttpRequest, today: date) -> list[Line]:
    """Targets that became known not to be met of late, and that nothing follows from yet."""
    lines = []
    for number in sorted(permission.visible(request, "support.manage").authorities):
        if number not in permission.visible(request, "target.view").authorities:
            continue
        kept = Alert.objects.filter(why=Why.NOT_MET.name.lower()).values_list("target", flat=True)
        known = set(kept)
        found = [one for one in not_met_since(number, today - FOLLOWED_FOR) if one.key not in known]
        named = _names(one.school for one in found)
        if len(found) > MOST_OF_A_KIND:
            address = reverse("support:ledger", args=[number])
            why = "Nothing follows from any of them yet."
            lines.append(Line(f"{len(found)} targets were not met", why, address, "Amber"))
            continue
        plan = {
            key: reverse("support:visit_plan", args=[urn])
            for key, urn in School.objects.filter(key__in=named).values_list("key", "current_urn")
        }
        lines += [
            Line(
                f"{named[one.school]}: target not met",
                f"{one.title}. Nothing follows from it yet.",
                f"{plan[one.school]}?alert={code_of(Why.NOT_MET, one.key)}",
                "Amber",
            )
            for one in found
        ]
    return lines


def _late_steps(request: HttpRequest, today: date) -> list[Line]:
    """Steps of running programmes that are past their day, one line a programme."""
    places = _within(request, "support.manage", "programme__school", "programme__authority")
    if places is None:
        return []
    held = Step.objects.filter(
        places, done_on=None, due_on__lt=today, programme__state=Programme.State.RUNNING
    ).select_related("programme")
    late: dict[Programme, int] = {}
    for one in held.order_by("due_on"):
        late[one.programme] = late.get(one.programme, 0) + 1
    if len(late) > MOST_OF_A_KIND:
        address = reverse("support:authority", args=[next(iter(late)).authority])
        return [Line(f"{len(late)} programmes have steps overdue", "See the list.", address, "Red")]
    named = _names(one.school for one in late)
    return [
        Line(
            f"{named[one.school]}: {counted(count, 'step')} overdue",
            f"{one.title}.",
            reverse("support:programme", args=[one.pk]),
            "Red",
        )
        for one, count in late.items()
    ]
