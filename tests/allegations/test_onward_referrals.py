"""Duties and powers to refer onward, the reporting restriction, and what a reference may say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from redway.allegations.onward_referrals import Employment, Standing, barring_service, teaching_regulator
from redway.allegations.outcomes import Outcome
from redway.allegations.references import what_may_be_said
from redway.allegations.reporting_restriction import restriction_on

AT_WORK = Employment(regulated_activity=True)
TEACHER = replace(AT_WORK, teacher=True, removed=True, serious_misconduct=True)


@pytest.mark.parametrize(
    ("employment", "provider", "standing"),
    [
        (replace(AT_WORK, removed=True), True, Standing.DUTY),
        (replace(AT_WORK, left_before_decision=True), True, Standing.DUTY),
        (replace(AT_WORK, removed=True), False, Standing.POWER),
        (replace(AT_WORK, suspended=True), True, Standing.NOT_YET),
        (AT_WORK, True, Standing.NOT_YET),
        (Employment(regulated_activity=False, removed=True), True, Standing.NO_GROUND),
    ],
)
def test_the_duty_to_tell_the_barring_service(
    employment: Employment, provider: bool, standing: Standing
) -> None:
    assert barring_service(employment, harm_or_risk=True, provider=provider).standing is standing


def test_without_harm_or_offence_there_is_no_ground() -> None:
    assert barring_service(TEACHER, harm_or_risk=False).standing is Standing.NO_GROUND
    assert barring_service(TEACHER, harm_or_risk=False, relevant_offence=True).standing is Standing.DUTY


def test_a_teacher_dismissed_for_serious_misconduct_prompts_both() -> None:
    assert barring_service(TEACHER, harm_or_risk=True).standing is Standing.DUTY
    advice = teaching_regulator(TEACHER)
    assert advice is not None
    assert advice.standing is Standing.DUTY


def test_somebody_who_is_no_teacher_prompts_no_teaching_regulator() -> None:
    assert teaching_regulator(replace(TEACHER, teacher=False)) is None


def banner(on: date, **facts: object) -> bool:
    usual = {"teacher_at_school": True, "offence_alleged": True, "by_or_for_registered_pupil": True}
    return restriction_on(on, **(usual | facts)).holds  # type: ignore[arg-type]


def test_nothing_may_identify_a_teacher_accused_by_a_pupil_of_the_school_until_charged() -> None:
    assert banner(date(2026, 3, 2))
    assert not banner(date(2026, 3, 2), teacher_at_school=False)
    assert not banner(date(2026, 3, 2), by_or_for_registered_pupil=False)
    assert banner(date(2026, 3, 2), charged_on=date(2026, 3, 3))
    assert not banner(date(2026, 3, 3), charged_on=date(2026, 3, 3))
    assert not banner(date(2012, 9, 30))
    assert not banner(date(2026, 3, 2), offence_alleged=False)


def test_a_history_of_unproved_allegations_is_nothing_to_disclose() -> None:
    advice = what_may_be_said([Outcome.UNSUBSTANTIATED, Outcome.FALSE, Outcome.MALICIOUS, Outcome.UNFOUNDED])
    assert advice.sentence == "There is nothing to disclose in a reference."
    assert advice.to_review == ()


def test_a_substantiated_one_is_offered_for_review_and_an_open_one_needs_advice() -> None:
    advice = what_may_be_said([Outcome.FALSE, Outcome.SUBSTANTIATED, None])
    assert advice.to_review == (1, 2)
    assert "1 substantiated" in advice.sentence
    assert "1 not concluded" in advice.sentence
