"""A review: what must be there before it is published, and how far it is recorded."""

from __future__ import annotations

import pytest

from redway.improvement.reviews import (
    Content,
    Finding,
    Focus,
    Recommendation,
    Recording,
    problems,
    recording,
    recording_words,
)

RATED = Focus(1, "Reading", "Green", "On course.")
UNRATED = Focus(2, "Maths")
WHOLE = Content([RATED], [1], [Finding(1, 1, frozenset({1}))], [Recommendation(1, frozenset({1}))])


def test_a_review_with_one_objective_unrated_is_partly_recorded_never_recorded() -> None:
    """Case 53."""
    assert recording([RATED, UNRATED]) is Recording.PARTLY
    assert recording_words([RATED, UNRATED]) == (
        "Partly recorded: 1 of 2 key foci is rated; not rated: Maths"
    )


@pytest.mark.parametrize(
    ("foci", "found"),
    [
        ([], Recording.NOTHING),
        ([UNRATED], Recording.NOTHING),
        ([RATED], Recording.RECORDED),
        # A rating without a reason is none.
        ([RATED, Focus(2, "Maths", "Green", " ")], Recording.PARTLY),
        ([RATED, Focus(2, "Maths", "Purple", "Because.")], Recording.PARTLY),
    ],
)
def test_how_far_a_review_is_recorded(foci: list[Focus], found: Recording) -> None:
    assert recording(foci) is found


def test_a_whole_review_may_be_published() -> None:
    assert problems(WHOLE) == ()


def test_everything_that_is_missing_is_named() -> None:
    broken = Content(
        [RATED, UNRATED], [1], [Finding(1, 1, frozenset({7}))], [Recommendation(1, frozenset({9}))]
    )
    assert problems(broken) == (
        "Key focus 2 has no finding.",
        "Finding 1 stands on no evidence.",
        "Recommendation 1 follows from no finding.",
    )
    assert problems(Content()) == ("It has no key focus: say what was looked at.",)
