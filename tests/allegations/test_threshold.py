"""The threshold by edition: limbs offered, limbs met, advice that is no referral."""

from __future__ import annotations

import pytest

from redway.allegations.editions import edition_named
from redway.allegations.threshold import Decision, Limb, ThresholdError, evaluate, limbs_of

TODAY, DECK = edition_named("national-2020"), edition_named("national-2006")


def test_conduct_in_private_life_alone_is_in_scope_today_and_flagged_as_transferable_risk() -> None:
    found = evaluate(
        TODAY, {Limb.MAY_NOT_BE_SUITABLE: "Conviction for assault at home."}, away_from_work=True
    )
    assert found.decision is Decision.REFERRAL
    assert found.transferable_risk


def test_in_2007_the_third_limb_was_unsuitable_and_there_was_no_fourth() -> None:
    assert Limb.UNSUITABLE in limbs_of(DECK)
    assert len(limbs_of(DECK)) == 3
    with pytest.raises(ThresholdError, match="national-2006 has no limb 'may-not-be-suitable'"):
        evaluate(DECK, {Limb.MAY_NOT_BE_SUITABLE: "Conviction."}, away_from_work=True)


def test_harm_to_a_child_is_no_transferable_risk() -> None:
    assert not evaluate(TODAY, {Limb.HARMED: "Pushed a pupil."}, away_from_work=True).transferable_risk


def test_without_a_limb_a_reason_is_needed_and_makes_it_advice() -> None:
    with pytest.raises(ThresholdError, match="nothing can be decided"):
        evaluate(TODAY, {}, reason="  ")
    found = evaluate(TODAY, {}, reason="Poor practice; no child was harmed or put at risk.")
    assert found.decision is Decision.ADVICE
    assert found.reason.startswith("Poor practice")


def test_every_limb_needs_its_reason() -> None:
    with pytest.raises(ThresholdError, match="why the limb 'harmed' is met"):
        evaluate(TODAY, {Limb.HARMED: ""})


@pytest.mark.parametrize("limb", list(Limb))
def test_every_limb_reads_as_a_sentence(limb: Limb) -> None:
    assert "child" in limb.sentence
