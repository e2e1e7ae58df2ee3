"""Scoring again: which days the files held can answer, and the whole way from files to what is kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement.made_up import country
from redway.core.errors import NotEnoughData, NotFound
from redway.improvement import rescoring
from redway.improvement.errors import GradesNotComparable, Hindsight
from redway.improvement.kept_scores import read, written
from redway.improvement.national_sources import NationalSources
from redway.improvement.rescoring import (
    evaluation_dates,
    latest_day,
    missing_on,
    refuse_day,
    score_again,
)

TODAY, HELD_TO = date(2026, 11, 24), date(2018, 7, 19)
DAY = date(2017, 9, 1)


def test_the_latest_day_is_the_start_of_the_term_after_the_inspections_end() -> None:
    assert latest_day(HELD_TO, TODAY) == date(2018, 9, 1)
    assert latest_day(date(2019, 2, 10), TODAY) == date(2019, 4, 1)


def test_the_latest_day_is_today_where_the_term_after_has_not_begun() -> None:
    assert latest_day(date(2018, 7, 19), date(2018, 8, 20)) == date(2018, 8, 20)


def test_the_latest_day_looks_ahead_under_overall_grades_alone() -> None:
    """Overall grades ended on 2 September 2024: a window that reaches beyond is another question."""
    assert latest_day(date(2026, 7, 19), TODAY) == date(2023, 9, 1)


def test_a_day_under_a_newer_framework_is_refused_with_what_to_do() -> None:
    with pytest.raises(GradesNotComparable) as refused:
        refuse_day(TODAY, HELD_TO, TODAY)
    assert "ended in September 2024" in refused.value.message
    assert "Choose 1 September 2018" in refused.value.next_step


def test_a_day_long_after_the_inspections_held_is_refused_with_the_latest_that_can_be_answered() -> None:
    with pytest.raises(NotEnoughData) as refused:
        refuse_day(HELD_TO + timedelta(days=367), HELD_TO, TODAY)
    assert "Inspections are held to 19 July 2018" in refused.value.message
    assert "Choose 1 September 2018" in refused.value.next_step
    refuse_day(HELD_TO + timedelta(days=366), HELD_TO, TODAY)


def test_without_inspections_the_files_are_named() -> None:
    with pytest.raises(NotEnoughData) as refused:
        refuse_day(DAY, None, TODAY)
    assert refused.value.next_step == (
        "Import Ofsted's inspection history and its management information first."
    )


def test_a_day_that_has_not_come_is_refused() -> None:
    with pytest.raises(NotEnoughData, match="has not come yet"):
        refuse_day(date(2018, 9, 2), HELD_TO, date(2018, 9, 1))


@given(st.dates(date(2007, 1, 1), date(2026, 7, 1)), st.dates(date(2007, 1, 1), date(2026, 12, 31)))
def test_the_latest_day_is_never_refused(inspections_to: date, today: date) -> None:
    found = latest_day(inspections_to, today)
    if found is not None:
        refuse_day(found, max(inspections_to, found - timedelta(days=200)), today)


def test_the_model_is_evaluated_on_the_latest_dates_whose_window_is_on_record() -> None:
    assert evaluation_dates(date(2018, 9, 1), HELD_TO) == [date(2017, 1, 1), date(2017, 9, 1)]
    assert evaluation_dates(DAY, HELD_TO) == [date(2017, 1, 1), DAY]


@pytest.fixture(scope="module")
def sources() -> NationalSources:
    return country()


@pytest.fixture
def england(monkeypatch: pytest.MonkeyPatch) -> None:
    """The 900 schools of the made-up country are all there are."""
    monkeypatch.setattr(rescoring, "NATION", 500)


@pytest.mark.usefixtures("england")
def test_from_the_files_to_a_set_that_is_kept(sources: NationalSources) -> None:
    said: list[str] = []
    found = score_again(sources, DAY, "801", tell=said.append)
    assert said[0].startswith("Building the panel")
    assert said[-1] == "Scoring"
    assert found.evaluation is not None
    kept = read(written(found.scores, found.evaluation, "801"))
    assert (kept.model_version, kept.decision) == ("A-2017-09-01", DAY)
    # No inspection of the made-up country is in July, so the window of September 2017 is not whole.
    assert [one.decision for one in kept.evaluations] == [date(2016, 9, 1), date(2017, 1, 1)]
    assert all(one.local[0].startswith("Authority 801, ") for one in kept.evaluations)
    assert {one["authority"] for one in found.scores["schools"]} == {"801"}
    again = score_again(sources, DAY, "801", evaluated=found.evaluation)
    assert json.dumps(again.scores, default=str) == json.dumps(found.scores, default=str)
    assert again.evaluation == found.evaluation, "what is held is taken and not made again"


def test_the_files_of_a_few_authorities_teach_nothing_and_the_model_of_redway_is_asked(
    sources: NationalSources,
) -> None:
    held = {"results": [{"question": "A"}]}
    found = score_again(sources, DAY, "801", of_bundled=held)
    assert found.scores["model"]["rows"] > 100_000, "learned from England and not from 900 schools"
    assert found.evaluation == held
    assert score_again(sources, DAY, "801").evaluation is None


def test_the_model_of_redway_is_not_asked_about_days_it_knows_the_end_of(sources: NationalSources) -> None:
    with pytest.raises(Hindsight) as refused:
        score_again(sources, date(2016, 9, 1), "801")
    assert refused.value.next_step == (
        "Choose 1 September 2017 or a later day, or import the files of all England."
    )


def test_an_authority_without_schools_is_told(sources: NationalSources) -> None:
    with pytest.raises(NotFound, match="No school of authority 999"):
        score_again(sources, DAY, "999")


def test_missing_files_are_named(sources: NationalSources) -> None:
    assert missing_on(sources, DAY) == ["results at key stage 4"]
    later = pl.col("period_end") > DAY
    without = replace(sources, absence=sources.absence.clear(), census=sources.census.filter(later))
    assert missing_on(without, DAY) == ["absence", "the school census", "results at key stage 4"]


def test_where_no_school_can_be_scored_the_files_are_named(sources: NationalSources) -> None:
    """Case 33 where whole files are missing: a score of grades alone would rank and say nothing of gaps."""
    bare = replace(
        sources,
        census=sources.census.clear(),
        workforce=sources.workforce.clear(),
        absence=sources.absence.clear(),
        ks2=sources.ks2.clear(),
    )
    with pytest.raises(
        NotEnoughData, match="nothing is held of absence, the school census, the workforce, res"
    ):
        score_again(bare, DAY, "801")
