"""Making a probability of a score: a line through the log-odds, learned on earlier dates.

With few events a straight line is safer than a curve that follows every bend. Its slope is learned where the
score was asked about the future, and held near one unless that says otherwise. Its level is the share of the
latest window that had closed: how many schools are inspected changes from year to year by decision, and the
latest year is the best guess of the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SLOPE_DOUBT = 0.5
"""Standard deviation of what the slope is thought to be before the data: near one."""


@dataclass(frozen=True)
class Calibration:
    """``logit -> intercept + slope * logit``."""

    intercept: float
    slope: float

    def of(self, logit: Floats) -> Floats:
        """The calibrated log-odds."""
        return self.intercept + self.slope * logit


UNCALIBRATED = Calibration(0.0, 1.0)


def common_slope(dates: Sequence[tuple[Floats, Flags]], slope_doubt: float = SLOPE_DOUBT) -> float:
    """The slope under which the answers of several dates are likeliest, each date having its own level.

    ``dates`` holds log-odds and answers. ``slope_doubt`` says how far from one it may stray.
    """
    held = [(logit, answers) for logit, answers in dates if 0 < answers.sum() < len(answers)]
    if not held or all(np.ptp(logit) == 0 for logit, _ in held):
        return 1.0
    full = np.zeros((sum(len(logit) for logit, _ in held), len(held) + 1))
    wanted = np.concatenate([answers for _, answers in held]).astype(np.float64)
    found = np.zeros(len(held) + 1)
    row = 0
    for at, (logit, answers) in enumerate(held):
        rows = slice(row, row + len(logit))
        full[rows, at], full[rows, -1] = 1, logit - logit.mean()
        share = answers.mean()
        found[at], row = np.log(share / (1 - share)), row + len(logit)
    before = np.zeros(len(found))
    before[-1] = found[-1] = 1.0
    pull = np.diag([*np.zeros(len(held)), 1 / slope_doubt**2])
    for _ in range(60):
        chance = expit(full @ found)
        slope = full.T @ (chance - wanted) + pull @ (found - before)
        curve = (full * (chance * (1 - chance))[:, None]).T @ full + pull + 1e-9 * np.eye(len(found))
        step = np.clip(np.linalg.solve(curve, slope), -2, 2)
        found = found - step
        if np.abs(step).max() < 1e-10:
            break
    return float(found[-1])


def level(logit: Floats, slope: float, share: float) -> Calibration:
    """The line with this slope under which as many schools are expected as the share that was seen."""
    share = float(np.clip(share, 1e-5, 1 - 1e-5))
    low, high = -40.0, 40.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if expit(middle + slope * logit).mean() > share else (middle, high)
    return Calibration(middle, slope)


def calibration_slope(logit: Floats, answers: Flags) -> Calibration:
    """How forecast log-odds and what happened hang together: slope one and intercept nought are perfect."""
    slope = common_slope([(logit, answers)], slope_doubt=1e6)
    return level(logit, slope, float(answers.mean()))
