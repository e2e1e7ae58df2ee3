"""The conversation about a target: acceptance cases 40, 41 and 43, and what holds after any steps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from redway.attainment.target_record import (
    Concern,
    Decision,
    Outturn,
    Part,
    Stage,
    Standing,
    StepRefused,
    TargetRecord,
    Verdict,
    Version,
    may_be_published,
    propose,
    waiting_in_words,
)

ABOVE, BELOW = Version(64, below_average=False), Version(55, below_average=True)
HEAD, CHAIR, ADVISER = 1, 2, 3


def verified(record: TargetRecord, *parts: Part) -> TargetRecord:
    people = {Part.HEADTEACHER: HEAD, Part.CHAIR_OF_GOVERNORS: CHAIR, Part.ADVISER: ADVISER}
    for part in parts:
        record = record.verify(part, people[part])
    return record


def confirmed(version: Version = ABOVE) -> TargetRecord:
    return verified(propose(version).decide(Decision.AGREED), *Part)


def test_case_40_a_target_below_the_average_estimate_needs_challenge_and_answer() -> None:
    """School improvement, case 40: it cannot be verified without challenge and response text."""
    record = propose(BELOW)
    with pytest.raises(StepRefused, match="below the estimate for average progress"):
        record.decide(Decision.AGREED)
    with pytest.raises(StepRefused, match="Nothing is written"):
        record.challenge("   ")
    challenged = record.challenge("Why less than pupils like these reach elsewhere?")
    with pytest.raises(StepRefused, match="waits for the school's answer"):
        challenged.decide(Decision.AGREED)
    answered = challenged.answer("Eleven pupils joined in Year 5 with little English.")
    agreed = answered.decide(Decision.WITH_RESERVATION, "I should have gone higher.", Concern.TOO_LOW)
    assert verified(agreed, *Part).standing is Standing.CONFIRMED


def test_without_an_estimate_nobody_can_say_that_it_is_not_below() -> None:
    with pytest.raises(StepRefused, match="no estimate to hold it against"):
        propose(Version(60, below_average=None)).decide(Decision.AGREED)


def test_above_the_estimate_it_may_be_agreed_at_once() -> None:
    assert propose(ABOVE).decide(Decision.AGREED).waits_for == tuple(Part)


def test_case_41_two_of_three_names_are_provisional() -> None:
    record = verified(propose(ABOVE).decide(Decision.AGREED), Part.HEADTEACHER, Part.ADVISER)
    assert record.standing is Standing.PROVISIONAL
    assert record.waits_for == (Part.CHAIR_OF_GOVERNORS,)
    assert waiting_in_words(record) == "Waits for the chair of governors to verify it"


def test_case_41_an_edit_after_verification_is_provisional_again_and_keeps_both_values() -> None:
    edited = confirmed().revise(Version(66, False, "Two strong pupils joined."))
    assert edited.standing is Standing.PROVISIONAL
    assert [version.value for version in edited.versions] == [64, 66]
    assert edited.verified_by == ()
    assert len(edited.verifications) == 3, "the names under the earlier value are kept"
    assert verified(edited.decide(Decision.AGREED), *Part).standing is Standing.CONFIRMED


def test_an_edit_says_why_and_changes_something() -> None:
    with pytest.raises(StepRefused, match="Nothing is written"):
        propose(ABOVE).revise(Version(66, False))
    with pytest.raises(StepRefused, match="the target has already"):
        propose(ABOVE).revise(Version(64, False, "The same"))


def test_case_43_a_cohort_of_ten_or_fewer_is_held_and_never_published() -> None:
    assert not may_be_published(confirmed(), pupils=10, largest_small_cohort=10)
    assert may_be_published(confirmed(), pupils=11, largest_small_cohort=10)


def test_each_part_and_each_person_verifies_once() -> None:
    record = propose(ABOVE).decide(Decision.AGREED).verify(Part.HEADTEACHER, HEAD)
    with pytest.raises(StepRefused, match="headteacher has verified this value already"):
        record.verify(Part.HEADTEACHER, 9)
    with pytest.raises(StepRefused, match="another role"):
        record.verify(Part.CHAIR_OF_GOVERNORS, HEAD)


def test_nothing_is_verified_before_it_is_agreed() -> None:
    with pytest.raises(StepRefused, match="waits for the adviser"):
        propose(ABOVE).verify(Part.HEADTEACHER, HEAD)
    with pytest.raises(StepRefused, match="was not agreed"):
        propose(ABOVE).decide(Decision.NOT_AGREED, "Far too low.", Concern.TOO_LOW).verify(
            Part.HEADTEACHER, HEAD
        )


def test_a_reservation_says_why_and_which_way() -> None:
    with pytest.raises(StepRefused, match="Nothing is written"):
        propose(ABOVE).decide(Decision.WITH_RESERVATION, "", Concern.TOO_LOW)
    with pytest.raises(StepRefused, match="which way the reservation points"):
        propose(ABOVE).decide(Decision.WITH_RESERVATION, "Hmm.")
    with pytest.raises(StepRefused, match="has no concern"):
        propose(ABOVE).decide(Decision.AGREED, "", Concern.TOO_LOW)


@pytest.mark.parametrize(
    ("concern", "outturn", "verdict"),
    [
        (Concern.TOO_LOW, 75, Verdict.RIGHT),
        (Concern.TOO_LOW, 52, Verdict.WRONG),
        (Concern.TOO_HIGH, 52, Verdict.RIGHT),
        (Concern.TOO_HIGH, 75, Verdict.WRONG),
        (Concern.TOO_LOW, 70, Verdict.CANNOT_TELL),
    ],
)
def test_was_the_reservation_right(concern: Concern, outturn: float, verdict: Verdict) -> None:
    record = propose(ABOVE).decide(Decision.WITH_RESERVATION, "I doubt it.", concern)
    assert record.reservation_was(8) is Verdict.NOT_YET
    assert record.record_outturn(Outturn(outturn)).reservation_was(8) is verdict
    assert record.record_outturn(Outturn(outturn)).reservation_was(None) is Verdict.CANNOT_TELL


def test_without_a_reservation_there_is_nothing_to_judge() -> None:
    assert confirmed().record_outturn(Outturn(75)).reservation_was(8) is Verdict.NO_RESERVATION


def test_a_challenge_names_the_benchmarks_it_holds_the_target_against() -> None:
    record = propose(Version(55, True, benchmarks=("average", "top-quarter", "outturn-2025-26")))
    with pytest.raises(StepRefused, match="not said which benchmark"):
        record.challenge("Why so low?")
    with pytest.raises(StepRefused, match="not shown with it"):
        record.challenge("Why so low?", ["top-twentieth"])
    challenged = record.challenge("Why below last year?", ["outturn-2025-26", "average"])
    assert challenged.challenges[0].benchmarks == ("average", "outturn-2025-26")
    # Where nothing can be held against it, words are enough.
    assert propose(Version(55, None)).challenge("What does it rest on?").stage is Stage.CHALLENGED


def test_once_the_outturn_is_known_nothing_is_said_with_hindsight() -> None:
    """A reservation written after the results is right every time."""
    never_named = propose(ABOVE).decide(Decision.AGREED).record_outturn(Outturn(50))
    assert (never_named.stage, never_named.standing) == (Stage.LAPSED, Standing.LAPSED)
    assert never_named.waits_for == ()
    refused = propose(ABOVE).decide(Decision.NOT_AGREED, "Low.", Concern.TOO_LOW).record_outturn(Outturn(75))
    assert waiting_in_words(refused) == "Not agreed"
    for step in (
        lambda: never_named.verify(Part.HEADTEACHER, HEAD),
        lambda: refused.decide(Decision.WITH_RESERVATION, "As I thought.", Concern.TOO_LOW),
        lambda: confirmed().record_outturn(Outturn(50)).withdraw("It was not met."),
    ):
        with pytest.raises(StepRefused, match="The outturn is known"):
            step()


def test_a_corrected_outturn_replaces_the_first_which_is_kept() -> None:
    record = confirmed().record_outturn(Outturn(61)).record_outturn(Outturn(62))
    assert [one.value for one in record.outturns] == [61, 62]
    with pytest.raises(StepRefused, match="cannot be changed any more"):
        record.revise(Version(62, False, "To fit"))


def test_what_is_withdrawn_is_over_and_kept() -> None:
    record = confirmed().withdraw("The school closes in August.")
    assert (record.standing, record.current.value, record.waits_for) == (Standing.WITHDRAWN, 64, ())
    for step in (
        lambda: record.revise(Version(66, False, "Why not")),
        lambda: record.record_outturn(Outturn(60)),
        lambda: record.withdraw("Again"),
        lambda: record.verify(Part.ADVISER, ADVISER),
    ):
        with pytest.raises(StepRefused, match="withdrawn"):
            step()


class Conversation(RuleBasedStateMachine):
    """Any steps in any order: refused or taken, the record stays sound and nothing in it is lost."""

    record: TargetRecord
    before: TargetRecord

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.refusals: list[StepRefused] = []

    @initialize(below=st.sampled_from([True, False, None]))
    def begin(self, below: bool | None) -> None:
        self.record = self.before = propose(Version(60, below))

    def take(self, step: Callable[[], TargetRecord]) -> None:
        self.before = self.record
        try:
            self.record = step()
        except StepRefused as refused:
            self.refusals.append(refused)

    @rule(
        value=st.integers(50, 70), below=st.sampled_from([True, False, None]), why=st.sampled_from(["", "x"])
    )
    def revise(self, value: int, below: bool | None, why: str) -> None:
        self.take(lambda: self.record.revise(Version(value, below, why)))

    @rule(text=st.sampled_from(["", "Why?"]))
    def challenge(self, text: str) -> None:
        self.take(lambda: self.record.challenge(text))

    @rule(text=st.sampled_from(["", "Because."]))
    def answer(self, text: str) -> None:
        self.take(lambda: self.record.answer(text))

    @rule(
        decision=st.sampled_from(Decision),
        text=st.sampled_from(["", "So."]),
        concern=st.sampled_from([None, *Concern]),
    )
    def decide(self, decision: Decision, text: str, concern: Concern | None) -> None:
        self.take(lambda: self.record.decide(decision, text, concern))

    @rule(part=st.sampled_from(Part), person=st.integers(1, 4))
    def verify(self, part: Part, person: int) -> None:
        self.take(lambda: self.record.verify(part, person))

    @rule(value=st.integers(50, 70))
    def outturn(self, value: int) -> None:
        self.take(lambda: self.record.record_outturn(Outturn(value)))

    @rule(reason=st.sampled_from(["", "Merged."]), really=st.integers(0, 9))
    def withdraw(self, reason: str, really: int) -> None:
        if really == 0:
            self.take(lambda: self.record.withdraw(reason))

    @invariant()
    def a_refusal_says_what_and_what_next(self) -> None:
        assert all(refused.message and refused.next_step for refused in self.refusals)

    @invariant()
    def nothing_is_lost(self) -> None:
        for kept in ("versions", "challenges", "answers", "decisions", "verifications", "outturns"):
            earlier = getattr(self.before, kept)
            assert getattr(self.record, kept)[: len(earlier)] == earlier

    @invariant()
    def three_people_stand_under_what_is_confirmed(self) -> None:
        if self.record.standing is not Standing.CONFIRMED:
            return
        here = [one for one in self.record.verifications if one.version == self.record.number]
        assert {one.part for one in here} == set(Part)
        assert len({one.person for one in here}) == 3
        assert self.record.decided is not None
        assert self.record.current.below_average is False or self.record.has_conversation

    @invariant()
    def somebody_is_waited_for_until_it_is_over(self) -> None:
        over = self.record.stage in (Stage.CONFIRMED, Stage.WITHDRAWN) or bool(self.record.outturns)
        assert bool(self.record.waits_for) is not over
        assert waiting_in_words(self.record)


TestConversation = Conversation.TestCase
