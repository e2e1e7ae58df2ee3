"""``redway progress8`` as an analyst would use it."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from redway.cli.main import main

PUPILS = """\
pupil,urn,prior_attainment,attainment8
{rows}
"""
ESTIMATES = "lowest,highest,attainment8,minimum\n80,99.5,30,-2.5\n100,120,50,-3\n"


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Nine pupils at one school, four at another, one without results at age 11."""
    rows = [f"a{at},100001,100,{40 + at}" for at in range(9)]
    rows += [f"b{at},100002,110,{60 + at}" for at in range(4)]
    rows += [f"c{at},100003,90,{30 + at}" for at in range(8)]
    rows.append("d0,100001,,40")
    file = tmp_path / "results-2022-23.csv"
    file.write_text(PUPILS.format(rows="\n".join(rows)))
    return file


@pytest.fixture
def entries(tmp_path: Path) -> Path:
    """Entries that tell school and prior attainment; the last pupil took none."""
    lines = ["pupil,urn,qualification,subject,slot,grade,prior_attainment"]
    lines += ["p,100001,GCSE,Mathematics,maths,5,100", "p,100001,GCSE,History,ebacc,6,100"]
    lines += ["q,100001,GCSE,English language,english_language,7,105", "r,100002,,,,,105"]
    file = tmp_path / "entries.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


def answer(capsys: pytest.CaptureFixture[str], *words: object) -> dict:
    assert main(["progress8", *map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refusal(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    assert main(["progress8", *map(str, words)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    return captured.err


def test_schools_with_who_is_left_out(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, results)
    assert (found["year"], found["n_pupils"], found["in_measure"]) == ("2022-23", 22, 21)
    assert found["left_out"] == [{"reason": "no prior attainment at age 11", "pupils": 1, "first": ["d0"]}]
    first = found["schools"][0]
    assert (first["urn"], first["pupils"], first["in_measure"]) == ("100001", 10, 9)
    assert first["progress8"] == pytest.approx((44 - 36.3) / 10)
    assert found["own_comparison"] is False


def test_the_page_names_years_reasons_and_what_it_rests_on(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["progress8", str(results)]) == 0
    page = capsys.readouterr().out
    assert "Progress 8, 2022-23" in page
    assert "1: no prior attainment at age 11 (d0)" in page
    assert "+0.77" in page
    assert "the national averages of 2022-23" in page


def test_entries_give_attainment_8(entries: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, entries, "--entries", "--year", "2022-23")
    first, second = found["schools"]
    assert first["attainment8"] == pytest.approx((16 + 7) / 2)
    assert (second["attainment8"], second["in_measure"]) == (0, 1), "no entry is nought"


def test_entries_beside_a_file_of_pupils(
    entries: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = tmp_path / "pupils.csv"
    people.write_text("pupil,urn,prior_attainment\np,100009,100\nz,100009,100\n")
    found = answer(capsys, people, "--entries", entries, "--year", "2022-23")
    (school,) = found["schools"]
    assert (school["urn"], school["pupils"], school["attainment8"]) == ("100009", 2, 8)
    assert "1 pupil with entries is not among the pupils" in found["notes"][0]


def test_estimates_of_ones_own(results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "estimates.csv"
    table.write_text(ESTIMATES)
    found = answer(capsys, results, "--year", "2018-19", "--estimates", table)
    assert found["compared_with"] == "estimates.csv"
    assert found["adjusted"] is True
    assert found["spread"] == {
        "value": 1.2827,
        "own": False,
        "source": found["spread"]["source"],
    }
    assert found["schools"][0]["progress8"] == pytest.approx((44 - 50) / 10)


def test_the_department_s_own_table_is_read_as_published(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "estimates.csv"
    rows = [f"{one / 2},{3 + one / 100}" for one in range(160, 241)]
    table.write_text("Key stage 2 fine level,Attainment 8 estimate\n" + "\n".join(rows) + "\n")
    found = answer(capsys, results, "--estimates", table, "--spread", "1.3")
    assert found["schools"][0]["progress8"] == pytest.approx((44 - 50) / 10)
    assert found["spread"]["value"] == 1.3


def test_small_schools_are_hidden_and_nothing_gives_them_away(
    results: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer(capsys, results, "--suppress")
    hidden = {school["urn"]: school["hidden"] for school in found["schools"]}
    assert hidden["100001"] is None
    assert hidden["100002"] == hidden["100003"] == "Hidden: 5 pupils or fewer, or would reveal another"
    assert not {"n_pupils", "in_measure", "progress8", "left_out"} & set(found)


def test_a_file_that_leaves_never_shows_a_small_school(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "schools.csv"
    assert main(["progress8", str(results), "-o", str(target)]) == 0
    written = pl.read_csv(target)
    assert (
        written.filter(pl.col("urn") == 100002).select("in_measure", "progress8", "lower").row(0)
        == (None,) * 3
    )
    assert "Wrote 3 schools" in capsys.readouterr().err


@pytest.mark.parametrize("year", ["2019-20", "2024-25", "2025-26"])
def test_a_year_without_the_measure(results: Path, capsys: pytest.CaptureFixture[str], year: str) -> None:
    said = refusal(capsys, results, "--year", year)
    assert f"No Progress 8 was produced for {year}" in said
    assert "--own" in said


def test_an_own_comparison_in_such_a_year(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [f"p{at},{100001 + at % 3},{100 + at % 5},{30 + at % 40}" for at in range(120)]
    file = tmp_path / "results.csv"
    file.write_text(PUPILS.format(rows="\n".join(rows)))
    found = answer(capsys, file, "--year", "2024-25", "--own")
    assert found["own_comparison"] is True
    assert found["progress8"] == pytest.approx(0, abs=0.02)
    assert "band" not in found["schools"][0]


def test_the_year_must_be_known(entries: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Of which school year" in refusal(capsys, entries, "--entries")


def test_a_file_of_entries_is_not_taken_for_pupils(entries: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "Add --entries" in refusal(capsys, entries, "--year", "2022-23")


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("x,100001,abc,40", "'prior_attainment' holds text in 1 row: row 24 of results-2022-23.csv ('abc')"),
        ("a1,100001,100,40", "1 pupil is there more than once: a1"),
        ("x,100001,100,95", "pupil x has 95"),
    ],
)
def test_bad_input_is_named(results: Path, capsys: pytest.CaptureFixture[str], line: str, why: str) -> None:
    results.write_text(results.read_text().rstrip() + f"\n{line}\n")
    assert why in refusal(capsys, results)


def test_an_unknown_grade_is_named(entries: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries.write_text(entries.read_text().replace("maths,5", "maths,Pass"))
    assert "'Pass' is no grade" in refusal(capsys, entries, "--entries", "--year", "2022-23")


def test_a_pupil_of_two_schools_is_named(entries: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries.write_text(entries.read_text().replace("p,100001,GCSE,History", "p,100002,GCSE,History"))
    said = refusal(capsys, entries, "--entries", "--year", "2022-23")
    assert "1 pupil give more than one school or prior attainment: p" in said


@pytest.mark.parametrize(
    ("target", "why"), [("nowhere/x.csv", "no folder"), ("schools.txt", "does not say how")]
)
def test_where_nothing_can_be_written(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], target: str, why: str
) -> None:
    assert why in refusal(capsys, results, "-o", tmp_path / target)
    assert not (tmp_path / target).exists()


def test_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert "No file is named" in refusal(capsys)
