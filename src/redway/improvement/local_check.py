"""How good the score was in one authority, and how little so few schools can say of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from scipy.special import expit

from redway.core.errors import NotFound
from redway.core.words import counted, day_in_words
from redway.improvement.contenders import MODEL
from redway.improvement.held_values import values_of
from redway.improvement.questions import Question
from redway.improvement.ranking_measures import Ranking, local_check
from redway.improvement.training import answers_of, asked
from redway.improvement.workbench import Workbench
from redway.indicators.intervals import Interval, wilson

EACH_TAIL = 0.025
"""Fewer or more than this is outside what was to be expected, 95 times in 100."""


@dataclass(frozen=True)
class LocalCheck:
    """The score shown, on one decision date, among the schools of one authority.

    ``auc`` is None where all schools answered alike. ``first`` is how many schools stand highest in its
    list, as many as it can visit: by their chances ``expected`` of them were to fall, ``seen`` did.
    """

    authority: str
    decision: date
    question: Question
    schools: int
    fell: int
    auc: float | None
    first: int
    expected: float
    seen: int
    probability: float
    """How likely so few, or so many, are among the first if the chances are right: the smaller tail."""

    @property
    def share(self) -> Interval:
        """Of the first schools the share that fell, with Wilson's 95% interval."""
        return wilson(self.seen, self.first)

    @property
    def inside(self) -> bool:
        """Whether what was seen lies inside what was to be expected."""
        return self.probability >= EACH_TAIL

    @property
    def sentences(self) -> tuple[str, ...]:
        """What may be said: the order first, then the chances."""
        order = "cannot be told" if self.auc is None else f"is {self.auc:.2f}"
        low, high = round(100 * self.share.lower), round(100 * self.share.upper)
        verdict = "inside" if self.inside else "outside"
        place = f"Authority {self.authority}, {day_in_words(self.decision)}: the AUC {order}."
        first = (
            f"Of {counted(self.first, 'school')} to look at first {self.expected:.1f} were expected to fall "
            f"and {self.seen} did ({low}% to {high}%): {verdict} expectation, P={self.probability:.3f}."
        )
        return f"{place} {local_check(self.fell, self.schools)}", first


def check_locally(
    bench: Workbench, question: Question, decision: date, authority: str, *, months: int = 12
) -> LocalCheck:
    """The check of an authority. Raises NotFound where none of its schools could be asked about."""
    window = bench.window(decision, months)
    rows = asked(bench.outcomes(decision, window), question)
    scores = bench.learn(question, MODEL, decision, months)
    chances = expit(scores.calibration.of(scores.scores(rows, window, decision)))
    here = (rows["la_code"] == authority).fill_null(False).to_numpy()
    if not here.any():
        raise NotFound(
            f"Of no school of authority {authority} could it be asked on {decision}.", "Check its number."
        )
    local = rows.filter(pl.Series(here))
    answers, chances = answers_of(local, question), chances[here]
    order = np.argsort(-chances, kind="stable")
    first = order[: values_of("early-warning.toml").whole_number_on("visits", decision)]
    alike = answers.all() or not answers.any()
    return LocalCheck(
        authority,
        decision,
        question,
        local.height,
        int(answers.sum()),
        None if alike else Ranking(chances, answers).auc().value,
        len(first),
        float(chances[first].sum()),
        int(answers[first].sum()),
        within_chance(int(answers[first].sum()), chances[first].tolist()),
    )


def within_chance(events: int, chances: Sequence[float]) -> float:
    """How likely so few or so many events are, each school having its own chance: the smaller tail.

    Where all chances are alike this is the binomial distribution.

    >>> round(within_chance(0, [0.25] * 12), 3)
    0.032
    """
    likely = np.ones(1)
    for chance in chances:
        likely = np.convolve(likely, [1 - chance, chance])
    return float(min(likely[: events + 1].sum(), likely[events:].sum()))
