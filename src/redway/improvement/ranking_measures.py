"""How well a score puts schools in order, with intervals by drawing schools again and again.

Ties are shared out: where the limit falls among schools of equal score, each counts in part, as if the tie
were broken by lot many times. The draws are the same for every score, so that scores are compared on the same
schools.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from redway.core.errors import NotEnoughData
from redway.core.words import counted

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

DRAWS = 400
LOCAL_ENOUGH = 0.05
"""Half the width of an interval within which an AUC says something."""


@dataclass(frozen=True)
class Measured:
    """A measure and its 95% interval."""

    value: float
    lower: float
    upper: float


def draws_of_schools(schools: int, seed: int, draws: int = DRAWS) -> Floats:
    """How often each school is drawn in each of ``draws`` samples as large as the whole."""
    generator = np.random.default_rng(seed)
    share = np.full(schools, 1 / schools)
    return generator.multinomial(schools, share, size=draws).astype(np.float64)


class Ranking:
    """Scores of schools in order, with the answers."""

    def __init__(self, scores: Floats, answers: Flags, draws: Floats | None = None) -> None:
        """``draws`` is samples by schools. Raises NotEnoughData where all answers are alike."""
        if not answers.any() or answers.all():
            raise NotEnoughData(
                "All schools answered alike, so no order can be right or wrong.", "Choose a longer window."
            )
        order = np.argsort(-scores, kind="stable")
        ranked = scores[order]
        starts = np.flatnonzero(np.concatenate([[True], np.diff(ranked) != 0]))
        weights = np.ones((1, len(scores))) if draws is None else np.vstack([np.ones(len(scores)), draws])
        weights = weights[:, order]
        self._yes = np.add.reduceat(weights * answers[order], starts, axis=1)
        self._all = np.add.reduceat(weights, starts, axis=1)

    def auc(self) -> Measured:
        """The chance that, of a school that fell and one that did not, the first has the higher score."""
        no = self._all - self._yes
        above = np.cumsum(self._yes, axis=1) - self._yes
        concordant = ((above + self._yes / 2) * no).sum(axis=1)
        return _interval(concordant / (self._yes.sum(axis=1) * no.sum(axis=1)))

    def caught(self, share: float) -> Floats:
        """Schools that fell among the top share, in the whole and in each draw."""
        room = share * self._all.sum(axis=1, keepdims=True)
        before = np.cumsum(self._all, axis=1) - self._all
        part = np.clip((room - before) / np.maximum(self._all, 1e-12), 0, 1)
        caught: Floats = (part * self._yes).sum(axis=1)
        return caught

    def recall(self, share: float) -> Measured:
        """Of the schools that fell, the share found in the top share of the list."""
        return _interval(self.caught(share) / self._yes.sum(axis=1))

    def precision(self, share: float) -> Measured:
        """Of the top share of the list, the share that fell."""
        return _interval(self.caught(share) / (share * self._all.sum(axis=1)))


def shuffled_aucs(scores: Floats, answers: Flags, orders: int, seed: int) -> Floats:
    """The AUC of the same scores with the answers in other orders. The scores are ranked once for all."""
    generator = np.random.default_rng(seed)
    ranks: Floats = rankdata(scores)
    yes = int(answers.sum())
    above = np.array([ranks[generator.permutation(answers)].sum() for _ in range(orders)])
    aucs: Floats = (above - yes * (yes + 1) / 2) / (yes * (len(answers) - yes))
    return aucs


def _interval(values: Floats) -> Measured:
    lower, upper = (values[0], values[0]) if len(values) == 1 else np.quantile(values[1:], [0.025, 0.975])
    return Measured(float(values[0]), float(lower), float(upper))


def within_strata_auc(scores: Floats, answers: Flags, strata: Sequence[object]) -> float:
    """The same chance, but only over pairs of schools of one stratum."""
    _, labels = np.unique(np.array([str(each) for each in strata]), return_inverse=True)
    good = pairs = 0.0
    for label in range(labels.max() + 1):
        inside = labels == label
        yes = int(answers[inside].sum())
        if 0 < yes < inside.sum():
            of_stratum = yes * (int(inside.sum()) - yes)
            good += Ranking(scores[inside], answers[inside]).auc().value * of_stratum
            pairs += of_stratum
    return good / pairs if pairs else float("nan")


def visited(scores: Floats, places: NDArray[np.str_], visits: int) -> Flags:
    """The schools each authority would visit: its highest ``visits`` scores, in stable order."""
    order = np.lexsort((np.arange(len(scores)), -scores, places))
    sorted_places = places[order]
    first = np.concatenate([[True], sorted_places[1:] != sorted_places[:-1]])
    start = np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
    chosen = np.zeros(len(scores), dtype=bool)
    chosen[order] = np.arange(len(order)) - start < visits
    return chosen


def share_of(part: Flags, whole: Flags, draws: Floats) -> Measured:
    """Of ``whole`` the share that is also in ``part``, with its interval over the draws."""
    weights = np.vstack([np.ones(len(whole)), draws])
    return _interval((weights @ (part & whole)) / np.maximum(weights @ whole, 1e-12))


def auc_half_width(events: int, others: int, auc: float = 0.75) -> float:
    """About how far the 95% interval of an AUC reaches either way (Hanley and McNeil 1982).

    Six events among 117 schools give 0.23 at 0.75: one authority cannot judge a model.
    """
    if min(events, others) < 1:
        return 0.5
    first, second = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    variance = (auc * (1 - auc) + (events - 1) * (first - auc**2) + (others - 1) * (second - auc**2)) / (
        events * others
    )
    return float(min(1.96 * variance**0.5, 0.5))


def local_check(events: int, schools: int) -> str:
    """What to say when somebody asks how good the score was in one authority.

    >>> local_check(6, 117).split(". ")[-1]
    'One authority cannot validate the model.'
    """
    width = auc_half_width(events, schools - events)
    surer = "One authority cannot validate the model." if width > LOCAL_ENOUGH else "It may be checked here."
    return (
        f"{counted(events, 'school')} of {schools:,} fell: an AUC of these alone is uncertain by about "
        f"{width:.2f} either way. {surer}"
    )
