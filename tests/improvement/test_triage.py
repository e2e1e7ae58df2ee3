"""The officers' own list beside the system's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.improvement.triage import Side, TriageRefused, check_own_list, seal, side_by_side

KEYS = st.lists(st.integers(100000, 100040).map(str), unique=True, max_size=20)


def test_what_both_saw_and_what_only_one_side_saw() -> None:
    found = side_by_side(["1", "2", "9"], ["2", "3", "4"], {"1", "2", "3", "4"}, 30)
    assert (found.both, found.only_officers, found.only_system) == (("2",), ("1", "9"), ("3", "4"))
    assert found.without_score == ("9",)
    assert [found.side(one) for one in ("2", "9", "4")] == [Side.BOTH, Side.OFFICERS, Side.SYSTEM]
    assert found.sentence == (
        "1 school of the officers' 3 is also on the system's list; a list drawn by lot would share about 0.3."
    )


def test_twelve_of_117_drawn_by_lot_share_one_and_a_quarter() -> None:
    """Mean of the hypergeometric distribution: 12 * 12 / 117."""
    own, systems = [str(n) for n in range(12)], [str(n) for n in range(100, 112)]
    assert side_by_side(own, systems, set(), 117).by_luck == pytest.approx(1.2308, abs=1e-4)


@given(KEYS, KEYS)
def test_every_school_is_on_one_side_exactly(own: list[str], systems: list[str]) -> None:
    found = side_by_side(own, systems, set(systems), 41)
    parts = [*found.both, *found.only_officers, *found.only_system]
    assert sorted(parts) == sorted(set(own) | set(systems))


def test_lists_that_name_a_school_twice_or_none_are_refused() -> None:
    with pytest.raises(TriageRefused, match="names a school twice"):
        side_by_side(["1", "1"], [], set(), 3)
    with pytest.raises(TriageRefused, match="0 schools are on the list"):
        check_own_list([])
    with pytest.raises(TriageRefused, match="41 schools"):
        check_own_list([str(n) for n in range(41)])


def test_a_seal_changes_with_what_is_sealed() -> None:
    """SHA-256 of the text {"own":["1"]}, by another tool."""
    assert seal({"own": ["1"]}) == "a194751ac6a90f748fa1ac84e80136362e6ff8d3c8361731ecf1ec5c5751e3a5"
    assert seal({"own": ["1"]}) != seal({"own": ["2"]})
