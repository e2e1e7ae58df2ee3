"""Retention: the dated cases of the research, and what never happens by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.allegations.editions import edition_named
from redway.allegations.outcomes import Outcome
from redway.allegations.retention import Action, Facts, Holder, retention_of
from redway.allegations.spans import birthday, months_after, within_months

NATIONAL, NORTH_WEST, SEFTON, WARWICKSHIRE = (
    edition_named(f"{name}-2020") for name in ("national", "north-west", "sefton", "warwickshire")
)
FACTS = Facts(date(2026, 3, 4), date(2026, 4, 15), date(1985, 6, 10), 68)


def test_an_employer_keeps_to_pension_age_or_ten_years_from_the_allegation_if_longer() -> None:
    young = retention_of(NATIONAL, Holder.EMPLOYER, Outcome.UNSUBSTANTIATED, FACTS)
    assert (young.due, young.action) == (date(2053, 6, 10), Action.DISPOSE)
    older = replace(FACTS, born=date(1962, 2, 1), pension_age=67)
    assert retention_of(NATIONAL, Holder.EMPLOYER, Outcome.UNSUBSTANTIATED, older).due == date(2036, 3, 4)


def test_designated_officers_of_the_north_west_review_after_ten_years_and_delete_nothing() -> None:
    unfounded = retention_of(NORTH_WEST, Holder.OFFICER, Outcome.UNFOUNDED, FACTS)
    assert (unfounded.due, unfounded.action) == (date(2036, 4, 15), Action.REVIEW)
    advice = retention_of(NORTH_WEST, Holder.OFFICER, None, FACTS)
    assert advice.action is Action.REVIEW


def test_substantiated_is_kept_to_the_hundredth_birthday_or_for_a_hundred_years() -> None:
    assert retention_of(NORTH_WEST, Holder.OFFICER, Outcome.SUBSTANTIATED, FACTS).due == date(2085, 6, 10)
    assert retention_of(SEFTON, Holder.OFFICER, Outcome.SUBSTANTIATED, FACTS).due == date(2085, 6, 10)
    assert retention_of(WARWICKSHIRE, Holder.OFFICER, Outcome.SUBSTANTIATED, FACTS).due == date(2126, 4, 15)


def test_a_legal_hold_goes_before_every_rule_and_lifting_it_brings_the_rule_back() -> None:
    held = retention_of(
        NORTH_WEST, Holder.OFFICER, Outcome.UNFOUNDED, replace(FACTS, legal_hold="a public inquiry")
    )
    assert held.action is Action.KEEP
    assert not held.is_due(date(2100, 1, 1))
    assert "public inquiry" in held.reason
    assert retention_of(NORTH_WEST, Holder.OFFICER, Outcome.UNFOUNDED, FACTS).is_due(date(2036, 4, 15))


def test_malicious_leaves_the_personnel_file_and_not_the_officers_record() -> None:
    employer = retention_of(NATIONAL, Holder.EMPLOYER, Outcome.MALICIOUS, FACTS)
    assert (employer.action, employer.due) == (Action.REMOVE, date(2026, 4, 15))
    officer = retention_of(NORTH_WEST, Holder.OFFICER, Outcome.MALICIOUS, FACTS)
    assert officer.action is Action.REVIEW


def test_what_is_not_confirmed_is_marked() -> None:
    assert retention_of(NATIONAL, Holder.EMPLOYER, Outcome.FALSE, FACTS).unconfirmed


@pytest.mark.parametrize(
    "facts", [replace(FACTS, born=None), replace(FACTS, pension_age=None)], ids=["no birth", "no pension age"]
)
def test_a_missing_fact_keeps_the_record(facts: Facts) -> None:
    kept = retention_of(NATIONAL, Holder.EMPLOYER, Outcome.SUBSTANTIATED, facts)
    assert (kept.action, kept.due) == (Action.KEEP, None)
    assert "not recorded" in kept.reason
    assert "not before 4 March 2036" in kept.reason


def test_an_edition_without_a_rule_keeps_the_record_and_says_so() -> None:
    kept = retention_of(NATIONAL, Holder.OFFICER, Outcome.SUBSTANTIATED, FACTS)
    assert kept.action is Action.KEEP
    assert "in the national rules of 2020: choose local rules" in kept.reason


def test_an_open_case_is_kept() -> None:
    assert (
        retention_of(NORTH_WEST, Holder.OFFICER, Outcome.UNFOUNDED, replace(FACTS, closed_on=None)).due
        is None
    )


def test_somebody_born_on_29_february_is_67_on_1_march() -> None:
    assert birthday(date(1988, 2, 29), 67) == date(2055, 3, 1)


@pytest.mark.parametrize(
    ("opened", "months", "last"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-01-31", 3, "2026-04-30"),
        ("2024-02-29", 12, "2025-02-28"),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last_there_is(opened: str, months: int, last: str) -> None:
    assert months_after(date.fromisoformat(opened), months) == date.fromisoformat(last)


def test_closed_on_1_march_is_more_than_a_month_after_31_january() -> None:
    assert within_months(date(2026, 1, 31), date(2026, 2, 28), 1)
    assert not within_months(date(2026, 1, 31), date(2026, 3, 1), 1)


@given(
    st.dates(date(1930, 1, 1), date(2008, 12, 31)),
    st.integers(60, 70),
    st.dates(date(2010, 1, 1), date(2030, 1, 1)),
)
def test_the_later_of_the_two_days_is_always_kept(born: date, age: int, allegation: date) -> None:
    facts = Facts(allegation, allegation, born, age)
    due = retention_of(NATIONAL, Holder.EMPLOYER, Outcome.SUBSTANTIATED, facts).due
    assert due == max(birthday(born, age), months_after(allegation, 120))
