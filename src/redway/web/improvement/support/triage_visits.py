"""Visits that a triage meeting decided on: which are planned, and the line of the ledger one follows from.

The line is kept once a visit or a programme follows, with a copy of what both lists said and of the decision.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from redway.core.words import day_in_words
from redway.improvement.triage import Outcome
from redway.web.audit import services as audit
from redway.web.improvement.models import TriageDecision, TriageMeeting
from redway.web.improvement.support.changing import SupportRefused
from redway.web.improvement.support.models import Alert, Visit
from redway.web.improvement.triage import WHY, decisions_of, sides_of
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import School
from redway.web.schools.access import record_of as school_record

PREFIX = "triage"


@dataclass(frozen=True)
class DecidedVisit:
    """A school that a meeting decided to visit."""

    meeting: TriageMeeting
    decision: TriageDecision

    @property
    def code(self) -> str:
        """How a form or an address names it."""
        return f"{PREFIX}:{self.meeting.pk}"

    @property
    def label(self) -> str:
        """How a form offers it."""
        return f"Triage of schools causing concern, {day_in_words(self.meeting.on)}"

    @property
    def line(self) -> Alert | None:
        """The line of the ledger that is kept of it, if any."""
        version = _version(self.meeting)
        held = Alert.objects.filter(source=Alert.Source.CONCERN, school=self.decision.school)
        return held.filter(decision=self.meeting.on, model_version=version).first()


def decided_visits(school: School) -> tuple[DecidedVisit, ...]:
    """The meetings that decided to visit a school, the latest first."""
    meetings = TriageMeeting.objects.filter(decisions__school=school.key).distinct().order_by("-on", "-at")
    found = ((one, decisions_of(one)[school.key]) for one in meetings)
    return tuple(DecidedVisit(one, made) for one, made in found if made.outcome == Outcome.VISIT)


def triage_to_choose(school: School) -> list[tuple[str, str]]:
    """Those that no line of the ledger is kept of yet, to choose from."""
    return [(one.code, one.label) for one in decided_visits(school) if one.line is None]


def triage_at_hand(school: School, code: str) -> str:
    """What a form that was led to from a decision begins with: its line of the ledger, else the decision."""
    found = next((one for one in decided_visits(school) if one.code == code), None)
    if found is None:
        return ""
    line = found.line
    return str(line.pk) if line else code


@transaction.atomic
def enter_triage(*, actor: Person, school: School, code: str) -> Alert:
    """Enter a decision to visit into the ledger with what it stood on; the line itself where it is there.

    Raises SupportRefused where no meeting decided it.
    """
    permission.require(actor, "support.manage", school_record(school))
    permission.require(actor, "concern.view", school_record(school))
    School.objects.select_for_update().get(pk=school.pk)
    decided = next((one for one in decided_visits(school) if one.code == code), None)
    if decided is None:
        raise SupportRefused("The meeting did not decide to visit this school.", "Choose another.")
    if (held := decided.line) is not None:
        return held
    meeting, decision = decided.meeting, decided.decision
    sides = sides_of(meeting)
    named = meeting.names.filter(school=school.key).first()
    shown = [
        ("On whose list", sides.agreement.side(school.key).value),
        ("Officers: why", WHY.get(named.why, named.why) if named else ""),
        ("System: why", sides.system_words(school.key)),
        ("Decided", f"{Outcome(decision.outcome).words}: {decision.reasons}"),
    ]
    found = Alert.objects.create(
        authority=school.authority,
        school=school.key,
        source=Alert.Source.CONCERN,
        decision=meeting.on,
        model_version=_version(meeting),
        concern=str(meeting.pk),
        flagged=True,
        shown=[[label, words] for label, words in shown if words],
        at=timezone.now(),
        by=actor,
    )
    audit.record(actor, "support.enter_triage", "alert", found.pk, {"meeting": str(meeting.pk)})
    return found


def visits_decided_in(meeting: TriageMeeting) -> dict[str, tuple[str, str]]:
    """Of the schools a meeting decided to visit: how the visit stands in words, and its code where none is
    planned."""
    found: dict[str, tuple[str, str]] = {}
    for school, decision in decisions_of(meeting).items():
        if decision.outcome != Outcome.VISIT:
            continue
        decided = DecidedVisit(meeting, decision)
        line = decided.line
        visit = (
            Visit.objects.filter(alert=line, withdrawn_at=None).order_by("visit_on").first() if line else None
        )
        planned = f"Planned for {day_in_words(visit.visit_on)}" if visit else "Not planned yet"
        found[school] = (planned, "" if visit else decided.code)
    return found


def _version(meeting: TriageMeeting) -> str:
    """The version of the officers' own list: what it was sealed with."""
    return f"own list {meeting.sealed_hash[:16]}"
