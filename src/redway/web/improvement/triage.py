"""Triage meetings: the own list written and sealed, then the system's laid beside it, decisions, closing.

Until the own list is sealed nothing here reads the system's. What was shown at sealing is kept with the
meeting, so that it reads the same whatever is computed later.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from redway.core.errors import RedwayError
from redway.core.words import counted, day_in_words
from redway.improvement.held_values import values_of
from redway.improvement.kept_scores import KeptScores
from redway.improvement.soft_intelligence import Kind
from redway.improvement.triage import (
    Agreement,
    Outcome,
    TriageRefused,
    check_own_list,
    seal,
    side_by_side,
)
from redway.web.audit import services as audit
from redway.web.authorities.access import record_of
from redway.web.improvement.changing import ChangedMeanwhile, words_of
from redway.web.improvement.listed import schools_listed
from redway.web.improvement.models import TriageDecision, TriageMeeting, TriageName
from redway.web.improvement.score_sets import latest_set, scores_of
from redway.web.improvement.seen_before import opened_before
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import Authority, School

WHY: Mapping[str, str] = {
    "figures": "Its figures",
    "visit": "What a visit showed",
    "improving": "To see whether an improvement holds",
    **{kind.value: kind.words for kind in Kind if kind is not Kind.SAFEGUARDING_PASSED_ON},
}
"""Why officers name a school: a closed list, for a list of names is read by many."""


@dataclass(frozen=True)
class Sides:
    """Both lists of a sealed meeting, as they were shown."""

    agreement: Agreement
    systems: Mapping[str, Any]
    schools: tuple[str, ...]
    """Every school on either list: those on both first, then the officers' own, then the system's."""

    def system_words(self, school: str) -> str:
        """What the system said of a school when it was shown; empty where it said nothing."""
        return str(self.systems.get("words", {}).get(school, ""))


@transaction.atomic
def begin_meeting(*, actor: Person, authority: Authority, on: date) -> TriageMeeting:
    """Begin a meeting. Raises TriageRefused while another is open, and for a day long past or far ahead."""
    permission.require(actor, "concern.decide", record_of(authority))
    Authority.objects.select_for_update().get(number=authority.number)
    if TriageMeeting.objects.filter(authority=authority.number, closed_at__isnull=True).exists():
        raise TriageRefused("A triage meeting is open.", "Close it before you begin another.")
    if abs((on - permission.today()).days) > 92:
        raise TriageRefused(
            f"{day_in_words(on)} is more than a term away.", "Enter the day on which you meet."
        )
    made = TriageMeeting.objects.create(authority=authority.number, on=on, at=timezone.now(), by=actor)
    audit.record(actor, "triage.begin", "triage", made.pk, {"on": on.isoformat()})
    return made


@transaction.atomic
def name_school(*, actor: Person, meeting: TriageMeeting, school: School, why: str) -> TriageName:
    """Put a school on the officers' own list. It takes no revision: several officers write at once."""
    found = _locked(actor, meeting, None)
    _refuse_sealed(found)
    if school.authority != found.authority or why not in WHY:
        raise TriageRefused("The school or the reason is not on the list.", "Choose from the lists.")
    try:
        with transaction.atomic():
            made = TriageName.objects.create(
                meeting=found, school=school.key, why=why, at=timezone.now(), by=actor
            )
    except IntegrityError:
        raise TriageRefused(f"{school.shown_name} is on the list.", "Name another.") from None
    _changed(found)
    audit.record(actor, "triage.name", "triage", found.pk, {"name": made.pk})
    return made


@transaction.atomic
def take_off(*, actor: Person, meeting: TriageMeeting, school: str) -> None:
    """Take a school off the own list again, before it is sealed."""
    found = _locked(actor, meeting, None)
    _refuse_sealed(found)
    named = found.names.filter(school=school).first()
    if named is None:
        raise TriageRefused("The school is not on the list.", "Open the meeting again.")
    details = {"name": named.pk}
    named.delete()
    _changed(found)
    audit.record(actor, "triage.take_off", "triage", found.pk, details)


@transaction.atomic
def seal_own_list(*, actor: Person, meeting: TriageMeeting, revision: int) -> TriageMeeting:
    """Seal the own list, and only then take up the system's as it is now."""
    found = _locked(actor, meeting, revision)
    _refuse_sealed(found)
    names = list(found.names.all())
    check_own_list([one.school for one in names])
    found.sealed_at = timezone.now()
    found.sealed_hash = seal(_own(found, names))
    found.scores, found.systems = _systems(found.authority, found.on)
    if found.scores is not None:
        found.systems["opened"] = opened_before(found, found.scores)
    _changed(found)
    audit.record(
        actor, "triage.seal", "triage", found.pk, {"schools": len(names), "sha256": found.sealed_hash}
    )
    return found


@transaction.atomic
def decide_on(
    *,
    actor: Person,
    meeting: TriageMeeting,
    school: str,
    revision: int,
    outcome: str,
    reasons: str,
    by_day: date | None,
) -> TriageDecision:
    """Decide what is to be done about a school on either list. A later decision corrects an earlier one."""
    found = _locked(actor, meeting, revision)
    if found.sealed_at is None:
        raise TriageRefused("The own list is not sealed yet.", "Seal it, look at both, then decide.")
    if school not in sides_of(found).schools:
        raise TriageRefused("The school is on neither list.", "Decide on one of those.")
    if outcome not in set(Outcome):
        raise TriageRefused("It is not said what is to be done.", "Choose from the list.")
    if by_day is not None and by_day < found.on:
        raise TriageRefused(f"{day_in_words(by_day)} lies before the meeting.", "Enter a later day.")
    made = TriageDecision.objects.create(
        meeting=found,
        school=school,
        outcome=outcome,
        reasons=words_of(reasons, "There are no reasons.", "Say why, without naming anybody."),
        by_day=by_day,
        at=timezone.now(),
        by=actor,
    )
    _changed(found)
    audit.record(actor, "triage.decide", "triage", found.pk, {"decision": made.pk})
    return made


@transaction.atomic
def close_meeting(*, actor: Person, meeting: TriageMeeting, revision: int) -> TriageMeeting:
    """Close the meeting: every school on either list has a decision, and all of it is sealed with a hash."""
    found = _locked(actor, meeting, revision)
    if found.sealed_at is None:
        raise TriageRefused("The own list is not sealed yet.", "Seal it, look at both, then decide.")
    decided = decisions_of(found)
    left = [school for school in sides_of(found).schools if school not in decided]
    if left:
        raise TriageRefused(
            f"{counted(len(left), 'school has', 'schools have')} no decision.",
            "Decide on each, if only that nothing is to be done.",
        )
    found.closed_at = timezone.now()
    found.closed_hash = seal(content_of(found))
    _changed(found)
    audit.record(actor, "triage.close", "triage", found.pk, {"sha256": found.closed_hash})
    return found


def decisions_of(meeting: TriageMeeting) -> dict[str, TriageDecision]:
    """School key -> the decision that holds."""
    return {one.school: one for one in meeting.decisions.select_related("by")}


def sides_of(meeting: TriageMeeting) -> Sides:
    """Both lists of a sealed meeting."""
    systems: Mapping[str, Any] = meeting.systems
    own = [one.school for one in meeting.names.all()]
    agreement = side_by_side(
        own, systems.get("first", []), systems.get("scored", []), systems.get("schools", 0)
    )
    schools = (*agreement.both, *agreement.only_officers, *agreement.only_system)
    return Sides(agreement, systems, schools)


def content_of(meeting: TriageMeeting) -> dict[str, Any]:
    """Everything of a meeting that is sealed at its closing."""
    return {
        "own": _own(meeting, list(meeting.names.all())),
        "own_sha256": meeting.sealed_hash,
        "systems": meeting.systems,
        "decisions": [
            {
                "school": one.school,
                "outcome": one.outcome,
                "reasons": one.reasons,
                "by_day": one.by_day.isoformat() if one.by_day else None,
                "by": one.by_id,
            }
            for one in meeting.decisions.all()
        ],
    }


def unchanged(meeting: TriageMeeting) -> bool:
    """Whether what was sealed still has its hash."""
    if meeting.sealed_hash and seal(_own(meeting, list(meeting.names.all()))) != meeting.sealed_hash:
        return False
    return not meeting.closed_hash or seal(content_of(meeting)) == meeting.closed_hash


def _systems(authority: str, day: date) -> tuple[Any, dict[str, Any]]:
    """The set of scores and the list as it is shown: as many first schools as visits can be made."""
    size = len(schools_listed(authority).schools)
    held = latest_set(authority)
    if held is None:
        return None, {"schools": size, "why_none": "No scores are kept."}
    try:
        scores = scores_of(held)
    except RedwayError as error:
        return None, {"schools": size, "why_none": f"{error.message} {error.next_step}"}
    if scores.killed_because:
        return None, {"schools": size, "why_none": scores.killed_because}
    return held, _as_shown(scores, size, values_of("early-warning.toml").whole_number_on("visits", day))


def _as_shown(scores: KeptScores, size: int, visits: int) -> dict[str, Any]:
    first = scores.schools[:visits]
    return {
        "decision": scores.decision.isoformat(),
        "model": scores.model_version,
        "schools": max(size, len(scores.schools)),
        "first": [one.school for one in first],
        "scored": sorted(one.school for one in scores.schools),
        "words": {one.school: f"Number {one.place}: {one.reasons}." for one in scores.schools},
        "insufficient": [[one.school, one.name, one.reason] for one in scores.insufficient],
    }


def _own(meeting: TriageMeeting, names: list[TriageName]) -> dict[str, Any]:
    return {
        "meeting": str(meeting.pk),
        "on": meeting.on.isoformat(),
        "schools": [[one.school, one.why, one.by_id] for one in names],
    }


def _locked(actor: Person, meeting: TriageMeeting, revision: int | None) -> TriageMeeting:
    permission.require(actor, "concern.decide", _record(meeting))
    found = TriageMeeting.objects.select_for_update().get(pk=meeting.pk)
    if found.closed_at is not None:
        raise TriageRefused("The meeting is closed.", "Begin another to decide anew.")
    if revision is not None and found.revision != revision:
        raise ChangedMeanwhile(
            f"{counted(found.names.count(), 'school is', 'schools are')} on the own list, "
            f"{counted(len(decisions_of(found)), 'school has', 'schools have')} a decision"
        )
    return found


def _record(meeting: TriageMeeting) -> Any:
    return record_of(Authority(number=meeting.authority))


def _refuse_sealed(found: TriageMeeting) -> None:
    if found.sealed_at is not None:
        raise TriageRefused(
            "The own list is sealed.", "It was written before the system's list was shown and stays as it is."
        )


def _changed(found: TriageMeeting) -> None:
    found.revision += 1
    found.save()
