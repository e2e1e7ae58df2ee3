"""``redway early-warning`` as an adviser or an analyst would use it, on the made-up country."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from improvement.made_up import country
from redway.cli import early_warning
from redway.cli.main import main
from redway.improvement.panel import Panel, build_panel

AS_AT = ("--as-at", "2017-09-01")


@pytest.fixture(autouse=True)
def _made_up_country(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would be read from the data folder is the made-up country."""

    def panel(dates: Sequence[date]) -> Panel:
        return build_panel(country(), dates)

    monkeypatch.setattr(early_warning, "_panel", panel)
    monkeypatch.setattr(early_warning, "_held_files", list)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("model") / "model.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(early_warning, "_panel", lambda dates: build_panel(country(), dates))
        assert main(["early-warning", "train", *AS_AT, "-o", str(file)]) == 0
    return file


def test_a_missing_folder_is_told_before_anything_is_learned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(early_warning, "_panel", lambda _: pytest.fail("nothing is learned in vain"))
    file = tmp_path / "models of 2017" / "model.json"
    assert main(["early-warning", "train", *AS_AT, "-o", str(file)]) != 0
    told = capsys.readouterr().err
    assert f"There is no folder {file.parent} to write to. Make it first." in " ".join(told.split())
    assert ".part" not in told


def test_scores_of_an_authority_as_json(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["early-warning", "score", *AS_AT, "--authority", "803", "--model", str(model), "--json"]) == 0
    )
    found = json.loads(capsys.readouterr().out)
    assert found["claim"] == "ranks where to look first; does not predict Ofsted"
    assert {one["authority"] for one in found["schools"]} == {"803"}
    first = found["schools"][0]
    total = found["base"] + sum(each["adds"] for each in first["contributions"])
    assert total == pytest.approx(first["logit"], abs=1e-6)
    assert first["rank"] <= first["of"]


def test_scores_of_all_schools_as_csv(model: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["early-warning", "score", *AS_AT, "--model", str(model), "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capfdbinary.readouterr().out.decode())))
    assert len(rows) == 900
    assert rows[0]["rank"] == "1"
    assert rows[-1]["chance"] == ""


def test_a_list_for_people_says_what_it_is_not(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["early-warning", "score", *AS_AT, "--authority", "803", "--model", str(model)]) == 0
    shown = capsys.readouterr().out
    assert "no prediction of Ofsted" in shown
    assert "Not scored:" in shown


def test_the_same_command_gives_the_same_scores(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = []
    for _ in range(2):
        main(["early-warning", "score", *AS_AT, "--model", str(model), "--json"])
        answers.append(capsys.readouterr().out)
    assert answers[0] == answers[1]


def test_the_table_of_a_date(capsys: pytest.CaptureFixture[str]) -> None:
    words = [
        "early-warning",
        "evaluate",
        "--from",
        "2017-09-01",
        "--to",
        "2017-09-01",
        "--question",
        "A",
        "--json",
    ]
    assert main(words) == 0
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert result["decision"] == "2017-09-01"
    assert [row["code"] for row in result["rows"]][-1] == "model"
    assert result["beats_intake"] is True


def test_one_authority_is_told_how_little_it_can_check(capsys: pytest.CaptureFixture[str]) -> None:
    """Acceptance cases 30 and 31, from the command."""
    words = ["early-warning", "evaluate", "--from", "2017-09-01", "--to", "2017-09-01", "--question", "A"]
    assert main([*words, "--authority", "803"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"Authority 803, 1 September 2017: the AUC is 0\.\d\d\. \d+ schools of \d+ fell", shown)
    assert re.search(r"uncertain by about 0\.\d\d either way\. One authority cannot validate", shown)
    assert re.search(r"Of 12 schools to look at first .* (in|out)side expectation, P=0\.\d{3}\.", shown)
    assert "shuffled 200 times 0.5" in shown or "shuffled 200 times 0.49" in shown
    assert main([*words, "--authority", "803", "--json"]) == 0
    (result,) = json.loads(capsys.readouterr().out)["results"]
    assert result["local"]["authority"] == "803"
    assert result["local"]["sentences"][0] in shown
    assert main([*words, "--authority", "999"]) == 2
    told = capsys.readouterr().err
    assert "No school of authority 999 was open on these dates" in told
    assert "Question A" not in told, "told before anything is worked out"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["score", *AS_AT, "--authority", "999"], "No school of authority 999"),
        (["score", "--as-at", "yesterday"], "yesterday"),
        (["evaluate", "--from", "2017-02-02", "--to", "2017-03-03"], "No decision date lies between"),
        (["score", *AS_AT, "--model", "national-1990"], "There is no model 'national-1990'"),
    ],
)
def test_a_wrong_question_gets_a_sentence(
    words: list[str], said: str, model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if "--authority" in words:
        words = [*words, "--model", str(model)]
    assert main(["early-warning", *words]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


def test_a_seed_below_nought_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["early-warning", "evaluate", "--from", "2017-09-01", "--to", "2017-09-01", "--seed", "-1"])
    assert "no whole number from 0 up" in capsys.readouterr().err


def test_a_file_that_is_no_text_is_no_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "model.json"
    file.write_bytes(b"\xff\xfe\x00")
    assert main(["early-warning", "score", *AS_AT, "--model", str(file)]) == 2
    assert "This is no model of early warning that can be read" in capsys.readouterr().err


def test_a_model_from_after_the_day_is_refused(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["early-warning", "score", "--as-at", "2016-09-01", "--model", str(model)]) == 1
    assert "knows what happened after 2016-09-01" in capsys.readouterr().err
