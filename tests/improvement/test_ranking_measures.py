"""Measures of a ranking against counting by hand and published figures."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core.errors import NotEnoughData
from redway.improvement.ranking_measures import (
    Ranking,
    auc_half_width,
    draws_of_schools,
    local_check,
    shuffled_aucs,
    visited,
    within_strata_auc,
)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=4, max_size=40).filter(
        lambda rows: 0 < sum(answer for _, answer in rows) < len(rows)
    )
)
def test_the_auc_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[int, bool]]) -> None:
    scores = np.array([float(score) for score, _ in rows])
    answers = np.array([answer for _, answer in rows])
    pairs = [
        1.0 if yes > no else 0.5 if yes == no else 0.0
        for yes, no in itertools.product(scores[answers], scores[~answers])
    ]
    assert Ranking(scores, answers).auc().value == pytest.approx(np.mean(pairs))


def test_a_tie_at_the_limit_is_shared_out() -> None:
    """Two of four schools are looked at, and of the three that tie for the second place one fell."""
    ranking = Ranking(np.array([3.0, 1, 1, 1]), np.array([True, True, False, False]))
    assert ranking.recall(0.5).value == pytest.approx((1 + 1 / 3) / 2)
    assert ranking.precision(0.5).value == pytest.approx((1 + 1 / 3) / 2)


def test_ranking_once_counts_as_many_pairs_as_ranking_each_order_of_the_answers() -> None:
    scores, answers = np.array([3.0, 1, 1, 1, 0, 2]), np.array([True, True, False, False, False, True])
    rng = np.random.default_rng(5)
    each = [Ranking(scores, rng.permutation(answers)).auc().value for _ in range(20)]
    assert shuffled_aucs(scores, answers, 20, seed=5) == pytest.approx(each)


def test_shuffled_answers_are_worth_nothing() -> None:
    """Acceptance case 27: two hundred shuffles of a national panel, mean 0.50 and spread about 0.018."""
    rng = np.random.default_rng(27)
    scores = rng.normal(0, 1, 18_000)
    answers = np.arange(18_000) < 260
    found = [Ranking(scores, rng.permutation(answers)).auc().value for _ in range(200)]
    assert np.mean(found) == pytest.approx(0.5, abs=0.03)
    assert np.std(found) == pytest.approx(0.018, abs=0.003)


def test_one_authority_cannot_judge_a_model() -> None:
    """Acceptance case 30: six events among 117 schools."""
    assert auc_half_width(6, 111) == pytest.approx(0.23, abs=0.005)
    assert auc_half_width(130, 2400) == pytest.approx(0.05, abs=0.005)
    assert auc_half_width(4, 1) == 0.5, "no AUC is further off than a half"
    assert local_check(6, 117) == (
        "6 schools of 117 fell: an AUC of these alone is uncertain by about 0.23 either way. "
        "One authority cannot validate the model."
    )


def test_each_authority_visits_its_own_highest() -> None:
    scores = np.array([5.0, 4, 3, 2, 1])
    places = np.array(["826", "826", "826", "211", "211"])
    assert visited(scores, places, 2).tolist() == [True, True, False, True, True]


def test_within_strata_a_score_that_only_knows_the_stratum_is_worth_nothing() -> None:
    strata = ["due"] * 4 + ["not due"] * 4
    scores = np.array([1.0] * 4 + [0.0] * 4)
    answers = np.array([True, True, True, False, True, False, False, False])
    assert Ranking(scores, answers).auc().value > 0.7
    assert within_strata_auc(scores, answers, strata) == 0.5


def test_intervals_are_the_same_for_the_same_seed() -> None:
    scores, answers = np.arange(50.0), np.arange(50) % 3 == 0
    one, two = (Ranking(scores, answers, draws_of_schools(50, seed=7)).auc() for _ in range(2))
    assert one == two
    assert one.lower < one.value < one.upper


def test_where_all_answers_are_alike_there_is_nothing_to_rank() -> None:
    with pytest.raises(NotEnoughData):
        Ranking(np.arange(3.0), np.zeros(3, dtype=bool))
