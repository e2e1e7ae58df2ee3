"""Closing a case: nothing outstanding, or a manager's reason for closing over it, which is reported."""

from __future__ import annotations

from datetime import date

from redway.allegations import closing
from redway.web.allegations.facts import facts_of
from redway.web.allegations.models import Case, CaseState
from redway.web.allegations.services.changing import change, not_before, not_to_come, refuse
from redway.web.people.models import Person


def close(*, actor: Person, case: Case, revision: int, on: date, override_reason: str = "") -> Case:
    """Close a case. With a reason a manager closes it over what is outstanding.

    Raises ClosingRefusedError listing everything outstanding, and Http404 for a reason from somebody who may
    not close over it.
    """
    over = bool(override_reason.strip())
    action = "allegation.close_over" if over else "allegation.work"
    with change(actor, case, revision, "close", action=action, states=(CaseState.OPEN,)) as step:
        facts = facts_of(step.case)
        decided = max((one.decided_on for one in facts.register if one.decided_on), default=None)
        refuse(
            [
                not_to_come("Closing", on, step.today),
                not_before("Closing", on, "the evaluation", step.case.evaluated_on),
                not_before("Closing", on, "the last finding", decided),
            ]
        )
        outstanding = closing.check(
            facts.at_closing,
            override_reason=override_reason,
            overridden_by=actor.full_name if over else "",
        )
        step.case.state, step.case.closed_on = CaseState.CLOSED, on
        step.case.closed_over = list(outstanding)
        if outstanding:
            step.case.account = step.case.account | {
                "closed_over": {"reason": override_reason.strip(), "by": actor.full_name}
            }
        step.details["outstanding"] = len(outstanding)
    return step.case
