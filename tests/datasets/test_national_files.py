"""The full national files: everything loads in time, once, and their known traps are not fallen into."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from datasets.memory_ledger import MemoryLedger
from redway.core.home import Home
from redway.datasets.import_report import FileReport, Outcome
from redway.datasets.importing import import_path
from redway.datasets.lake import Lake

pytestmark = pytest.mark.national


@pytest.fixture
def load(
    national_data: Path, home: Home, ledger: MemoryLedger
) -> Callable[[str], tuple[FileReport, pl.DataFrame]]:
    def read(name: str) -> tuple[FileReport, pl.DataFrame]:
        (report,) = import_path(national_data / name, ledger, home)
        assert report.outcome is Outcome.COMMITTED, report.reasons
        assert report.kind is not None
        assert report.version_id is not None
        return report, pl.read_parquet(Lake(home).version_path(report.kind, report.version_id))

    return read


Load = Callable[[str], tuple[FileReport, pl.DataFrame]]


def test_everything_loads_or_says_why_not_and_a_second_time_changes_nothing(
    national_data: Path, home: Home, ledger: MemoryLedger
) -> None:
    reports = import_path(national_data, ledger, home)
    files = [path for path in national_data.rglob("*") if path.is_file()]
    assert len(reports) == len(files)
    loaded = [report for report in reports if report.outcome is Outcome.COMMITTED]
    assert len(loaded) > 150
    assert all(report.reasons for report in reports if report.outcome is not Outcome.COMMITTED)
    assert not any(report.kind for report in reports if "data_dictionaries" in report.path)
    fakes = [report for report in reports if "schema_fixtures" in report.path]
    assert not any(report.outcome is Outcome.COMMITTED for report in fakes), "invented rows are not results"
    again = import_path(national_data, ledger, home)
    assert [report.outcome for report in again if report.outcome is Outcome.COMMITTED] == []
    assert sum(report.outcome is Outcome.UNCHANGED for report in again) == len(loaded)


def test_the_england_rows_of_2010_are_as_published(load: Load) -> None:
    """Five good GCSEs with English and maths: 53.5% of all schools, 55.2% of state schools."""
    _, rows = load("performance/ks4_2010.parquet")
    figures = {
        level: rows.filter(pl.col("_level") == level)["five_a_to_c_with_english_maths"].to_list()
        for level in ("england_all", "england")
    }
    assert figures == {"england_all": [53.5], "england": [55.2]}
    schools = rows.filter(pl.col("_level") == "school")
    assert schools["la_code"].is_not_null().all()
    assert "urn" not in rows.columns


def test_the_dash_of_the_interactive_tool_is_not_available_and_not_zero(
    load: Load, national_data: Path
) -> None:
    """93,883 cells hold '-'; none of them becomes a number."""
    _, rows = load("social_care/lait_bds_long.parquet")
    source = pl.read_parquet(national_data / "social_care" / "lait_bds_long.parquet")
    dashes = source.with_row_index("_row", 2).filter(pl.col("Values") == "-")["_row"].cast(pl.Int64)
    assert dashes.len() == 93_883
    missing = rows.filter(pl.col("_row").is_in(dashes.implode()))
    assert missing["value"].null_count() == missing.height
    assert missing["value__missing"].unique().to_list() == ["not_available"]


def test_suppressed_cells_of_2014_absence_are_counted_apart(load: Load) -> None:
    _, rows = load("absence/abs_2014.parquet")
    measures = [name for name in rows.columns if name.endswith("__missing")]
    suppressed = sum(int((rows[name] == "suppressed").sum()) for name in measures)
    assert suppressed == 5_121


def test_national_rows_are_not_schools(load: Load) -> None:
    report, rows = load("absence/abs_2017.parquet")
    assert report.period == "2016-17"
    assert set(rows["_level"]) == {"school", "england"}
    assert rows.filter(pl.col("_level") == "england").select("phase", "overall_absence").rows() == [
        ("Primary", 4.0),
        ("Secondary", 5.4),
        ("Special", 9.7),
    ]


def test_inspections_keep_every_graded_inspection_with_its_day(load: Load) -> None:
    report, rows = load("ofsted/inspection_history_2005_2020.parquet")
    assert report.rows_loaded == 55_646
    assert rows["inspection_date"].dtype == pl.Date
    assert rows["inspection_date"].null_count() == 0
