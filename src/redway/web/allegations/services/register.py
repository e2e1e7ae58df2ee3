"""The register of a case: each allegation in its own words, put to the person, with its own finding."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Max
from django.utils import timezone

from redway.allegations import outcomes
from redway.allegations.editions import edition_named
from redway.allegations.incidents import Incident, read_incident, refuse_future
from redway.allegations.outcomes import Category, Finding, Outcome, Sector
from redway.web.allegations.models import Allegation, Case, CaseState
from redway.web.allegations.services.changing import (
    Step,
    change,
    missing,
    not_before,
    not_to_come,
    one_of,
    refuse,
)
from redway.web.people.models import Person

_WITH_CLOSED = (CaseState.OPEN, CaseState.CLOSED)
"""A finding of a closed case can be corrected, with the reason; its former state is kept."""


def add_allegation(
    *, actor: Person, case: Case, revision: int, words: str, category: Category | None, when: str = ""
) -> Case:
    """Add another allegation to a case. ``when`` is when it happened, as it was told.

    Raises ChangeRefusedError and InvalidIncidentError (31 February, the future).
    """
    with change(actor, case, revision, "add_allegation") as step:
        refuse([missing(words, "Say what is alleged, in the words in which it was told.")])
        incident = _incident(when, step.today)
        last = step.case.allegations.aggregate(last=Max("number"))["last"] or 0
        Allegation.objects.create(
            case=step.case,
            number=last + 1,
            words=words.strip(),
            category=category.value if category else "",
            told_when=incident.told if incident else "",
            first_day=incident.first if incident else None,
            last_day=incident.last if incident else None,
        )
        if category is not None and not step.case.category:
            step.case.category = category.value
        step.details["allegation"] = last + 1
    return step.case


def correct_allegation(
    *,
    actor: Person,
    case: Case,
    revision: int,
    allegation: Allegation,
    category: Category | None,
    when: str = "",
    main: bool = False,
) -> Case:
    """Correct the kind of harm or when it happened. The words stay as they were told.

    ``main`` makes the kind of harm the one under which the case is counted.
    """
    with change(actor, case, revision, "correct_allegation") as step:
        found = _allegation(step, allegation)
        incident = _incident(when, step.today)
        found.category = category.value if category else ""
        found.told_when = incident.told if incident else ""
        found.first_day = incident.first if incident else None
        found.last_day = incident.last if incident else None
        found.save()
        if main and category is not None:
            step.case.category = category.value
        step.details["allegation"] = found.number
    return step.case


def put_to_subject(
    *,
    actor: Person,
    case: Case,
    revision: int,
    allegation: Allegation,
    on: date | None,
    reply: str = "",
    not_put_because: str = "",
) -> Case:
    """Write down when this very allegation was put to the person, and the reply; or why it was not."""
    with change(actor, case, revision, "put_to_subject") as step:
        found = _allegation(step, allegation)
        known = timezone.localdate(step.case.known_at)
        refuse(
            [
                missing(not_put_because, "Say when it was put to the person, or why not.")
                if on is None
                else "",
                not_to_come("Putting it to the person", on, step.today),
                not_before("Putting it to the person", on, "it became known", known),
            ]
        )
        found.put_on, found.reply = on, reply.strip()
        found.not_put_because = not_put_because.strip() if on is None else ""
        found.save()
        step.details |= {"allegation": found.number, "put": on is not None}
    return step.case


def record_finding(
    *,
    actor: Person,
    case: Case,
    revision: int,
    allegation: Allegation,
    outcome: Outcome,
    on: date,
    reasons: str,
    evidence_of_intent: str = "",
    correction: str = "",
) -> Case:
    """Record what an allegation was found to be. Malicious waits until a second person confirms it.

    A finding that is there already, or whose case is closed, is only changed with a reason (``correction``);
    what it was before is kept. Raises OutcomeRefusedError listing everything that stands in the way.
    """
    with change(actor, case, revision, "record_finding", states=_WITH_CLOSED) as step:
        found = _allegation(step, allegation)
        corrects = bool(found.outcome) or step.case.state == CaseState.CLOSED
        refuse(
            [
                not_to_come("A finding", on, step.today),
                missing(correction, "Say why the finding is corrected.") if corrects else "",
            ]
        )
        malicious = outcome is Outcome.MALICIOUS
        # Who confirms is not known yet: every other ground is asked for now.
        second = "somebody else" if malicious else ""
        _check(step.case, found, _finding(found, outcome, on, actor, reasons, evidence_of_intent, second))
        former = [*found.finding.get("former", []), _as_it_was(found, correction, step)] if corrects else []
        found.finding = {
            "reasons": reasons.strip(),
            "evidence_of_intent": evidence_of_intent.strip(),
            "former": former or found.finding.get("former", []),
            **({"awaits": {"outcome": outcome.value, "on": on.isoformat()}} if malicious else {}),
        }
        found.decided_by, found.second_person = actor, None
        found.outcome, found.decided_on = ("", None) if malicious else (outcome.value, on)
        found.save()
        step.details |= {"allegation": found.number, "outcome": outcome.value, "corrects": corrects}
        if malicious:
            step.details["awaits_second_person"] = True
    return step.case


def confirm_finding(*, actor: Person, case: Case, revision: int, allegation: Allegation) -> Case:
    """A second person confirms in their own name that an allegation was malicious."""
    with change(actor, case, revision, "confirm_finding", states=_WITH_CLOSED) as step:
        found = _allegation(step, allegation)
        waiting = found.finding.get("awaits")
        refuse([] if waiting else ["No finding of this allegation waits to be confirmed."])
        outcome, on = Outcome(waiting["outcome"]), date.fromisoformat(waiting["on"])
        assert found.decided_by is not None
        finding = _finding(
            found,
            outcome,
            on,
            found.decided_by,
            found.finding["reasons"],
            found.finding["evidence_of_intent"],
            str(actor.pk),
        )
        _check(step.case, found, finding)
        found.finding = {name: held for name, held in found.finding.items() if name != "awaits"}
        found.outcome, found.decided_on, found.second_person = outcome.value, on, actor
        found.save()
        step.details |= {"allegation": found.number, "outcome": outcome.value}
    return step.case


def withdraw_allegation(
    *, actor: Person, case: Case, revision: int, allegation: Allegation, because: str
) -> Case:
    """Take an allegation that was entered in error out of the register. It stays to be read."""
    with change(actor, case, revision, "withdraw_allegation") as step:
        found = _allegation(step, allegation)
        others = step.case.allegations.exclude(pk=found.pk)
        refuse(
            [
                missing(because, "Say why it was entered in error."),
                "" if any(not one.withdrawn_because for one in others) else "It is the only one of the case.",
            ]
        )
        found.withdrawn_because = because.strip()
        found.save()
        step.details["allegation"] = found.number
    return step.case


def incident_of(allegation: Allegation) -> Incident | None:
    """When an allegation is said to have happened, where that is known at all."""
    if allegation.first_day is None or allegation.last_day is None:
        return None
    return Incident(allegation.first_day, allegation.last_day, allegation.told_when)


def _incident(when: str, today: date) -> Incident | None:
    if not when.strip():
        return None
    found = read_incident(when)
    refuse_future(found, today)
    return found


def _allegation(step: Step, allegation: Allegation) -> Allegation:
    found: Allegation = one_of(
        Allegation.objects.select_related("decided_by").filter(pk=allegation.pk).first(),
        step.case,
        "allegation",
    )
    refuse(["This allegation was entered in error and withdrawn."] if found.withdrawn_because else [])
    return found


def _finding(
    allegation: Allegation,
    outcome: Outcome,
    on: date,
    by: Person,
    reasons: str,
    evidence_of_intent: str,
    second_person: str,
) -> Finding:
    return Finding(
        outcome,
        on,
        # Keys and not names: two people may bear the same name.
        str(by.pk),
        reasons,
        allegation.put_on,
        allegation.not_put_because,
        evidence_of_intent,
        second_person,
    )


def _check(case: Case, allegation: Allegation, finding: Finding) -> None:
    outcomes.check(
        finding,
        edition_named(case.edition),
        Sector(case.sector),
        incident_of(allegation),
        timezone.localdate(case.known_at),
    )


def _as_it_was(allegation: Allegation, correction: str, step: Step) -> dict[str, Any]:
    return {
        "outcome": allegation.outcome,
        "on": allegation.decided_on.isoformat() if allegation.decided_on else "",
        "by": allegation.decided_by.full_name if allegation.decided_by else "",
        "reasons": allegation.finding.get("reasons", ""),
        "corrected_at": step.now.isoformat(),
        "corrected_because": correction.strip(),
    }
