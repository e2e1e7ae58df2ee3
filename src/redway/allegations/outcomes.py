"""Outcomes: which words an edition and a sector allow, and what each must rest on before it is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from redway.allegations.editions import Edition
from redway.allegations.incidents import Incident
from redway.core.dated_values import Status
from redway.core.errors import RedwayError
from redway.core.words import day_in_words, listed


class Outcome(StrEnum):
    """What an allegation was found to be."""

    SUBSTANTIATED = "substantiated"
    """There is enough evidence to prove it."""
    MALICIOUS = "malicious"
    """There is enough evidence to disprove it, and it was meant to deceive."""
    FALSE = "false"
    """There is enough evidence to disprove it."""
    UNSUBSTANTIATED = "unsubstantiated"
    """There is not enough evidence either way; it implies neither guilt nor innocence."""
    UNFOUNDED = "unfounded"
    """There is no evidence or proper basis for it."""


class Sector(StrEnum):
    """Where the person works with children, as annual reports split it."""

    EDUCATION = "education"
    EARLY_YEARS = "early years"
    SECURE = "secure or residential"
    FOSTER_CARERS = "foster carers"
    HEALTH = "health"
    FAITH = "faith"
    SPORT = "sport"
    TRANSPORT = "transport"
    VOLUNTARY = "voluntary"
    OTHER = "other"


class Category(StrEnum):
    """What kind of harm is alleged."""

    PHYSICAL = "physical"
    SEXUAL = "sexual"
    EMOTIONAL = "emotional"
    NEGLECT = "neglect"
    OTHER = "conduct or other"


class OutcomeRefusedError(RedwayError):
    """An outcome that cannot be recorded yet; ``reasons`` lists everything that stands in the way."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        super().__init__(f"This outcome cannot be recorded: {' '.join(reasons)}", "Deal with each of them.")


@dataclass(frozen=True)
class Finding:
    """An outcome as somebody proposes to record it for one allegation."""

    outcome: Outcome
    decided_on: date
    decided_by: str
    reasons: str
    """What the finding rests on, in words."""
    put_to_subject_on: date | None = None
    """Day on which this very allegation was put to the person it is about."""
    not_put_because: str = ""
    evidence_of_intent: str = ""
    """Malicious only: what shows that it was meant to deceive."""
    second_person: str = ""
    """Malicious only: somebody other than the decider who agrees."""


def outcomes_for(edition: Edition, sector: Sector) -> tuple[Outcome, ...]:
    """The outcomes an edition allows in a sector, in its order.

    Source: the edition's own list. 'False' is for education in most editions; Wales has four outcomes.
    """
    return tuple(Outcome(word) for word in edition.words(_list_for(sector)))


def outcomes_unconfirmed(edition: Edition, sector: Sector) -> str:
    """Why the list of outcomes of a sector is not confirmed; empty when it was read in its source."""
    held = edition.value(_list_for(sector))
    return held.source if held.status is Status.UNCONFIRMED else ""


def _list_for(sector: Sector) -> str:
    return "outcomes-education" if sector is Sector.EDUCATION else "outcomes-other"


def what_stands_in_the_way(
    finding: Finding, edition: Edition, sector: Sector, incident: Incident | None, known_on: date
) -> tuple[str, ...]:
    """Everything that forbids recording a finding, each a sentence; nothing when it may be recorded."""
    reasons = []
    allowed = outcomes_for(edition, sector)
    if finding.outcome not in allowed:
        reasons.append(
            f"'{finding.outcome}' is no outcome for {sector} under {edition.name}: "
            f"it has {listed([one.value for one in allowed])}."
        )
    earliest = max(known_on, incident.first) if incident else known_on
    if finding.decided_on < earliest:
        reasons.append(
            f"The outcome of {day_in_words(finding.decided_on)} is before the allegation "
            f"of {day_in_words(earliest)}."
        )
    if not finding.reasons.strip():
        reasons.append(
            "It does not say on what basis the allegation is unfounded."
            if finding.outcome is Outcome.UNFOUNDED
            else "It does not say what the finding rests on."
        )
    reasons += _put_to_the_person(finding)
    if finding.outcome is Outcome.MALICIOUS:
        reasons += _malicious(finding)
    return tuple(reasons)


def check(
    finding: Finding, edition: Edition, sector: Sector, incident: Incident | None, known_on: date
) -> None:
    """Raises OutcomeRefusedError listing everything that forbids recording the finding."""
    if reasons := what_stands_in_the_way(finding, edition, sector, incident, known_on):
        raise OutcomeRefusedError(reasons)


def _put_to_the_person(finding: Finding) -> list[str]:
    put = finding.put_to_subject_on
    if put is None:
        if finding.not_put_because.strip():
            return []
        return ["It was never put to the person it is about, and no reason for that is recorded."]
    if put > finding.decided_on:
        decided = day_in_words(finding.decided_on)
        return [f"It was put to the person on {day_in_words(put)}, after the outcome of {decided}."]
    return []


def _malicious(finding: Finding) -> list[str]:
    reasons = []
    if not finding.evidence_of_intent.strip():
        reasons.append("Malicious needs recorded evidence that it was meant to deceive.")
    if not finding.second_person.strip() or finding.second_person == finding.decided_by:
        reasons.append("Malicious needs a second person, other than the one who decides, to agree.")
    return reasons
