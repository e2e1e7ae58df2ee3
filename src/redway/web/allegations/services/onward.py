"""Whether a body is told: referred, considered and not needed, or still being watched."""

from __future__ import annotations

from datetime import date

from redway.allegations.onward_referrals import Standing
from redway.core.words import listed
from redway.web.allegations.facts import BODIES, facts_of
from redway.web.allegations.models import Case, OnwardReferral
from redway.web.allegations.services.changing import change, missing, not_to_come, refuse
from redway.web.people.models import Person

DECISIONS = ("referred", "not needed", "watching")


def decide_onward(
    *,
    actor: Person,
    case: Case,
    revision: int,
    body: str,
    decision: str,
    reason: str,
    decided_by: str,
    sent_on: date | None = None,
    receipt: str = "",
) -> Case:
    """Write down what was decided about a body, why and by whom. What the law asks is kept beside it."""
    with change(actor, case, revision, "decide_onward") as step:
        referred = decision == "referred"
        refuse(
            [
                "" if body in BODIES else f"'{body}' is no body on the list.",
                "" if decision in DECISIONS else f"Decide {listed(DECISIONS, 'or')}.",
                missing(reason, "Say why."),
                missing(decided_by, "Say who decided."),
                "Say when the referral was sent." if referred and sent_on is None else "",
                not_to_come("A referral", sent_on, step.today),
            ]
        )
        advice = facts_of(step.case).advice.get(body)
        standing = advice.standing if advice else Standing.POWER
        OnwardReferral.objects.update_or_create(
            case=step.case,
            body=body,
            defaults={
                "standing": standing.value,
                "decision": decision,
                "reason": reason.strip(),
                "decided_by": decided_by.strip(),
                "sent_on": sent_on if referred else None,
                "receipt": receipt.strip(),
            },
        )
        step.details |= {"body": body, "decision": decision, "standing": standing.value}
    return step.case
