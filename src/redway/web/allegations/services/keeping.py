"""How long a record is kept: a legal hold, a review with a new day, and disposal by two people.

Disposal erases what is written in a record and everything that says who it is about. What is counted stays,
so that figures once reported do not change; so does the audit trail, which names nobody.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.http import Http404

from redway.web.allegations.disposal_list import retention_of_case
from redway.web.allegations.models import Case, CaseState, Disposal, Happening, Subject
from redway.web.allegations.services.changing import Step, change, missing, refuse
from redway.web.allegations.services.erasing import erase
from redway.web.allegations.services.merging import head_of
from redway.web.people.models import Person

ANY = tuple(CaseState)
KEPT = (CaseState.CLOSED, CaseState.ADVICE)
"""States in which a record is kept and no longer worked on."""
HOLD_SET, HOLD_LIFTED, REVIEWED = "hold-set", "hold-lifted", "retention-reviewed"


def set_hold(*, actor: Person, case: Case, revision: int, reason: str) -> Case:
    """Nothing about the person may be disposed of, whatever the rules say, until the hold is lifted."""
    with change(actor, case, revision, "set_hold", states=ANY) as step:
        refuse(
            [
                missing(reason, "Say why nothing may be disposed of."),
                "There is a legal hold already." if _held(step.case.subject) else "",
            ]
        )
        subject = Subject.objects.select_for_update().get(pk=step.case.subject_id)
        subject.legal_hold = reason.strip().rstrip(".")
        subject.save()
        _write_down(step, HOLD_SET, actor, reason)
    return step.case


def lift_hold(*, actor: Person, case: Case, revision: int, reason: str) -> Case:
    """The hold is over, on all records of the person: the rules count again."""
    with change(actor, case, revision, "lift_hold", states=ANY) as step:
        held = _held(step.case.subject)
        refuse([missing(reason, "Say why the hold is over."), "" if held else "There is no legal hold."])
        for subject in held:
            subject.legal_hold = ""
            subject.save()
        _write_down(step, HOLD_LIFTED, actor, reason)
    return step.case


def review_retention(*, actor: Person, case: Case, revision: int, until: date, reason: str) -> Case:
    """The record is kept longer: it is looked at again on a new day, for a reason."""
    with change(actor, case, revision, "review_retention", states=KEPT) as step:
        refuse(
            [
                missing(reason, "Say why it is kept longer."),
                "The next review must be on a day to come." if until <= step.today else "",
            ]
        )
        step.case.review_on = until
        _write_down(step, REVIEWED, actor, reason)
        step.details |= {"until": until.isoformat()}
    return step.case


def propose_disposal(*, actor: Person, case: Case, revision: int) -> Disposal:
    """Propose to dispose of a record whose time is over. Nothing is erased before a second person agrees."""
    with change(actor, case, revision, "propose_disposal", states=KEPT) as step:
        waiting = step.case.disposals.filter(ended_at__isnull=True).exists()
        refuse([*_not_yet(step), "It is proposed already, and waits for a second person." if waiting else ""])
        made = Disposal.objects.create(case=step.case, proposed_by=actor, proposed_at=step.now)
        step.details |= {"disposal": made.pk}
    return made


def agree_disposal(*, actor: Person, case: Case, revision: int, disposal: Disposal) -> Case:
    """A second person agrees: what is written is erased, for good, and the case is open to nobody."""
    with change(actor, case, revision, "dispose", states=KEPT) as step:
        found = _waiting(step, disposal)
        same = found.proposed_by_id == actor.pk
        refuse([*_not_yet(step), "A second person agrees, not the one who proposed it." if same else ""])
        found.agreed_by, found.ended_at = actor, step.now
        found.save()
        step.case.disposed_on = step.today
        erase(step.case, step.now)
        step.details |= {"disposal": found.pk}
    return step.case


def turn_down_disposal(*, actor: Person, case: Case, revision: int, disposal: Disposal) -> Disposal:
    """It is not disposed of: the proposal ends."""
    with change(actor, case, revision, "turn_down_disposal", states=KEPT) as step:
        found = _waiting(step, disposal)
        found.ended_at = step.now
        found.save()
        step.details |= {"disposal": found.pk}
    return found


def _held(subject: Subject) -> list[Subject]:
    """The records of a person that hold a legal hold, locked."""
    head = head_of(subject)
    records = Subject.objects.select_for_update().filter(Q(pk=head) | Q(merged_into=head))
    return [one for one in records if one.legal_hold]


def _not_yet(step: Step) -> list[str]:
    """Why a record cannot be disposed of today."""
    retention = retention_of_case(step.case)
    return ["" if retention.is_due(step.today) else f"It is not due: {retention.reason}"]


def _waiting(step: Step, disposal: Disposal) -> Disposal:
    found = Disposal.objects.select_for_update().filter(pk=disposal.pk, case=step.case).first()
    if found is None:
        raise Http404("There is no such proposal.")
    refuse(["It was answered already." if found.ended_at else ""])
    return found


def _write_down(step: Step, event: str, actor: Person, reason: str) -> None:
    Happening.objects.create(case=step.case, event=event, at=step.now, words=reason.strip(), entered_by=actor)
