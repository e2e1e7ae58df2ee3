"""The analyst's door: frames, clear errors, and no Django behind it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from datasets.memory_ledger import MemoryLedger
from indicators.made_up import absence, lait, neighbours, write
from redway.analyst import AmbiguousQuestionError, Workspace, open_workspace
from redway.core.errors import NotFound
from redway.core.home import Home
from redway.datasets.engine import QueryError
from redway.datasets.importing import import_path
from redway.datasets.register_files import read_register
from redway.indicators.store import refresh

TEN = [str(number) for number in range(301, 311)]
REGISTER = [
    (
        "URN,LA (code),LA (name),EstablishmentNumber,EstablishmentName,TypeOfEstablishment (name),"
        "EstablishmentStatus (name),OpenDate,CloseDate,PhaseOfEducation (name),Postcode"
    ),
    "100001,826,Milton Keynes,4001,Lakeside School,Community school,Closed,,31-08-2019,Secondary,MK1 1AA",
    "150001,826,Milton Keynes,4001,Lakeside Academy,Academy converter,Open,01-09-2019,,Secondary,MK1 1AA",
    "100002,301,Elsewhere,4002,Hillside School,Community school,Open,,,Secondary,AB1 1AA",
]
LINKS = [
    "URN,LinkURN,LinkName,LinkType,LinkEstablishedDate",
    "150001,100001,Lakeside School,Predecessor,01-09-2019",
    "100001,150001,Lakeside Academy,Successor,01-09-2019",
]


@pytest.fixture
def workspace(tmp_path: Path, home: Home) -> Workspace:
    ledger = MemoryLedger()
    rows = [("SecTotAbs", "2025", la, str(6 + at / 2)) for at, la in enumerate(TEN)]
    rows += [("SecTotAbs", "2025", "826", "8.59"), ("SecTotAbs", "2025", "970", "8.44")]
    files: list[tuple[Path, str | None]] = [
        (absence(tmp_path, 2018, {"100001": "9.1", "100002": "5.0"}), None),
        (absence(tmp_path, 2023, {"150001": "8.2", "100002": "SUPP"}), None),
        (lait(tmp_path, rows), None),
        (neighbours(tmp_path, "2025", {"826": TEN}), "2025"),
        (write(tmp_path / "edubasealldata20230901.csv", REGISTER), "2023-09-01"),
        (write(tmp_path / "links20230901.csv", LINKS), "2023-09-01"),
    ]
    for path, period in files:
        (report,) = import_path(path, ledger, home, period=period, accept=True)
        assert report.version, report.to_json()
    refresh(home, ledger.versions(), read_register(home, ledger))
    return open_workspace(home.root, ledger)


def test_a_school_keeps_its_figures_through_a_conversion(workspace: Workspace) -> None:
    found = workspace.series("overall-absence", school="150001")
    assert found.select("period", "entity", "value").rows() == [
        ("2017-18", "100001", 9.1),
        ("2022-23", "150001", 8.2),
    ]
    assert workspace.series("overall-absence", school="100001").equals(found)


def test_a_benchmark_names_its_model_and_shows_every_neighbour(workspace: Workspace) -> None:
    found = workspace.benchmark("826", "secondary-absence")
    assert found["comparator"].to_list()[:3] == [
        "Milton Keynes",
        "England",
        "mean of 10 statistical neighbours (2025 model)",
    ]
    assert found.height == 13
    assert found["model"].unique().to_list() == ["2025"]
    assert [None if gap is None else round(gap, 2) for gap in found["gap"].to_list()[:3]] == [
        None,
        0.15,
        0.34,
    ]


def test_lineage_names_the_file_the_row_and_the_header(workspace: Workspace) -> None:
    (row,) = workspace.lineage("secondary-absence", "2024-25", authority="826").rows(named=True)
    assert (row["value"], row["header"]) == (8.59, "Values")
    assert row["file"].endswith("lait.csv")
    assert row["row"] == 12


def test_datasets_versions_and_tables(workspace: Workspace) -> None:
    assert "absence" in workspace.datasets()["dataset"].to_list()
    assert workspace.versions("absence")["period"].to_list() == ["2017-18", "2022-23"]
    table = workspace.table("absence")
    assert table.filter(table["urn"] == "100002")["overall_absence__missing"].to_list() == [
        None,
        "suppressed",
    ]


def test_sql_over_a_dataset(workspace: Workspace) -> None:
    found = workspace.sql("SELECT count(*) AS schools FROM dataset('absence') WHERE _level = 'school'")
    assert found["schools"].to_list() == [4]
    with pytest.raises(QueryError):
        workspace.sql("SELECT nonsense FROM dataset('absence')")


def test_schools_are_lines_through_time(workspace: Workspace) -> None:
    assert workspace.schools("826")["name"].to_list() == ["Lakeside Academy"]
    assert workspace.school("100001")["current_urn"].to_list() == ["150001"]


def test_measures_can_be_listed(workspace: Workspace) -> None:
    assert "secondary-absence" in workspace.indicators("authority")["code"].to_list()


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda asked: asked.table("nonsense"), "Datasets held: absence"),
        (lambda asked: asked.series("secondary-absense", authority="826"), "Did you mean secondary-absence"),
        (lambda asked: asked.school("999999"), "no school with URN 999999"),
        (lambda asked: asked.benchmark("826", "secondary-absence", "2007"), "Models held: 2025"),
    ],
)
def test_errors_say_what_was_wrong_and_what_to_do(
    workspace: Workspace, ask: Callable[[Workspace], object], says: str
) -> None:
    with pytest.raises(NotFound, match=says):
        ask(workspace)


def test_a_series_is_of_one_thing(workspace: Workspace) -> None:
    with pytest.raises(AmbiguousQuestionError, match="exactly one"):
        workspace.series("secondary-absence", school="100001", authority="826")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no data folder"):
        open_workspace(tmp_path / "nowhere")


def test_django_is_not_imported() -> None:
    code = "import redway.analyst, sys; assert not [m for m in sys.modules if m.split('.')[0] == 'django']"
    source = str(Path(__file__).parents[1] / "src")
    subprocess.run([sys.executable, "-c", code], check=True, env={"PYTHONPATH": source, "PATH": ""})


PUPILS = ["UPN,URN,Academic year,Gender,KS2ASS,Attainment 8,Free school meals"]


def pupils(year: str, school: str, other: str) -> list[str]:
    """Twelve pupils of two schools; those of the first do three points better for what they had reached."""
    return [
        f"{year[:4]}{urn}{at:02},{urn},{year},F,{95 + at},{40 + at + add + at % 3},{'yn'[at % 2]}"
        for add, urn in ((3, school), (0, other))
        for at in range(12)
    ]


@pytest.fixture
def with_pupils(workspace: Workspace, tmp_path: Path, home: Home) -> Workspace:
    for year, school in (("2018-19", "100001"), ("2023-24", "150001")):
        path = write(tmp_path / f"results-{year}.csv", [PUPILS[0], *pupils(year, school, "100002")])
        (report,) = import_path(path, workspace._ledger, home, accept=True)  # type: ignore[arg-type]
        assert report.version, report.to_json()
    return open_workspace(home.root, workspace._ledger)


def test_pupils_keep_their_school_through_its_conversion(with_pupils: Workspace) -> None:
    held = with_pupils.pupils("pupil-results-ks4")
    assert set(held["urn"]) == {"100001", "150001", "100002"}
    assert set(held["school"]) == {"100001", "100002"}


def test_a_model_is_fitted_to_the_pupils_of_a_dataset(with_pupils: Workspace) -> None:
    model = with_pupils.value_added("pupil-results-ks4", "attainment8 ~ prior_attainment + (1 | school)")
    assert model.fit.n_pupils == 48
    assert model.effects.group == ("100001", "100002")


def test_a_year_without_pupils_says_which_years_there_are(with_pupils: Workspace) -> None:
    with pytest.raises(NotFound, match=r"Years held: 2018-19, 2023-24"):
        with_pupils.pupils("pupil-results-ks4", "2001-02")
