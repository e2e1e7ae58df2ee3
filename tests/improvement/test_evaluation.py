"""The table of a date, on the made-up country where progress makes a fall likelier and intake does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from redway.core.errors import NotEnoughData
from redway.improvement import unseen
from redway.improvement.calibration import Calibration
from redway.improvement.errors import SameSchoolTwice
from redway.improvement.evaluation import DateResult, _limits_passed, evaluate_date
from redway.improvement.questions import Question
from redway.improvement.training import asked, refuse_shared_schools
from redway.improvement.workbench import Workbench

DAY = date(2017, 9, 1)


@pytest.fixture(scope="module")
def result(bench: Workbench) -> DateResult:
    return evaluate_date(bench, Question.FELL, DAY, seed=1)


def test_every_way_of_scoring_stands_in_one_table(result: DateResult) -> None:
    assert [row.code for row in result.rows] == [
        "base", "timing", "intake", "concerns", "eight", "five", "with-intake", "model",
    ]  # fmt: skip


def test_the_base_rate_ranks_nothing(result: DateResult) -> None:
    base = result.row("base")
    assert base.auc.value == 0.5
    assert base.recall[0.2].value == pytest.approx(0.2)


def test_what_is_there_is_found(result: DateResult) -> None:
    assert result.row("model").auc.value > result.row("intake").auc.value + 0.1
    assert result.beats_intake
    assert result.headline == "Ranks where to look first; it does not predict Ofsted."


def test_a_model_no_better_than_intake_says_so(result: DateResult) -> None:
    """Acceptance case 36: the kill rule is carried in the result."""
    assert replace(result, beats_intake=False).headline.startswith("No better than intake")


def test_the_same_seed_gives_the_same_table(bench: Workbench, result: DateResult) -> None:
    assert evaluate_date(bench, Question.FELL, DAY, seed=1) == result


def test_windows_learned_from_had_closed(result: DateResult) -> None:
    assert all(window.public_from <= DAY for window in result.trained_on)


def test_false_alarms_stand_by_fifth_and_phase(result: DateResult) -> None:
    model = result.row("model")
    assert [row.group for row in model.by_deprivation] == ["1", "2", "3", "4", "5"]
    assert sum(row.schools for row in model.by_phase) == result.schools


def test_false_alarms_beyond_the_limit_need_a_sign_off(result: DateResult) -> None:
    """Acceptance case 35."""
    model = result.row("model")
    harsh = tuple(
        replace(row, false_alarms={0.1: 0.3 if row.group == "1" else 0.05, 0.2: 0.4})
        for row in model.by_deprivation
    )
    passed = _limits_passed(replace(model, by_deprivation=harsh), DAY)
    assert "False alarms in the most deprived fifth are 30% at the top 10%; the limit is 25%." in passed
    assert any("more than 3 times" in sentence for sentence in passed)


def test_a_calibration_slope_out_of_bounds_hides_the_probabilities(result: DateResult) -> None:
    """Acceptance case 38: a banner says so; that is no limit to sign off."""
    bold = replace(result.rows[-1], calibration=Calibration(0, 0.6))
    found = replace(result, rows=(*result.rows[:-1], bold))
    assert found.banner == (
        "The calibration slope is 0.600, outside 0.7 to 1.3: probabilities are hidden and ranks kept."
    )
    assert found.needs_sign_off == result.needs_sign_off
    fitting = replace(bold, calibration=Calibration(0, 0.9))
    assert replace(result, rows=(*result.rows[:-1], fitting)).banner == ""


def test_shuffled_answers_are_worth_a_half(result: DateResult) -> None:
    """Acceptance case 27, on every table: two hundred orders, spread as the theory of ranks has it."""
    check = result.leak_check
    assert check is not None
    assert check.shuffled_auc == pytest.approx(0.5, abs=0.03)
    others = result.schools - result.events
    in_theory = ((result.schools + 1) / (12 * result.events * others)) ** 0.5
    assert check.shuffled_spread == pytest.approx(in_theory, rel=0.15)


def test_schools_of_authorities_not_learned_from_are_ordered_as_well(result: DateResult) -> None:
    """Acceptance case 29, the second test: grouped by authority."""
    assert result.leak_check is not None
    assert result.leak_check.unseen_auc is not None
    assert result.leak_check.unseen_auc == pytest.approx(result.row("model").auc.value, abs=0.05)


def test_a_school_learned_from_is_never_asked_about(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Acceptance case 29: by continuing school, so that a new number does not hide an old one."""
    seen = []

    def noted(training: pl.Series, test: pl.Series) -> None:
        seen.append((set(training), set(test)))
        refuse_shared_schools(training, test)

    monkeypatch.setattr(unseen, "refuse_shared_schools", noted)
    window = bench.window(DAY, 12)
    rows = asked(bench.outcomes(DAY, window), Question.FELL)
    assert np.isfinite(unseen.scores_of_unseen(bench, Question.FELL, DAY, window, rows)).all()
    assert len(seen) == 3
    assert not any(learned & asked_about for learned, asked_about in seen)
    assert set.union(*(asked_about for _, asked_about in seen)) == set(rows["school"])
    monkeypatch.setattr(unseen, "_without", lambda frame, *parts: frame)
    with pytest.raises(SameSchoolTwice, match="Split by the continuing school, not by URN"):
        unseen.scores_of_unseen(bench, Question.FELL, DAY, window, rows)


def test_a_date_the_record_does_not_reach_is_refused(bench: Workbench) -> None:
    with pytest.raises(NotEnoughData, match="record of inspections ends"):
        evaluate_date(bench, Question.FELL, date(2018, 9, 1))
