"""What of schools causing concern needs somebody's attention: proposals, reviews, meetings, decisions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.http import HttpRequest
from django.urls import reverse

from redway.core.words import counted, day_in_words
from redway.web.home.lines import MOST_OF_A_KIND, Line
from redway.web.improvement.models import Concern, ConcernEntry, EntryKind, TriageMeeting
from redway.web.people import permission
from redway.web.register.models import School

_NEW_DAYS = 14
"""A school's category is told at home for so long after the decision, unless the school has answered."""


def improvement_lines(request: HttpRequest) -> Iterable[Line]:
    """What waits for this person."""
    today = permission.today()
    return [*_to_decide(request), *_to_review(request, today), *_meetings(request), *_own(request, today)]


def _to_decide(request: HttpRequest) -> list[Line]:
    held = permission.visible(request, "concern.decide").authorities
    found = list(Concern.objects.filter(authority__in=held, closed_at__isnull=True).exclude(proposed=""))
    if len(found) > MOST_OF_A_KIND:
        address = reverse("improvement:concerns", args=[found[0].authority])
        why = "Each has a proposed category that waits for a decision."
        return [Line(f"{len(found)} schools wait for a category", why, address, "Amber")]
    names = _names(found)
    return [
        Line(
            f"{names[one.school].shown_name}: {one.proposed_label} is proposed",
            "It waits for a decision with reasons.",
            reverse("improvement:concern", args=[names[one.school].current_urn]),
            "Amber",
        )
        for one in found
        if one.school in names
    ]


def _to_review(request: HttpRequest, today: date) -> list[Line]:
    held = permission.visible(request, "concern.decide").authorities
    late = list(
        Concern.objects.filter(authority__in=held, closed_at__isnull=True, review_on__lt=today).order_by(
            "review_on"
        )
    )
    if len(late) > MOST_OF_A_KIND:
        address = reverse("improvement:concerns", args=[late[0].authority])
        why = f"The first since {day_in_words(late[0].review_on or today)}."
        return [Line(f"{len(late)} categories are past their review", why, address, "Red")]
    names = _names(late)
    return [
        Line(
            f"{names[one.school].shown_name}: the category is past its review",
            f"'{one.label}' was to be looked at again by {day_in_words(one.review_on or today)}.",
            reverse("improvement:concern", args=[names[one.school].current_urn]),
            "Red",
        )
        for one in late
        if one.school in names
    ]


def _meetings(request: HttpRequest) -> list[Line]:
    held = permission.visible(request, "concern.decide").authorities
    return [
        Line(
            f"Triage meeting of {day_in_words(one.on)}",
            "Your own list is to be written first."
            if one.sealed_at is None
            else "Both lists are open: every school on them needs a decision.",
            reverse("improvement:triage_meeting", args=[one.pk]),
            "Amber",
        )
        for one in TriageMeeting.objects.filter(authority__in=held, closed_at__isnull=True)
    ]


def _own(request: HttpRequest, today: date) -> list[Line]:
    """Decisions about one's own school that are new and not answered."""
    schools = permission.visible(request, "improvement.own_school").schools
    since = today - timedelta(days=_NEW_DAYS)
    found = []
    for one in Concern.objects.filter(school__in=schools, closed_at__isnull=True).exclude(category=""):
        newest = ConcernEntry.objects.filter(
            concern=one, kind__in=(EntryKind.DECIDED, EntryKind.ANSWERED)
        ).last()
        if newest is None or newest.kind != EntryKind.DECIDED or newest.at.date() < since:
            continue
        school = School.objects.get(key=one.school)
        ago = counted((today - newest.at.date()).days, "day")
        found.append(
            Line(
                f"{school.shown_name} is in the category '{one.label}'",
                f"Decided {ago} ago. Read the reasons; you may answer.",
                reverse("improvement:own_school", args=[school.current_urn]),
                "Amber",
            )
        )
    return found


def _names(concerns: Iterable[Concern]) -> dict[str, School]:
    keys = {one.school for one in concerns}
    return {one.key: one for one in School.objects.filter(key__in=keys).select_related("locality")}
