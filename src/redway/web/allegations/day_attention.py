"""What of allegations needs somebody's attention on the first page: how many, and never who."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from redway.core.words import counted, day_in_words, plural
from redway.web.allegations.promises import Promise, promises_of
from redway.web.allegations.queries import days_count
from redway.web.allegations.referral_drafts import drafts_of
from redway.web.home.lines import Line
from redway.web.people import permission
from redway.web.people.models import Grant, Person
from redway.web.people.roles import Role

_OFFICERS = (Role.LADO, Role.DEPUTY_LADO)
_TOLD_FOR = timedelta(days=14)


def allegation_lines(request: HttpRequest) -> Iterable[Line]:
    """A line for each kind of thing that waits in an officer's day, and one for what was begun."""
    person = request.user
    if not isinstance(person, Person):
        return []
    return [
        *_promised(person),
        *_of_the_day(request, person),
        *_joined(request, person),
        *_begun(request, person),
    ]


def _promised(person: Person) -> list[Line]:
    """What this person took on themselves: by when, and neither what it is nor whom it is about."""
    now = timezone.now()
    promises = promises_of(person, now)
    late = [one for one in promises if one.due_on < timezone.localdate(now)]
    soon = [one for one in promises if one not in late]
    return [
        _taken_on(some, when, rating)
        for some, when, rating in ((late, "is overdue", "Red"), (soon, "is due within a week", "Amber"))
        if some
    ]


def _taken_on(promises: Sequence[Promise], when: str, rating: str) -> Line:
    first = promises[0]
    many = when.replace("is ", "are ", 1)
    number = counted(len(promises), f"thing you are to do {when}", f"things you are to do {many}")
    day = day_in_words(first.due_on)
    why = f"The first by {day}, on case {first.case}. The designated officer waits for it."
    page = f"{reverse('allegations:case', args=[first.case])}#actions"
    where = page if first.works_on_it else reverse("allegations:my_referrals")
    return Line(f"Allegations: {number}", why, where, rating)


def _of_the_day(request: HttpRequest, person: Person) -> list[Line]:
    if not permission.decide(request, "allegation.list"):
        return []
    work = days_count(person, timezone.now())
    first = work.first_arrived
    oldest = f"The first came on {day_in_words(timezone.localdate(first))}." if first else ""
    kinds: Sequence[tuple[str, int, str, str, str, str]] = (
        (
            "overdue",
            work.overdue,
            "thing is overdue",
            "things are overdue",
            "On cases you are named on.",
            "Red",
        ),
        (
            "told",
            work.told_late,
            "person has not been told",
            "people have not been told",
            "They were evaluated, and no reason for the delay is recorded.",
            "Red",
        ),
        (
            "arrived",
            work.arrived,
            "new referral is not evaluated",
            "new referrals are not evaluated",
            oldest,
            "Amber",
        ),
        (
            "confirm",
            work.to_confirm,
            "finding waits for you",
            "findings wait for you",
            "Malice counts only when a second person confirms it.",
            "Amber",
        ),
        (
            "due",
            work.due,
            "thing is due within a week",
            "things are due within a week",
            "On cases you are named on.",
            "",
        ),
        (
            "offered",
            work.offered,
            "case is offered by another authority",
            "cases are offered by other authorities",
            "They keep it until you accept it.",
            "Amber",
        ),
        (
            "glass",
            work.broken_glass,
            "case was opened by somebody not named on it",
            "cases were opened by somebody not named on them",
            "Look at the reason given.",
            "Amber",
        ),
        (
            "attempts",
            work.attempts,
            "attempt to open what is closed to whoever tried",
            "attempts to open what is closed to whoever tried",
            "By somebody a case or concern is about, or with a conflict of interest. They saw nothing.",
            "Amber",
        ),
    )
    day = reverse("allegations:day")
    return [
        Line(f"Allegations: {counted(count, one, many)}", why, f"{day}#{key}", rating)
        for key, count, one, many, why, rating in kinds
        if count
    ]


def _joined(request: HttpRequest, person: Person) -> list[Line]:
    """Who was made a designated officer lately, told to those who were one before.

    An administrator makes them alone; an officer nobody knows of could open cases and receive referrals.
    """
    if not permission.decide(request, "allegation.settings"):
        return []
    here = permission.visible(request, "allegation.settings").authorities
    now = timezone.now()
    officers = Grant.objects.filter(role__in=_OFFICERS, authority__in=here, ended_at__isnull=True)
    mine = officers.filter(person=person).order_by("granted_at").first()
    if mine is None:
        return []
    since = max(now - _TOLD_FOR, mine.granted_at + timedelta(days=1))
    joined = officers.filter(granted_at__gte=since).exclude(person=person).values("person").distinct().count()
    if not joined:
        return []
    title = f"{counted(joined, 'designated officer was', 'designated officers were')} added"
    why = "They receive referrals unless the settings say who does. If you did not expect it, ask who it is."
    return [Line(f"Allegations: {title}", why, reverse("allegations:settings"), "Amber")]


def _begun(request: HttpRequest, person: Person) -> list[Line]:
    if not permission.decide(request, "allegation.refer"):
        return []
    begun = list(drafts_of(person))
    if not begun:
        return []
    title = f"{counted(len(begun), 'referral')} {plural(len(begun), 'is', 'are')} begun and not sent"
    kept = day_in_words(timezone.localdate(begun[0].changed_at))
    why = f"Last kept on {kept}. Only you can see {plural(len(begun), 'it', 'them')}."
    return [Line(title, why, reverse("allegations:my_referrals"), "Amber")]
