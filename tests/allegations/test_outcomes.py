"""Outcomes and what each must rest on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from redway.allegations.editions import edition_named
from redway.allegations.incidents import read_incident
from redway.allegations.outcomes import (
    Finding,
    Outcome,
    OutcomeRefusedError,
    Sector,
    check,
    outcomes_for,
    outcomes_unconfirmed,
    what_stands_in_the_way,
)

NATIONAL, SEFTON, WALES = (edition_named(f"{name}-2020") for name in ("national", "sefton", "wales"))
KNOWN = date(2026, 3, 2)
INCIDENT = read_incident("1 March 2026")
PROVED = Finding(
    Outcome.SUBSTANTIATED,
    date(2026, 4, 20),
    "Leah Lane",
    "Two witnesses and the person's own account.",
    put_to_subject_on=date(2026, 3, 10),
)
MALICIOUS = replace(
    PROVED, outcome=Outcome.MALICIOUS, evidence_of_intent="Messages that plan it.", second_person="Dana Drew"
)


def stands(finding: Finding, edition=NATIONAL, sector=Sector.EDUCATION):  # type: ignore[no-untyped-def]
    return what_stands_in_the_way(finding, edition, sector, INCIDENT, KNOWN)


def test_a_proved_allegation_that_was_put_to_the_person_is_recorded() -> None:
    assert stands(PROVED) == ()
    check(PROVED, NATIONAL, Sector.EDUCATION, INCIDENT, KNOWN)


def test_malicious_needs_evidence_of_intent_and_a_second_person() -> None:
    assert stands(MALICIOUS) == ()
    assert any("meant to deceive" in why for why in stands(replace(MALICIOUS, evidence_of_intent="")))
    assert any("second person" in why for why in stands(replace(MALICIOUS, second_person="")))
    assert any("second person" in why for why in stands(replace(MALICIOUS, second_person="Leah Lane")))


def test_an_outcome_before_the_allegation_is_refused() -> None:
    early = replace(PROVED, decided_on=date(2026, 2, 27), put_to_subject_on=date(2026, 2, 26))
    assert any("before the allegation of 2 March 2026" in why for why in stands(early))


def test_false_is_refused_for_foster_carers_in_sefton() -> None:
    false = replace(PROVED, outcome=Outcome.FALSE)
    assert stands(false, SEFTON) == ()
    (why,) = stands(false, SEFTON, Sector.FOSTER_CARERS)
    assert "'false' is no outcome for foster carers under sefton-2020" in why


def test_wales_offers_four_outcomes_and_no_false() -> None:
    offered = outcomes_for(WALES, Sector.EDUCATION)
    assert len(offered) == 4
    assert Outcome.FALSE not in offered


def test_a_list_that_was_not_read_in_its_source_says_so() -> None:
    assert outcomes_unconfirmed(NATIONAL, Sector.EDUCATION) == ""
    assert "no national list for other sectors was read" in outcomes_unconfirmed(NATIONAL, Sector.HEALTH)
    assert outcomes_unconfirmed(SEFTON, Sector.HEALTH) == ""


def test_what_was_never_put_to_the_person_has_no_outcome_without_a_reason() -> None:
    never = replace(PROVED, put_to_subject_on=None)
    assert any("never put to the person" in why for why in stands(never))
    assert stands(replace(never, not_put_because="The person died before the interview.")) == ()


def test_what_was_put_after_the_decision_was_not_put() -> None:
    late = replace(PROVED, put_to_subject_on=date(2026, 5, 1))
    assert any("after the outcome" in why for why in stands(late))


def test_unfounded_needs_its_basis() -> None:
    assert stands(replace(PROVED, outcome=Outcome.UNFOUNDED, reasons=" ")) == (
        "It does not say on what basis the allegation is unfounded.",
    )


def test_a_refusal_lists_everything_at_once() -> None:
    with pytest.raises(OutcomeRefusedError) as refused:
        check(Finding(Outcome.MALICIOUS, KNOWN, "Leah Lane", ""), WALES, Sector.HEALTH, None, KNOWN)
    assert len(refused.value.reasons) == 4
