"""How often luck alone would do this: the sentence that stands beside every flag."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

from scipy.stats import binom


@dataclass(frozen=True)
class Chance:
    """A probability under 'nothing has changed', and how to say it."""

    probability: float
    words: str


def one_in(probability: float) -> str:
    """A probability as people say it.

    >>> one_in(1 / 6)
    '1 in 6'
    """
    if probability <= 0:
        return "never"
    if probability > 0.5:
        return f"{probability:.0%} of the time"
    return f"1 in {round(1 / probability):,}"


def successive_moves(moves: int) -> Chance:
    """How often a stable series falls (or rises) ``moves`` times running: 1 in (moves + 1) factorial.

    With no real change every order of the readings is equally likely and only one of them falls all the way.
    """
    probability = 1 / factorial(moves + 1)
    return Chance(probability, f"{one_in(probability)} stable schools does this")


def two_falls(values: list[float], lower: list[float], upper: list[float]) -> str | None:
    """What to say of the last three figures when they fall twice running; None when they do not.

    While the latest value still lies inside the interval of the first it is no flag, only a sentence.
    """
    if len(values) < 3 or not values[-3] > values[-2] > values[-1]:
        return None
    if lower[-3] <= values[-1] <= upper[-3]:
        return f"Two falls in a row, inside the range chance gives: {successive_moves(2).words}."
    return "Two falls in a row, and the latest figure lies outside the range of the first."


def any_of(flags: int, schools: int, false_alarm: float) -> Chance:
    """How likely luck alone is to give at least ``flags`` among ``schools`` tests at a false-alarm rate."""
    probability = float(binom.sf(flags - 1, schools, false_alarm))
    expected = schools * false_alarm
    return Chance(
        probability,
        f"chance alone would flag about {expected:.0f} of {schools}; this many or more {one_in(probability)}",
    )
