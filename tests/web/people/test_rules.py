"""The permission table, read by the one rule. Examples of the domain, then what must always hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.web.people.roles import Role, ScopeKind
from redway.web.people.rules import ACTIONS, NOBODY, TABLE, Held, Holder, Record, decide, topics, visible

TODAY = date(2026, 11, 24)
OWN_SCHOOL = Record("school", "110532", authority="826", school="110532")
OTHER_SCHOOL = Record("school", "110517", authority="826", school="110517")
LEEDS = Record("authority", "383", authority="383")
MILTON_KEYNES = Record("authority", "826", authority="826")


def holder(role: Role, kind: ScopeKind = ScopeKind.AUTHORITY, key: str = "826", **days: date) -> Holder:
    return Holder(1, (Held(role, kind, key, days.get("first_day", date(2026, 1, 1)), days.get("last_day")),))


HEADTEACHER = holder(Role.HEADTEACHER, ScopeKind.SCHOOL, "110532")


def test_a_headteacher_sees_the_figures_of_their_own_school() -> None:
    decision = decide(HEADTEACHER, "school.figures", OWN_SCHOOL, TODAY)
    assert decision
    assert decision.role is Role.HEADTEACHER


def test_a_headteacher_does_not_see_another_school_nor_the_authority() -> None:
    assert not decide(HEADTEACHER, "school.view", OTHER_SCHOOL, TODAY)
    assert not decide(HEADTEACHER, "authority.view", MILTON_KEYNES, TODAY)
    assert not decide(HEADTEACHER, "measure.view", None, TODAY)


def test_a_refusal_says_why_in_words() -> None:
    decision = decide(HEADTEACHER, "dataset.upload", None, TODAY)
    assert decision.reason == "No role you hold lets you do this: upload a file."


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.DATA_OFFICER, Role.ADVISER])
def test_published_figures_of_every_school_and_neighbour_are_seen_by(role: Role) -> None:
    for action, record in [
        ("school.figures", OTHER_SCHOOL),
        ("authority.view", LEEDS),
        ("measure.view", None),
    ]:
        assert decide(holder(role), action, record, TODAY)


def test_a_finance_officer_sees_finance_figures_of_every_school_and_no_others() -> None:
    finance = Record("school", "110517", authority="826", school="110517", topic="finance")
    absence = Record("school", "110517", authority="826", school="110517", topic="absence")
    officer = holder(Role.FINANCE_OFFICER)
    assert decide(officer, "school.figures", finance, TODAY)
    assert not decide(officer, "school.figures", absence, TODAY)
    assert topics(officer, "school.figures", OTHER_SCHOOL, TODAY) == {"finance"}


def test_a_headteacher_who_is_also_finance_officer_sees_everything_of_one_school_only() -> None:
    both = Holder(1, HEADTEACHER.held + holder(Role.FINANCE_OFFICER).held)
    assert topics(both, "school.figures", OWN_SCHOOL, TODAY) is None
    assert topics(both, "school.figures", OTHER_SCHOOL, TODAY) == {"finance"}


def test_an_improvement_board_member_sees_their_own_authority_and_not_the_neighbour() -> None:
    member = holder(Role.BOARD_MEMBER)
    assert decide(member, "authority.view", MILTON_KEYNES, TODAY)
    assert not decide(member, "authority.view", LEEDS, TODAY)


def test_an_administrator_manages_people_of_their_authority_and_sees_no_figures() -> None:
    administrator = holder(Role.ADMINISTRATOR)
    assert decide(administrator, "people.manage", Record("person", "7", authority="826"), TODAY)
    assert not decide(administrator, "people.manage", Record("person", "8", authority="383"), TODAY)
    assert not decide(administrator, "school.figures", OWN_SCHOOL, TODAY)


@pytest.mark.parametrize(
    "role",
    [
        Role.LADO,
        Role.DEPUTY_LADO,
        Role.NAMED_SENIOR_MANAGER,
        Role.NAMED_SENIOR_OFFICER,
        Role.FORUM_MEMBER,
        Role.SOCIAL_CARE_MANAGER,
        Role.EARLY_HELP_WORKER,
    ],
)
def test_roles_that_work_with_cases_and_papers_are_given_no_school_data(role: Role) -> None:
    allowed = {action for action in ACTIONS if decide(holder(role), action, None, TODAY)}
    assert all(action.startswith(("allegation.", "forum.")) for action in allowed)


def test_a_case_is_open_to_those_named_on_it_whatever_their_scope() -> None:
    officer = holder(Role.LADO)
    case = Record("allegation", "k", authority="826")
    assert decide(officer, "allegation.view", None, TODAY)
    assert not decide(officer, "allegation.view", case, TODAY)
    assert decide(officer, "allegation.view", replace(case, named=frozenset({1})), TODAY)
    elsewhere = Record("allegation", "k", authority="383", named=frozenset({1}))
    assert decide(officer, "allegation.view", elsewhere, TODAY)


@given(st.sampled_from(sorted(ACTIONS)), st.sampled_from(Role))
def test_to_somebody_barred_a_record_does_not_exist(action: str, role: Role) -> None:
    record = Record("allegation", "k", "826", named=frozenset({1}), barred=frozenset({1}))
    assert not decide(holder(role), action, record, TODAY)


def test_first_and_last_day_of_a_role_are_inside_it() -> None:
    term = holder(Role.DIRECTOR, first_day=date(2026, 9, 1), last_day=date(2026, 12, 31))
    held = {
        day: bool(decide(term, "authority.view", MILTON_KEYNES, day))
        for day in [date(2026, 8, 31), date(2026, 9, 1), date(2026, 12, 31), date(2027, 1, 1)]
    }
    assert list(held.values()) == [False, True, True, False]


def test_a_token_never_does_more_than_it_is_good_for() -> None:
    narrow = Holder(1, holder(Role.DATA_OFFICER).held, limited_to=frozenset({"school.figures"}))
    assert decide(narrow, "school.figures", OWN_SCHOOL, TODAY)
    assert not decide(narrow, "dataset.upload", None, TODAY)
    assert visible(narrow, "authority.view", TODAY).nothing


def test_a_misspelt_action_fails_loudly() -> None:
    with pytest.raises(KeyError):
        decide(NOBODY, "school.veiw", None, TODAY)
    with pytest.raises(KeyError):
        visible(NOBODY, "school.veiw", TODAY)


def test_every_role_stands_in_the_table_and_every_action_in_it_exists() -> None:
    assert set(TABLE) == set(Role)
    assert {action for rules in TABLE.values() for action in rules} == set(ACTIONS)


KEYS = st.sampled_from(["826", "383", "110532", "110517", "school:110532"])
HELD = st.builds(
    Held,
    role=st.sampled_from(Role),
    scope_kind=st.sampled_from(ScopeKind),
    scope_key=KEYS,
    first_day=st.just(date(2026, 1, 1)),
    last_day=st.none() | st.just(TODAY) | st.just(TODAY - timedelta(days=1)),
)
RECORDS = st.builds(
    Record,
    kind=st.sampled_from(["school", "authority", "person"]),
    key=KEYS,
    authority=st.none() | st.sampled_from(["826", "383"]),
    school=st.none() | st.sampled_from(["110532", "110517"]),
    topic=st.none() | st.sampled_from(["finance", "absence"]),
)
HOLDERS = st.builds(Holder, number=st.integers(1, 2), held=st.lists(HELD, max_size=4).map(tuple))
SOME_ACTION = st.sampled_from(sorted(ACTIONS))


@given(SOME_ACTION, RECORDS)
def test_nobody_may_do_nothing(action: str, record: Record) -> None:
    assert not decide(NOBODY, action, record, TODAY)
    assert not decide(NOBODY, action, None, TODAY)


@given(HOLDERS, HELD, SOME_ACTION, RECORDS)
def test_one_more_role_never_takes_anything_away(
    some: Holder, more: Held, action: str, record: Record
) -> None:
    if decide(some, action, record, TODAY):
        assert decide(Holder(some.number, (*some.held, more)), action, record, TODAY)


@given(HOLDERS, SOME_ACTION, RECORDS)
def test_whoever_may_do_it_to_a_record_may_open_the_list_of_such_records(
    some: Holder, action: str, record: Record
) -> None:
    if decide(some, action, record, TODAY):
        assert decide(some, action, None, TODAY)


@given(HOLDERS, SOME_ACTION, RECORDS)
def test_a_list_never_shows_a_place_whose_record_is_refused(
    some: Holder, action: str, record: Record
) -> None:
    seen = visible(some, action, TODAY)
    in_list = seen.everywhere or record.authority in seen.authorities or record.school in seen.schools
    without_topics = topics(some, action, record, TODAY) is None
    if in_list and without_topics:
        assert decide(some, action, record, TODAY)


@given(HOLDERS, SOME_ACTION, RECORDS)
def test_a_role_that_has_ended_gives_nothing(some: Holder, action: str, record: Record) -> None:
    later = Holder(
        some.number,
        tuple(
            Held(h.role, h.scope_kind, h.scope_key, h.first_day, TODAY - timedelta(days=1)) for h in some.held
        ),
    )
    assert not decide(later, action, record, TODAY)
