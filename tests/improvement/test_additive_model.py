"""The fit against a general optimiser, and what must hold whatever the data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from redway.core.errors import NotEnoughData
from redway.improvement.additive_model import _penalty, fit_additive
from redway.improvement.design import Column, Design

COLUMNS = (
    Column("absence", "low", rising_only=True, expected=0.3),
    Column("absence", "high", rising_only=True, follows=True),
    Column("size", "all"),
    Column("noise", "all", rising_only=True),
)


def made_up(seed: int, rows: int = 800) -> tuple[Design, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    matrix = rng.normal(0, 1, (rows, len(COLUMNS)))
    logit = -1 + 0.8 * matrix[:, 0] + 0.5 * matrix[:, 1] - 0.6 * matrix[:, 2] - 0.4 * matrix[:, 3]
    answers = rng.random(rows) < 1 / (1 + np.exp(-logit))
    return Design(matrix, COLUMNS), answers, rng.uniform(0.2, 1, rows)


@pytest.mark.parametrize("strength", [0.5, 10.0, 200.0])
def test_it_finds_what_a_general_optimiser_finds(strength: float) -> None:
    design, answers, weights = made_up(3)
    fitted = fit_additive(design, answers, weights, np.arange(len(answers)), strength)
    full = np.column_stack([np.ones(len(answers)), design.matrix])
    penalty = _penalty(COLUMNS, strength)

    def lost(found: np.ndarray) -> float:
        logit = full @ found
        away = found - [0, *(column.expected for column in COLUMNS)]
        return float(weights @ (np.logaddexp(0, logit) - answers * logit) + 0.5 * away @ penalty @ away)

    bounds = [(None, None), *((0, None) if column.rising_only else (None, None) for column in COLUMNS)]
    oracle = minimize(
        lost, np.zeros(5), method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-15, "gtol": 1e-9}
    )
    assert np.allclose([fitted.intercept, *fitted.coefficients], oracle.x, atol=2e-4)


def test_a_column_that_may_only_rise_and_would_fall_stands_at_nought() -> None:
    design, answers, weights = made_up(3)
    fitted = fit_additive(design, answers, weights, np.arange(len(answers)), 1.0)
    assert fitted.coefficients[3] == 0
    assert fitted.spread(design).min() > 0


def test_results_nobody_had_before_count_as_expected_and_are_no_surer_than_that() -> None:
    """In January 2017 the first results in six years were public and no window had shown what they mean."""
    columns = (Column("absence", "all"), Column("progress", "all", rising_only=True, expected=0.2))
    rng = np.random.default_rng(3)
    absence = rng.normal(0, 1, 800)
    answers = rng.random(800) < 1 / (1 + np.exp(1 - absence))
    before = Design(np.column_stack([absence, np.zeros(800)]), columns)
    fitted = fit_additive(before, answers, np.ones(800), np.arange(800), 10.0)
    weak = Design(np.array([[0.0, 0.0], [0.0, 2.0]]), columns)
    usual, worse = fitted.logit(weak)
    assert worse - usual == pytest.approx(2 * 0.2)
    assert fitted.spread(weak)[1] > 2 * 0.2 > fitted.spread(weak)[0]


def test_what_windows_have_shown_outweighs_what_was_expected() -> None:
    columns = (Column("progress", "all", rising_only=True, expected=0.2),)
    rng = np.random.default_rng(3)
    progress = rng.normal(0, 1, 4000)
    answers = rng.random(4000) < 1 / (1 + np.exp(1 - 0.9 * progress))
    fitted = fit_additive(Design(progress[:, None], columns), answers, np.ones(4000), np.arange(4000), 10.0)
    assert fitted.coefficients[0] == pytest.approx(0.9, abs=0.15)


@given(seed=st.integers(0, 2**31), more=st.floats(0, 5))
@settings(max_examples=15)
def test_more_absence_never_lowers_the_risk_and_parts_sum_to_the_whole(seed: int, more: float) -> None:
    """Acceptance case 32."""
    design, answers, weights = made_up(seed, rows=400)
    fitted = fit_additive(design, answers, weights, np.arange(len(answers)), 5.0)
    logit = fitted.logit(design)
    together = fitted.intercept + sum(fitted.by_feature(design).values())
    assert np.abs(together - logit).max() < 1e-6
    worse = design.matrix.copy()
    worse[:, :2] += more
    assert (fitted.logit(Design(worse, COLUMNS)) >= logit - 1e-12).all()


def test_twice_the_rows_of_the_same_schools_do_not_make_it_surer() -> None:
    """Rows of one school are not independent, and the intervals say so."""
    design, answers, weights = made_up(3)
    once = fit_additive(design, answers, weights, np.arange(800), 1e-6)
    doubled = Design(np.vstack([design.matrix, design.matrix]), COLUMNS)
    twice = fit_additive(doubled, np.tile(answers, 2), np.tile(weights, 2), np.tile(np.arange(800), 2), 1e-6)
    assert np.allclose(once.spread(design), twice.spread(design), rtol=1e-3)


def test_too_few_falls_are_refused() -> None:
    design, answers, weights = made_up(3)
    answers = np.zeros(len(answers), dtype=bool)
    answers[:10] = True
    with pytest.raises(NotEnoughData, match="10 of 800"):
        fit_additive(design, answers, weights, np.arange(len(answers)), 1.0)
