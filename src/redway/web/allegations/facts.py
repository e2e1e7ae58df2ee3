"""What is recorded of a case, and what the rules make of it: events, closing, onward referrals.

Everything is read from its one place: the grid says when the person was told, a meeting that was held when
it was. Only what has no place of its own is a happening.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from redway.allegations import closing, onward_referrals, told
from redway.allegations.clocks import EVENTS, Clock, When, clocks, day_of
from redway.allegations.editions import Edition, edition_named
from redway.allegations.onward_referrals import Advice, Employment, Standing
from redway.allegations.outcomes import Outcome, Sector
from redway.allegations.reporting_restriction import Restriction, restriction_on
from redway.allegations.strands import State, Strand, StrandRecord
from redway.allegations.threshold import Limb
from redway.core.calendar import load_calendar
from redway.core.errors import RedwayError
from redway.web.allegations.models import (
    ActionOfCase,
    Allegation,
    Case,
    Happening,
    Meeting,
    OnwardReferral,
    StrandOfCase,
    Suspension,
    TellingOfCase,
)

BARRING = "Disclosure and Barring Service"
TEACHING = "Teaching Regulation Agency"
OFSTED = "Ofsted"
BODIES = (
    BARRING,
    TEACHING,
    OFSTED,
    "Care Quality Commission",
    "General Medical Council",
    "Nursing and Midwifery Council",
    "Health and Care Professions Council",
    "Social Work England",
    "Charity Commission",
    "another regulator",
)
OUTCOME_LETTER = "outcome-letter"
OF_CLOCKS = (*(event for event in EVENTS if event not in ("known", "referred")), "transferred")
"""What may happen that a clock starts from or stops at; when it was known and referred the case says."""
_REMOVED = ("dismissed", "services no longer used", "approval ended")
_LEFT = "resigned before a decision"
_FOUND_GUILTY = ("caution", "convicted")
_INSPECTED = (Sector.EARLY_YEARS, Sector.SECURE, Sector.FOSTER_CARERS)
"""Sectors whose providers tell Ofsted: early years, children's homes, fostering."""
_ABOUT_HARM = {Limb.HARMED.value, Limb.RISK_OF_HARM.value, Limb.OFFENCE.value}
"""Limbs that tell of harm to a child, a risk of it, or conduct that is an offence against one."""
_DISPROVED = (Outcome.FALSE, Outcome.MALICIOUS, Outcome.UNFOUNDED)


@dataclass(frozen=True)
class CaseFacts:
    """A case with everything the rules ask of it."""

    case: Case
    allegations: tuple[Allegation, ...] = ()
    strands: tuple[StrandOfCase, ...] = ()
    tellings: tuple[TellingOfCase, ...] = ()
    happenings: tuple[Happening, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    actions: tuple[ActionOfCase, ...] = ()
    suspensions: tuple[Suspension, ...] = ()
    onward: tuple[OnwardReferral, ...] = ()

    @property
    def edition(self) -> Edition:
        """The rules that the case keeps to its end."""
        return edition_named(self.case.edition)

    @property
    def register(self) -> tuple[Allegation, ...]:
        """The allegations that stand: those not entered in error."""
        return tuple(one for one in self.allegations if not one.withdrawn_because)

    @property
    def happened(self) -> tuple[Happening, ...]:
        """What happened, without what was entered in error."""
        return tuple(one for one in self.happenings if not one.withdrawn_because)

    @property
    def open_actions(self) -> tuple[ActionOfCase, ...]:
        """What is still to be done, the first due first."""
        found = [one for one in self.actions if one.done_on is None and not one.dropped_because]
        return tuple(sorted(found, key=lambda one: (one.due_on, one.pk)))

    @property
    def suspension(self) -> Suspension | None:
        """The suspension that lasts, if there is one."""
        return next((one for one in self.suspensions if one.last_day is None), None)

    @property
    def grid(self) -> dict[told.Party, told.Telling]:
        """Every party, told or not."""
        return grid_of(self.tellings)

    @property
    def strand_records(self) -> dict[Strand, StrandRecord]:
        """All three strands, those not written down yet as undecided."""
        return strands_of(self.strands)

    @property
    def outcome_letter_on(self) -> date | None:
        """Day of the first outcome letter."""
        days = [timezone.localdate(one.at) for one in self.happened if one.event == OUTCOME_LETTER]
        return min(days, default=None)

    @property
    def events(self) -> dict[str, When]:
        """What clocks start from and stop at."""
        return events_of(
            self.case,
            happened=self.happened,
            meetings=self.meetings,
            tellings=self.tellings,
            strands=self.strands,
            onward=self.onward,
            harm=self.harm_or_risk or self._found_guilty,
        )

    @property
    def harm_or_risk(self) -> bool:
        """Whether harm or a risk of it is alleged and not disproved."""
        return harm_or_risk(self.case, self.register)

    @property
    def advice(self) -> dict[str, Advice]:
        """What is asked of each body for which that follows from the record; the others are not in it."""
        employment = self._employment
        found = {
            BARRING: onward_referrals.barring_service(
                employment,
                harm_or_risk=self.harm_or_risk,
                relevant_offence=self._found_guilty,
                provider=self._basis != "self-employed",
            )
        }
        if teaching := onward_referrals.teaching_regulator(employment):
            found[TEACHING] = teaching
        if self.case.sector in _INSPECTED:
            found[OFSTED] = Advice(Standing.DUTY, "Whoever provides this care tells Ofsted.")
        return found

    @property
    def restriction(self) -> Restriction:
        """The reporting restriction of section 141F as it stands today."""
        first = {one.event: timezone.localdate(one.at) for one in reversed(self.happened)}
        criminal = self.strand_records[Strand.CRIMINAL]
        # Who was tried was charged before; that it ended then is all that is asked.
        tried = criminal.outcome in ("charged", "acquitted", "convicted")
        charged = criminal.concluded_on if tried else None
        return restriction_on(
            timezone.localdate(),
            teacher_at_school=self._teacher is True and self.case.sector == Sector.EDUCATION,
            offence_alleged=Limb.OFFENCE in self.case.limbs,
            by_or_for_registered_pupil=self.case.account.get("referral", {}).get("made_by_pupil") == "yes",
            charged_on=first.get("charged", charged),
            lifted_on=first.get("restriction-lifted"),
            waived_on=first.get("restriction-waived"),
        )

    @property
    def at_closing(self) -> closing.CaseAtClosing:
        """What closing asks of the case."""
        return closing.CaseAtClosing(
            strands=tuple(self.strand_records.values()),
            grid=self.grid,
            allegations_without_finding=sum(1 for one in self.register if not one.outcome),
            open_actions=[(one.what, one.due_on) for one in self.open_actions],
            unanswered_referrals=[
                body if body == OFSTED else f"the {body}" for body in self.unanswered_referrals
            ],
            suspended=self.suspension is not None,
            outcome_letter_on=self.outcome_letter_on,
            further=() if self.case.category else ("The main category is not recorded.",),
        )

    @property
    def bodies_asked(self) -> tuple[str, ...]:
        """Bodies about which every such case says whether they were told."""
        teacher = self._teacher is True or (self._teacher is None and self.case.sector == Sector.EDUCATION)
        return (
            BARRING,
            *((TEACHING,) if teacher else ()),
            *((OFSTED,) if self.case.sector in _INSPECTED else ()),
        )

    @property
    def unanswered_referrals(self) -> tuple[str, ...]:
        """Bodies of which it is not said, or only being watched, whether they are told."""
        decided = {one.body: one.decision for one in self.onward}
        asked = dict.fromkeys((*self.bodies_asked, *decided))
        return tuple(body for body in asked if decided.get(body, "watching") == "watching")

    @property
    def _employment(self) -> Employment:
        details = self.case.engagement.details if self.case.engagement else {}
        outcome = self.strand_records[Strand.EMPLOYER].outcome
        ended = self.case.engagement is not None and self.case.engagement.ended_on is not None
        return Employment(
            # Work with children is regulated activity unless somebody has said that it is not.
            regulated_activity=details.get("regulated_activity") is not False,
            removed=outcome in _REMOVED,
            left_before_decision=outcome == _LEFT or (ended and not outcome),
            suspended=self.suspension is not None,
            teacher=self._teacher is True,
            # Harm for which somebody had to go is serious misconduct: the employer is to consider it.
            serious_misconduct=self.harm_or_risk,
        )

    @property
    def _found_guilty(self) -> bool:
        return found_guilty(self.strands)

    @property
    def _teacher(self) -> bool | None:
        return self.case.engagement.details.get("teacher") if self.case.engagement else None

    @property
    def _basis(self) -> str:
        return self.case.engagement.basis if self.case.engagement else ""


def facts_of(case: Case) -> CaseFacts:
    """Everything recorded of a case, in a fixed number of queries."""
    return CaseFacts(
        case,
        tuple(case.allegations.select_related("decided_by", "second_person").order_by("number")),
        tuple(case.strands.all()),
        tuple(case.tellings.all()),
        tuple(case.happenings.select_related("entered_by").order_by("at", "pk")),
        tuple(case.meetings.prefetch_related("minutes__written_by").order_by("at", "pk")),
        tuple(case.actions.order_by("due_on", "pk")),
        tuple(case.suspensions.order_by("first_day", "pk")),
        tuple(case.onward.order_by("pk")),
    )


def grid_of(tellings: Iterable[TellingOfCase]) -> dict[told.Party, told.Telling]:
    """The grid with a line for every party."""
    held = {
        told.Party(one.party): told.Telling(told.Answer(one.answer), one.on, one.by, one.because)
        for one in tellings
    }
    return {party: held.get(party, told.Telling()) for party in told.Party}


def strands_of(strands: Iterable[StrandOfCase]) -> dict[Strand, StrandRecord]:
    """All three strands as the rules see them."""
    held = {
        Strand(one.strand): StrandRecord(
            Strand(one.strand),
            State(one.state),
            one.owner,
            one.opened_on,
            one.concluded_on,
            one.outcome,
            one.reason,
        )
        for one in strands
    }
    return {strand: held.get(strand, StrandRecord(strand)) for strand in Strand}


def harm_or_risk(case: Case, register: Iterable[Allegation]) -> bool:
    """Whether harm, a risk of it or an offence against a child is alleged, and not all of it disproved."""
    return bool(_ABOUT_HARM & set(case.limbs)) and any(one.outcome not in _DISPROVED for one in register)


def found_guilty(strands: Iterable[StrandOfCase]) -> bool:
    """Whether the criminal investigation ended with a caution or a conviction."""
    return any(one.strand == Strand.CRIMINAL and one.outcome in _FOUND_GUILTY for one in strands)


def events_of(
    case: Case,
    *,
    happened: Iterable[Happening],
    meetings: Iterable[Meeting],
    tellings: Iterable[TellingOfCase],
    strands: Iterable[StrandOfCase],
    onward: Iterable[OnwardReferral],
    harm: bool,
) -> dict[str, When]:
    """When each event of the clocks happened, for those that did. Of several the first counts."""
    events: dict[str, When] = {}
    for one in sorted(happened, key=lambda entry: entry.at, reverse=True):
        if one.event in OF_CLOCKS:
            events[one.event] = one.at if one.time_given else timezone.localdate(one.at)
    known: When = case.known_at if case.known_time_given else timezone.localdate(case.known_at)
    events |= {"known": known, "referred": case.referred_at}
    if case.evaluated_on is not None:
        events["evaluated"] = case.evaluated_on
    if case.closed_on is not None:
        events["closed"] = case.closed_on
    events |= _meetings(meetings)
    yes = {one.party: one.on for one in tellings if one.answer == told.Answer.YES and one.on}
    sent = {one.body: one.sent_on for one in onward if one.sent_on}
    if case.sector == Sector.EARLY_YEARS:
        events["early-years-known"] = known
    _done(events, "evaluated", "subject-told", yes.get(told.Party.SUBJECT))
    _done(events, "early-years-known", "inspectorate-told", yes.get(told.Party.REGULATOR), sent.get(OFSTED))
    if harm and (removed := _removed_on(case, strands)):
        events["barring-conditions-met"] = removed
    _done(events, "barring-conditions-met", "barring-referred", sent.get(BARRING))
    return events


def clocks_as_they_stand(
    case: Case, events: Mapping[str, When], now: datetime
) -> tuple[tuple[Clock, ...], str]:
    """The clocks of a case, or none and the sentence why they cannot be told.

    Beyond the years of the calendar nothing is assumed; a case from before them is still to be read.
    """
    try:
        return clocks(edition_named(case.edition), events, load_calendar(), now), ""
    except RedwayError as error:
        return (), str(error)


def _meetings(meetings: Iterable[Meeting]) -> dict[str, When]:
    found: dict[str, When] = {}
    for one in sorted((one for one in meetings if one.held), key=lambda held: held.at, reverse=True):
        found["review-meeting" if one.review else "strategy-meeting"] = one.at
    return found


def _done(events: dict[str, When], starts: str, ends: str, *days: date | None) -> None:
    """Write down an ending by the first of these days.

    What was done before its clock started was done in time: the person told before the evaluation, say.
    """
    done = min((day for day in days if day is not None), default=None)
    if done is None:
        return
    started = events.get(starts)
    events[ends] = done if started is None else max(done, day_of(started))


def _removed_on(case: Case, strands: Iterable[StrandOfCase]) -> date | None:
    """Day on which the person was gone: the employer's process ended so, or they left before it ended."""
    employer = next((one for one in strands if one.strand == Strand.EMPLOYER), None)
    if employer is not None and employer.outcome:
        return employer.concluded_on if employer.outcome in (*_REMOVED, _LEFT) else None
    left = case.engagement.ended_on if case.engagement else None
    return left if left is not None and left <= timezone.localdate() else None
