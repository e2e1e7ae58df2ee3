"""What of the forum needs somebody's attention: answers, closing days, votes, decisions, days of the year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.http import HttpRequest
from django.urls import reverse

from redway.core.words import counted, day_in_words
from redway.funding.forum_powers import Category
from redway.funding.timetable import due_soon, year_prepared
from redway.web.funding.forum.access import forums_of, own_schools
from redway.web.funding.forum.consultation_services import is_open
from redway.web.funding.forum.meeting_services import power_of, seat_of
from redway.web.funding.forum.models import Action, Consultation, Decision, Item, Meeting
from redway.web.home.lines import Line
from redway.web.people import permission

SOON = timedelta(days=7)
"""So long before its day something is amber."""
_WITHIN = 14
_State = Consultation.State


def forum_lines(request: HttpRequest) -> Iterable[Line]:
    """What waits for this person at the forum."""
    today = permission.today()
    return [
        *_to_answer(request, today),
        *_to_vote(request, today),
        *_to_run(request, today),
    ]


def _to_answer(request: HttpRequest, today: date) -> list[Line]:
    """Open consultations that a school of theirs has not answered."""
    if not permission.decide(request, "forum.respond"):
        return []
    lines = []
    schools = own_schools(request, "forum.respond")
    numbers = {school.authority for school in schools}
    for one in Consultation.objects.filter(
        authority__in=numbers, state=_State.PUBLISHED, closes_on__gte=today
    ):
        asked = {each["school"] for each in one.asked}
        sent = set(one.responses.filter(sent_at__isnull=False).values_list("school", flat=True))
        for school in schools:
            if school.key in asked - sent:
                title = f"{one.title}: your school's answer"
                why = f"{school.shown_name} is asked and has not answered. It closes on "
                why += f"{day_in_words(one.closes_on)}."
                address = reverse("forum:consultation", args=[one.pk])
                lines.append(Line(title, why, address, _rating(one.closes_on, today)))
    return lines


def _to_vote(request: HttpRequest, today: date) -> list[Line]:
    """Items on which a member has a vote and has not used it; meetings to come."""
    if not permission.decide(request, "forum.vote"):
        return []
    lines = []
    for meeting in _meetings(forums_of(request, "forum.vote")):
        seat = seat_of(request, meeting)
        if seat is None:
            continue
        if meeting.held_on > today:
            why = f"You are a member. {counted(meeting.items.count(), 'item')} on the agenda."
            address = reverse("forum:meeting", args=[meeting.pk])
            lines.append(Line(f"Schools Forum on {day_in_words(meeting.held_on)}", why, address))
            continue
        for item in _undecided(meeting):
            held = power_of(item)
            voted = item.votes.filter(member=seat).exists()
            if held is None or held.refusal(Category(seat.category)) or voted:
                continue
            title = f"Vote at the Schools Forum: {item.title}"
            address = reverse("forum:meeting", args=[meeting.pk])
            lines.append(Line(title, "You have a vote on it and have not used it.", address))
    return lines


def _to_run(request: HttpRequest, today: date) -> list[Line]:
    """What those who run the forum have to do."""
    if not permission.decide(request, "forum.manage"):
        return []
    forums = forums_of(request, "forum.manage")
    lines = [
        line
        for one in Consultation.objects.filter(authority__in=forums, state=_State.PUBLISHED)
        for line in _of_consultation(one, today)
    ]
    for meeting in _meetings(forums):
        if meeting.held_on <= today and (left := len(_undecided(meeting))):
            title = f"{counted(left, 'decision')} of the Schools Forum to record"
            why = f"The meeting was on {day_in_words(meeting.held_on)}."
            lines.append(Line(title, why, reverse("forum:meeting", args=[meeting.pk])))
    for decision in Decision.objects.filter(item__meeting__authority__in=forums, agreed=None).select_related(
        "item"
    ):
        due = decision.answer_due_on
        why = "The Department was asked." + (f" Its answer is needed by {day_in_words(due)}." if due else "")
        address = reverse("forum:meeting", args=[decision.item.meeting_id])
        rating = _rating(due, today) if due else ""
        lines.append(Line(f"{decision.item.title}: the Department's answer", why, address, rating))
    for action in Action.objects.filter(
        meeting__authority__in=forums, done_on=None, due_on__lte=today + SOON
    ):
        why = f"Agreed at the Schools Forum; due on {day_in_words(action.due_on)}."
        address = reverse("forum:meeting", args=[action.meeting_id])
        lines.append(Line(action.text, why, address, _rating(action.due_on, today)))
    if forums:
        lines += [
            Line(due.step.label, f"Usually due by {day_in_words(due.day)}.", reverse("forum:index"))
            for due in due_soon(year_prepared(today), today, _WITHIN)
        ]
    return lines


def _of_consultation(one: Consultation, today: date) -> list[Line]:
    if not is_open(one, today):
        title = f"{one.title}: responses to publish"
        why = f"It closed on {day_in_words(one.closes_on)}."
        return [Line(title, why, reverse("forum:responses", args=[one.pk]), "Amber")]
    missing = len(one.asked) - one.responses.filter(sent_at__isnull=False).count()
    if not missing:
        return []
    title = f"{one.title}: {counted(missing, 'school has', 'schools have')} not answered"
    why = f"It closes on {day_in_words(one.closes_on)}."
    return [Line(title, why, reverse("forum:responses", args=[one.pk]), _rating(one.closes_on, today))]


def _meetings(forums: Iterable[str]) -> list[Meeting]:
    return list(Meeting.objects.filter(authority__in=list(forums)).exclude(state=Meeting.State.MINUTED))


def _undecided(meeting: Meeting) -> list[Item]:
    return list(meeting.items.exclude(matter="").filter(decision__isnull=True).select_related("meeting"))


def _rating(due: date, today: date) -> str:
    return "Red" if due < today else "Amber" if due <= today + SOON else ""
