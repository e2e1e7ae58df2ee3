"""The real national files: traps that must stay shut, and how good the scores were."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from datasets.memory_ledger import MemoryLedger
from improvement.national_files import FILES
from redway.core.home import Home
from redway.datasets.engine import Engine
from redway.datasets.importing import import_path
from redway.datasets.register_files import read_register
from redway.improvement.contenders import CONTENDERS, FIVE, INTAKE_ONLY, MODEL, TIMING
from redway.improvement.early_warning import bundled_model, learn_for
from redway.improvement.evaluation import DateResult, evaluate_date, evaluate_decline
from redway.improvement.national_sources import NationalSources, read_national_sources
from redway.improvement.panel import Panel, build_panel
from redway.improvement.questions import Question
from redway.improvement.scoring import score
from redway.improvement.terms import dates_needed
from redway.improvement.workbench import Workbench

pytestmark = pytest.mark.national

DAY = date(2017, 9, 1)
FIRST_RESULTS = date(2017, 1, 1)
OF_RESULTS = date(2018, 2, 1)


@pytest.fixture(scope="module")
def sources(national_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NationalSources]:
    home, ledger = Home(tmp_path_factory.mktemp("early-warning")), MemoryLedger()
    for name in FILES:
        import_path(national_data / name, ledger, home, accept=True)
    engine = Engine(home, ledger)
    yield read_national_sources(engine, read_register(home, ledger))
    engine.close()


@pytest.fixture(scope="module")
def nation(sources: NationalSources) -> Panel:
    return build_panel(sources, dates_needed([DAY, OF_RESULTS], look_back=4))


@pytest.fixture(scope="module")
def bench(nation: Panel) -> Workbench:
    return Workbench(nation)


@pytest.fixture(scope="module")
def fell(bench: Workbench) -> DateResult:
    return evaluate_date(bench, Question.FELL, DAY, contenders=(TIMING, INTAKE_ONLY, MODEL))


@pytest.fixture(scope="module")
def fell_if_inspected(bench: Workbench) -> DateResult:
    return evaluate_date(bench, Question.FELL_IF_INSPECTED, DAY)


def test_the_history_alone_under_holds_failed_schools(sources: NationalSources) -> None:
    """Of the schools listed in April 2013 it has four fifths of the Good and two fifths of the Inadequate."""
    listed = sources.listings.filter(pl.col("listed_on") == date(2013, 4, 30))
    held = (
        listed.with_columns(held=pl.col("urn").is_in(sources.history["urn"].unique().to_list()))
        .group_by("overall_effectiveness")
        .agg(pl.col("held").mean())
    )
    shares = dict(held.iter_rows())
    assert shares["Good"] == pytest.approx(0.79, abs=0.03)
    assert shares["Inadequate"] == pytest.approx(0.39, abs=0.03)


def test_the_history_holds_every_maintained_school_open_in_september_2017_and_no_other(
    sources: NationalSources,
) -> None:
    listed = sources.listings.filter(pl.col("listed_on") == date(2015, 5, 31)).join(
        sources.establishments.filter(pl.col("type") == "Community school").select("urn", "close_date"),
        on="urn",
    )
    held = listed.with_columns(held=pl.col("urn").is_in(sources.history["urn"].unique().to_list()))
    before = held.filter(pl.col("close_date").is_between(date(2016, 9, 1), date(2017, 8, 31)))
    after = held.filter(pl.col("close_date").is_between(date(2017, 9, 1), date(2018, 8, 31)))
    assert before.height > 100
    assert before["held"].mean() == 0
    assert after["held"].mean() > 0.97


def test_the_panel_is_built_in_a_minute_and_two_gigabytes(sources: NationalSources) -> None:
    started = time.process_time()
    panel = build_panel(sources, dates_needed([DAY], look_back=4))
    assert time.process_time() - started < 60
    assert panel.rows.filter(pl.col("decision") == DAY).height > 21_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 4_000_000  # of the whole run of tests, in kB


def test_no_outcome_of_2017_is_unknown(fell: DateResult) -> None:
    assert (fell.schools, fell.events, fell.unknown) == (17_052, 720, 0)


def test_inspected_and_fell_reaches_its_targets_without_a_leak(fell: DateResult) -> None:
    model = fell.row("model")
    assert 0.80 <= model.auc.value <= 0.85
    assert model.recall[0.2].value >= 0.60
    assert fell.beats_intake
    assert fell.leak_check is not None
    assert fell.leak_check.shuffled_auc == pytest.approx(0.5, abs=0.03)
    assert fell.leak_check.within_due_auc < 0.80


def test_false_alarms_do_not_fall_on_the_most_deprived(fell: DateResult) -> None:
    fifths = {row.group: row for row in fell.row("model").by_deprivation}
    for share in (0.1, 0.2):
        most, least = fifths["1"].false_alarms[share], fifths["5"].false_alarms[share]
        assert most <= 0.25
        assert most <= 3 * least
    assert fell.needs_sign_off == ()


def test_as_many_falls_are_expected_as_happen(fell: DateResult) -> None:
    calibration = fell.row("model").calibration
    assert calibration is not None
    assert 0.7 <= calibration.slope <= 1.3


def test_of_those_inspected_the_shown_score_finds_no_more_than_intake_at_a_fifth(
    fell_if_inspected: DateResult,
) -> None:
    """A null result, kept: page B shows indicators and charts, and no score."""
    assert len(fell_if_inspected.rows) == len(CONTENDERS)
    assert 0.62 <= fell_if_inspected.row("model").auc.value <= 0.68
    assert not fell_if_inspected.beats_intake
    assert fell_if_inspected.headline.startswith("No better than intake")


def test_the_first_results_in_six_years_count_before_a_window_has_shown_what_they_mean(
    bench: Workbench,
) -> None:
    """On 1 January 2017 a model that has to learn what results mean is far behind a plain sum of figures."""
    result = evaluate_date(
        bench, Question.FELL_IF_INSPECTED, FIRST_RESULTS, contenders=(TIMING, INTAKE_ONLY, FIVE, MODEL)
    )
    assert result.row("five").auc.value < 0.60
    assert 0.70 <= result.row("model").auc.value <= 0.75
    assert result.beats_intake
    assert result.needs_sign_off == ()


def test_decline_in_results_is_found_better_than_by_intake(bench: Workbench) -> None:
    result = evaluate_decline(bench, OF_RESULTS)
    assert result.row("model").auc.value > result.row("latest").auc.value > result.row("intake").auc.value
    assert result.beats_intake


def test_all_of_england_is_scored_in_two_seconds(nation: Panel, bench: Workbench) -> None:
    model = learn_for(bench, DAY)
    rows = nation.rows.filter(pl.col("decision") == DAY)
    started = time.process_time()
    found = score(rows, model)
    assert time.process_time() - started < 2
    assert len(found) + len(found.insufficient) == 17_052


def test_the_bundled_model_is_the_one_learned_from_these_files(bench: Workbench) -> None:
    learned, bundled = learn_for(bench, DAY), bundled_model()
    assert learned.trained_rows == bundled.trained_rows
    assert learned.model.coefficients == pytest.approx(bundled.model.coefficients, abs=2e-3)
