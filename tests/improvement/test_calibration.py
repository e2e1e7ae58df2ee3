"""Probabilities made of scores."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from redway.improvement.calibration import calibration_slope, common_slope, level


def test_a_forecast_twice_too_bold_has_slope_a_half() -> None:
    rng = np.random.default_rng(5)
    truth = rng.normal(-2, 1, 60_000)
    answers = rng.random(len(truth)) < expit(truth)
    assert calibration_slope(2 * truth, answers).slope == pytest.approx(0.5, abs=0.02)
    assert calibration_slope(truth, answers).intercept == pytest.approx(0, abs=0.06)


def test_years_of_different_level_share_a_slope() -> None:
    rng = np.random.default_rng(6)
    dates = []
    for base in (-4.0, -1.0):
        truth = rng.normal(0, 1, 40_000)
        dates.append((truth, rng.random(len(truth)) < expit(base + truth)))
    assert common_slope(dates) == pytest.approx(1, abs=0.03)


def test_as_many_are_expected_as_were_seen() -> None:
    logit = np.random.default_rng(7).normal(0, 2, 1000)
    line = level(logit, 0.8, 0.04)
    assert expit(line.of(logit)).mean() == pytest.approx(0.04, abs=1e-9)


def test_a_score_alike_for_all_has_no_slope() -> None:
    assert common_slope([(np.zeros(10), np.arange(10) < 3)]) == 1.0
