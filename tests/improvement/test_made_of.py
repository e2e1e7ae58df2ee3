"""A score said as a walk from the chance before anything is known of the school to its own."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from redway.improvement.kept_scores import KeptContribution, KeptSchool
from redway.improvement.made_of import steps

ADDS = st.lists(st.floats(-3, 3), max_size=25)


def a_school(base: float, adds: list[float]) -> KeptSchool:
    figures = tuple(KeptContribution(f"figure {at}", "", "", one, None) for at, one in enumerate(adds))
    chance = float(expit(base + sum(adds)))
    return KeptSchool(
        *("1", "110532", "A school", "secondary", chance, chance / 2, chance, 1, 1, 1, 100, 1, "look first"),
        *("Good", date(2014, 7, 2), base, figures, ()),
    )


@pytest.mark.parametrize(
    ("adds", "said"),
    [
        # Odds of 1 to 24 made 50% longer, or 3 to 48, are 5.9%: ln 1.5 = 0.405465.
        (0.405465, "Raises the chance from 4.0% to 5.9%"),
        (-0.405465, "Lowers the chance from 4.0% to 2.7%"),
        (0.006, "Raises the chance of 4.0% by less than is shown"),
        (0.001, "Does not change the chance of 4.0%"),
    ],
)
def test_a_figure_says_the_chance_with_and_without_it(adds: float, said: str) -> None:
    four_in_a_hundred = -3.1780538  # ln(1/24)
    (step,) = steps(a_school(four_in_a_hundred, [adds]))
    assert step.words == said


def test_without_chances_a_figure_says_its_part() -> None:
    walk = steps(a_school(-3, [0.25, -0.75, 0.0]))
    assert [one.words_without_chances for one in walk] == [
        "Lowers the score; 75% of all that moves it",
        "Raises the score; 25% of all that moves it",
        "Does not change the score",
    ]


@pytest.mark.parametrize(
    ("value", "level", "beside"),
    [
        ("far above schools of like intake", "far above", "schools of like intake"),
        ("about the same as other schools of the phase", "about the same", "other schools of the phase"),
        ("Good, inspected in 2014", "Good, inspected in 2014", ""),
    ],
)
def test_a_value_is_told_apart_from_what_it_is_held_against(value: str, level: str, beside: str) -> None:
    assert KeptContribution("absence", "", value, 0.1, None).level_and_beside == (level, beside)


@given(st.floats(-6, 2), ADDS)
def test_the_walk_begins_at_the_base_goes_on_without_a_gap_and_ends_at_the_school(
    base: float, adds: list[float]
) -> None:
    school = a_school(base, adds)
    walk = steps(school)
    places = [float(expit(base)), *(one.after for one in walk)]
    assert [one.before for one in walk] == places[:-1]
    assert places[-1] == pytest.approx(school.chance)
    assert all((one.after - one.before) * one.figure.adds >= -1e-12 for one in walk), "each step its own way"
