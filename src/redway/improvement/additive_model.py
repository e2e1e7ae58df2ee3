"""A penalised logistic model that is a sum over features, some of them allowed to go one way only.

Fitted by Newton's method: each step solves the weighted least squares of the step with the coefficients of
one-way columns kept from going negative, exactly, and is halved until the likelihood improves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit

from redway.core.errors import NotEnoughData
from redway.improvement.design import Column, Design

Floats = NDArray[np.float64]

MOST_STEPS = 60
CLOSE_ENOUGH = 1e-8
"""Relative improvement below which the fit has arrived."""
FEWEST_EVENTS = 40
"""With fewer schools of either answer nothing is fitted."""


@dataclass(frozen=True)
class AdditiveModel:
    """``intercept`` and ``coefficients`` of the columns, and the covariance of all (intercept first)."""

    columns: tuple[Column, ...]
    intercept: float
    coefficients: Floats
    covariance: Floats

    def logit(self, design: Design) -> Floats:
        """The log-odds of each row."""
        return self.intercept + design.matrix @ self.coefficients

    def spread(self, design: Design) -> Floats:
        """The standard error of each row's log-odds."""
        full = np.column_stack([np.ones(len(design.matrix)), design.matrix])
        variance: Floats = np.einsum("ij,ij->i", full @ self.covariance, full)
        return np.sqrt(np.maximum(variance, 0))

    def by_feature(self, design: Design) -> dict[str, Floats]:
        """What each feature adds to each row's log-odds; with the intercept they sum to ``logit``."""
        parts: dict[str, Floats] = {}
        for name in dict.fromkeys(column.feature for column in self.columns):
            at = [place for place, column in enumerate(self.columns) if column.feature == name]
            parts[name] = design.matrix[:, at] @ self.coefficients[at]
        return parts


def fit_additive(
    design: Design,
    answers: NDArray[np.bool_],
    weights: Floats,
    groups: NDArray[np.int64],
    strength: float,
) -> AdditiveModel:
    """Fit by penalised likelihood; ``strength`` is how strongly coefficients are pulled to the expected.

    ``groups`` numbers the school of each row, for the covariance: rows of one school are not independent.
    Raises NotEnoughData with fewer than forty rows of either answer.
    """
    yes = int(answers.sum())
    if min(yes, len(answers) - yes) < FEWEST_EVENTS:
        raise NotEnoughData(
            f"{yes:,} of {len(answers):,} rows answer yes: too few to learn from.",
            "Train on more years, or ask a question that more schools answer.",
        )
    full = np.column_stack([np.ones(len(answers)), design.matrix])
    wanted = answers.astype(np.float64)
    penalty = _penalty(design.columns, strength)
    free = np.array([True, *(not column.rising_only for column in design.columns)])
    lower = np.where(free, -np.inf, 0.0)
    share = np.average(wanted, weights=weights)
    expected = np.array([0.0, *(column.expected for column in design.columns)])
    found = expected.copy()
    found[0] = np.log(share / (1 - share))
    value = _objective(full, wanted, weights, penalty, expected, found)
    # Only the way the search takes hangs on the curvature: single precision will do and is twice as fast.
    single = full.astype(np.float32)
    for _ in range(MOST_STEPS):
        chance = expit(full @ found)
        slope = full.T @ (weights * (chance - wanted)) + penalty @ (found - expected)
        curve = _curvature(single, weights * chance * (1 - chance)) + penalty
        target = _bounded_step(curve, slope, found, lower)
        step, better = target - found, None
        for half in range(12):
            tried = found + step * 0.5**half
            better = _objective(full, wanted, weights, penalty, expected, tried)
            if better <= value:
                break
        else:
            break
        arrived = value - better < CLOSE_ENOUGH * (abs(value) + 1)
        found, value = tried, better
        if arrived:
            break
    return AdditiveModel(
        design.columns,
        float(found[0]),
        found[1:],
        _covariance(full, wanted, weights, penalty, found, expected, free | (found > 1e-9), groups),
    )


def _objective(
    full: Floats, wanted: Floats, weights: Floats, penalty: Floats, expected: Floats, found: Floats
) -> float:
    logit, away = full @ found, found - expected
    return float(weights @ (np.logaddexp(0, logit) - wanted * logit) + 0.5 * away @ penalty @ away)


def _curvature(full: NDArray[np.floating[Any]], weights: Floats) -> Floats:
    scaled = full * np.sqrt(weights).astype(full.dtype)[:, None]
    return (scaled.T @ scaled).astype(np.float64)


def _bounded_step(curve: Floats, slope: Floats, found: Floats, lower: Floats) -> Floats:
    """Where the quadratic of the step is lowest with no bounded coefficient below nought.

    Coefficients are held at their bound as long as the quadratic pushes against it, and let go otherwise.
    """
    curve = curve + 1e-9 * np.trace(curve) / len(curve) * np.eye(len(curve))
    target = curve @ found - slope
    bounded = lower == 0
    held = bounded & (found <= 0) & (slope > 0)
    answer = found
    for _ in range(4 * len(found)):
        moving = ~held
        answer = np.zeros(len(found))
        answer[moving] = cho_solve(cho_factor(curve[np.ix_(moving, moving)]), target[moving])
        below = bounded & moving & (answer < 0)
        if below.any():
            held |= below
            continue
        push = np.where(held, curve @ answer - target, 0.0)
        if push.min() >= -1e-7 * (np.abs(target).max() + 1):
            break
        held[int(np.argmin(push))] = False
    return np.maximum(answer, lower)


def _penalty(columns: Sequence[Column], strength: float) -> Floats:
    """Pulls each coefficient to what is expected of it, and those of neighbouring stretches together."""
    penalty = np.zeros((len(columns) + 1, len(columns) + 1))
    for at, column in enumerate(columns, start=1):
        penalty[at, at] += strength * column.shrunk
        if column.follows:
            pull = 2 * strength
            penalty[at, at] += pull
            penalty[at - 1, at - 1] += pull
            penalty[at, at - 1] -= pull
            penalty[at - 1, at] -= pull
    return penalty


def _covariance(
    full: Floats,
    wanted: Floats,
    weights: Floats,
    penalty: Floats,
    found: Floats,
    expected: Floats,
    moving: NDArray[np.bool_],
    groups: NDArray[np.int64],
) -> Floats:
    """Covariance of the coefficients, robust to rows of one school being alike; bounded ones stand still.

    Where rows say little of a coefficient that is expected, it is as uncertain as the expectation.
    """
    part = full[:, moving]
    chance = expit(full @ found)
    curve = _curvature(part, weights * chance * (1 - chance)) + penalty[np.ix_(moving, moving)]
    residuals = weights * (wanted - chance)
    scores = np.zeros((int(groups.max()) + 1, part.shape[1]))
    for at in range(part.shape[1]):
        scores[:, at] = np.bincount(groups, weights=residuals * part[:, at], minlength=len(scores))
    thought = expected[moving] != 0
    meat = scores.T @ scores + penalty[np.ix_(moving, moving)] * np.outer(thought, thought)
    factor = cho_factor(curve + 1e-9 * np.trace(curve) / len(curve) * np.eye(len(curve)))
    inner = cho_solve(factor, cho_solve(factor, meat).T)
    whole = np.zeros((len(found), len(found)))
    whole[np.ix_(moving, moving)] = (inner + inner.T) / 2
    return whole
