"""The initial evaluation: what meets the threshold is opened, what does not is kept as advice."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.utils import timezone

from redway.allegations import threshold
from redway.allegations.editions import edition_named
from redway.allegations.strands import Strand
from redway.allegations.threshold import Decision, Limb
from redway.web.allegations.models import Case, CaseState, StrandOfCase
from redway.web.allegations.services.changing import Step, change, not_before, not_to_come, refuse
from redway.web.people.models import Person


def evaluate(
    *,
    actor: Person,
    case: Case,
    revision: int,
    met: Mapping[Limb, str],
    reason: str = "",
    away_from_work: bool = False,
    on: date,
) -> Case:
    """Decide by the edition of the case: limbs that are met open it, none with a reason makes it advice.

    An open case may be evaluated again to correct its limbs; it stays open. Raises ThresholdError and
    ChangeRefusedError.
    """
    return _evaluate(
        actor,
        case,
        revision,
        "evaluate",
        (CaseState.ARRIVED, CaseState.OPEN),
        met=met,
        reason=reason,
        away_from_work=away_from_work,
        on=on,
    )


def reopen_advice(
    *,
    actor: Person,
    case: Case,
    revision: int,
    met: Mapping[Limb, str],
    away_from_work: bool = False,
    on: date,
) -> Case:
    """Advice becomes a referral, with everything that was written; the reasons it was advice for stay."""
    return _evaluate(
        actor,
        case,
        revision,
        "reopen_advice",
        (CaseState.ADVICE,),
        met=met,
        reason="",
        away_from_work=away_from_work,
        on=on,
    )


def _evaluate(
    actor: Person,
    case: Case,
    revision: int,
    verb: str,
    states: Collection[str],
    *,
    met: Mapping[Limb, str],
    reason: str,
    away_from_work: bool,
    on: date,
) -> Case:
    with change(actor, case, revision, verb, states=states) as step:
        found = step.case
        decided = threshold.evaluate(
            edition_named(found.edition), met, reason=reason, away_from_work=away_from_work
        )
        refuse(_problems(step, decided, on))
        _keep(found, decided, away_from_work, actor, on)
        if decided.decision is Decision.ADVICE:
            found.state, found.closed_on, found.evaluated_on = CaseState.ADVICE, on, on
        elif found.state != CaseState.OPEN:
            found.state, found.closed_on, found.evaluated_on = CaseState.OPEN, None, on
            for strand in Strand:
                StrandOfCase.objects.get_or_create(case=found, strand=strand.value)
        step.details |= {"decision": decided.decision.value, "limbs": found.limbs}
    return found


def _problems(step: Step, decided: threshold.Evaluation, on: date) -> list[str]:
    referred = timezone.localdate(step.case.referred_at)
    stays = step.case.state == CaseState.OPEN and decided.decision is Decision.ADVICE
    return [
        not_to_come("An evaluation", on, step.today),
        not_before("An evaluation", on, "the referral", referred),
        "The case is open: it ends with a finding, not as advice." if stays else "",
    ]


def _keep(case: Case, decided: threshold.Evaluation, away_from_work: bool, actor: Person, on: date) -> None:
    """What was decided, and every earlier evaluation before it."""
    written: dict[str, Any] = {
        "on": on.isoformat(),
        "by": actor.full_name,
        "met": {limb.value: why.strip() for limb, why in decided.met.items()},
        "reason": decided.reason,
        "away_from_work": away_from_work,
    }
    case.account = case.account | {"evaluations": [*case.account.get("evaluations", []), written]}
    case.limbs = [limb.value for limb in decided.met]
    case.transferable_risk = decided.transferable_risk
