"""The ledger: which alerts were worth it, and what may be said of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.improvement.ledger import Entry, Outcome, Verdict, look_alikes, teaching

FLAGS = st.builds(
    Entry,
    key=st.just("k"),
    flagged=st.booleans(),
    outcome=st.sampled_from(Outcome),
    visits=st.integers(0, 3),
    actions=st.integers(0, 3),
    programmes=st.integers(0, 1),
    like=st.just(""),
)


def flagged(outcome: Outcome, **more: int) -> Entry:
    return Entry("f", True, outcome, **more)


def alike(outcome: Outcome) -> Entry:
    return Entry("a", False, outcome, like="f")


def test_flagged_supported_and_improved_is_supported() -> None:
    """Case 37."""
    entry = flagged(Outcome.IMPROVED, visits=1, programmes=1)
    assert entry.verdict is Verdict.SUPPORTED


@pytest.mark.parametrize(
    ("entry", "verdict"),
    [
        (flagged(Outcome.DECLINED), Verdict.RIGHT),
        # A school that declined in spite of help was rightly flagged.
        (flagged(Outcome.DECLINED, programmes=1), Verdict.RIGHT),
        (flagged(Outcome.HELD), Verdict.FALSE),
        # A visit is a look, not help.
        (flagged(Outcome.IMPROVED, visits=2), Verdict.FALSE),
        (flagged(Outcome.HELD, visits=1, actions=1), Verdict.SUPPORTED),
        (flagged(Outcome.NOT_KNOWN, programmes=1), Verdict.OPEN),
        (alike(Outcome.DECLINED), Verdict.MISSED),
        (alike(Outcome.HELD), Verdict.QUIET),
    ],
)
def test_what_an_entry_says_of_its_alert(entry: Entry, verdict: Verdict) -> None:
    assert entry.verdict is verdict


def test_supported_schools_are_left_out_of_precision_and_shown_both_ways() -> None:
    """Case 37 in figures: 3 right, 9 false, 4 supported. Wilson for 3 of 12 is 9% to 53% (case 31)."""
    entries = [
        *[flagged(Outcome.DECLINED)] * 3,
        *[flagged(Outcome.HELD)] * 9,
        *[flagged(Outcome.IMPROVED, programmes=1)] * 4,
    ]
    taught = teaching(entries)
    assert taught.without_supported.words == "3 of 12 (25%, between 9% and 53%)"
    assert (taught.supported_right.right, taught.supported_right.counted) == (7, 16)
    assert (taught.supported_false.right, taught.supported_false.counted) == (3, 16)
    assert any("4 schools were flagged, supported and did not decline" in one for one in taught.sentences)


def test_flagged_schools_are_set_beside_unflagged_look_alikes() -> None:
    entries = [
        *[flagged(Outcome.IMPROVED, programmes=1)] * 6,
        *[flagged(Outcome.HELD)] * 4,
        *[alike(Outcome.IMPROVED)] * 5,
        *[alike(Outcome.HELD)] * 5,
    ]
    taught = teaching(entries)
    assert (taught.flagged_improved.right, taught.alike_improved.right) == (6, 5)
    assert any("no more of a difference than chance would do" in one for one in taught.sentences)


def test_a_difference_beyond_chance_is_called_one() -> None:
    entries = [*[flagged(Outcome.IMPROVED)] * 40, *[alike(Outcome.HELD)] * 40]
    assert any("more than chance would do" in one for one in teaching(entries).sentences)


def test_without_look_alikes_nothing_is_compared() -> None:
    taught = teaching([flagged(Outcome.IMPROVED)])
    assert any("too few known outcomes" in one for one in taught.sentences)


def test_regression_to_the_mean_is_always_said() -> None:
    assert any("regression to the mean" in one for one in teaching([]).sentences)
    assert teaching([]).without_supported.words == "Nothing to count yet"


@given(st.lists(FLAGS, max_size=40))
def test_precision_lies_between_the_two_ways_of_counting_the_supported(entries: list[Entry]) -> None:
    taught = teaching(entries)
    assert sum(taught.verdicts.values()) == len(entries)
    low, high = taught.supported_false.share, taught.supported_right.share
    middle = taught.without_supported.share
    if middle is not None and low is not None and high is not None:
        assert low <= middle <= high


def test_look_alikes_are_of_the_phase_and_nearest_in_chance() -> None:
    others = [("c", "Primary", 0.18), ("a", "Primary", 0.21), ("b", "Primary", 0.5), ("d", "Secondary", 0.2)]
    assert look_alikes(0.2, "Primary", others) == ("a", "c")
