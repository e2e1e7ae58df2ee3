"""Gaps between groups, with intervals from published examples."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from redway.attainment.group_gaps import (
    GROUPS,
    Gap,
    band_bounds,
    beside,
    chance_in_words,
    expected_by_chance,
    gaps,
    with_prior_band,
)


def cohort(on_track: int, of: int, others_on_track: int, of_others: int) -> pl.DataFrame:
    """Pupils of whom so many are on track, with and without free school meals."""
    standings = ["on track"] * on_track + ["at risk"] * (of - on_track)
    standings += ["exceeding"] * others_on_track + ["at risk"] * (of_others - others_on_track)
    return pl.DataFrame(
        {
            "free_school_meals": [True] * of + [False] * of_others,
            "standing": standings,
            "distance": [float(at % 7) for at in range(of + of_others)],
        }
    )


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        # Newcombe (1998), table II, method 10: examples a, b, c and e.
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((0, 10, 0, 20), -0.1611, 0.2775),
    ],
)
def test_the_gap_of_two_shares_as_newcombe_printed_it(
    counts: tuple[int, int, int, int], low: float, high: float
) -> None:
    (gap,) = gaps(cohort(*counts))
    assert gap.share_gap_low == pytest.approx(low, abs=5e-5)
    assert gap.share_gap_high == pytest.approx(high, abs=5e-5)


def test_the_gap_of_two_means_as_scipys_welch_test_gives_it() -> None:
    frame = cohort(5, 12, 20, 31)
    (gap,) = gaps(frame)
    inside, outside = (
        frame.filter(pl.col("free_school_meals") == yes)["distance"].to_numpy() for yes in (True, False)
    )
    expected = ttest_ind(inside, outside, equal_var=False).confidence_interval()
    assert (gap.distance_gap_low, gap.distance_gap_high) == pytest.approx((expected.low, expected.high))


def test_whether_a_gap_could_be_chance() -> None:
    (clear,) = gaps(cohort(56, 70, 48, 80))
    (unclear,) = gaps(cohort(5, 10, 6, 10))
    assert not clear.could_be_chance
    assert unclear.could_be_chance
    assert expected_by_chance([clear, unclear]) == pytest.approx(0.1)


def test_exceeding_counts_as_on_track_and_unknown_pupils_are_on_no_side() -> None:
    frame = pl.concat(
        [
            cohort(6, 8, 5, 9),
            pl.DataFrame({"free_school_meals": [True], "standing": ["not known"], "distance": [None]}).cast(
                {"distance": pl.Float64}
            ),
            pl.DataFrame({"free_school_meals": [None], "standing": ["on track"], "distance": [1.0]}).cast(
                {"free_school_meals": pl.Boolean}
            ),
        ]
    )
    (gap,) = gaps(frame)
    assert (gap.group.pupils, gap.group.on_track) == (8, 6)
    assert (gap.others.pupils, gap.others.on_track) == (9, 5)


def test_every_level_of_a_group_is_beside_all_others_and_yes_tells_no() -> None:
    frame = cohort(3, 6, 3, 6).with_columns(
        pl.Series("ethnicity", ["asian", "white", "black"] * 4), pl.Series("gender", ["F", "M"] * 6)
    )
    found = [(gap.column, gap.level) for gap in gaps(frame)]
    assert found == [
        ("gender", "F"),
        ("gender", "M"),
        ("free_school_meals", "true"),
        ("ethnicity", "asian"),
        ("ethnicity", "black"),
        ("ethnicity", "white"),
    ]


def test_a_group_of_one_kind_has_no_gap() -> None:
    assert gaps(cohort(3, 6, 3, 6).with_columns(pl.lit("F").alias("gender")), ["gender"]) == []


def test_prior_bands_are_thirds_and_unknown_stays_unknown() -> None:
    pupils = pl.DataFrame({"prior_attainment": [90.0, 95.0, 100.0, 105.0, 110.0, 115.0, None]})
    banded = with_prior_band(pupils, band_bounds(pupils["prior_attainment"]))
    assert banded["prior_band"].to_list() == ["low", "low", "middle", "middle", "high", "high", None]


def test_without_prior_attainment_there_are_no_bands() -> None:
    pupils = pl.DataFrame({"prior_attainment": [None, None]}, schema={"prior_attainment": pl.Float64})
    assert with_prior_band(pupils, band_bounds(pupils["prior_attainment"]))["prior_band"].null_count() == 2


sizes = st.integers(1, 40)


@given(st.data())
def test_the_gap_of_the_others_is_the_same_turned_round(data: st.DataObject) -> None:
    one, other = data.draw(sizes), data.draw(sizes)
    frame = cohort(data.draw(st.integers(0, one)), one, data.draw(st.integers(0, other)), other)
    (gap,) = gaps(frame)
    (turned,) = gaps(frame.with_columns(~pl.col("free_school_meals")))
    assert gap.share_gap == pytest.approx(-turned.share_gap)
    assert gap.share_gap_low == pytest.approx(-turned.share_gap_high)
    assert gap.share_gap_low - 1e-12 <= gap.share_gap <= gap.share_gap_high + 1e-12


def test_every_group_of_the_issue_is_named() -> None:
    assert set(GROUPS) == {
        "gender",
        "free_school_meals",
        "special_needs",
        "english_additional_language",
        "ethnicity",
        "in_care",
        "joined_late",
        "prior_band",
    }


def a_gap(*counts: int) -> Gap:
    (gap,) = gaps(cohort(*counts))
    return gap


def test_two_gaps_beside_one_another_and_how_sure_the_difference_is() -> None:
    """Of two gaps without any doubt in the second, the interval is that of the first, moved."""
    here, there = a_gap(56, 70, 48, 80), a_gap(10, 20, 10, 20)
    sure = replace(there, share_gap_low=there.share_gap, share_gap_high=there.share_gap)
    found = beside(here, sure)
    assert (found.low, found.high) == pytest.approx((here.share_gap_low, here.share_gap_high))
    assert not found.could_be_chance
    assert beside(here, there).low < found.low < found.high < beside(here, there).high


def test_the_difference_of_a_gap_from_itself_is_none_and_could_be_chance() -> None:
    gap = a_gap(5, 10, 6, 10)
    assert beside(gap, gap).difference == 0
    assert beside(gap, gap).could_be_chance


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "There is no gap to look at."),
        ([a_gap(5, 10, 6, 10)], "Of the one gap looked at, none are more than chance explains."),
        ([a_gap(56, 70, 48, 80)] * 2, "Of 2 gaps looked at, 2 are more than chance explains."),
        ([a_gap(5, 10, 6, 10)] * 60, "chance alone would make about 3 of them look so."),
    ],
)
def test_how_many_gaps_are_more_than_chance_explains(found: list[Gap], said: str) -> None:
    assert said in chance_in_words(found)
