"""Making a probability of a score: a line through the log-odds, learned on an earlier date.

With few events a straight line is safer than a curve that follows every bend. Its slope is held near one
unless the earlier date says otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]

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


def calibrate(logit: Floats, answers: NDArray[np.bool_], slope_doubt: float = SLOPE_DOUBT) -> Calibration:
    """The line under which the answers are likeliest, its slope held near one by ``slope_doubt``."""
    centre = float(np.mean(logit))
    wanted = answers.astype(np.float64)
    share = np.clip(wanted.mean(), 1e-4, 1 - 1e-4)
    found = np.array([np.log(share / (1 - share)), 1.0])
    full = np.column_stack([np.ones(len(logit)), logit - centre])
    pull = np.array([0.0, 1 / slope_doubt**2])
    for _ in range(50):
        chance = expit(full @ found)
        slope = full.T @ (chance - wanted) + pull * (found - [0.0, 1.0])
        curve = (full * (chance * (1 - chance))[:, None]).T @ full + np.diag(pull) + 1e-9 * np.eye(2)
        step = np.linalg.solve(curve, slope)
        found = found - np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:
            break
    return Calibration(float(found[0] - found[1] * centre), float(found[1]))


def calibration_slope(logit: Floats, answers: NDArray[np.bool_]) -> Calibration:
    """How forecast log-odds and what happened hang together: slope one and intercept nought are perfect."""
    return calibrate(logit, answers, slope_doubt=1e6)
