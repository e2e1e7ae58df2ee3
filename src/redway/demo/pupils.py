"""Made-up pupils: who they are, what they had reached before, and what they reach. Pure and seeded.

Nobody in them exists. Shares of groups are roughly those of a mixed town; the ways in which groups differ are
constants of this file, so that a model can be held against them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Numbers = npt.NDArray[np.float64]

CHARACTERISTICS = (
    "gender",
    "ethnicity",
    "free_school_meals",
    "special_needs",
    "english_additional_language",
    "in_care",
    "joined_late",
    "month_of_birth",
    "deprivation",
)

_ETHNICITY = {"white": 0.56, "asian": 0.15, "black": 0.15, "mixed": 0.09, "chinese": 0.01, "other": 0.04}
_ANOTHER_LANGUAGE = {
    "white": 0.17,
    "asian": 0.66,
    "black": 0.40,
    "mixed": 0.20,
    "chinese": 0.70,
    "other": 0.70,
}

DIFFERENCES: Mapping[str, Mapping[str, float]] = {
    "attainment8": {
        "start": 47.5,
        "prior": 1.85,
        "prior squared": 0.012,
        "gender F": 3.5,
        "free_school_meals": -5.0,
        "special_needs support": -4.5,
        "special_needs plan": -8.0,
        "english_additional_language": 3.5,
        "ethnicity asian": 2.5,
        "ethnicity black": 1.0,
        "ethnicity chinese": 6.0,
        "ethnicity other": 1.5,
        "in_care": -7.0,
        "joined_late": -4.0,
        "month_of_birth": 0.1,
        "deprivation": -9.0,
        "spread": 10.5,
    },
    "reading": {
        "start": 105.0,
        "prior": 1.15,
        "prior squared": -0.02,
        "gender F": 0.8,
        "free_school_meals": -1.0,
        "special_needs support": -1.8,
        "special_needs plan": -3.0,
        "english_additional_language": 0.4,
        "ethnicity asian": 0.6,
        "in_care": -1.5,
        "joined_late": -0.8,
        "month_of_birth": 0.04,
        "deprivation": -2.5,
        "spread": 5.0,
    },
    "maths": {
        "start": 104.5,
        "prior": 1.15,
        "prior squared": -0.02,
        "gender F": -1.1,
        "free_school_meals": -1.0,
        "special_needs support": -1.8,
        "special_needs plan": -3.0,
        "english_additional_language": 1.3,
        "ethnicity asian": 1.0,
        "ethnicity chinese": 2.5,
        "in_care": -1.5,
        "joined_late": -0.8,
        "month_of_birth": 0.04,
        "deprivation": -2.5,
        "spread": 4.8,
    },
}
"""Outcome -> what each characteristic adds, in points, for the same prior attainment; spread of pupils."""

PRIOR = {"ks2": 16.0, "ks4": 104.5}
"""Key stage -> usual prior attainment: KS1 average points; KS2 average scaled score."""
_PRIOR_SPREAD = {"ks2": 3.4, "ks4": 6.2}
_PRIOR_RANGE = {"ks2": (3.0, 21.0), "ks4": (80.0, 120.0)}

_FORENAMES = """
Ada Ben Cleo Dan Elif Finn Gus Hana Ivo Jess Kofi Lena Max Nia Omar Pia Quin Rosa Sol Tess Uma Vik Wren Xan
Yara Zac Amir Bea Caz Dele Esme Faye Gil Hope Isa Joss Kit Lou Mina Ned
"""
_SURNAMES = """
Lantern Kettle Ladder Compass Saddle Anchor Whistle Harbour Thimble Satchel Trellis Pebble Marble Ribbon
Candle Hammock Beacon Paddock Windmill Sundial Signpost Turnstile Gatehouse Milestone Bandstand Footbridge
Hedgerow Lighthouse Boathouse Greenhouse Staircase Bookcase Doorbell Inkwell Teapot Umbrella Bobbin Cartwheel
Drawbridge Easel
"""
"""Things, not families: whoever meets one of these names sees that it is made up."""


def make_pupils(rng: np.random.Generator, groups: pl.DataFrame, key_stage: str, code: str) -> pl.DataFrame:
    """Pupils for each group (school, urn, pupils, intake): characteristics and prior attainment.

    ``code`` begins each pupil's key. Some have no prior attainment, most of them children who joined late.
    ``usual_prior`` is never empty: what the pupil had reached, whether or not it was recorded.
    """
    sizes = groups["pupils"].to_numpy()
    at = np.repeat(np.arange(groups.height), sizes)
    count = len(at)
    intake = groups["intake"].to_numpy()[at]
    deprivation = np.clip(intake + rng.normal(0, 0.06, count), 0.005, 0.75).round(3)
    ethnicity = rng.choice(list(_ETHNICITY), count, p=list(_ETHNICITY.values()))
    another = rng.random(count) < np.vectorize(_ANOTHER_LANGUAGE.__getitem__)(ethnicity)
    needs = rng.choice(["none", "support", "plan"], count, p=[0.81, 0.15, 0.04])
    late = rng.random(count) < 0.07
    meals = rng.random(count) < 1 / (1 + np.exp(2.9 - 9 * deprivation))
    prior = PRIOR[key_stage] + _PRIOR_SPREAD[key_stage] * (
        rng.standard_normal(count)
        - 2.2 * (deprivation - 0.17)
        - 0.25 * meals
        - 0.8 * (needs == "support")
        - 1.5 * (needs == "plan")
        + 0.25
    )
    low, high = _PRIOR_RANGE[key_stage]
    prior = (np.clip(prior, low, high) * 2).round() / 2
    unknown = rng.random(count) < np.where(late, 0.35, 0.03)
    return pl.DataFrame(
        {
            "pupil": [f"MADEUP-{code}-{number:05d}" for number in range(1, count + 1)],
            "school": groups["school"].gather(at),
            "urn": groups["urn"].gather(at),
            "gender": rng.choice(["F", "M"], count),
            "ethnicity": np.where(rng.random(count) < 0.015, "unknown", ethnicity),
            "free_school_meals": meals,
            "special_needs": needs,
            "english_additional_language": another,
            "in_care": rng.random(count) < 0.008,
            "joined_late": late,
            "month_of_birth": rng.integers(1, 13, count),
            "deprivation": pl.Series(deprivation).set(pl.Series(rng.random(count) < 0.004), None),
            "prior_attainment": pl.Series(prior).set(pl.Series(unknown), None),
            "usual_prior": prior,
        }
    )


def outcomes_of(
    rng: np.random.Generator, pupils: pl.DataFrame, outcome: str, effects: Mapping[str, float]
) -> Numbers:
    """What each pupil reaches: their starting point, what their characteristics add, what the school adds
    (``effects``: school -> points), and chance."""
    adds = DIFFERENCES[outcome]
    prior = pupils["usual_prior"].to_numpy()
    above = prior - PRIOR["ks4" if outcome == "attainment8" else "ks2"]
    level = adds["start"] + adds["prior"] * above + adds["prior squared"] * above**2
    for name, added in adds.items():
        column, _, value = name.partition(" ")
        if column in ("start", "prior", "spread"):
            continue
        cells = pupils[column].fill_null(0.17) if column == "deprivation" else pupils[column]
        level += added * (cells == value if value else cells).cast(pl.Float64).to_numpy()
    school = pupils["school"].replace_strict(effects, default=0.0, return_dtype=pl.Float64).to_numpy()
    reached: Numbers = level + school + rng.normal(0, adds["spread"], pupils.height)
    return reached


def names_of(rng: np.random.Generator, count: int) -> dict[str, Any]:
    """Forenames and surnames that nobody could take for a child's."""
    return {
        "forename": rng.choice(_FORENAMES.split(), count),
        "surname": rng.choice(_SURNAMES.split(), count),
    }
