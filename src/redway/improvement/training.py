"""Training in time: only windows that had closed, with their reports public, before the decision date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from redway.core.errors import NotEnoughData
from redway.core.words import counted
from redway.improvement.additive_model import AdditiveModel, fit_additive
from redway.improvement.design import Design, Recipe, design, school_year
from redway.improvement.errors import ResampledBeforeSplit, SameSchoolTwice
from redway.improvement.questions import Question
from redway.improvement.terms import Window, closed_before, refuse_open, terms_between

MAPPING = "below-good-2005-2024"


@dataclass(frozen=True)
class Settings:
    """What is chosen on earlier dates and then kept.

    ``strength`` of the penalty; ``half_life`` in years, after which a window counts half; ``look_back``, the
    school years before the decision that are used at all.
    """

    strength: float = 10.0
    half_life: float = 1.0
    look_back: int = 4


@dataclass(frozen=True)
class TrainingRows:
    """Rows of closed windows with their answers, each row one school in one term."""

    frames: tuple[tuple[pl.DataFrame, Window], ...]
    question: Question

    @property
    def schools(self) -> pl.Series:
        return pl.concat([frame["school"] for frame, _ in self.frames])

    @property
    def answers(self) -> NDArray[np.bool_]:
        return np.concatenate([answers_of(frame, self.question) for frame, _ in self.frames])


def answers_of(rows: pl.DataFrame, question: Question) -> NDArray[np.bool_]:
    """The answers of rows that have outcomes."""
    name = "inspected" if question is Question.INSPECTED else "fell"
    answers: NDArray[np.bool_] = rows[name].to_numpy().astype(bool)
    return answers


def asked(rows: pl.DataFrame, question: Question) -> pl.DataFrame:
    """Of rows with outcomes those of which the question is asked and the answer known."""
    known = rows.filter(pl.col("inspected").is_not_null())
    return known.filter("inspected") if question is Question.FELL_IF_INSPECTED else known


def windows_before(decision: date, settings: Settings) -> tuple[Window, ...]:
    """The terms to train on for a decision date."""
    first = date(school_year(decision) - settings.look_back, 9, 1)
    return closed_before(terms_between(first, decision), decision)


def training_rows(
    question: Question,
    windows: Sequence[Window],
    decision: date,
    outcomes_of: Callable[[date, Window], pl.DataFrame],
) -> TrainingRows:
    """Rows and answers of the windows.

    ``outcomes_of`` gives the rows of a date with what happened in a window.

    Raises Hindsight when a window had not closed by the decision date, NotEnoughData when there are no rows
    for any of them.
    """
    refuse_open(windows, decision)
    frames = []
    for window in windows:
        known = asked(outcomes_of(window.start, window), question)
        if known.height:
            frames.append((known, window))
    if not frames:
        raise NotEnoughData(
            f"No term that closed before {decision} has rows in the panel.",
            "Build the panel with the starts of earlier terms too.",
        )
    return TrainingRows(tuple(frames), question)


def refuse_resampled(rows: pl.DataFrame, schools_on: Mapping[date, int]) -> None:
    """Raise ResampledBeforeSplit when rows of a panel (``school, decision``) are repeats, or were taken away.

    ``schools_on`` is how many schools stood on each date when the panel was built.
    """
    held = dict(rows.group_by("decision").agg(pl.col("school").n_unique()).iter_rows())
    repeated = rows.height - sum(held.values())
    missing = sum(max(schools - held.get(day, 0), 0) for day, schools in schools_on.items())
    if repeated or missing:
        raise ResampledBeforeSplit(
            f"Rows were drawn before the split: since it was built the panel has gained "
            f"{counted(repeated, 'row')} of schools it held already and lost {counted(missing, 'row')}.",
            "Split first; draw again, if at all, inside the training rows only.",
        )


def refuse_shared_schools(training: pl.Series, test: pl.Series) -> None:
    """Raise SameSchoolTwice when a continuing school is on both sides of a split that is by school.

    For tests held out by school or authority. In evaluation by time a school's past may teach about its
    future, and the windows are kept apart instead.
    """
    both = sorted(set(training) & set(test))
    if both:
        raise SameSchoolTwice(
            f"{len(both):,} continuing schools are in training and in test, the first {both[0]}.",
            "Split by the continuing school, not by URN.",
        )


def recipe_for(recipe: Recipe, rows: TrainingRows) -> Recipe:
    """The recipe with a level for each school year trained on."""
    years = tuple(sorted({school_year(window.start) for _, window in rows.frames}))
    return Recipe(recipe.features, recipe.record, recipe.history, years)


def train(rows: TrainingRows, recipe: Recipe, decision: date, settings: Settings) -> AdditiveModel:
    """Fit the recipe, later windows counting more."""
    made = [design(frame, window, recipe) for frame, window in rows.frames]
    ages = [(decision - window.end).days / 365.25 for _, window in rows.frames]
    weights = [
        np.full(frame.height, 0.5 ** (age / settings.half_life))
        for (frame, _), age in zip(rows.frames, ages, strict=True)
    ]
    groups = rows.schools.rank("dense").to_numpy().astype(np.int64) - 1
    whole = Design(np.concatenate([each.matrix for each in made]), made[0].columns)
    return fit_additive(whole, rows.answers, np.concatenate(weights), groups, settings.strength)
