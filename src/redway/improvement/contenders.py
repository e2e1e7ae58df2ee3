"""Everything that is put beside one another: baselines first, then the model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from redway.improvement.design import Recipe
from redway.improvement.features import ABSENCE, INTAKE, LIKE, RAW, RESULTS, SCHOOL, SIZE
from redway.improvement.rule_scores import count_of_concerns, eight_metric_score

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Contender:
    """A way of scoring: ``recipe`` for one that is learned, ``rule`` for one that is not."""

    code: str
    words: str
    recipe: Recipe | None = None
    rule: Callable[[pl.DataFrame, date], Floats] | None = None


MODEL = Contender("model", "additive model beside like intake", Recipe((*LIKE, *SCHOOL)))
"""What is shown. Intake is no input of its own: it only says which schools a school is compared with."""
WITH_INTAKE = Contender("with-intake", "the same with intake, never shown", Recipe((*RAW, *INTAKE, *SCHOOL)))
INTAKE_ONLY = Contender("intake", "intake only", Recipe((*INTAKE, SIZE), record=False, history=False))
TIMING = Contender("timing", "last grade and time since", Recipe((), history=False))
FIVE = Contender(
    "five",
    "five variables: grade, time since, progress, attainment, absence",
    Recipe((*RESULTS, ABSENCE), history=False),
)

CONTENDERS = (
    Contender("base", "base rate", rule=lambda rows, on: np.zeros(rows.height)),
    TIMING,
    INTAKE_ONLY,
    Contender("concerns", "count of concerns", rule=count_of_concerns),
    Contender("eight", "eight-metric score", rule=lambda rows, on: eight_metric_score(rows)),
    FIVE,
    WITH_INTAKE,
    MODEL,
)
