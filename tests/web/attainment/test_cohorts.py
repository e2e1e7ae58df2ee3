"""Pupils in force: of the authority alone, under the continuing key, seen anew with every version."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

from redway.core.home import Home
from redway.web.attainment.cohorts import authorities_held, cohort, pupils_on_roll, results_of, years_of
from redway.web.attainment.formulas import EVERY_PREDICTOR
from redway.web.attainment.models_in_force import fitted, model_in_force
from redway.web.datasets.ledger import DjangoLedger
from web.attainment.conftest import ADDS, SMALL, YEARS
from web.attainment.pupils import Cohort, bring_in, results_ks4
from web.pages import ACADEMY, AUTHORITY, CONVERTED, NEIGHBOUR, import_country

pytestmark = pytest.mark.django_db


def test_a_school_keeps_its_key_when_it_converts(cohorts: None) -> None:
    before, after = cohort(AUTHORITY, "ks4", "2014-15"), cohort(AUTHORITY, "ks4", "2015-16")
    assert before is not None
    assert after is not None
    assert set(before.filter(before["school"] == CONVERTED)["urn"]) == {CONVERTED}
    assert set(after.filter(after["school"] == CONVERTED)["urn"]) == {ACADEMY}


def test_the_years_in_force_are_told_earliest_first(cohorts: None) -> None:
    assert years_of(AUTHORITY, "ks4") == list(YEARS)
    assert years_of(AUTHORITY, "ks2") == []
    assert authorities_held() == {AUTHORITY}


def test_what_is_not_held_is_none_and_not_an_empty_table(cohorts: None) -> None:
    assert cohort(AUTHORITY, "ks4", "2020-21") is None
    assert cohort(AUTHORITY, "ks2", "2014-15") is None
    assert pupils_on_roll(AUTHORITY) is None


def test_pupils_of_another_authority_are_not_among_them(home: Home, tmp_path: Path) -> None:
    import_country(tmp_path / "files")
    bring_in(results_ks4(tmp_path, "2014-15", {"100001": Cohort(7), "100009": Cohort(8)}))
    here, there = cohort(AUTHORITY, "ks4", "2014-15"), cohort(NEIGHBOUR, "ks4", "2014-15")
    assert here is not None
    assert there is not None
    assert (set(here["urn"]), set(there["urn"])) == ({"100001"}, {"100009"})


def test_a_corrected_file_is_seen_at_once_and_so_is_its_withdrawal(cohorts: None, tmp_path: Path) -> None:
    source = results_of(AUTHORITY, "ks4")
    corrected = tmp_path / "corrected"
    corrected.mkdir()
    bring_in(results_ks4(corrected, "2015-16", {"100001": Cohort(50), "100002": Cohort(50)}))
    rows = cohort(AUTHORITY, "ks4", "2015-16")
    assert rows is not None
    assert rows.height == 100
    newest = max(results_of(AUTHORITY, "ks4").numbers)
    DjangoLedger().withdraw(newest, reason="The file was of another year.")
    rows = cohort(AUTHORITY, "ks4", "2015-16")
    assert rows is not None
    assert rows.height == 60 * len(ADDS) + 4 + 9
    assert results_of(AUTHORITY, "ks4") == source


def test_rows_of_versions_no_longer_in_force_are_forgotten(cohorts: None, tmp_path: Path) -> None:
    before = weakref.ref(cohort(AUTHORITY, "ks4", "2015-16"))
    assert before() is not None
    corrected = tmp_path / "corrected"
    corrected.mkdir()
    bring_in(results_ks4(corrected, "2015-16", {"100001": Cohort(50), "100002": Cohort(50)}))
    assert cohort(AUTHORITY, "ks4", "2015-16") is not None
    gc.collect()
    assert before() is None


def test_what_the_schools_add_is_found_within_its_range(cohorts: None) -> None:
    model = model_in_force(AUTHORITY, "ks4", "attainment8")
    assert model is not None
    found = model.effects
    for school, adds in ADDS.items():
        at = found.group.index(school)
        assert found.lower[at] < adds < found.upper[at], school


def test_the_newest_cohort_is_taken_when_no_year_is_named(cohorts: None) -> None:
    newest = model_in_force(AUTHORITY, "ks4", "attainment8")
    named = model_in_force(AUTHORITY, "ks4", "attainment8", "2015-16")
    assert newest is named
    assert newest is not model_in_force(AUTHORITY, "ks4", "attainment8", "2014-15")


def test_there_is_no_model_where_there_is_no_column_no_year_or_one_school_alone(
    home: Home, tmp_path: Path
) -> None:
    import_country(tmp_path / "files")
    bring_in(results_ks4(tmp_path, "2014-15", {"100001": Cohort(30)}))
    assert model_in_force(AUTHORITY, "ks4", "attainment8") is None
    assert model_in_force(AUTHORITY, "ks4", "english_points") is None
    assert model_in_force(AUTHORITY, "ks2", "reading") is None


def test_allowing_for_less_from_the_same_statistics_equals_fitting_anew(cohorts: None) -> None:
    """Nobody lacks only what was unticked, so the statistics already kept serve: the answer is the same."""
    from redway.attainment.model import fit_frame

    source = results_of(AUTHORITY, "ks4")
    quick = fitted(source, "attainment8", ("2015-16",), EVERY_PREDICTOR - {"gender", "age"})
    rows = cohort(AUTHORITY, "ks4", "2015-16")
    assert quick is not None
    assert rows is not None
    slow = fit_frame(
        rows,
        "attainment8 ~ I(prior_attainment - 100) + I((prior_attainment - 100)**2) + free_school_meals"
        " + (1 | school)",
    )
    assert quick.effects.group == slow.effects.group
    assert quick.effects.effect == pytest.approx(slow.effects.effect, rel=1e-8)
    assert quick.effects.se_comparative == pytest.approx(slow.effects.se_comparative, rel=1e-8)


def test_a_pupil_of_whom_only_something_unticked_is_missing_is_used(home: Home, tmp_path: Path) -> None:
    import_country(tmp_path / "files")
    path = results_ks4(tmp_path, "2014-15", {urn: Cohort(20) for urn in ADDS})
    lines = path.read_text("utf-8").splitlines()
    cells = lines[1].split(",")
    cells[4] = ""  # free school meals
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", "utf-8")
    bring_in(path)
    source = results_of(AUTHORITY, "ks4")
    everything = fitted(source, "attainment8", ("2014-15",), EVERY_PREDICTOR)
    less = fitted(source, "attainment8", ("2014-15",), EVERY_PREDICTOR - {"free_school_meals"})
    assert everything is not None
    assert less is not None
    assert (everything.fit.n_pupils, less.fit.n_pupils) == (119, 120)


def test_a_small_school_is_part_of_the_model(cohorts: None) -> None:
    model = model_in_force(AUTHORITY, "ks4", "attainment8")
    assert model is not None
    assert SMALL in model.effects.group
