"""The list of a file's problems: complete, harmless to open, and readable again."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from redway.datasets.check import PROBLEMS_SCHEMA
from redway.datasets.problems import LONGEST_VALUE, ProblemLog, read_problems


def noted(path: Path, value: str) -> ProblemLog:
    log = ProblemLog(path / "problems.csv")
    log.add(pl.DataFrame([(2, "OVERALL", value, "Not a number.")], schema=PROBLEMS_SCHEMA, orient="row"))
    return log


def test_a_cell_of_a_megabyte_is_quoted_in_part_and_the_list_can_be_read_again(tmp_path: Path) -> None:
    log = noted(tmp_path, "x" * 1_000_000)
    (read,) = read_problems(log.path)
    assert read.value == "x" * LONGEST_VALUE + "…"
    assert log.first == [read]


@pytest.mark.parametrize("value", ["=1+1", "+cmd", "-cmd", "@SUM(A1)", " =1+1", "\t=1+1", "\n=1+1", "＝1+1"])
def test_no_cell_of_the_list_is_run_by_a_spreadsheet(tmp_path: Path, value: str) -> None:
    (read,) = read_problems(noted(tmp_path, value).path)
    assert read.value == f"'{value}"


@pytest.mark.parametrize("value", ["-1.5", "-12%", "SUPP", "a=b"])
def test_what_is_no_formula_stays_as_it_was(tmp_path: Path, value: str) -> None:
    (read,) = read_problems(noted(tmp_path, value).path)
    assert read.value == value
