"""``redway early-warning chart``: absence week by week, and what luck alone would do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from redway.cli.main import main

Z = (0.2, -0.4, 1.2, 1.5, 1.1, 1.6, 1.4)


def file_of(folder: Path, *cells: str) -> Path:
    lines = [f"110531,week {at},{cell},5,0.5" for at, cell in enumerate(cells, start=1)]
    file = folder / "absence.csv"
    file.write_text("\n".join(["school,period,value,expected,spread", *lines]))
    return file


def test_the_seventh_week_alarms_and_the_false_alarms_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Acceptance cases 21 and 23, from the command."""
    file = file_of(tmp_path, *(f"{5 + z / 2:g}" for z in Z))
    assert main(["early-warning", "chart", str(file), "--points-a-year", "39"]) == 0
    shown = capsys.readouterr().out
    (alarm,) = [line for line in shown.splitlines() if line.endswith("alarm")]
    assert "week 7" in alarm
    assert "4.300" in alarm
    assert "A stable school gives an alarm once in 335 points: once in 9 years of 39 points a year." in shown
    assert "1 series of 39 points a year, each false once in 335 points: about 0.1 false alarms" in shown


def test_the_average_does_not_alarm(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Acceptance case 22, from the command."""
    file = file_of(tmp_path, *(f"{5 + z / 2:g}" for z in Z))
    assert main(["early-warning", "chart", str(file), "--chart", "ewma", "--json"]) == 0
    last = json.loads(capsys.readouterr().out)["points"][-1]
    assert (round(last["value"], 3), round(last["limit"], 3), last["alarm"]) == (0.913, 0.932, False)


def test_an_empty_week_is_missing_and_text_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Acceptance case 25, from the command."""
    assert main(["early-warning", "chart", str(file_of(tmp_path, "5.5", "", "5.5"))]) == 0
    assert "missing" in capsys.readouterr().out
    assert main(["early-warning", "chart", str(file_of(tmp_path, "5.5", "closed"))]) != 0
    assert "closed" in capsys.readouterr().err
    assert main(["early-warning", "chart", str(tmp_path / "none.csv")]) != 0
