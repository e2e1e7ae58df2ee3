"""What the command line answers, as it is typed: published figures, exit codes, JSON and messages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

COMMAND = [sys.executable, "-c", "from redway.cli.main import run; run()"]
FILES = (
    "gias/gias_all_2023-11_core_columns.parquet",
    "gias/links_all_2026-08-21.parquet",
    "statistical_neighbours/csc_statistical_neighbours_2021.parquet",
    "statistical_neighbours/csc_statistical_neighbours_2025.parquet",
    "social_care/lait_bds_long.parquet",
    "absence/abs_2018.parquet",
)


class Typed:
    """Types commands into one data folder."""

    def __init__(self, home: Path) -> None:
        self.environ = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        self.environ |= {"PYTHONPATH": str(Path(__file__).parents[2] / "src"), "REDWAY_HOME": str(home)}

    def __call__(self, *words: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *map(str, words)], env=self.environ, capture_output=True, text=True, timeout=120
        )

    def json(self, *words: object) -> Any:
        done = self(*words, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def redway(tmp_path_factory: pytest.TempPathFactory) -> Typed:
    """A data folder with a few files of the bundled extract, imported as a person would."""
    typed = Typed(tmp_path_factory.mktemp("answers"))
    data = Path(str(resources.files("redway.demo"))) / "data"
    assert typed("import", *(data / name for name in FILES)).returncode == 0
    return typed


@pytest.fixture
def absence_file(tmp_path: Path) -> Path:
    """A file in the shape of the school absence tables; its second row is about no school."""
    path = tmp_path / "abs_2017.csv"
    path.write_text("LA,ESTAB,URN,PERCTOT,PPERSABS10\n826,4001,110498,4.9,SUPP\n826,4002,,5.1,12.0\n")
    return path


# --- figures as published -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "gap", "mean"), [("2025", 0.86, 7.73), ("2021", 0.52, 8.07)])
def test_the_gap_depends_on_the_model_and_the_model_is_named(
    redway: Typed, model: str, gap: float, mean: float
) -> None:
    """Secondary absence 2024-25: Milton Keynes 8.59, England 8.44; the neighbours' mean is the model's."""
    answer = redway.json(
        "benchmark", "--authority", "826", "--indicator", "secondary-absence", "--model", model
    )
    assert (answer["period"], answer["value"], answer["model"]) == ("2024-25", 8.59, model)
    england, neighbours = answer["comparators"]
    assert (england["value"], round(england["gap"], 2)) == (8.44, 0.15)
    assert (neighbours["value"], neighbours["gap"]) == pytest.approx((mean, gap), abs=0.0051)
    assert model in neighbours["name"]
    shown = redway("benchmark", "--authority", "826", "--indicator", "secondary-absence", "--model", model)
    for part in ("8.59%", "+0.15", f"+{gap}", f"{mean}%", f"the {model} model"):
        assert part in shown.stdout, part


def test_the_ten_neighbours_of_each_model_by_name(redway: Typed) -> None:
    def names(*words: str) -> list[str]:
        answer = redway.json("benchmark", "--authority", "826", "--indicator", "secondary-absence", *words)
        return [one["name"] for one in answer["neighbours"]]

    latest = names()
    assert latest == [
        "Bedford",
        "Bexley",
        "Southend-on-Sea",
        "Reading",
        "Bournemouth, Christchurch and Poole",
        "Havering",
        "Hertfordshire",
        "Kent",
        "Sutton",
        "Leeds",
    ]
    assert len(set(latest) & set(names("--model", "2021"))) == 6


def test_progress_8_of_2025_was_not_produced_and_2024_is_never_shown_as_current(redway: Typed) -> None:
    words = ("benchmark", "--authority", "826", "--indicator", "ks4-progress8")
    asked = redway(*words, "--period", "2024-25")
    assert asked.returncode == 2
    assert "Not produced nationally" in asked.stderr
    assert redway.json(*words)["period"] == "2023-24"


def test_a_figure_names_the_cell_it_came_from(redway: Typed) -> None:
    answer = redway.json("indicator", "overall-absence", "--school", "136468")
    assert (answer["school"], answer["indicator"], answer["unit"]) == ("110498", "overall-absence", "percent")
    (figure,) = answer["figures"]
    assert (figure["period"], figure["period_end"], figure["entity"]) == ("2017-18", "2018-08-31", "136468")
    assert (figure["format"], figure["column"], figure["missing"]) == (
        "absence-2015-16-on",
        "overall_absence",
        None,
    )
    assert figure["row"] > 1


def test_a_school_is_one_line_through_its_conversions(redway: Typed) -> None:
    """Stantonbury converted in 2016 and changed its trust in 2021."""
    answer = redway.json("school", "110526")
    assert (answer["school"], answer["urn"]) == ("110526", "148835")
    assert {"110526", "143134", "148835"} <= {one["urn"] for one in answer["establishments"]}


# --- wrong use: a sentence, a next step, exit code 2 --------------------------------------------------------


ASKED_WRONGLY = (
    ("indicator secondary-absense --authority 826", "Did you mean secondary-absence"),
    ("indicator secondary-absence --authority 999", "There is no authority '999'."),
    ("indicator secondary-absence --authority Milton", "Did you mean Milton Keynes (826)?"),
    ("indicator secondary-absence", "Of which school or authority?"),
    ("indicator overall-absence --school 999999", "There is no school with URN 999999."),
    ("indicator overall-absence --school 12", "'12' is not a URN."),
    ("indicator overall-absence --school 136468 --as-at yesterday", "'yesterday' is not a date."),
    ("benchmark --authority 826 --indicator secondary-absence --model 1999", "Models held: 2025, 2021."),
    ("benchmark --authority 826 --indicator secondary-absence --period 1999-00", "1999-00"),
    ("benchmark --indicator secondary-absence", "--authority"),
    ("school 999999", "There is no school with URN 999999."),
    ("datasets absense", "Did you mean absence?"),
    ("export figures", "Which figures?"),
    ("export nothing", "Nothing of the dataset 'nothing' is held."),
    ("export figures --authority 826 --output figures.doc", ".xlsx"),
    ("calendar add 2026-04-02 soon", "'soon' is not a whole number of days"),
    ("import nowhere.csv", "There is no such file or folder"),
)
ALL_AT_ONCE = """
import contextlib, io, json, sys
from redway.cli.main import main
for words in json.load(sys.stdin):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(words.split())
        except SystemExit as left:
            code = left.code
    print(json.dumps([words, code, out.getvalue(), err.getvalue()]))
"""
"""Many commands in one process: starting Python for each would take a minute."""


@pytest.fixture(scope="module")
def wrong_uses(redway: Typed) -> dict[str, tuple[int, str, str]]:
    """Command -> exit code, standard output, standard error."""
    asked = json.dumps([words for words, _ in ASKED_WRONGLY])
    done = subprocess.run(
        [sys.executable, "-c", ALL_AT_ONCE],
        env=redway.environ,
        input=asked,
        capture_output=True,
        text=True,
        timeout=120,
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {words: (code, out, err) for words, code, out, err in rows}


@pytest.mark.parametrize(("words", "said"), ASKED_WRONGLY)
def test_what_is_asked_wrongly_is_answered_in_words(
    wrong_uses: dict[str, tuple[int, str, str]], words: str, said: str
) -> None:
    code, out, err = wrong_uses[words]
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


# --- import: 0 done, 1 rejected or held ---------------------------------------------------------------------


def test_a_rejected_row_holds_the_file_and_its_json_says_where(redway: Typed, absence_file: Path) -> None:
    checked = redway("import", absence_file, "--check", "--json")
    assert checked.returncode == 1
    (file,) = json.loads(checked.stdout)["files"]
    assert {name: file[name] for name in ("kind", "period", "rows_read", "rows_loaded", "rows_rejected")} == {
        "kind": "absence-2015-16-on",
        "period": "2016-17",
        "rows_read": 2,
        "rows_loaded": 1,
        "rows_rejected": 1,
    }
    assert set(file) == {
        "path",
        "kind",
        "period",
        "rows_read",
        "rows_loaded",
        "rows_rejected",
        "held",
        "version",
        "errors",
    }
    assert any((error["row"], error["column"]) == (3, "URN") for error in file["errors"])
    assert [one["period"] for one in redway.json("datasets", "absence")] == ["2017-18"]


def test_a_file_that_is_not_recognised_ends_with_1(redway: Typed, tmp_path: Path) -> None:
    strange = tmp_path / "strange.csv"
    strange.write_text("a,b\n1,2\n")
    done = redway("import", strange)
    assert done.returncode == 1
    assert "not recognised" in done.stdout


def test_an_export_holds_missing_figures_with_their_reason(redway: Typed, tmp_path: Path) -> None:
    target = tmp_path / "figures.json"
    done = redway("export", "figures", "--authority", "826", "--output", target)
    assert done.returncode == 0, done.stderr
    rows = json.loads(target.read_text())
    missing = [row for row in rows if row["value"] is None]
    assert missing
    assert all(row["missing"] for row in missing)
