"""``redway early-warning keep``: from the command that scores to what the pages read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from improvement.made_up import country
from redway.cli import early_warning
from redway.cli.main import main
from redway.improvement.panel import Panel, build_panel
from redway.web.improvement.models import ScoreSet
from redway.web.improvement.score_sets import scores_of
from web.improvement.an_early_warning import UNFAIR
from web.improvement.an_early_warning import evaluation as an_evaluation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
FILE = {"dataset": "absence", "file": "abs_2017.csv", "version": "89876aace113"}


@pytest.fixture
def scores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """What ``score --json`` writes for one authority of the made-up country."""

    def panel(dates: Sequence[date]) -> Panel:
        return build_panel(country(), dates)

    monkeypatch.setattr(early_warning, "_panel", panel)
    monkeypatch.setattr(early_warning, "_held_files", lambda: [FILE])
    monkeypatch.setattr("redway.cli.ground.open_store", lambda: None)
    authority = panel([date(2017, 9, 1)]).rows["la_code"].drop_nulls()[0]
    assert main(["early-warning", "score", "--as-at", "2017-09-01", "--authority", authority, "--json"]) == 0
    file = tmp_path / f"{authority}.json"
    file.write_text(capsys.readouterr().out)
    return file


def test_what_was_scored_is_what_the_pages_read(scores: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["early-warning", "keep", str(scores), "--authority", scores.stem]
    assert main(words) == 0
    told = capsys.readouterr().err
    assert "Kept: " in told
    assert "No evaluation of this score is on record" in told, "why the pages will show no score"
    said, found = json.loads(scores.read_text()), scores_of(ScoreSet.objects.get())
    assert [one.urn for one in found.schools] == [one["urn"] for one in said["schools"]]
    assert [one.chance for one in found.schools] == [one["chance"] for one in said["schools"]]
    assert found.sources == (("abs_2017.csv", "89876aace113"),)
    assert found.killed_because, "no evaluation was given"
    assert main(words) == 0
    assert "Held already" in capsys.readouterr().err


def test_scores_of_another_authority_and_no_json_are_refused(
    scores: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["early-warning", "keep", str(scores), "--authority", "213"]) != 0
    assert "not schools of authority 213" in capsys.readouterr().err
    scores.write_text("no scores")
    assert main(["early-warning", "keep", str(scores), "--authority", scores.stem]) != 0
    assert "is no JSON" in capsys.readouterr().err
    scores.write_text("[1]")
    assert main(["early-warning", "keep", str(scores), "--authority", scores.stem]) != 0
    assert "no answer of the command that scores" in capsys.readouterr().err


def test_scores_past_a_limit_of_fairness_wait_for_a_name(
    scores: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Acceptance case 35: whoever keeps them is told, and so is whoever opens the page."""
    evaluation = tmp_path / "evaluation.json"
    evaluation.write_text(json.dumps(an_evaluation(limits=(UNFAIR,))))
    words = [
        "early-warning",
        "keep",
        str(scores),
        "--authority",
        scores.stem,
        "--evaluation",
        str(evaluation),
    ]
    assert main(words) == 0
    assert f"{UNFAIR} Until a person signs that off" in capsys.readouterr().err
