"""Scores as an adviser meets them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from scipy.special import expit

from improvement.made_up import SPECIAL
from redway.core.errors import NotFound
from redway.improvement.early_warning import EarlyWarningModel, bundled_model, learn_for
from redway.improvement.errors import GradesNotComparable, Hindsight
from redway.improvement.panel import Panel
from redway.improvement.scoring import Scores, score
from redway.improvement.workbench import Workbench

DAY = date(2017, 9, 1)


@pytest.fixture(scope="module")
def model(bench: Workbench) -> EarlyWarningModel:
    return learn_for(bench, DAY)


@pytest.fixture(scope="module")
def rows(panel: Panel) -> pl.DataFrame:
    return panel.rows.filter(pl.col("decision") == DAY)


@pytest.fixture(scope="module")
def scores(rows: pl.DataFrame, model: EarlyWarningModel) -> Scores:
    return score(rows, model)


def test_contributions_sum_to_the_score(scores: Scores) -> None:
    """Acceptance case 32."""
    for school in scores.schools:
        total = school.base + sum(each.adds for each in school.contributions)
        assert total == pytest.approx(school.logit, abs=1e-6)
        assert school.chance == pytest.approx(float(expit(school.logit)))
        assert school.lower < school.chance < school.upper


def test_two_more_points_of_absence_never_lower_the_risk(
    rows: pl.DataFrame, model: EarlyWarningModel
) -> None:
    """Acceptance case 32."""
    before = score(rows, model).table.sort("school")["logit"]
    worse = rows.with_columns(absence_like=pl.col("absence_like") + 2)
    assert (score(worse, model).table.sort("school")["logit"] >= before - 1e-12).all()


def test_with_six_of_ten_inputs_missing_a_school_is_insufficient_and_never_low(
    rows: pl.DataFrame, model: EarlyWarningModel
) -> None:
    """Acceptance case 33."""
    inputs = [
        feature.name for feature in model.recipe.features if rows[feature.name].null_count() < rows.height / 2
    ]
    asked = score(rows, model).table["school"][0]
    gone = inputs[: -(-len(inputs) * 6 // 10)]
    thin = rows.with_columns(
        pl.when(pl.col("school") != asked).then(pl.col(name)).alias(name) for name in gone
    )
    found = score(thin, model)
    assert asked not in set(found.table["school"])
    assert [one.school for one in found.insufficient] == [asked]
    assert found.insufficient[0].reason == f"insufficient data: {len(gone)} inputs of {len(inputs)} missing"
    with pytest.raises(NotFound, match="insufficient data"):
        found.of_school(asked)


@pytest.mark.parametrize("missing", ["absence_like", "size", "balance", "progress_like", "last_grade"])
def test_case_9_a_school_missing_from_a_file_stays_on_one_of_the_lists(
    rows: pl.DataFrame, model: EarlyWarningModel, missing: str
) -> None:
    """As many schools come out as were open: none is lost by a gap, and none stands on two lists."""
    third = pl.col("school").hash() % 3 == 0
    gaps = rows.with_columns(pl.when(~third).then(pl.col(missing)).alias(missing))
    found = score(gaps, model)
    named = [
        *found.table["school"],
        *(one.school for one in (*found.insufficient, *found.not_scored)),
    ]
    assert sorted(named) == sorted(rows["school"])


def test_where_few_inputs_are_held_of_any_school_none_is_scored(
    rows: pl.DataFrame, model: EarlyWarningModel
) -> None:
    """Acceptance case 33: a file that is not held leaves the same gap in every school."""
    figures = [feature.name for feature in model.recipe.features if not feature.name.endswith("_parts")]
    bare = rows.with_columns(pl.lit(None, dtype=rows[name].dtype).alias(name) for name in figures[:-1])
    found = score(bare, model)
    assert not len(found)
    assert found.insufficient[0].reason == (
        "insufficient data: only 1 of 17 inputs are held of any school of its phase"
    )


def test_special_schools_are_not_scored(scores: Scores) -> None:
    reasons = [one.reason for one in scores.not_scored]
    assert reasons.count("special school") == SPECIAL
    assert set(reasons) <= {"special school", "already below Good", "no grade is held"}


def test_the_first_tenth_is_looked_at_first(scores: Scores) -> None:
    first = [one for one in scores.iter() if one.band == "look first"]
    assert len(first) == len(scores) // 10
    assert [one.rank for one in first] == list(range(1, len(first) + 1))


def test_a_contribution_is_a_sentence(scores: Scores) -> None:
    progress = max(
        (each for one in scores.schools for each in one.contributions if each.feature == "progress_like"),
        key=lambda each: each.adds,
    )
    assert progress.sentence == "Pupils' progress: far below schools of like intake; this raises the score."
    assert progress.public_from is not None
    assert progress.public_from <= DAY


def test_a_model_comes_back_from_its_text_the_same(rows: pl.DataFrame, model: EarlyWarningModel) -> None:
    read = EarlyWarningModel.from_json(model.to_json())
    assert read.to_json() == model.to_json()
    assert score(rows, read).table["chance"].to_list() == pytest.approx(
        score(rows, model).table["chance"].to_list()
    )


def test_learning_again_gives_the_same_model(panel: Panel, model: EarlyWarningModel) -> None:
    assert learn_for(Workbench(panel), DAY).to_json() == model.to_json()


def test_a_model_is_not_asked_about_days_it_knows_the_end_of(model: EarlyWarningModel) -> None:
    with pytest.raises(Hindsight, match="knows what happened after"):
        model.asked_on(date(2016, 9, 1))


def test_a_model_of_old_grades_is_not_asked_about_report_cards(model: EarlyWarningModel) -> None:
    """Acceptance case 34."""
    with pytest.raises(GradesNotComparable, match="report card"):
        model.asked_on(date(2026, 9, 1))


def test_text_that_is_no_model_is_refused() -> None:
    with pytest.raises(NotFound, match="no model"):
        EarlyWarningModel.from_json("{}")


def test_the_model_that_comes_along_can_be_read() -> None:
    held = bundled_model()
    assert held.decision == DAY
    assert held.trained_until < DAY
    with pytest.raises(NotFound):
        bundled_model("national-1990")


def test_rows_of_two_dates_are_refused(panel: Panel, model: EarlyWarningModel) -> None:
    with pytest.raises(NotFound, match="decision dates"):
        score(panel.rows, model)
