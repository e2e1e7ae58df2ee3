"""``redway tracking`` as an adviser or an analyst would use it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from redway.cli.main import main

FAR = 25.0
"""So far from the path that the standing is beyond doubt."""


def results_file(folder: Path) -> Path:
    """Two hundred pupils of an earlier cohort at four schools: a point for a point of prior attainment."""
    rng = np.random.default_rng(826)
    lines = ["pupil,urn,prior_attainment,gender,month_of_birth,attainment8"]
    for at in range(200):
        prior = round(float(rng.normal(104, 6)), 1)
        result = 46 + (prior - 104) + rng.normal(0, 6) + (at % 4) - 1.5
        lines.append(f"r{at},10000{at % 4},{prior},{'FM'[at % 2]},{at % 12 + 1},{result:.2f}")
    return written(folder / "results-2024-25.csv", lines)


def written(path: Path, lines: list[str]) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Six pupils above the path, eight on it, seven below it and on free school meals, two not known."""
    pupils = ["pupil,surname,urn,year_group,prior_attainment,gender,month_of_birth,free_school_meals"]
    assessed = ["pupil,year_group,term,subject,assessment"]
    for at in range(23):
        prior = "" if at == 21 else "104"
        meals = "yes" if 14 <= at < 21 else "no"
        pupils.append(f"p{at},Willow,100001,11,{prior},{'FM'[at % 2]},6,{meals}")
        away = FAR if at < 6 else -FAR if 14 <= at < 21 else 0.0
        if at != 22:
            assessed.append(f"p{at},11,spring,attainment8,{46 - 1.6 + away:.1f}")
    return [
        written(tmp_path / "pupils.csv", pupils),
        written(tmp_path / "assessments-2025-26.csv", assessed),
        results_file(tmp_path),
    ]


def answer(capsys: pytest.CaptureFixture[str], *words: object) -> dict[str, Any]:
    assert main(["tracking", *map(str, words), "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def refusal(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    assert main(["tracking", *map(str, words)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


class TestFiles:
    def test_everybody_has_one_standing(self, files: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
        found = answer(capsys, "files", *files)
        assert found["standings"] == {"exceeding": 6, "on track": 8, "at risk": 7, "not known": 2}
        assert (found["n_pupils"], found["term"]) == (23, "2025-26-spring")
        assert found["not_known"] == [
            {"reason": "never assessed in this subject", "pupils": 1},
            {"reason": "no estimate: prior attainment is not held", "pupils": 1},
        ]
        assert found["model"]["n_pupils"] == 200
        assert found["rule"]["unconfirmed"] is True

    def test_groups_stand_beside_the_others(
        self, files: list[Path], capsys: pytest.CaptureFixture[str]
    ) -> None:
        found = answer(capsys, "files", *files, "--groups")
        (meals,) = [one for one in found["groups"] if one["group"] == "free_school_meals"]
        assert (meals["level"], meals["pupils"], meals["on_track"], meals["gap"]) == ("true", 7, 0.0, -1.0)
        assert meals["could_be_chance"] is False
        assert "more than chance explains" in found["chance"]

    def test_small_counts_can_be_hidden(self, files: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
        found = answer(capsys, "files", *files, "--suppress", "--groups")
        assert found["n_pupils"] is None
        assert found["standings"]["not known"] == "1 to 5"
        assert all(one["pupils"] is None or one["pupils"] > 5 for one in found["groups"])

    def test_a_person_gets_a_page_without_names(
        self, files: list[Path], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["tracking", "files", *map(str, files), "--groups"]) == 0
        page = capsys.readouterr().out
        assert "Year 11, Attainment 8, spring 2025-26" in page
        assert "At risk    7 (33% of those known)" in page
        assert "no guidance gives a number" in page
        assert "Willow" not in page

    def test_the_pupils_are_written_whole(
        self, files: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        target = tmp_path / "grid.xlsx"
        assert main(["tracking", "files", *map(str, files), "-o", str(target)]) == 0
        frame = pl.read_excel(target, has_header=False)
        assert frame.to_series(0).str.contains(r"^p\d+$").sum() == 23
        assert "Wrote 23 pupils" in capsys.readouterr().err

    def test_parquet_is_read_as_well(
        self, files: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        typed = []
        for file in files:
            typed.append(tmp_path / f"{file.stem}.parquet")
            pl.read_csv(file, schema_overrides={"urn": pl.String}).write_parquet(typed[-1])
        assert answer(capsys, "files", *typed) == answer(capsys, "files", *files)

    def test_what_is_wrong_is_said_and_nothing_is_written(
        self, files: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pupils, assessments, results = files
        target = tmp_path / "grid.csv"

        def wrong(*words: object) -> str:
            said = refusal(capsys, "files", *words, "-o", target)
            assert not target.exists()
            return said

        assert "no rule by which to follow 'art'" in wrong(*files, "--subject", "art")
        assert "'soon' is no term" in wrong(*files, "--term", "soon")
        assert "Nobody was assessed in attainment8 in autumn 2025-26" in wrong(
            *files, "--term", "2025-26-autumn"
        )
        assert "No pupil is in year 10" in wrong(*files, "--year-group", "10")
        assert "no column 'year_group'" in wrong(pupils, results, results)
        assert "no column 'maths_points'" in wrong(*files, "--subject", "maths_points")
        assert "There is no file" in wrong(pupils, assessments, tmp_path / "gone.csv")

        lines = pupils.read_text().splitlines()
        twice = written(tmp_path / "twice.csv", [*lines, lines[1]])
        assert "1 pupil stands twice" in wrong(twice, assessments, results)
        text = written(tmp_path / "text.csv", [*lines, "p99,Willow,100001,11,lots,F,6,no"])
        assert "'prior_attainment' holds text" in wrong(text, assessments, results)
        odd = written(tmp_path / "odd.csv", [*lines, "p99,Willow,100001,11,104,F,6,perhaps"])
        assert "holds 'perhaps', which is neither yes nor no" in wrong(odd, assessments, results)
        assessed = assessments.read_text().splitlines()
        term = written(tmp_path / "terms-2025-26.csv", [*assessed, "p1,11,winter,attainment8,40"])
        assert "'winter' is no term" in wrong(pupils, term, results)
        again = written(tmp_path / "again-2025-26.csv", [*assessed, assessed[1]])
        assert "two assessments in the same subject and term" in wrong(pupils, again, results)
        undated = written(tmp_path / "assessed.csv", assessed)
        assert "Of which school year are the assessments" in wrong(pupils, undated, results)

    def test_a_file_that_is_read_is_never_written_over(
        self, files: list[Path], capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = files[0].read_text()
        assert "would be overwritten" in refusal(capsys, "files", *files, "-o", files[0])
        assert files[0].read_text() == before
