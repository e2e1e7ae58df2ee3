"""The ledger of targets: doubted or not met -> visit -> action -> outturn, and what may be said of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.improvement.ledger import Entry, Outcome, Walk, teaching
from redway.improvement.target_ledger import Reached, TargetEntry, Why, both_in_words, target_teaching

ENTRIES = st.builds(
    TargetEntry,
    key=st.just("t"),
    why=st.sampled_from(Why),
    reached=st.sampled_from(Reached),
    visits=st.integers(0, 2),
    actions=st.integers(0, 2),
    programmes=st.integers(0, 1),
)


def not_met(reached: Reached, **more: int) -> TargetEntry:
    return TargetEntry("t", Why.NOT_MET, reached, **more)


def test_helped_targets_stand_beside_those_nobody_helped() -> None:
    """3 of 12 is between 9% and 53% (case 31)."""
    taught = target_teaching(
        [
            *[not_met(Reached.MET, visits=1, actions=1)] * 3,
            *[not_met(Reached.NOT_MET, visits=1, actions=1)] * 9,
            *[not_met(Reached.MET)] * 5,
            *[not_met(Reached.NOT_MET)] * 5,
            not_met(Reached.NOT_KNOWN, visits=1),
        ]
    )
    assert taught.walk == Walk(alerts=23, visited=13, acted_on=12, known=22)
    helped, left = taught.shares[2:]
    assert helped.words == "3 of 12 (25%, between 9% and 53%)"
    assert (left.right, left.counted) == (5, 10)
    assert "no more of a difference than chance would do" in taught.sentences[1]
    assert "regression to the mean" in taught.sentences[-1]


def test_a_visit_is_a_look_and_not_help() -> None:
    taught = target_teaching([not_met(Reached.MET, visits=2)])
    assert (taught.walk.visited, taught.walk.acted_on) == (1, 0)


@pytest.mark.parametrize(
    ("met", "reached"), [(True, Reached.MET), (False, Reached.NOT_MET), (None, Reached.NOT_KNOWN)]
)
def test_what_is_not_known_is_not_a_target_missed(met: bool | None, reached: Reached) -> None:
    assert Reached.of(met) is reached


def test_alerts_and_targets_are_counted_together() -> None:
    helped = Entry("a", True, Outcome.IMPROVED, visits=1, programmes=1)
    alerts = teaching([helped, Entry("b", True, Outcome.HELD)])
    targets = target_teaching([not_met(Reached.MET, visits=1)])
    assert both_in_words(alerts.walk, targets.walk) == (
        "2 alerts and 1 target that were doubted or not met: 2 led to a visit, 1 to help; what came after is "
        "known for 3."
    )


def test_without_any_target_nothing_is_taught() -> None:
    assert target_teaching([]).sentences == ("No target has been doubted or not met.",)


@given(st.lists(ENTRIES, max_size=40))
def test_every_known_outturn_is_counted_once(entries: list[TargetEntry]) -> None:
    taught = target_teaching(entries)
    assert sum(share.counted for share in taught.shares) == taught.walk.known
    assert taught.sentences
