"""Similar schools: by intake only, explained, frozen; missing is never filled in."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core.errors import NotEnoughData, ValuesError
from redway.indicators.similar import (
    School,
    SimilarSetError,
    Weights,
    change_of_set,
    distance,
    leaving_one_out,
    nearest,
    weights_on,
)

WEIGHTS = Weights(
    "pupils, free school meals and SEN",
    date(2025, 9, 1),
    {"pupils": 0.5, "free-school-meals": 0.4, "sen": 0.1},
    {"pupils": 1000, "free-school-meals": 60, "sen": 40},
)


def school(urn: str, pupils: float | None, meals: float | None, sen: float | None) -> School:
    return School(urn, "Primary", {"pupils": pupils, "free-school-meals": meals, "sen": sen})


def test_the_distance_of_the_published_form() -> None:
    found = distance(school("100001", 420, 18, 14), school("100002", 380, 22, 16), WEIGHTS)
    assert round(found.distance, 5) == 0.05318
    assert found.words == "distance on 3 of 3 variables"
    assert sum(found.parts.values()) == pytest.approx(1)
    assert max(found.parts, key=lambda name: found.parts[name]) == "free-school-meals"


def test_a_blank_is_left_out_and_said_and_never_taken_for_zero() -> None:
    found = distance(school("100001", 420, None, 14), school("100002", 380, 22, 16), WEIGHTS)
    assert found.words == "distance on 2 of 3 variables"
    assert round(found.distance, 5) != 0.19248
    assert "free-school-meals" not in found.parts
    # What is left is weighted up: a mean over the weight that could be used.
    assert found.distance == pytest.approx(((0.5 * 0.04**2 + 0.1 * 0.05**2) / 0.6) ** 0.5)


def test_with_less_than_half_of_the_weight_there_is_no_distance() -> None:
    with pytest.raises(NotEnoughData, match="only 1 of 3"):
        distance(school("100001", None, None, 14), school("100002", 380, 22, 16), WEIGHTS)


def test_results_and_inspections_may_not_be_weighed() -> None:
    for variable in ("ks4-attainment8", "inspection-grade", "overall-absence"):
        with pytest.raises(SimilarSetError, match="whom it serves"):
            Weights("bad", date(2025, 9, 1), {variable: 1.0}, {variable: 10})


def test_equal_schools_come_in_order_of_urn() -> None:
    others = [school(urn, 400, 20, 15) for urn in ("100009", "100003", "100007")]
    found = nearest(school("100001", 420, 18, 14), others, WEIGHTS, "2025-26")
    assert found.urns == ("100003", "100007", "100009")


def test_a_set_with_the_target_or_a_school_twice_is_refused() -> None:
    target = school("100001", 420, 18, 14)
    with pytest.raises(SimilarSetError, match="its own"):
        nearest(target, [target], WEIGHTS, "2025-26")
    with pytest.raises(SimilarSetError, match="100002 twice"):
        nearest(target, [school("100002", 1, 1, 1)] * 2, WEIGHTS, "2025-26")


def test_schools_of_another_phase_and_those_that_cannot_be_placed_are_kept_apart() -> None:
    others = [
        School("100002", "Secondary", {"pupils": 420, "free-school-meals": 18, "sen": 14}),
        school("100003", None, None, None),
        school("100004", 300, 30, 10),
    ]
    found = nearest(school("100001", 420, 18, 14), others, WEIGHTS, "2025-26")
    assert found.urns == ("100004",)
    assert found.not_placed == ("100003",)


def test_a_new_set_is_marked_as_a_break_and_the_old_one_stands() -> None:
    target = school("100001", 420, 18, 14)
    old = nearest(target, [school("100002", 410, 18, 14)], WEIGHTS, "2024-25")
    new = nearest(target, [school("100003", 415, 18, 14)], WEIGHTS, "2025-26")
    assert change_of_set(old, new).startswith("Break in 2025-26: 1 of 1 similar schools")
    assert change_of_set(old, old) == ""
    assert old.urns == ("100002",)


def test_leaving_each_school_out_moves_the_mean_by_what_it_pulled() -> None:
    moved = leaving_one_out({"100001": 60.0, "100002": 66.0, "100003": 90.0})
    assert moved["100003"] == pytest.approx(63 - 72)
    assert sum(moved.values()) == pytest.approx(0)


@given(st.lists(st.floats(0, 1000), min_size=6, max_size=6))
def test_distance_is_symmetric_and_zero_only_for_twins(numbers: list[float]) -> None:
    one, other = school("100001", *numbers[:3]), school("100002", *numbers[3:])
    there, back = distance(one, other, WEIGHTS), distance(other, one, WEIGHTS)
    assert there.distance == pytest.approx(back.distance)
    assert distance(one, school("100003", *numbers[:3]), WEIGHTS).distance == 0


def test_the_weights_of_the_day_are_those_of_the_benchmarking_tool() -> None:
    ranges = {"pupils-on-roll": 1000.0, "free-school-meals": 60.0, "sen-support": 40.0}
    found = weights_on(date(2026, 11, 24), ranges)
    assert dict(found.weights) == {"pupils-on-roll": 0.5, "free-school-meals": 0.4, "sen-support": 0.1}
    assert found.name == "Financial Benchmarking and Insights Tool, mainstream schools"


def test_before_the_first_weights_there_are_none() -> None:
    with pytest.raises(ValuesError):
        weights_on(date(2020, 1, 1), {})
