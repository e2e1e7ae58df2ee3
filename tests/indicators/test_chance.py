"""The sentence that stands beside every flag."""

from __future__ import annotations

import random

from redway.indicators.chance import any_of, one_in, successive_moves, two_falls


def test_two_successive_falls_happen_to_one_stable_school_in_six() -> None:
    assert successive_moves(2).words == "1 in 6 stable schools does this"


def test_one_in_six_is_what_a_simulation_gives() -> None:
    source = random.Random(7)
    falls = 0
    for _ in range(60_000):
        first, second, third = source.random(), source.random(), source.random()
        falls += first > second > third
    assert abs(falls / 60_000 - successive_moves(2).probability) < 0.005


def test_two_falls_inside_the_interval_are_no_flag() -> None:
    said = two_falls([66, 64, 61], [58, 56, 53], [74, 72, 69])
    assert said == "Two falls in a row, inside the range chance gives: 1 in 6 stable schools does this."


def test_two_falls_beyond_the_interval_say_so_and_a_rise_says_nothing() -> None:
    said = two_falls([66, 60, 50], [58, 52, 42], [74, 68, 58])
    assert said is not None
    assert "outside the range" in said
    assert two_falls([60, 62, 61], [50, 50, 50], [70, 70, 70]) is None


def test_nineteen_five_per_cent_rules_flag_most_healthy_schools() -> None:
    assert any_of(1, 19, 0.05).probability > 0.62
    assert "about 6 of 117" in any_of(9, 117, 0.05).words


def test_odds_in_words() -> None:
    assert one_in(0.001) == "1 in 1,000"
    assert one_in(0.62) == "62% of the time"
