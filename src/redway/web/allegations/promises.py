"""What somebody has taken on in cases they are named on, by when: never what it is, nor whom it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from redway.web.allegations.access import cases_open_to, record_of
from redway.web.allegations.models import ActionOfCase, Capacity, Case, Named
from redway.web.allegations.services.changing import RUNNING
from redway.web.people.models import Person

REMINDED = (Capacity.OFFICER, Capacity.MANAGER, Capacity.REFERRER)
"""As what somebody is named whose first page reminds them: not for an hour, nor from elsewhere."""
SOON = timedelta(days=7)
"""So long before its day somebody is reminded."""


@dataclass(frozen=True)
class Promise:
    """Something to be done on a case, by a day."""

    case: str
    due_on: date
    works_on_it: bool
    """Whether the case itself is open to them, or only how it stands."""


def may_be_reminded(case: Case, now: datetime) -> list[Person]:
    """Who is named on a case at a moment so that they can be reminded of what they are to do."""
    in_force = Q(until__isnull=True) | Q(until__gt=now)
    named = Named.objects.filter(in_force, case=case, capacity__in=REMINDED, from_at__lte=now)
    closed_to = record_of(case, now, "allegation.view").barred
    people = Person.objects.filter(pk__in=named.values("person"), is_active=True).exclude(pk__in=closed_to)
    return list(people.order_by("full_name", "pk"))


def promises_of(person: Person, now: datetime) -> list[Promise]:
    """What a person is to do within a week or should have done, the first due first. A few queries."""
    last = timezone.localdate(now) + SOON
    held = ActionOfCase.objects.filter(
        owner_account=person, done_on__isnull=True, due_on__lte=last, case__state__in=RUNNING
    ).only("case_id", "due_on", "dropped_because")
    actions = [one for one in held.order_by("due_on", "pk") if not one.dropped_because]
    if not actions:
        return []
    working = set(cases_open_to(person, now).values_list("pk", flat=True))
    following = set(cases_open_to(person, now, "allegation.follow").values_list("pk", flat=True))
    return [
        Promise(one.case_id, one.due_on, one.case_id in working)
        for one in actions
        if one.case_id in working | following
    ]
