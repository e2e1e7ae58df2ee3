"""Real national files through the real pipeline: published figures come out as published."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from datasets.memory_ledger import MemoryLedger
from redway.core.home import Home
from redway.core.identifiers import ENGLAND
from redway.datasets.importing import import_path
from redway.datasets.register import Register
from redway.datasets.register_files import read_register
from redway.indicators.comparison import compare
from redway.indicators.neighbours import Neighbours, load_neighbours
from redway.indicators.store import SeriesStore, refresh

pytestmark = pytest.mark.national

FILES = (
    "gias/gias_all_2023-11_core_columns.parquet",
    "gias/gias_2022-08_state_schools.parquet",
    "gias/links_all_2026-08-21.parquet",
    "statistical_neighbours/csc_statistical_neighbours_2021.parquet",
    "statistical_neighbours/csc_statistical_neighbours_2025.parquet",
    "social_care/lait_bds_long.parquet",
    "absence/abs_2011.parquet",
    "absence/abs_2018.parquet",
    "absence/abs_2023.parquet",
    "performance/ks2_cva_2007.parquet",
    "performance/ks4_2010.parquet",
    "performance/ks4provisional_2018.parquet",
    "performance/ks4_perf_2018.parquet",
)


@pytest.fixture(scope="module")
def nation(
    national_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[SeriesStore, Neighbours, Register]:
    home = Home(tmp_path_factory.mktemp("nation"))
    ledger = MemoryLedger()
    for name in FILES:
        reports = import_path(national_data / name, ledger, home, accept=True)
        assert all(report.version for report in reports), name
    register = read_register(home, ledger)
    refresh(home, ledger.versions(), register)
    return SeriesStore(home, ledger), load_neighbours(home, ledger.versions()), register


Nation = tuple[SeriesStore, Neighbours, Register]


def test_milton_keynes_ten_neighbours_under_each_model(nation: Nation) -> None:
    _, neighbours, _ = nation
    # Bedford, Bexley, Southend-on-Sea, Reading, Bournemouth Christchurch and Poole, Havering,
    # Hertfordshire, Kent, Sutton and Leeds.
    assert neighbours.of("826", "2025").authorities == (
        "822",
        "303",
        "882",
        "870",
        "839",
        "311",
        "919",
        "886",
        "319",
        "383",
    )
    earlier = neighbours.of("826", "2021").authorities
    assert len(set(earlier) & set(neighbours.of("826", "2025").authorities)) == 6


def test_the_secondary_absence_gap_depends_on_the_model(nation: Nation) -> None:
    store, neighbours, _ = nation
    found = compare(store, neighbours, "826", "secondary-absence", "2024-25")
    assert found.figure.value == 8.59
    gaps = {gap.model or gap.name: (round(gap.value, 2), round(gap.gap, 2)) for gap in found.gaps}
    assert gaps["England"] == (8.44, 0.15)
    assert gaps["2025"] == (7.73, 0.86)
    assert gaps["2021"][1] == pytest.approx(0.52, abs=0.01)


def test_reading_writing_and_maths_at_eleven(nation: Nation) -> None:
    store, neighbours, _ = nation
    found = compare(store, neighbours, "826", "ks2-reading-writing-maths", "2024-25")
    means = {gap.model or gap.name: round(gap.value, 1) for gap in found.gaps}
    assert (found.figure.value, means) == (66.0, {"England": 63.0, "2025": 63.5, "2021": 62.2})


def test_england_in_2010_is_state_funded_schools(nation: Nation) -> None:
    # Published: 55.2% in the state-funded sector (53.5% with independent schools).
    store, _, _ = nation
    rows = store.figures("england", [ENGLAND], ["ks4-five-good-gcses-with-english-and-maths"])
    assert round(rows.filter(pl.col("period") == "2009-10")["value"][0], 1) == 55.2


def test_progress_8_is_not_held_after_2024(nation: Nation) -> None:
    store, _, _ = nation
    held = store.figures("authority", ["826"], ["ks4-progress8"]).filter(pl.col("value").is_not_null())
    assert held["period"].to_list()[-1] == "2023-24"


def test_files_without_urns_find_their_schools(nation: Nation) -> None:
    store, _, register = nation
    for code, period, share in (
        ("ks2-contextual-value-added", "2006-07", 0.98),
        ("ks4-contextual-value-added", "2009-10", 0.9),
    ):
        found = store.across("school", code, period)
        assert found["entity"].is_unique().all()
        known = found["entity"].is_in(register.establishments["urn"].to_list())
        assert known.mean() >= share


def test_a_mean_of_two_old_measures_is_as_published(nation: Nation) -> None:
    # Contextual value added was scaled to a national mean of 1000 (key stage 4) and 100 (key stage 2).
    store, _, _ = nation
    four = store.across("school", "ks4-contextual-value-added", "2009-10")["value"].mean()
    two = store.across("school", "ks2-contextual-value-added", "2006-07")["value"].mean()
    assert four == pytest.approx(1000, abs=6)
    assert two == pytest.approx(100, abs=0.5)


def test_the_three_persistent_absences_are_three_measures(nation: Nation) -> None:
    store, _, _ = nation
    assert store.periods("school", "persistent-absence-20") == ["2009-10", "2010-11"]
    assert store.periods("school", "persistent-absence-15") == ["2010-11"]
    assert "2010-11" not in store.periods("school", "persistent-absence-10")


def test_final_results_outrank_provisional_ones_and_both_can_be_seen(nation: Nation) -> None:
    store, _, _ = nation
    cells = store.lineage("school", "136844", "ks4-attainment8", "2017-18")
    assert cells["edition"].to_list() == ["revised", "provisional"]


def test_bands_are_of_a_phase_and_say_whose_schools(nation: Nation) -> None:
    store, _, _ = nation
    secondary = store.distribution("overall-absence", "2022-23", "Secondary")
    primary = store.distribution("overall-absence", "2022-23", "Primary")
    assert secondary is not None
    assert primary is not None
    assert secondary.scope == primary.scope == "England"
    assert secondary.median > primary.median
