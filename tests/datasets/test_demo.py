"""The bundled demo authority: small, complete, attributed, without a person's name, and importable."""

from __future__ import annotations

import csv
import hashlib
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from datasets.memory_ledger import MemoryLedger
from redway.core.home import Home
from redway.datasets.import_report import FileReport, Outcome
from redway.datasets.importing import import_path
from redway.datasets.lake import Lake
from redway.datasets.register_files import read_register

REPOSITORY = Path(__file__).parents[2]
DEMO = REPOSITORY / "src" / "redway" / "demo"
NEIGHBOURS_OF_2025 = ["822", "303", "882", "870", "839", "311", "919", "886", "319", "383"]
"""Bedford, Bexley, Southend-on-Sea, Reading, Bournemouth Christchurch and Poole, Havering, Hertfordshire,
Kent, Sutton, Leeds."""
NEIGHBOURS_OF_2021 = ["822", "383", "941", "303", "870", "883", "866", "919", "886", "831"]
"""Bedford, Leeds, West Northamptonshire, Bexley, Reading, Thurrock, Swindon, Hertfordshire, Kent, Derby."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return Home(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def ledger() -> MemoryLedger:
    return MemoryLedger()


@pytest.fixture(scope="module")
def reports(home: Home, ledger: MemoryLedger) -> list[FileReport]:
    return import_path(DEMO / "data", ledger, home)


def rows_of(home: Home, report: FileReport) -> pl.DataFrame:
    return pl.read_parquet(Lake(home).version_path(str(report.kind), report.version_id or 0))


def test_it_is_no_more_than_15_megabytes() -> None:
    assert sum(path.stat().st_size for path in DEMO.rglob("*") if path.is_file()) < 15_000_000


def test_the_manifest_names_the_source_of_every_file() -> None:
    with (DEMO / "manifest.csv").open(encoding="utf-8", newline="") as manifest:
        rows = {row["file"]: row for row in csv.DictReader(manifest)}
    files = {str(path.relative_to(DEMO)) for path in (DEMO / "data").rglob("*") if path.is_file()}
    assert set(rows) == files
    for file, row in rows.items():
        assert hashlib.sha256((DEMO / file).read_bytes()).hexdigest() == row["sha256"]
        assert len(row["source_sha256"]) == 64
        assert row["published_at"]


def test_the_licence_and_the_attributions_are_there() -> None:
    words = (DEMO / "LICENCE.md").read_text("utf-8")
    for needed in ("Open Government Licence v3.0", "Contains OS data", "Contains Royal Mail data", "Ofsted"):
        assert needed in words


def test_nobodys_name_or_telephone_number_is_in_it() -> None:
    telling = (
        "head",
        "proprietor",
        "props",
        "telnum",
        "fax",
        "email",
        "contact",
        "group street",
        "group town",
    )
    for path in (DEMO / "data").rglob("*.parquet"):
        for column in pl.read_parquet_schema(path):
            said = column.lower()
            # A headcount is no head; the supplier of a measure is an office.
            told = [
                word
                for word in telling
                if word in said and "headcount" not in said and "supplier" not in said
            ]
            assert not told, f"{path.name}: {column}"


def test_every_file_goes_through_the_pipeline(reports: list[FileReport]) -> None:
    assert len(reports) > 120
    assert {
        report.path: report.reasons for report in reports if report.outcome is not Outcome.COMMITTED
    } == {}
    assert sum(report.rows_rejected for report in reports) == 0


@pytest.mark.parametrize(("model", "numbers"), [("2025", NEIGHBOURS_OF_2025), ("2021", NEIGHBOURS_OF_2021)])
def test_the_neighbours_of_milton_keynes(
    home: Home, reports: list[FileReport], model: str, numbers: list[str]
) -> None:
    (report,) = [each for each in reports if each.kind == "statistical-neighbours" and each.period == model]
    row = rows_of(home, report).filter(pl.col("la_code") == "826").row(0, named=True)
    assert [row[f"neighbour_{place}"] for place in range(1, 11)] == numbers


def test_secondary_absence_of_2025_is_as_published(home: Home, reports: list[FileReport]) -> None:
    """Milton Keynes 8.59, England 8.44, mean of the 2025 neighbours 7.73, of the 2021 neighbours 8.07."""
    (report,) = [each for each in reports if each.kind == "lait"]
    rows = rows_of(home, report).filter(pl.col("_period") == "2025")
    england = rows.filter((pl.col("la_code") == "970") & (pl.col("value").round(2) == 8.44))
    ours = rows.filter((pl.col("la_code") == "826") & (pl.col("value").round(2) == 8.59))
    both = set(england["measure"]) & set(ours["measure"])
    means = {
        (
            round(theirs(rows, measure, NEIGHBOURS_OF_2025), 2),
            round(theirs(rows, measure, NEIGHBOURS_OF_2021), 2),
        )
        for measure in both
    }
    assert (7.73, 8.07) in means


def theirs(rows: pl.DataFrame, measure: str, numbers: list[str]) -> float:
    values = rows.filter((pl.col("measure") == measure) & pl.col("la_code").is_in(numbers))[
        "value"
    ].drop_nulls()
    return float(values.sum() / len(values))


def test_the_register_of_the_demo(home: Home, ledger: MemoryLedger, reports: list[FileReport]) -> None:
    register = read_register(home, ledger)
    assert 2500 < register.schools.height < 5000
    open_here = register.schools.filter((pl.col("la_code") == "826") & (pl.col("status") == "Open"))
    assert open_here.height > 100
    assert open_here.filter(pl.col("phase") == "Secondary").height == 12
    # Two schools opened just before the edition of November 2023, which gives them no place yet.
    assert open_here["easting"].null_count() == 2
    lines = dict(register.establishments.select("urn", "school").iter_rows())
    assert lines["148835"] == lines["110526"]


@pytest.mark.national
def test_making_it_again_gives_the_same_files(national_data: Path, tmp_path: Path) -> None:
    before = (DEMO / "manifest.csv").read_bytes()
    copy = tmp_path / "checkout"
    (copy / "src/redway/demo").mkdir(parents=True)
    (copy / "tools").mkdir()
    (copy / "tools/make_demo_extract.py").write_bytes(
        (REPOSITORY / "tools/make_demo_extract.py").read_bytes()
    )
    subprocess.run([sys.executable, str(copy / "tools/make_demo_extract.py"), str(national_data)], check=True)
    assert (copy / "src/redway/demo/manifest.csv").read_bytes() == before
