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
    assert "Kept: " in capsys.readouterr().err
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
