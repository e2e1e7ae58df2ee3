"""What pages read of cases: one case whole, and an officer's day, each in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from redway.allegations import closing, told
from redway.allegations.clocks import Clock, State, When, day_of
from redway.allegations.closing import CaseAtClosing
from redway.allegations.onward_referrals import Advice
from redway.allegations.outcomes import Outcome, Sector, outcomes_for
from redway.allegations.threshold import Limb, limbs_of
from redway.web.allegations.access import cases_open_to, not_barred
from redway.web.allegations.answers import not_known
from redway.web.allegations.concerns import attempts_shown_to
from redway.web.allegations.facts import (
    OF_CLOCKS,
    CaseFacts,
    clocks_as_they_stand,
    events_of,
    facts_of,
    found_guilty,
    harm_or_risk,
)
from redway.web.allegations.models import (
    ActionOfCase,
    Allegation,
    Barred,
    Capacity,
    Case,
    CaseState,
    Document,
    HandOver,
    Happening,
    LocalProfile,
    Meeting,
    Named,
    OnwardReferral,
    StrandOfCase,
    Suspension,
    TellingOfCase,
)
from redway.web.allegations.services.changing import RUNNING, Change, changes_since
from redway.web.allegations.services.referrals import profile_of
from redway.web.audit.models import AuditEntry
from redway.web.people import permission
from redway.web.people.models import Person

SOON = timedelta(days=7)
"""So long before its day something is on the list of what is due."""
_ATTEMPTS_SHOWN = timedelta(days=30)


@dataclass(frozen=True)
class OnwardLine:
    """One body: what the law asks, and what was decided."""

    body: str
    advice: Advice | None
    decided: OnwardReferral | None


@dataclass(frozen=True)
class CaseView:
    """Everything a page of a case needs."""

    facts: CaseFacts
    profile: LocalProfile
    clocks: tuple[Clock, ...]
    clocks_problem: str
    """Why there are no clocks; empty when there are."""
    named: tuple[Named, ...]
    """Everybody who is or was named, with their capacity."""
    barred: tuple[Barred, ...]
    hand_overs: tuple[HandOver, ...]
    documents: tuple[Document, ...]
    history: tuple[Change, ...]
    now: datetime

    @property
    def case(self) -> Case:
        return self.facts.case

    @property
    def obstacles(self) -> tuple[str, ...]:
        """What stands in the way of closing."""
        return closing.obstacles(self.facts.at_closing)

    @property
    def told_late(self) -> str:
        """The sentence that the person is told late; empty when not."""
        return _told_late(self.case, self.facts.grid, self.now, self.profile.told_within_days)

    @property
    def onward(self) -> tuple[OnwardLine, ...]:
        """The bodies asked about in this case, and all of which something was decided."""
        decided, advice = {one.body: one for one in self.facts.onward}, self.facts.advice
        return tuple(
            OnwardLine(body, advice.get(body), decided.get(body))
            for body in dict.fromkeys((*self.facts.bodies_asked, *decided))
        )

    @property
    def limbs_offered(self) -> tuple[Limb, ...]:
        """The limbs of the edition of the case."""
        return limbs_of(self.facts.edition)

    @property
    def outcomes_offered(self) -> tuple[Outcome, ...]:
        """The outcomes of its edition and sector."""
        return outcomes_for(self.facts.edition, Sector(self.case.sector))

    @property
    def missing_answers(self) -> tuple[str, ...]:
        """Names of answers of the referral that were not given or are not known."""
        return not_known(self.case.account.get("referral", {}))

    @property
    def named_now(self) -> tuple[Named, ...]:
        """Those to whom the case is open at this moment."""
        return tuple(one for one in self.named if one.until is None or one.until > self.now)

    @property
    def offer(self) -> HandOver | None:
        """The hand-over that waits for an answer."""
        return next((one for one in self.hand_overs if one.state == "offered"), None)


def case_view(case: Case, now: datetime | None = None) -> CaseView:
    """Everything of a case, in a fixed number of queries whatever its length.

    The case has come through ``access_case``.
    """
    at = now or timezone.now()
    facts = facts_of(case)
    found, problem = clocks_as_they_stand(case, facts.events, at)
    return CaseView(
        facts=facts,
        profile=profile_of(case.authority),
        clocks=found,
        clocks_problem=problem,
        named=tuple(case.named.select_related("person", "named_by").order_by("from_at", "pk")),
        barred=tuple(case.barred.select_related("person", "barred_by").order_by("pk")),
        hand_overs=tuple(case.hand_overs.select_related("offered_by").order_by("pk")),
        documents=tuple(case.documents.select_related("added_by").order_by("added_at")),
        history=changes_since(case, -1),
        now=at,
    )


def clocks_of(case: Case, now: datetime) -> tuple[Clock, ...]:
    """Every clock of one case; none where they cannot be told (see ``CaseView.clocks_problem``)."""
    return clocks_as_they_stand(case, facts_of(case).events, now)[0]


def closing_facts(case: Case) -> CaseAtClosing:
    """What closing asks of a case."""
    return facts_of(case).at_closing


@dataclass(frozen=True)
class Due:
    """Something that is due on a case."""

    case: Case
    kind: str
    """clock, action, meeting, suspension review, review of a case, ..."""
    what: str
    by: When | None
    """None where it is to be done as soon as possible."""
    clock: Clock | None = None


@dataclass(frozen=True)
class DaysWork:
    """What a designated officer has before them, over all cases they are named on."""

    running: int
    """Cases that arrived or are open."""
    arrived: tuple[Case, ...]
    """Not evaluated yet, the longest waiting first."""
    overdue: tuple[Due, ...]
    due: tuple[Due, ...]
    """Due today or within a week, the first due first."""
    told_late: tuple[Due, ...]
    to_confirm: tuple[Due, ...]
    """Findings of malice that wait for a second person, other than whoever made them."""
    offered: tuple[HandOver, ...]
    """Cases that other authorities offer to this person."""
    broken_glass: tuple[Named, ...]
    """Who opened a case of theirs without being named on it, not looked at yet."""
    attempts: tuple[AuditEntry, ...]
    """Attempts in the last month at cases of theirs, and at low-level concerns they may read, by somebody to
    whom those do not exist."""
    without_clocks: tuple[Case, ...]
    """Cases whose clocks cannot be told, so that nobody believes nothing is due on them."""


_NOTHING = DaysWork(0, (), (), (), (), (), (), (), (), ())


@dataclass(frozen=True)
class DaysCount:
    """How much of each kind an officer has before them; see ``DaysWork``."""

    overdue: int
    told_late: int
    arrived: int
    first_arrived: datetime | None
    to_confirm: int
    due: int
    offered: int
    broken_glass: int
    attempts: int


def days_count(person: Person, now: datetime) -> DaysCount:
    """How much an officer's day holds: the same rules and rows as the day itself, but no name is opened."""
    work = days_work(person, now, words=False)
    return DaysCount(
        overdue=len(work.overdue),
        told_late=len(work.told_late),
        arrived=len(work.arrived),
        first_arrived=work.arrived[0].referred_at if work.arrived else None,
        to_confirm=len(work.to_confirm),
        due=len(work.due),
        offered=len(work.offered),
        broken_glass=len(work.broken_glass),
        attempts=len(work.attempts),
    )


def days_work(person: Person, now: datetime, *, words: bool = True) -> DaysWork:
    """An officer's day, in a fixed number of queries however many cases there are.

    Without ``words`` it is only to be counted: names and what is to be done are not read.
    """
    if not permission.decide(person, "allegation.list"):
        return _NOTHING
    mine = cases_open_to(person, now)
    running = mine.filter(state__in=RUNNING)
    unread = () if words else ("subject__identity", "subject__legal_hold", "engagement__details")
    all_of_them = running.select_related("subject", "engagement").defer("account", "closed_over", *unread)
    cases = {case.pk: case for case in all_of_them}
    rows = _Rows(list(cases), words)
    today = timezone.localdate(now)
    profiles = LocalProfile.objects.in_bulk({case.authority for case in cases.values()})
    found: list[Due] = []
    told_late, to_confirm, without = [], [], []
    for key, case in cases.items():
        events = events_of(
            case,
            happened=[one for one in rows.happenings[key] if not one.withdrawn_because],
            meetings=rows.meetings[key],
            tellings=rows.tellings[key],
            strands=rows.strands[key],
            onward=rows.onward[key],
            harm=harm_or_risk(case, rows.register(key)) or found_guilty(rows.strands[key]),
        )
        clocks, problem = clocks_as_they_stand(case, events, now)
        if problem:
            without.append(case)
        found += [Due(case, "clock", one.rule.title, one.due, one) for one in clocks if _wants_doing(one)]
        found += _planned(case, rows)
        days = profiles[case.authority].told_within_days if case.authority in profiles else 5
        if late := _told_late(case, _subject_line(rows.tellings[key]), now, days):
            told_late.append(Due(case, "telling", late, None))
        to_confirm += [
            Due(case, "finding", f"Allegation {one.number} waits for a second person.", None)
            for one in rows.undecided[key]
            if one.finding.get("awaits") and not one.withdrawn_because and one.decided_by_id != person.pk
        ]
    return DaysWork(
        running=len(cases),
        arrived=tuple(
            sorted(
                (case for case in cases.values() if case.state == CaseState.ARRIVED),
                key=lambda case: (case.referred_at, case.pk),
            )
        ),
        overdue=_in_order(one for one in found if one.by is not None and _is_over(one.by, now)),
        due=_in_order(
            one
            for one in found
            if one.by is None or (not _is_over(one.by, now) and day_of(one.by) <= today + SOON)
        ),
        told_late=tuple(told_late),
        to_confirm=tuple(to_confirm),
        offered=_offered(person, now),
        broken_glass=_broken_glass(person, mine),
        attempts=_attempts(person, mine, now),
        without_clocks=tuple(without),
    )


_WORDS_OF_ALLEGATIONS = ("words", "told_when", "not_put_because", "reply")


class _Rows:
    """What belongs to cases, by case: one query for each kind of row."""

    def __init__(self, keys: Sequence[str], words: bool) -> None:
        self.words = words
        self.happenings: Mapping[str, list[Happening]] = _by_case(
            Happening.objects.filter(case__in=keys, event__in=OF_CLOCKS).defer("words")
        )
        self.meetings: Mapping[str, list[Meeting]] = _by_case(
            Meeting.objects.filter(case__in=keys).defer("about")
        )
        self.tellings: Mapping[str, list[TellingOfCase]] = _by_case(
            TellingOfCase.objects.filter(
                case__in=keys, party__in=(told.Party.SUBJECT.value, told.Party.REGULATOR.value)
            ).defer("by")
        )
        self.strands: Mapping[str, list[StrandOfCase]] = _by_case(
            StrandOfCase.objects.filter(case__in=keys).defer("owner", "reason")
        )
        self.onward: Mapping[str, list[OnwardReferral]] = _by_case(
            OnwardReferral.objects.filter(case__in=keys).defer("reason", "decided_by", "receipt")
        )
        self.allegations: Mapping[str, list[Allegation]] = _by_case(
            Allegation.objects.filter(case__in=keys).defer(*_WORDS_OF_ALLEGATIONS, "finding")
        )
        self.undecided: Mapping[str, list[Allegation]] = _by_case(
            Allegation.objects.filter(case__in=keys, outcome="", decided_by__isnull=False).defer(
                *_WORDS_OF_ALLEGATIONS
            )
        )
        self.actions: Mapping[str, list[ActionOfCase]] = _by_case(
            ActionOfCase.objects.filter(case__in=keys, done_on__isnull=True).defer(
                *(() if words else ("what", "owner"))
            )
        )
        self.suspensions: Mapping[str, list[Suspension]] = _by_case(
            Suspension.objects.filter(case__in=keys, last_day__isnull=True).defer("about")
        )

    def register(self, key: str) -> list[Allegation]:
        """The allegations of a case that stand."""
        return [one for one in self.allegations[key] if not one.withdrawn_because]


def _by_case(rows: Iterable[Any]) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def _wants_doing(clock: Clock) -> bool:
    """Whether a clock asks for something to be done: it runs, or ran out and its end is still to come.

    Whether the person was told has a list of its own; a clock without any limit asks for nothing.
    """
    if clock.rule.code == "T15" or clock.ended is not None:
        return False
    if clock.state is State.MISSED:
        return True
    return clock.state is State.RUNNING and (clock.due is not None or clock.rule.limit is None)


def _planned(case: Case, rows: _Rows) -> list[Due]:
    """Actions, meetings and reviews that somebody has set a day for."""
    key = case.pk
    found = [
        Due(case, "action", one.what if rows.words else "", one.due_on)
        for one in rows.actions[key]
        if not one.dropped_because
    ]
    found += [
        Due(case, "suspension", "Review of the suspension", one.review_on) for one in rows.suspensions[key]
    ]
    found += [
        Due(case, "meeting", "Review meeting" if one.review else "Strategy meeting", one.at)
        for one in rows.meetings[key]
        if not one.held
    ]
    held = [one for one in rows.meetings[key] if one.held]
    last = max(held, key=lambda one: one.at, default=None)
    if last is not None and last.next_review_on and all(one.held for one in rows.meetings[key]):
        found.append(Due(case, "review", "Review agreed at the last meeting", last.next_review_on))
    return found


def _subject_line(tellings: Iterable[TellingOfCase]) -> dict[told.Party, told.Telling]:
    return {
        told.Party(one.party): told.Telling(told.Answer(one.answer), one.on, because=one.because)
        for one in tellings
        if one.party == told.Party.SUBJECT
    }


def _told_late(case: Case, grid: told.Grid, now: datetime, days: int) -> str:
    if case.state != CaseState.OPEN or case.evaluated_on is None:
        return ""
    return told.subject_told_late(grid, case.evaluated_on, timezone.localdate(now), days)


def _is_over(by: When, now: datetime) -> bool:
    return by < now if isinstance(by, datetime) else by < timezone.localdate(now)


def _in_order(found: Iterable[Due]) -> tuple[Due, ...]:
    """What is to be done as soon as possible first, then by day."""
    return tuple(
        sorted(found, key=lambda one: (day_of(one.by) if one.by is not None else date.min, one.case.pk))
    )


def _offered(person: Person, now: datetime) -> tuple[HandOver, ...]:
    shared = Named.objects.filter(
        Q(until__gt=now), person=person, capacity=Capacity.EXTERNAL, from_at__lte=now
    )
    cases = not_barred(Case.objects.filter(pk__in=shared.values("case_id")), person)
    offers = HandOver.objects.filter(state="offered", case__in=cases)
    places = {grant.scope_key for grant in permission.holder_of(person).held_on(permission.today())}
    return tuple(one for one in offers.order_by("offered_at") if one.to_authority in places)


def _broken_glass(person: Person, mine: QuerySet[Case]) -> tuple[Named, ...]:
    found = Named.objects.filter(
        case__in=mine.values("pk"), capacity=Capacity.BREAK_GLASS, reviewed_at__isnull=True
    ).exclude(person=person)
    return tuple(found.select_related("person", "case").order_by("from_at"))


def _attempts(person: Person, mine: QuerySet[Case], now: datetime) -> tuple[AuditEntry, ...]:
    found = AuditEntry.objects.filter(
        subject_kind="allegation",
        verb="allegation.attempt",
        subject_id__in=mine.values("pk"),
        at__gte=now - _ATTEMPTS_SHOWN,
    )
    at_cases = found.select_related("actor").order_by("-sequence")
    return (*at_cases, *attempts_shown_to(person, now - _ATTEMPTS_SHOWN))
