"""Strands, who was told, and what must be done before a case closes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from redway.allegations import closing, strands, told
from redway.allegations.closing import CaseAtClosing, ClosingRefusedError
from redway.allegations.strands import State, Strand, StrandRecord
from redway.allegations.told import Answer, Party, Telling

CONCLUDED = {
    Strand.SOCIAL_CARE: "no further action",
    Strand.CRIMINAL: "no further action",
    Strand.EMPLOYER: "warning",
}
OVER = tuple(
    StrandRecord(one, State.CONCLUDED, "Sam Stone", date(2026, 3, 5), date(2026, 4, 1), CONCLUDED[one])
    for one in Strand
)
ALL_TOLD = {party: Telling(Answer.YES, date(2026, 3, 6), "Leah Lane") for party in Party}
READY = CaseAtClosing(OVER, ALL_TOLD, 0, outcome_letter_on=date(2026, 4, 20))


def test_a_case_with_nothing_outstanding_closes() -> None:
    assert closing.check(READY) == ()


def test_closing_lists_each_thing_that_is_outstanding() -> None:
    case = replace(
        READY,
        strands=(*OVER[:2], replace(OVER[2], state=State.OPEN)),
        grid={**ALL_TOLD, Party.SUBJECT: Telling()},
        allegations_without_finding=1,
        open_actions=[("Send the minutes", date(2026, 4, 2))],
        unanswered_referrals=["the Disclosure and Barring Service"],
        outcome_letter_on=None,
        suspended=True,
    )
    with pytest.raises(ClosingRefusedError) as refused:
        closing.check(case)
    assert refused.value.obstacles == (
        "The employer's process is open.",
        "It is not said whether the person it is about was told.",
        "1 allegation has no finding.",
        "It is not answered whether to refer to the Disclosure and Barring Service.",
        "An action is not done: Send the minutes, due 2 April 2026.",
        "The person is still suspended.",
        "No outcome letter has been sent.",
    )


def test_a_manager_overrides_with_a_reason_and_it_is_reported() -> None:
    case = replace(READY, outcome_letter_on=None)
    outstanding = closing.check(case, override_reason="The person has died.", overridden_by="Dana Drew")
    assert outstanding == ("No outcome letter has been sent.",)
    with pytest.raises(ClosingRefusedError):
        closing.check(case, override_reason="The person has died.")
    with pytest.raises(ClosingRefusedError):
        closing.check(case, override_reason=" ", overridden_by="Dana Drew")


def test_not_yet_is_not_told_and_does_not_apply_is_an_answer() -> None:
    grid = {**ALL_TOLD, Party.PARENTS: Telling(Answer.NOT_YET, because="The police asked to wait.")}
    assert told.not_told(grid) == (Party.PARENTS,)
    grid[Party.PARENTS] = Telling(Answer.NOT_APPLICABLE, because="The child is an adult now.")
    assert told.not_told(grid) == ()
    assert told.not_told({}) == tuple(Party)


@pytest.mark.parametrize(
    ("telling", "missing"),
    [
        (Telling(Answer.YES), 2),
        (Telling(Answer.NOT_YET), 1),
        (Telling(Answer.NOT_APPLICABLE), 1),
        (Telling(), 0),
        (Telling(Answer.YES, date(2026, 3, 6), "Leah Lane"), 0),
    ],
)
def test_each_answer_says_what_it_needs(telling: Telling, missing: int) -> None:
    assert len(told.problems(Party.CHILD, telling)) == missing


def test_the_person_not_told_is_on_the_list_from_day_five() -> None:
    evaluated = date(2026, 3, 2)
    assert told.subject_told_late({}, evaluated, date(2026, 3, 6)) == ""
    assert "has not been told since the evaluation on 2 March 2026" in told.subject_told_late(
        {}, evaluated, date(2026, 3, 7)
    )
    waiting = {Party.SUBJECT: Telling(Answer.NOT_YET, because="The police asked to wait.")}
    assert told.subject_told_late(waiting, evaluated, date(2026, 4, 7)) == ""
    assert told.subject_told_late(ALL_TOLD, evaluated, date(2026, 4, 7)) == ""
    assert told.subject_told_late({}, evaluated, date(2026, 3, 7), days=10) == ""


@pytest.mark.parametrize("record", OVER)
def test_a_concluded_strand_is_complete(record: StrandRecord) -> None:
    assert strands.problems(record) == ()
    assert record.is_over


def test_a_strand_that_is_not_needed_says_why() -> None:
    record = StrandRecord(Strand.CRIMINAL, State.NOT_NEEDED)
    assert strands.problems(record) == ("Say why the criminal investigation is not needed.",)
    assert strands.problems(replace(record, reason="No offence is alleged.")) == ()


def test_an_open_strand_has_an_owner_and_a_day() -> None:
    assert len(strands.problems(StrandRecord(Strand.SOCIAL_CARE, State.OPEN))) == 2


def test_a_strand_ends_after_it_began_with_an_outcome_of_its_own() -> None:
    backwards = replace(OVER[0], concluded_on=date(2026, 3, 1))
    assert "before it was opened" in strands.problems(backwards)[0]
    assert (
        "Say how the criminal investigation ended" in strands.problems(replace(OVER[1], outcome="warning"))[0]
    )


def test_a_new_strand_is_not_decided_and_not_over() -> None:
    record = StrandRecord(Strand.EMPLOYER)
    assert not record.is_over
    assert strands.problems(record) == ()
