"""Choosing the strength of the penalty and the half-life, on dates before any that is reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from redway.improvement.contenders import MODEL
from redway.improvement.panel import Panel
from redway.improvement.questions import Question
from redway.improvement.ranking_measures import Ranking
from redway.improvement.training import Settings, answers_of, asked
from redway.improvement.workbench import Workbench

CANDIDATES = tuple(
    Settings(strength, half_life) for strength in (3.0, 10.0, 30.0) for half_life in (1.0, 3.0)
)
TUNED_ON = (date(2014, 9, 1), date(2015, 9, 1))
"""Decision dates whose windows had closed before the first that is reported, September 2016."""


@dataclass(frozen=True)
class Tried:
    """Settings with the AUC on each date and their mean."""

    settings: Settings
    aucs: tuple[float, ...]

    @property
    def mean(self) -> float:
        return float(np.mean(self.aucs))


def tried(
    panel: Panel,
    question: Question,
    dates: Sequence[date] = TUNED_ON,
    candidates: Sequence[Settings] = CANDIDATES,
    months: int = 12,
) -> tuple[Tried, ...]:
    """How the model would have done on the dates under each of the settings, the best first."""
    found = []
    for settings in candidates:
        bench = Workbench(panel, settings)
        aucs = []
        for decision in dates:
            window = bench.window(decision, months)
            rows = asked(bench.outcomes(decision, window), question)
            scores = bench.fit(question, MODEL, decision).scores(rows, window, decision)
            aucs.append(Ranking(scores, answers_of(rows, question)).auc().value)
        found.append(Tried(settings, tuple(aucs)))
    return tuple(sorted(found, key=lambda one: -one.mean))
