"""The initial evaluation: opened by the limbs of its edition, or advice, which can become a referral."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from redway.allegations.clocks import State
from redway.allegations.strands import State as StrandState
from redway.allegations.strands import Strand
from redway.allegations.threshold import Limb, ThresholdError
from redway.web.allegations.models import CaseState
from redway.web.allegations.queries import case_view, clocks_of
from redway.web.allegations.services.changing import ChangeRefusedError
from redway.web.allegations.services.evaluation import evaluate, reopen_advice
from redway.web.people.models import Person
from web.allegations.a_case import ANSWERS, EVALUATED, NOON, TODAY, again, done, opened, referred

pytestmark = pytest.mark.usefixtures("clock")
PRIVATE = {Limb.MAY_NOT_BE_SUITABLE: "Convicted of violence at home."}


def test_conduct_in_private_life_meets_the_fourth_limb_since_2020(harriet: Person, leah: Person) -> None:
    """Acceptance case 18: in scope, with a flag that the risk is transferable."""
    case = done(evaluate, leah, referred(harriet), met=PRIVATE, away_from_work=True, on=EVALUATED)
    assert (case.state, case.limbs, case.transferable_risk) == (
        CaseState.OPEN,
        ["may-not-be-suitable"],
        True,
    )


def test_a_case_of_2007_is_offered_unsuitable_and_not_the_fourth_limb(harriet: Person, leah: Person) -> None:
    """Acceptance case 18, the edition of 2006."""
    case = referred(
        harriet,
        at=datetime(2007, 9, 3, 10, 0, tzinfo=UTC),
        known_on="3 September 2007",
        when="July 2007",
        known_time=None,
    )
    assert case.edition == "national-2006"
    assert case_view(case).limbs_offered == (Limb.HARMED, Limb.OFFENCE, Limb.UNSUITABLE)
    with pytest.raises(ThresholdError, match="has no limb 'may-not-be-suitable'"):
        done(evaluate, leah, case, met=PRIVATE, away_from_work=True, on=date(2007, 9, 4))
    assert again(case).state == CaseState.ARRIVED


def test_neither_limb_nor_reason_decides_nothing(harriet: Person, leah: Person) -> None:
    """Acceptance case 19."""
    case = referred(harriet)
    with pytest.raises(ThresholdError, match="No limb is ticked and no reason is given"):
        done(evaluate, leah, case, met={}, reason=" ", on=EVALUATED)
    assert (again(case).state, again(case).revision) == (CaseState.ARRIVED, 0)


def test_no_limb_with_a_reason_is_kept_as_advice(harriet: Person, leah: Person) -> None:
    case = done(evaluate, leah, referred(harriet), met={}, reason="Poor practice only.", on=EVALUATED)
    assert (case.state, case.evaluated_on, case.closed_on) == (CaseState.ADVICE, EVALUATED, EVALUATED)
    assert case.account["evaluations"][0]["reason"] == "Poor practice only."
    with pytest.raises(ChangeRefusedError, match="kept as advice"):
        done(evaluate, leah, case, met=PRIVATE, on=EVALUATED)


def test_advice_becomes_a_referral_without_writing_it_again(harriet: Person, leah: Person) -> None:
    case = done(evaluate, leah, referred(harriet), met={}, reason="Poor practice only.", on=EVALUATED)
    case = done(reopen_advice, leah, case, met={Limb.HARMED: "A bruise was seen."}, on=TODAY)
    assert (case.state, case.evaluated_on, case.closed_on) == (CaseState.OPEN, TODAY, None)
    assert case.allegations.get().words == ANSWERS["words"]
    former, latest = case.account["evaluations"]
    assert (former["reason"], latest["met"]) == ("Poor practice only.", {"harmed": "A bruise was seen."})


def test_advice_is_not_reopened_without_a_limb(harriet: Person, leah: Person) -> None:
    case = done(evaluate, leah, referred(harriet), met={}, reason="Poor practice only.", on=EVALUATED)
    with pytest.raises(ThresholdError):
        done(reopen_advice, leah, case, met={}, on=TODAY)


def test_opening_starts_three_strands_and_the_clock_of_the_first_review(
    harriet: Person, leah: Person
) -> None:
    case = opened(harriet, leah)
    view = case_view(again(case))
    assert {strand: one.state for strand, one in view.facts.strand_records.items()} == dict.fromkeys(
        Strand, StrandState.UNDECIDED
    )
    review = next(one for one in clocks_of(case, NOON) if one.rule.code == "T5")
    assert (review.state, review.due) == (State.RUNNING, date(2026, 12, 18))


def test_the_limbs_of_an_open_case_are_corrected_and_its_day_stays(harriet: Person, leah: Person) -> None:
    case = opened(harriet, leah)
    case = done(evaluate, leah, case, met={Limb.OFFENCE: "The police say assault."}, on=TODAY)
    assert (case.limbs, case.evaluated_on) == (["offence"], EVALUATED)
    with pytest.raises(ChangeRefusedError, match="ends with a finding, not as advice"):
        done(evaluate, leah, case, met={}, reason="Not so bad.", on=TODAY)


@pytest.mark.parametrize(
    ("on", "sentence"),
    [(date(2026, 11, 19), "before the referral"), (date(2026, 11, 25), "has not come yet")],
)
def test_it_is_evaluated_between_the_referral_and_today(
    harriet: Person, leah: Person, on: date, sentence: str
) -> None:
    with pytest.raises(ChangeRefusedError, match=sentence):
        done(evaluate, leah, referred(harriet), met={Limb.HARMED: "A bruise was seen."}, on=on)
