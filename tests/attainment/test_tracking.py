"""Pupils followed term by term: the path, the chance, the standing; nobody is dropped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from redway.attainment.target_groups import Layer, target_group
from redway.attainment.tracking import (
    PATH_SCHEMA,
    Movement,
    NoSuchTerm,
    Reason,
    Standing,
    Term,
    Tracked,
    TrackingError,
    chance_to_reach,
    terms_left,
    track,
)
from redway.attainment.tracking_rule import TrackingRule, rule_for, subjects_known
from redway.core.errors import NotFound

TODAY = date(2026, 11, 24)
RULE = TrackingRule("maths", 1.0, 2.5, 0.0, 0.25, 0.75, 0.25, 0.50, 0.10, "scaled score points", True)
"""A pupil comes a point nearer each term; an assessment is 2.5 points off, give or take."""


def follow(*given: tuple[Any, ...], rule: TrackingRule = RULE, estimate: float | None = 104.0) -> Tracked:
    """Follow one pupil assessed like (year, year group, term, assessment)."""
    rows = [("a", year, group, term, "maths", value) for year, group, term, value in given]
    return track(pl.DataFrame({"pupil": ["a"]}), assessed(rows), estimated([("a", estimate, 5.0)]), rule)


def assessed(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    names = ["pupil", "year", "year_group", "term", "subject", "assessment"]
    kinds = [pl.String, pl.String, pl.Int64, pl.String, pl.String, pl.Float64]
    return pl.DataFrame(rows, schema=dict(zip(names, kinds, strict=True)), orient="row")


def estimated(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    schema = {"pupil": pl.String, "estimate": pl.Float64, "spread": pl.Float64, "why": pl.String}
    return pl.DataFrame([(*row, None)[:4] for row in rows], schema=schema, orient="row")


def one(tracked: Tracked) -> dict[str, Any]:
    (row,) = tracked.pupils.to_dicts()
    return row


@pytest.mark.parametrize(
    ("subject", "year_group", "term", "left"),
    [
        ("maths", 6, "summer", 0),
        ("maths", 6, "autumn", 2),
        ("maths", 5, "summer", 3),
        ("maths_points", 11, "spring", 1),
        ("maths_points", 7, "autumn", 14),
    ],
)
def test_terms_that_are_left(subject: str, year_group: int, term: str, left: int) -> None:
    frame = pl.DataFrame({"g": [year_group], "t": [term]})
    rule = rule_for(subject, TODAY)
    assert frame.select(terms_left(rule, pl.col("g"), pl.col("t"))).item() == left


def test_the_path_leads_to_the_estimate_in_equal_steps() -> None:
    path = follow(
        ("2025-26", 5, "summer", 101), ("2026-27", 6, "autumn", 102), ("2026-27", 6, "summer", 104)
    ).path
    assert path["terms_left"].to_list() == [3, 2, 0]
    assert path["expected"].to_list() == [101, 102, 104]
    assert path["distance"].to_list() == [0, 0, 0]
    assert path["chance"].to_list() == [0.5, 0.5, 0.5]


def test_the_chance_allows_for_the_doubt_in_an_assessment() -> None:
    row = one(follow(("2026-27", 6, "autumn", 104.5)))
    assert row["chance"] == pytest.approx(norm.cdf(2.5 / 2.5))
    assert row["standing"] == Standing.EXCEEDING


def test_and_for_what_may_happen_in_the_terms_that_are_left() -> None:
    drifting = replace(RULE, drift=2.5)
    row = one(follow(("2026-27", 6, "spring", 105.5), rule=drifting))
    assert row["chance"] == pytest.approx(norm.cdf(2.5 / (2.5 * 2**0.5)))


@pytest.mark.parametrize(
    ("assessment", "standing"),
    [(100, Standing.AT_RISK), (101, Standing.ON_TRACK), (102, Standing.ON_TRACK), (104, Standing.EXCEEDING)],
)
def test_the_standing_follows_from_the_chance(assessment: float, standing: Standing) -> None:
    """Path 102; a quarter of the chance lies 1.69 points (0.674 of 2.5) below it, as much above."""
    assert one(follow(("2026-27", 6, "autumn", assessment)))["standing"] == standing


def test_the_standing_of_the_term_before_is_beside_it() -> None:
    row = one(follow(("2026-27", 6, "autumn", 98), ("2026-27", 6, "spring", 103)))
    assert (row["earlier_standing"], row["standing"], row["movement"]) == ("at risk", "on track", Movement.UP)
    alone = one(follow(("2026-27", 6, "spring", 103)))
    assert (alone["earlier_standing"], alone["movement"]) == (None, None)


@pytest.mark.parametrize(
    ("before", "now", "movement"),
    [(103, 98, Movement.DOWN), (103, 103.5, Movement.SAME), (98, 99, Movement.SAME), (103, 108, Movement.UP)],
)
def test_how_a_standing_has_moved(before: float, now: float, movement: Movement) -> None:
    row = one(follow(("2026-27", 6, "autumn", before), ("2026-27", 6, "spring", now)))
    assert row["movement"] == movement


def test_one_term_is_looked_at_and_whoever_was_not_assessed_in_it_is_listed() -> None:
    pupils = pl.DataFrame({"pupil": ["a", "b"]})
    rows = [
        ("a", "2026-27", 6, "autumn", "maths", 102.0),
        ("a", "2026-27", 6, "spring", "maths", 103.0),
        ("b", "2026-27", 6, "autumn", "maths", 97.0),
    ]
    known = estimated([("a", 104.0, 5.0), ("b", 104.0, 5.0)])
    spring = track(pupils, assessed(rows), known, RULE)
    assert spring.at == Term("2026-27", 1)
    assert [term.label for term in spring.terms] == ["Autumn 2026-27", "Spring 2026-27"]
    assert dict(spring.missing().select("pupil", "reason").iter_rows()) == {"b": Reason.NOT_THIS_TERM}
    assert spring.missing()["earlier_standing"].to_list() == ["at risk"]
    autumn = track(pupils, assessed(rows), known, RULE, Term("2026-27", 0))
    assert autumn.pupils["standing"].to_list() == ["on track", "at risk"]
    assert autumn.path.height == 2


def test_a_term_in_which_nobody_was_assessed_lists_those_there_were() -> None:
    pupils, rows = pl.DataFrame({"pupil": ["a"]}), [("a", "2026-27", 6, "autumn", "maths", 102.0)]
    with pytest.raises(NoSuchTerm, match=r"summer 2026-27.*2026-27-autumn"):
        track(pupils, assessed(rows), estimated([("a", 104.0, 5.0)]), RULE, Term("2026-27", 2))


def test_terms_of_several_years_are_in_the_order_of_time() -> None:
    path = follow(("2026-27", 6, "autumn", 102), ("2025-26", 5, "summer", 101), ("2025-26", 5, "autumn", 99))
    assert path.path["terms_left"].to_list() == [5, 3, 2]
    assert path.at == Term("2026-27", 0)


def test_an_assessment_from_beyond_the_key_stage_is_told_and_not_followed() -> None:
    row = one(follow(("2026-27", 7, "autumn", 104)))
    assert (row["standing"], row["reason"]) == (Standing.NOT_KNOWN, Reason.UNPLACED)


def test_why_there_is_no_estimate_is_told_in_the_words_that_came_with_it() -> None:
    why = "no estimate: prior attainment is not held"
    known = estimated([("a", None, None, why)])
    tracked = track(pl.DataFrame({"pupil": ["a"]}), assessed([]), known, RULE)
    assert tracked.missing()["reason"].to_list() == [why]


def test_the_pupils_of_one_school_keep_their_standings() -> None:
    pupils = pl.DataFrame({"pupil": ["a", "b"], "school": ["1", "2"]})
    rows = [(name, "2026-27", 6, "autumn", "maths", 102.0) for name in "ab"]
    whole = track(pupils, assessed(rows), estimated([("a", 104.0, 5.0), ("b", 90.0, 5.0)]), RULE)
    part = whole.of(pl.col("school") == "2")
    assert part.pupils.to_dicts() == whole.pupils.filter(pl.col("pupil") == "b").to_dicts()
    assert part.path["pupil"].to_list() == ["b"]


def test_the_chance_to_reach_a_result_counts_from_half_a_step_below_it() -> None:
    assert chance_to_reach(100, 97.5, 2, RULE) == pytest.approx(0.5)
    assert chance_to_reach(100, 99.5 - 2 + 2.5, 2, RULE) == pytest.approx(norm.cdf(1))
    assert chance_to_reach(10, 9.0, 0, RULE, step=2) == pytest.approx(0.5)


def test_the_range_of_an_estimate_holds_95_of_100_such_pupils() -> None:
    row = one(follow(("2026-27", 6, "spring", 103)))
    assert (row["estimate_low"], row["estimate_high"]) == (
        pytest.approx(104 - 1.96 * 5, abs=0.001),
        pytest.approx(104 + 1.96 * 5, abs=0.001),
    )


def test_a_pupil_without_an_estimate_or_an_assessment_is_listed_with_the_reason() -> None:
    pupils = pl.DataFrame({"pupil": ["a", "b", "c"]})
    tracked = track(
        pupils,
        assessed(
            [("a", "2026-27", 6, "autumn", "maths", 102.0), ("b", "2026-27", 6, "autumn", "maths", 99.0)]
        ),
        estimated([("a", 104.0, 5.0), ("b", None, None), ("c", 100.0, 5.0)]),
        RULE,
    )
    missing = dict(tracked.missing().select("pupil", "reason").iter_rows())
    assert missing == {"b": Reason.NO_ESTIMATE, "c": Reason.NO_ASSESSMENT}
    assert tracked.counts()[Standing.NOT_KNOWN] == 2


def test_a_blank_assessment_and_another_subject_are_none() -> None:
    tracked = track(
        pl.DataFrame({"pupil": ["a"]}),
        assessed(
            [("a", "2026-27", 6, "autumn", "maths", None), ("a", "2026-27", 6, "autumn", "reading", 110.0)]
        ),
        estimated([("a", 104.0, 5.0)]),
        RULE,
    )
    assert one(tracked)["reason"] == Reason.NO_ASSESSMENT


def test_assessments_of_nobody_in_the_cohort_are_passed_over() -> None:
    rows = [("z", "2026-27", 6, "autumn", "maths", 100.0)]
    tracked = track(pl.DataFrame({"pupil": ["a"]}), assessed(rows), estimated([]), RULE)
    assert tracked.path.is_empty()
    assert dict(tracked.path.schema) == PATH_SCHEMA


def test_a_pupil_who_stands_twice_and_an_unknown_term_are_refused() -> None:
    twice = pl.DataFrame({"pupil": ["a", "a"]})
    with pytest.raises(TrackingError, match="1 pupil stands twice"):
        track(twice, assessed([]), estimated([]), RULE)
    with pytest.raises(TrackingError, match="'easter' is no term"):
        follow(("2026-27", 6, "easter", 100))
    with pytest.raises(TrackingError, match=r"1 pupil has two assessments.*Autumn 2026-27"):
        follow(("2026-27", 6, "autumn", 100), ("2026-27", 6, "autumn", 101))


def test_a_target_group_is_layered_by_the_chance_and_nearest_first() -> None:
    pupils = pl.DataFrame({"pupil": list("abcde")})
    values = {"a": 101.9, "b": 101.0, "c": 99.5, "d": 95.0, "e": 104.0}
    rows = [(name, "2026-27", 6, "autumn", "maths", value) for name, value in values.items()]
    known = estimated([(name, 104.0, 5.0) for name in values])
    group = target_group(track(pupils, assessed(rows), known, RULE))
    assert list(group.select("pupil", "layer").iter_rows()) == [
        ("a", Layer.MUST),
        ("b", Layer.MUST),
        ("c", Layer.SHOULD),
        ("d", Layer.COULD),
    ]


@pytest.mark.parametrize("subject", subjects_known())
def test_every_rule_can_be_read_and_is_not_confirmed(subject: str) -> None:
    rule = rule_for(subject, TODAY)
    assert rule.unconfirmed
    assert 0 < rule.at_risk_below < rule.exceeding_above < 1
    assert rule.should_from < rule.must_from < rule.must_below


def test_a_subject_without_a_rule_lists_those_there_are() -> None:
    with pytest.raises(NotFound, match=r"follow 'science'.*attainment8"):
        rule_for("science", TODAY)


cohorts = st.lists(
    st.tuples(
        st.none() | st.floats(80, 120),
        st.lists(
            st.tuples(st.sampled_from(["autumn", "spring", "summer"]), st.none() | st.floats(60, 120)),
            max_size=3,
        ),
    ),
    max_size=12,
)


@given(cohorts)
def test_every_pupil_has_exactly_one_standing(cohort: list[Any]) -> None:
    pupils = pl.DataFrame({"pupil": [f"p{at}" for at in range(len(cohort))]}, schema={"pupil": pl.String})
    rows = [
        (f"p{at}", "2026-27", 6, term, "maths", value)
        for at, (_, given) in enumerate(cohort)
        for term, value in dict(given).items()
    ]
    known = estimated([(f"p{at}", estimate, 5.0) for at, (estimate, _) in enumerate(cohort)])
    tracked = track(pupils, assessed(rows), known, RULE)
    assert tracked.pupils["pupil"].to_list() == pupils["pupil"].to_list()
    assert sum(tracked.counts().values()) == len(cohort)
    unknown = tracked.missing()
    assert (unknown["reason"] != "").all()
    assert tracked.pupils.filter(pl.col("reason") == "")["chance"].is_not_null().all()
    assert target_group(tracked).height <= len(cohort) - unknown.height


def test_of_pupils_who_end_about_their_estimates_a_third_is_at_risk_and_a_third_exceeding() -> None:
    """Half of all pupils end below an average: with ends 5 points about it and a doubt of 2.5, the share
    beyond 0.674 * 2.5 points on a normal curve of variance 5**2 + 2.5**2 lies on either side.
    """
    rng = np.random.default_rng(826)
    names = [f"p{at}" for at in range(4000)]
    working = 102 + rng.normal(0, 5, len(names)) + rng.normal(0, 2.5, len(names))
    rows = [
        (name, "2026-27", 6, "autumn", "maths", value) for name, value in zip(names, working, strict=True)
    ]
    known = estimated([(name, 104.0, 5.0) for name in names])
    counts = track(pl.DataFrame({"pupil": names}), assessed(rows), known, RULE).counts()
    expected = norm.cdf(-norm.ppf(0.75) * 2.5 / (5**2 + 2.5**2) ** 0.5)
    for standing in (Standing.AT_RISK, Standing.EXCEEDING):
        assert counts[standing] / len(names) == pytest.approx(expected, abs=0.03)


@given(st.floats(80, 120), st.floats(80, 120), st.floats(0, 20))
def test_a_higher_assessment_never_lowers_the_chance(estimate: float, assessment: float, more: float) -> None:
    low, high = (
        one(follow(("2026-27", 6, "autumn", value), estimate=estimate))["chance"]
        for value in (assessment, assessment + more)
    )
    assert low <= high
