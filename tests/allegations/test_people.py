"""Possible matches, patterns of low-level concerns, and which authority leads."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.allegations.cross_border import Transfer, TransferError, TransferState, answer, suggest_lead
from redway.allegations.low_level_concerns import Concern, patterns
from redway.allegations.same_person import Identity, possible_match

BORN = date(1985, 6, 10)


@pytest.mark.parametrize(
    ("other", "matches"),
    [
        (Identity(("Jo Example",), BORN), True),
        (Identity(("Jo Example",), BORN + timedelta(days=1)), True),
        (Identity(("Example, Jo",), date(1985, 10, 6)), True),
        (Identity(("J. Example",), BORN), True),
        (Identity(("Joanne Smith", "Jo Éxample"), BORN), True),
        (Identity(("Jo Example",), date(1985, 6, 20)), False),
        (Identity(("Sam Other",), BORN), False),
        (Identity(("Jo Example",)), True),
        (Identity(("J Example",)), False),
    ],
)
def test_who_might_be_the_same_person(other: Identity, matches: bool) -> None:
    assert bool(possible_match(Identity(("Jo Example",), BORN), other)) == matches


def test_a_match_says_why() -> None:
    match = possible_match(
        Identity(("Jo Example",), BORN), Identity(("Jo Example",), BORN + timedelta(days=1))
    )
    assert match is not None
    assert match.reasons == ("The names are the same.", "The dates of birth are one day apart.")


names = st.lists(st.text("abcdé -'", min_size=1, max_size=12), min_size=1, max_size=2).map(tuple)
identities = st.builds(Identity, names, st.none() | st.dates(date(1940, 1, 1), date(2005, 1, 1)))


@given(identities, identities)
def test_a_match_does_not_depend_on_who_is_asked_first(one: Identity, other: Identity) -> None:
    assert possible_match(one, other) == possible_match(other, one)


def concerns(*days: str, person: str = "p1", place: str = "school") -> list[Concern]:
    return [Concern(person, place, date.fromisoformat(day)) for day in days]


def test_three_concerns_about_one_person_in_a_year_are_a_pattern() -> None:
    held = concerns("2025-12-01", "2026-03-01", "2026-11-01")
    (found,) = patterns(held, date(2026, 11, 24), at_least=3, months=12)
    assert (found.about, found.key, found.concerns) == ("person", "p1", 3)
    assert patterns(held, date(2026, 12, 2), at_least=3, months=12) == ()


def test_concerns_about_three_people_of_one_place_are_a_pattern_of_the_place() -> None:
    held = [one for person in "abc" for one in concerns("2026-05-01", person=person)]
    (found,) = patterns(held, date(2026, 11, 24), at_least=3, months=12)
    assert (found.about, found.key, found.people) == ("place", "school", 3)


def test_several_concerns_about_one_person_are_no_pattern_of_the_place() -> None:
    held = concerns("2026-05-01", "2026-06-01", "2026-07-01")
    assert [one.about for one in patterns(held, date(2026, 11, 24), 3, 12)] == ["person"]


def test_the_area_where_somebody_works_leads_and_the_others_are_told() -> None:
    suggested = suggest_lead(works_in="826", lives_in="822", agency_in="928")
    assert (suggested.lead, suggested.informed) == ("826", ("928", "822"))
    assert suggest_lead(lives_in="822", agency_in="928").lead == "928"
    assert suggest_lead(works_in="826", lives_in="826").informed == ()
    with pytest.raises(TransferError, match="No area is known"):
        suggest_lead()


def test_a_hand_over_changes_the_lead_when_it_is_accepted() -> None:
    offered = Transfer("826", "822")
    assert offered.lead == "826"
    accepted = answer(offered, "822", TransferState.ACCEPTED)
    assert accepted.lead == "822"
    with pytest.raises(TransferError, match="accepted already"):
        answer(accepted, "822", TransferState.DECLINED, "Too late")


def test_only_the_right_side_answers_and_declining_has_a_reason() -> None:
    offered = Transfer("826", "822")
    with pytest.raises(TransferError, match="Only the authority"):
        answer(offered, "826", TransferState.ACCEPTED)
    with pytest.raises(TransferError, match="declined with a reason"):
        answer(offered, "822", TransferState.DECLINED)
    assert answer(offered, "822", TransferState.DECLINED, "Works here no longer").lead == "826"
    assert answer(offered, "826", TransferState.WITHDRAWN).lead == "826"
