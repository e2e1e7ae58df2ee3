"""The made-up cohorts: reproducible, true to the register, consistent, and with a truth to be recovered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from datasets.memory_ledger import MemoryLedger
from redway.attainment.attainment8 import attainment8
from redway.attainment.model import Model, fit_frame
from redway.core.home import Home
from redway.datasets.confidential import is_made_up
from redway.datasets.import_report import Outcome
from redway.datasets.importing import import_path
from redway.datasets.register_files import read_register
from redway.demo import AUTHORITY, data_folder
from redway.demo.cohorts import SUBJECTS, made_up_files, write_files
from redway.demo.schools import RESULT_YEARS, schools_with, true_effects, urns_in

WILLEN, WILLEN_ACADEMY = "110388", "151047"
"""A primary school that became an academy on 1 September 2024, between the second cohort and the third."""
OUTCOMES = [("ks2", "reading"), ("ks2", "maths"), ("ks4", "attainment8")]
PREDICTORS = (
    "prior_attainment + I(prior_attainment**2) + gender + ethnicity + free_school_meals + special_needs + "
    "english_additional_language + in_care + joined_late + month_of_birth + deprivation"
)
Files = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, MemoryLedger]:
    """A data folder with the demo's register."""
    home, ledger = Home(tmp_path_factory.mktemp("demo")), MemoryLedger()
    for folder in ("gias", "geography"):
        import_path(Path(str(data_folder())) / folder, ledger, home)
    return home, ledger


@pytest.fixture(scope="module")
def establishments(place: tuple[Home, MemoryLedger]) -> pl.DataFrame:
    return read_register(*place).establishments


@pytest.fixture(scope="module")
def files(establishments: pl.DataFrame) -> Files:
    return dict(made_up_files(establishments, AUTHORITY))


def fitted(files: Files, establishments: pl.DataFrame, key_stage: str, year: str, outcome: str) -> Model:
    schools = urns_in(establishments, schools_with(establishments, AUTHORITY, key_stage), year)
    pupils = files[f"pupil-results-{key_stage}-{year}"].join(schools, on="urn")
    return fit_frame(pupils, f"{outcome} ~ {PREDICTORS} + (1 | school)")


def test_the_same_register_gives_the_same_files(files: Files, establishments: pl.DataFrame) -> None:
    again = dict(made_up_files(establishments, AUTHORITY))
    assert list(again) == list(files)
    assert all(frame.equals(again[name]) for name, frame in files.items())


def test_three_cohorts_of_each_key_stage_of_the_size_of_the_authority(files: Files) -> None:
    for year in RESULT_YEARS:
        assert 3500 < files[f"pupil-results-ks2-{year}"].height < 4500
        assert 2400 < files[f"pupil-results-ks4-{year}"].height < 3500


def test_every_file_goes_through_the_pipeline_without_an_error_and_is_marked(
    place: tuple[Home, MemoryLedger], establishments: pl.DataFrame, tmp_path: Path
) -> None:
    home, ledger = place
    write_files(establishments, AUTHORITY, tmp_path)
    reports = import_path(tmp_path, ledger, home)
    assert {report.outcome for report in reports} == {Outcome.COMMITTED}
    assert sum(report.errors_total + report.rows_rejected for report in reports) == 0
    pupils = [version for version in ledger.versions() if version.format.startswith("pupil")]
    assert len(pupils) == len(reports) == 12
    assert all(is_made_up(version) and version.scope == AUTHORITY for version in pupils)


def test_a_school_that_converted_goes_on_under_its_new_number(files: Files) -> None:
    numbers = [
        set(files[f"pupil-results-ks2-{year}"]["urn"]) & {WILLEN, WILLEN_ACADEMY} for year in RESULT_YEARS
    ]
    assert numbers == [{WILLEN}, {WILLEN}, {WILLEN_ACADEMY}]


@pytest.mark.parametrize("key_stage", ["ks2", "ks4"])
def test_some_schools_have_five_pupils_or_fewer(files: Files, key_stage: str) -> None:
    for year in RESULT_YEARS:
        sizes = files[f"pupil-results-{key_stage}-{year}"].group_by("urn").len()["len"]
        assert (sizes <= 5).any()
        assert (sizes > 5).sum() > 10


def test_nobody_can_be_taken_for_a_real_child(files: Files) -> None:
    for frame in files.values():
        assert frame["pupil"].str.starts_with("MADEUP-").all()
    with_names = [name for name, frame in files.items() if "surname" in frame.columns]
    assert with_names == ["pupils-2025-26"]
    assert "Lantern" in set(files["pupils-2025-26"]["surname"])


def test_some_pupils_lack_prior_attainment_most_of_them_late_joiners(files: Files) -> None:
    frame = files["pupil-results-ks4-2023-24"]
    missing = frame.group_by("joined_late").agg(pl.col("prior_attainment").is_null().mean())
    shares = dict(missing.iter_rows())
    assert 0.01 < shares[False] < 0.06
    assert 0.2 < shares[True] < 0.5


@pytest.mark.parametrize("year", RESULT_YEARS)
def test_attainment_8_is_what_the_entries_come_to(files: Files, year: str) -> None:
    """Maths twice; the better of the two English grades twice where both are taken; three and three."""
    results, entries = files[f"pupil-results-ks4-{year}"], files[f"pupil-entries-ks4-{year}"]
    assert entries.select("pupil", "qualification").is_duplicated().sum() == 0
    points = entries.with_columns(pl.col("grade").replace("U", "0").cast(pl.Float64))
    english = points.filter(pl.col("slot").str.starts_with("english"))
    both = english.group_by("pupil").agg(
        pl.col("grade").max() * pl.when(pl.len() == 2).then(2).otherwise(1),
        left=pl.col("grade").min(),
        taken=pl.len(),
    )
    spare = both.filter(pl.col("taken") == 2).select("pupil", pl.col("left").alias("grade"))
    others = pl.concat([points.filter(pl.col("slot") == "open").select("pupil", "grade"), spare])
    total = pl.concat(
        [
            points.filter(pl.col("slot") == "maths").select("pupil", pl.col("grade") * 2),
            both.select("pupil", "grade"),
            points.filter(pl.col("slot") == "ebacc").select("pupil", "grade"),
            others,
        ]
    )
    sums = total.group_by("pupil").agg(pl.col("grade").sum().alias("sum"))
    joined = results.join(sums, on="pupil")
    assert joined.height == results.height
    assert joined["sum"].to_list() == joined["attainment8"].to_list()
    parts = results.select(pl.sum_horizontal("english_points", "maths_points", "ebacc_points", "open_points"))
    assert parts.to_series().to_list() == results["attainment8"].to_list()


@pytest.mark.parametrize("year", RESULT_YEARS)
def test_the_official_rule_finds_the_same_attainment_8(files: Files, year: str) -> None:
    official = attainment8(files[f"pupil-entries-ks4-{year}"], year)
    both = files[f"pupil-results-ks4-{year}"].join(official, on="pupil", suffix="_official")
    for name in ("attainment8", "english_points", "maths_points", "ebacc_points", "open_points"):
        assert both[name].to_list() == both[f"{name}_official"].to_list()


def test_prior_attainment_at_key_stage_2_is_the_mean_of_reading_and_maths(files: Files) -> None:
    frame = files["pupil-results-ks4-2023-24"].drop_nulls("prior_attainment")
    means = (frame["prior_reading"] + frame["prior_maths"]) / 2
    assert means.to_list() == frame["prior_attainment"].to_list()
    for column in ("prior_reading", "prior_maths"):
        assert frame[column].is_between(80, 120).all()


def test_assessments_are_of_pupils_on_roll_with_some_missing(files: Files) -> None:
    roll = files["pupils-2025-26"]
    year_6 = set(roll.filter(pl.col("year_group") == 6)["pupil"])
    now = files["pupil-assessments-2025-26"].filter(pl.col("year_group") == 6)
    assert set(now["pupil"]) <= year_6
    assert set(now["subject"]) == set(SUBJECTS["ks2"])
    assert 0.9 < now.height / (2 * 3 * len(year_6)) < 1
    assert 0 < now["assessment"].null_count() < 0.05 * now.height
    before = files["pupil-assessments-2024-25"].filter(pl.col("year_group") == 5)
    assert set(before["term"]) == {"autumn", "spring", "summer"}
    assert set(before["pupil"]) <= year_6


@pytest.mark.parametrize(("key_stage", "outcome"), OUTCOMES)
def test_true_effects_sum_to_nothing_and_one_school_declines(
    establishments: pl.DataFrame, key_stage: str, outcome: str
) -> None:
    schools = schools_with(establishments, AUTHORITY, key_stage)
    truth = true_effects(schools, key_stage).filter(pl.col("outcome") == outcome)
    assert truth.group_by("year").agg(pl.col("effect").sum())["effect"].abs().max() == pytest.approx(
        0, abs=1e-9
    )
    declining = truth.filter(pl.col("story") == "in decline").sort("year")
    assert declining["school"].n_unique() == 1
    assert np.all(np.diff(declining["effect"].to_numpy()) < 0)


def test_the_model_recovers_the_true_effects_within_its_intervals(
    files: Files, establishments: pl.DataFrame
) -> None:
    """Of 95% intervals about 95 in 100 hold the truth: of 423, between 92% and 99% (four standard errors)."""
    inside: list[bool] = []
    for key_stage, outcome in OUTCOMES:
        truth = true_effects(schools_with(establishments, AUTHORITY, key_stage), key_stage)
        for year in RESULT_YEARS:
            found = fitted(files, establishments, key_stage, year, outcome).effects.frame()
            known = truth.filter((pl.col("year") == year) & (pl.col("outcome") == outcome))
            both = found.join(known, left_on="group", right_on="school")
            assert both.height == known.height
            assert np.corrcoef(both["effect"], both["effect_right"])[0, 1] > 0.8
            inside += both["effect_right"].is_between(both["lower"], both["upper"]).to_list()
    assert 0.92 <= np.mean(inside) <= 0.99


def test_the_model_sees_the_school_in_decline(files: Files, establishments: pl.DataFrame) -> None:
    schools = schools_with(establishments, AUTHORITY, "ks4")
    truth = true_effects(schools, "ks4")
    school = truth.filter(pl.col("story") == "in decline")["school"][0]
    seen = []
    for year in RESULT_YEARS:
        frame = fitted(files, establishments, "ks4", year, "attainment8").effects.frame()
        seen.append(frame.filter(pl.col("group") == school)["effect"][0])
    assert seen[0] > seen[1] > seen[2]
    assert seen[0] > 0 > seen[2]
