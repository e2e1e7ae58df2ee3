"""Cases in which nothing happens: since the last thing that happened, however late it was written down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from redway.web.allegations.models import (
    ActionOfCase,
    Allegation,
    Case,
    Document,
    Happening,
    Meeting,
    OnwardReferral,
    StrandOfCase,
    Suspension,
    TellingOfCase,
)
from redway.web.allegations.services.changing import RUNNING

_DATED: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Meeting.objects.filter(held=True), ("at",)),
    (TellingOfCase.objects.all(), ("on",)),
    (StrandOfCase.objects.all(), ("opened_on", "concluded_on")),
    (ActionOfCase.objects.all(), ("done_on",)),
    (Allegation.objects.all(), ("put_on", "decided_on")),
    (Suspension.objects.all(), ("first_day", "last_day")),
    (OnwardReferral.objects.all(), ("sent_on",)),
    (Document.objects.all(), ("added_at",)),
)
"""What happens in a case, with the days that it bears."""


@dataclass(frozen=True)
class Still:
    """A case in which nothing has happened since a day."""

    case: str
    since: date
    days: int


def still_cases(cases: QuerySet[Case], now: datetime, days: int) -> list[Still]:
    """Cases that run and in which nothing has happened for so many days, the longest still first.

    To read a case, or to name somebody on it, moves nothing. Nobody's name is opened; a fixed number of
    queries.
    """
    today = timezone.localdate(now)
    running = cases.filter(state__in=RUNNING)
    last = {
        key: max(filter(None, (_day(referred_at), evaluated_on)))
        for key, referred_at, evaluated_on in running.values_list("pk", "referred_at", "evaluated_on")
    }
    for key, day in _days(list(last)):
        # What is planned for a day to come has not happened yet.
        if last[key] < day <= today:
            last[key] = day
    found = [Still(key, day, (today - day).days) for key, day in last.items()]
    return sorted((one for one in found if one.days >= days), key=lambda one: (one.since, one.case))


def _days(keys: list[str]) -> Iterable[tuple[str, date]]:
    happened = Happening.objects.filter(case__in=keys).only("case_id", "at", "withdrawn_because")
    yield from ((one.case_id, timezone.localdate(one.at)) for one in happened if not one.withdrawn_because)
    for rows, names in _DATED:
        for key, *days in rows.filter(case__in=keys).values_list("case_id", *names):
            yield from ((key, day) for day in map(_day, days) if day is not None)


def _day(value: date | datetime | None) -> date | None:
    return timezone.localdate(value) if isinstance(value, datetime) else value
