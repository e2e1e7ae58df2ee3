"""Who opens an action again that was called complete by mistake: the owner alone, until somebody accepted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from redway.improvement.reopening import Acceptance

OWNER, MEMBER, DIRECTOR, ADVISER = 1, 2, 3, 4
ALL = frozenset({OWNER, MEMBER, DIRECTOR, ADVISER})


def test_nobody_has_to_agree_before_evidence_is_accepted() -> None:
    held = Acceptance(OWNER, frozenset(), ALL)
    assert not held.needs_agreement(OWNER)


def test_whoever_accepted_the_evidence_has_to_agree() -> None:
    held = Acceptance(OWNER, frozenset({MEMBER}), ALL)
    assert held.needs_agreement(OWNER)
    assert held.needs_agreement(DIRECTOR)
    assert held.may_agree(OWNER) == {MEMBER}


def test_whoever_accepted_agrees_by_asking() -> None:
    assert not Acceptance(OWNER, frozenset({MEMBER}), ALL).needs_agreement(MEMBER)


def test_where_they_have_left_somebody_else_agrees_but_neither_the_owner_nor_whoever_asks() -> None:
    held = Acceptance(OWNER, frozenset({MEMBER}), frozenset({OWNER, DIRECTOR, ADVISER}))
    assert held.may_agree(ADVISER) == {DIRECTOR}


def test_evidence_that_its_owner_accepted_binds_nobody() -> None:
    assert not Acceptance(OWNER, frozenset({OWNER}), ALL).needs_agreement(OWNER)


@given(
    accepted=st.frozensets(st.integers(1, 5)),
    may=st.frozensets(st.integers(1, 5)),
    asked_by=st.integers(1, 5),
)
def test_nobody_agrees_with_themselves(accepted: frozenset[int], may: frozenset[int], asked_by: int) -> None:
    held = Acceptance(OWNER, accepted, may)
    if held.needs_agreement(asked_by):
        assert asked_by not in held.may_agree(asked_by)
        assert OWNER not in held.may_agree(asked_by)
