"""What the schools of one authority say of a score that all of England was needed to learn."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit
from scipy.stats import binom

from redway.core.errors import NotFound
from redway.improvement.contenders import MODEL
from redway.improvement.local_check import LocalCheck, check_locally, within_chance
from redway.improvement.questions import Question
from redway.improvement.workbench import Workbench
from redway.indicators.intervals import wilson

DAY = date(2017, 9, 1)


def check(**changed: object) -> LocalCheck:
    """Twelve schools at a quarter each, none of which fell; six of 117 did elsewhere in the authority."""
    given = {
        "authority": "826",
        "decision": DAY,
        "question": Question.FELL,
        "schools": 117,
        "fell": 6,
        "auc": 0.75,
        "first": 12,
        "expected": 3.0,
        "seen": 0,
        "probability": within_chance(0, [0.25] * 12),
    }
    return LocalCheck(**(given | changed))  # type: ignore[arg-type]


def test_six_falls_among_117_schools_validate_nothing() -> None:
    """Acceptance case 30."""
    assert check().sentences[0] == (
        "Authority 826, 1 September 2017: the AUC is 0.75. 6 schools of 117 fell: an AUC of these alone is "
        "uncertain by about 0.23 either way. One authority cannot validate the model."
    )


def test_twelve_schools_at_a_quarter_and_none_falls_is_inside_expectation() -> None:
    """Acceptance case 31: 0.75 to the power of twelve."""
    assert within_chance(0, [0.25] * 12) == pytest.approx(0.75**12)
    assert check().sentences[1] == (
        "Of 12 schools to look at first 3.0 were expected to fall and 0 did (0% to 24%): inside expectation, "
        "P=0.032."
    )
    assert not check(probability=within_chance(0, [0.3] * 12)).inside


def test_three_of_twelve_is_nine_to_fifty_three_per_cent() -> None:
    """Acceptance case 31."""
    assert (round(wilson(3, 12).lower, 2), round(wilson(3, 12).upper, 2)) == (0.09, 0.53)
    assert "3 did (9% to 53%)" in check(seen=3).sentences[1]


@given(st.integers(1, 30), st.floats(0.01, 0.99), st.data())
def test_equal_chances_are_the_binomial(schools: int, chance: float, data: st.DataObject) -> None:
    events = data.draw(st.integers(0, schools))
    tails = binom.cdf(events, schools, chance), binom.sf(events - 1, schools, chance)
    assert within_chance(events, [chance] * schools) == pytest.approx(min(tails), abs=1e-9)


def test_unequal_chances_as_counted_by_drawing() -> None:
    chances = [0.05, 0.1, 0.2, 0.4, 0.6]
    drawn = (np.random.default_rng(31).random((200_000, 5)) < chances).sum(axis=1)
    assert within_chance(3, chances) == pytest.approx((drawn >= 3).mean(), abs=0.005)


def test_the_check_of_an_authority_counts_its_schools_alone(bench: Workbench) -> None:
    found = check_locally(bench, Question.FELL, DAY, "803")
    window = bench.window(DAY, 12)
    rows = bench.outcomes(DAY, window)
    trial = bench.learn(Question.FELL, MODEL, DAY, 12)
    here = rows.filter(rows["la_code"] == "803")
    chances = expit(trial.calibration.of(trial.scores(here, window, DAY)))
    assert (found.schools, found.fell) == (here.height, here["fell"].sum())
    assert found.expected == pytest.approx(np.sort(chances)[-12:].sum())
    assert "cannot validate the model" in found.sentences[0]


def test_an_authority_that_is_none_is_refused(bench: Workbench) -> None:
    with pytest.raises(NotFound, match="Of no school of authority 999"):
        check_locally(bench, Question.FELL, DAY, "999")
