"""Cases as statistics ask for them: read in one pass, a fixed number of queries, and nobody's name opened."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Min, QuerySet
from django.utils import timezone

from redway.allegations.incidents import Incident, is_recent
from redway.allegations.outcomes import Category, Outcome, Sector
from redway.allegations.statistics import CaseRecord
from redway.allegations.strands import State
from redway.core.calendar import Calendar, load_calendar
from redway.core.errors import OutsideCalendar
from redway.web.allegations.access import not_barred
from redway.web.allegations.models import (
    Allegation,
    Case,
    CaseState,
    LocalProfile,
    Meeting,
    OnwardReferral,
    StrandOfCase,
    Suspension,
)
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person

GRAVEST_FIRST = (
    Outcome.SUBSTANTIATED,
    Outcome.UNSUBSTANTIATED,
    Outcome.UNFOUNDED,
    Outcome.FALSE,
    Outcome.MALICIOUS,
)
"""Of several allegations in a case the gravest finding is the outcome under which the case is counted."""


@dataclass(frozen=True)
class KeptRecord:
    """A record with the key of its case, by which it is left out for those whom the case is closed to."""

    key: str
    record: CaseRecord


def cases_to_count(authority: str, person: Person | None) -> QuerySet[Case]:
    """The cases an authority counts, without those that do not exist for this person.

    ``person`` None is whoever works at the machine itself, where every case lies. What was handed over to
    another authority is counted there.
    """
    held = Case.objects.filter(authority=authority).exclude(state=CaseState.TRANSFERRED)
    return held if person is None else not_barred(held, person)


def kept_records(cases: QuerySet[Case], authority: str) -> list[KeptRecord]:
    """The record of each case: seven queries, however many cases there are."""
    profile = LocalProfile.objects.filter(pk=authority).values_list("recent_within_years", flat=True).first()
    years = profile if profile is not None else LocalProfile(authority=authority).recent_within_years
    keys = cases.values("pk")
    allegations = _allegations(keys)
    strands: dict[str, set[str]] = defaultdict(set)
    for key, strand in StrandOfCase.objects.filter(
        case__in=keys, state__in=(State.OPEN, State.CONCLUDED)
    ).values_list("case_id", "strand"):
        strands[key].add(strand)
    onward: dict[str, set[str]] = defaultdict(set)
    for key, body in OnwardReferral.objects.filter(case__in=keys, decision="referred").values_list(
        "case_id", "body"
    ):
        onward[key].add(body)
    suspended = set(Suspension.objects.filter(case__in=keys).values_list("case_id", flat=True))
    meetings = dict(
        Meeting.objects.filter(case__in=keys, held=True)
        .values("case_id")
        .annotate(first=Min("at"))
        .values_list("case_id", "first")
    )
    over = _closed_over(keys)
    calendar = load_calendar()
    found = []
    for row in cases.values_list(
        "key", "referred_at", "closed_on", "evaluated_on", "state", "sector", "category", "source", "limbs"
    ).iterator(chunk_size=2000):
        key, referred_at, closed_on, evaluated_on, state, sector, category, source, limbs = row
        referred_on = timezone.localdate(referred_at)
        met = _met(state, evaluated_on, limbs)
        record = CaseRecord(
            referred_on=referred_on,
            closed_on=max(closed_on, referred_on) if closed_on else None,
            sector=Sector(sector),
            category=Category(category) if category else None,
            source=source,
            outcome=_gravest(allegations[key]) if key in allegations else None,
            met_threshold=met,
            strands=frozenset(strands.get(key, ())),
            working_days_to_meeting=_days(calendar, referred_on, meetings.get(key)),
            suspended=key in suspended,
            onward=frozenset(onward.get(key, ())),
            recent=_recent(allegations.get(key, ()), referred_on, years),
            closed_over=key in over,
        )
        found.append(KeptRecord(key, record))
    return found


def _closed_over(keys: QuerySet[Any, Any]) -> set[str]:
    """The cases that a manager closed over what was outstanding, by the audit trail: nothing is opened."""
    closings = AuditEntry.objects.filter(
        subject_kind="allegation", verb="allegation.close", subject_id__in=keys
    ).values_list("subject_id", "details")
    return {key for key, details in closings if json.loads(details).get("outstanding")}


_Told = tuple[str, date | None, date | None]
"""(outcome, first day, last day) of one allegation."""


def _allegations(keys: QuerySet[Any, Any]) -> dict[str, list[_Told]]:
    """What was found of each allegation of each case, without those entered in error.

    A case's only allegation cannot be withdrawn, so only where there are several is it read whether one was.
    """
    several = Allegation.objects.filter(case__in=keys, number=2).values("case_id")
    withdrawn = {
        number
        for number, because in Allegation.objects.filter(case__in=several).values_list(
            "pk", "withdrawn_because"
        )
        if because
    }
    held: dict[str, list[_Told]] = defaultdict(list)
    for number, key, outcome, first, last in Allegation.objects.filter(case__in=keys).values_list(
        "pk", "case_id", "outcome", "first_day", "last_day"
    ):
        if number not in withdrawn:
            held[key].append((outcome, first, last))
    return held


def _met(state: str, evaluated_on: date | None, limbs: Sequence[str]) -> bool | None:
    if state == CaseState.ADVICE:
        return False
    return True if limbs or evaluated_on or state == CaseState.OPEN else None


def _gravest(told: Sequence[_Told]) -> Outcome | None:
    outcomes = {outcome for outcome, _, _ in told}
    return next((outcome for outcome in GRAVEST_FIRST if outcome.value in outcomes), None)


def _recent(told: Sequence[_Told], referred_on: date, years: int) -> bool | None:
    """Recent when any incident is; not known where no incident is dated."""
    dated = [Incident(first, last, "") for _, first, last in told if first and last]
    if not dated:
        return None
    return any(is_recent(incident, referred_on, years) for incident in dated)


def _days(calendar: Calendar, referred_on: date, held_at: datetime | None) -> int | None:
    """Working days from the referral to the first meeting; not known beyond the calendar."""
    if held_at is None:
        return None
    held_on = timezone.localdate(held_at)
    try:
        return calendar.working_days_between(referred_on, max(held_on, referred_on))
    except OutsideCalendar:
        return None


def as_figures(kept: Sequence[KeptRecord]) -> list[list[Any]]:
    """Records as a frozen report keeps them: plain words and days, each with the key of its case."""
    return [
        [
            one.key,
            one.record.referred_on.isoformat(),
            one.record.closed_on.isoformat() if one.record.closed_on else None,
            one.record.sector,
            one.record.category,
            one.record.source,
            one.record.outcome,
            one.record.met_threshold,
            sorted(one.record.strands),
            one.record.working_days_to_meeting,
            one.record.suspended,
            sorted(one.record.onward),
            one.record.recent,
            one.record.closed_over,
        ]
        for one in kept
    ]


def from_figures(figures: Sequence[Sequence[Any]]) -> Iterator[KeptRecord]:
    """The same, read back."""
    for (
        key,
        referred,
        closed,
        sector,
        category,
        source,
        outcome,
        met,
        strands,
        days,
        away,
        onward,
        new,
        *later,
    ) in figures:
        yield KeptRecord(
            key,
            CaseRecord(
                date.fromisoformat(referred),
                date.fromisoformat(closed) if closed else None,
                Sector(sector) if sector else None,
                Category(category) if category else None,
                source,
                Outcome(outcome) if outcome else None,
                met,
                frozenset(strands),
                days,
                away,
                frozenset(onward),
                new,
                # What was frozen before this was counted does not hold it.
                bool(later and later[0]),
            ),
        )
