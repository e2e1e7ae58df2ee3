"""The strands of a case, and who was told."""

from __future__ import annotations

from redway.allegations import strands, told
from redway.allegations.strands import StrandRecord
from redway.allegations.told import Party, Telling
from redway.web.allegations.models import Case, StrandOfCase, TellingOfCase
from redway.web.allegations.services.changing import change, not_to_come, refuse
from redway.web.people.models import Person


def save_strand(*, actor: Person, case: Case, revision: int, record: StrandRecord) -> Case:
    """Write down how one strand stands. Raises ChangeRefusedError listing what is missing."""
    with change(actor, case, revision, "save_strand") as step:
        refuse(
            [
                *strands.problems(record),
                not_to_come("What was opened", record.opened_on, step.today),
                not_to_come("What was concluded", record.concluded_on, step.today),
            ]
        )
        over = record.state is strands.State.CONCLUDED
        StrandOfCase.objects.update_or_create(
            case=step.case,
            strand=record.strand.value,
            defaults={
                "state": record.state.value,
                "owner": record.owner.strip(),
                "opened_on": record.opened_on,
                "concluded_on": record.concluded_on if over else None,
                "outcome": record.outcome if over else "",
                "reason": record.reason.strip(),
            },
        )
        step.details |= {"strand": record.strand.value, "state": record.state.value}
    return step.case


def save_telling(*, actor: Person, case: Case, revision: int, party: Party, telling: Telling) -> Case:
    """Write down whether somebody was told. Raises ChangeRefusedError listing what is missing."""
    with change(actor, case, revision, "save_telling") as step:
        refuse([*told.problems(party, telling), not_to_come("A telling", telling.on, step.today)])
        TellingOfCase.objects.update_or_create(
            case=step.case,
            party=party.value,
            defaults={
                "answer": telling.answer.value,
                "on": telling.on if telling.answer is told.Answer.YES else None,
                "by": telling.by.strip(),
                "because": telling.because.strip(),
            },
        )
        step.details |= {"party": party.value, "answer": telling.answer.value}
    return step.case
