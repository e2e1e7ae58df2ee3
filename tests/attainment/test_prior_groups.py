"""Groups of like prior attainment: the nation's, somebody's, one's own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.attainment.prior_groups import (
    FEWEST_IN_A_GROUP,
    OUTSIDE,
    PriorGroups,
    UnfitGroups,
    groups_from,
    lowest_scores,
    own_groups,
)
from redway.core.errors import NotEnoughData

scores = st.lists(st.sampled_from([80.0, 95.5, 100.0, 100.5, 104.0, 110.5, 120.0]), min_size=40, max_size=200)


def groups(lowest: list[float], highest: list[float], mean: list[float]) -> PriorGroups:
    return PriorGroups(np.array(lowest), np.array(highest), np.array(mean), "a table")


def test_a_pupil_is_placed_by_prior_attainment_ends_included() -> None:
    table = groups([59, 82.5], [82, 86], [16, 17])
    assert table.place(np.array([59, 82, 82.5, 86])).tolist() == [0, 0, 1, 1]


def test_outside_between_and_missing_are_in_no_group() -> None:
    table = groups([59, 82.5], [82, 86], [16, 17])
    assert table.place(np.array([58.5, 82.2, 86.5, np.nan])).tolist() == [OUTSIDE] * 4


@pytest.mark.parametrize(
    ("lowest", "highest", "mean", "why"),
    [
        ([1, 2], [2, 3], [5, 6], "Groups 1 and 2 of a table overlap"),
        ([1, 3], [2, 2.5], [5, 6], "Group 2 of a table ends before it begins"),
        ([1, np.nan], [2, 3], [5, 6], "Group 2 of a table has no lowest value"),
        ([1, 3], [2, 4], [5, np.nan], "Group 2 of a table has no mean value"),
        ([1], [2, 4], [5, 6], "not whole"),
    ],
)
def test_an_unfit_table_is_refused(
    lowest: list[float], highest: list[float], mean: list[float], why: str
) -> None:
    with pytest.raises(UnfitGroups, match=why):
        groups(lowest, highest, mean)


def test_rows_of_a_supplied_table_are_put_in_order() -> None:
    table = groups_from({"prior_attainment": np.array([2.0, 1.0]), "mean": np.array([5.0, 4.0])}, "ours", 10)
    assert table.lowest.tolist() == [1, 2]
    assert table.mean.tolist() == [40, 50]


def test_a_supplied_table_needs_averages() -> None:
    with pytest.raises(UnfitGroups, match="ours lacks"):
        groups_from({"lowest": np.array([1.0])}, "ours")


def test_own_groups_are_means_of_the_pupils() -> None:
    prior = np.repeat([100.0, 110.0], FEWEST_IN_A_GROUP)
    outcome = np.concatenate([np.full(FEWEST_IN_A_GROUP, 40.0), np.full(FEWEST_IN_A_GROUP, 60.0)])
    found = own_groups(prior, outcome, most=34)
    assert found.own
    assert found.mean.tolist() == [40, 60]


def test_too_few_pupils_for_an_own_comparison() -> None:
    with pytest.raises(NotEnoughData, match="Only 29 pupils"):
        own_groups(np.full(29, 100.0), np.full(29, 40.0), most=34)


@given(scores, st.integers(1, 34))
def test_every_pupil_is_in_an_own_group_and_no_group_is_small(prior: list[float], most: int) -> None:
    values = np.array(prior)
    found = own_groups(values, values, most)
    sizes = np.bincount(found.place(values), minlength=len(found.mean))
    assert sizes.sum() == len(prior)
    assert sizes.min() >= FEWEST_IN_A_GROUP
    assert len(sizes) <= most


def test_lowest_scores_are_as_many_deviations_below_in_every_group() -> None:
    """Two groups of normal scores, one twice as wide: one in a hundred lies under the lowest of each."""
    rng = np.random.default_rng(1)
    group = np.repeat([0, 1], 20_000)
    score = rng.normal(0, 1, 40_000) * (1 + group)
    found = lowest_scores(score, group, 2, 0.01)
    assert found[1] / found[0] == pytest.approx(2, rel=0.03)
    assert (score < found[group]).mean() == pytest.approx(0.01, abs=0.001)
    assert found[0] == pytest.approx(-2.326, abs=0.06)
