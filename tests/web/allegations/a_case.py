"""A made-up referral and a case made of it, for tests: whole, to change one line of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from redway.allegations.outcomes import Outcome
from redway.allegations.strands import OUTCOMES, State, Strand, StrandRecord
from redway.allegations.threshold import Limb
from redway.allegations.told import Answer, Party, Telling
from redway.web.allegations.facts import BARRING, TEACHING
from redway.web.allegations.models import Case
from redway.web.allegations.services import evaluation, referrals, running
from redway.web.people.models import Person

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
KNOWN = date(2026, 11, 19)
REFERRED = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
EVALUATED = date(2026, 11, 20)
ANSWERS: dict[str, Any] = {
    "subject_name": "Jo Example",
    "subject_born": "3 May 1984",
    "sector": "education",
    "employer": "Grand Union School",
    "role": "Teacher of music",
    "basis": "permanent",
    "teacher": "yes",
    "words": "He pulled me out of the room by my arm.",
    "category": "physical",
    "when": "18 November 2026",
    "made_by_pupil": "yes",
    "known_on": "19 November 2026",
    "known_time": "16:30",
    "source": "school",
    "wants": "referral",
}


def referred(head: Person, **changed: Any) -> Case:
    """A referral by a headteacher, sent on Friday 20 November 2026. An answer of None is left out."""
    at = changed.pop("at", REFERRED)
    answers = {name: text for name, text in (ANSWERS | changed).items() if text is not None}
    return referrals.refer(actor=head, draft_or_answers=answers, at=at)


def opened(head: Person, officer: Person, met: dict[Limb, str] | None = None, **changed: Any) -> Case:
    """The same, evaluated and opened the same day."""
    case = referred(head, **changed)
    reasons = met or {Limb.HARMED: "A bruise was seen."}
    return evaluation.evaluate(actor=officer, case=case, revision=0, met=reasons, on=EVALUATED)


def again(case: Case) -> Case:
    """The case as it is stored now."""
    return Case.objects.select_related("subject", "engagement").get(pk=case.pk)


def done(service: Any, officer: Person, case: Case, **given: Any) -> Case:
    """One change to a case as it stands now."""
    changed: Case = service(actor=officer, case=case, revision=again(case).revision, **given)
    return changed


def concluded(strand: Strand, outcome: str = "") -> StrandRecord:
    """A strand that ended on Monday 23 November 2026, in the first way there is."""
    return StrandRecord(
        strand,
        State.CONCLUDED,
        "Sam Stone",
        EVALUATED,
        date(2026, 11, 23),
        outcome or OUTCOMES[strand][0],
        "What was found.",
    )


def ready_to_close(head: Person, officer: Person) -> Case:
    """A case on which nothing is outstanding."""
    case = opened(head, officer)
    for strand in Strand:
        done(running.save_strand, officer, case, record=concluded(strand))
    for party in Party:
        line = Telling(Answer.YES, EVALUATED, "Leah Lane")
        done(running.save_telling, officer, case, party=party, telling=line)
    allegation = case.allegations.get()
    done(running.put_to_subject, officer, case, allegation=allegation, on=EVALUATED, reply="I did not.")
    done(
        running.record_finding,
        officer,
        case,
        allegation=allegation,
        outcome=Outcome.UNSUBSTANTIATED,
        on=date(2026, 11, 23),
        reasons="Nobody else saw it.",
    )
    for body in (BARRING, TEACHING):
        done(
            running.decide_onward,
            officer,
            case,
            body=body,
            decision="not needed",
            reason="Nobody was removed.",
            decided_by="Leah Lane",
        )
    return done(running.send_outcome_letter, officer, case, on=date(2026, 11, 23))
