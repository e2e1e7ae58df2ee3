"""What is kept, what is set apart, what is rejected, and when a whole file waits for a person."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from datasets.made_up import HEADER, schools, write
from redway.datasets.import_report import FileReport, Outcome

Import = Callable[..., FileReport]
Rows = Callable[[FileReport], pl.DataFrame]


def test_aggregate_rows_are_kept_at_their_own_level(tmp_path: Path, bring_in: Import, rows_of: Rows) -> None:
    text = HEADER + "100001,A,201,4.5\nNAT,All schools,,4.7\nTotal,Sum,,9.2\n"
    report = bring_in(write(tmp_path, "abs_2017.csv", text))
    rows = rows_of(report)
    assert rows.select("_row", "_level", "urn", "overall_absence", "phase").rows() == [
        (2, "school", "100001", 4.5, None),
        (3, "england", None, 4.7, "Primary"),
    ]
    assert report.rows_left_out == {"It is a total.": 1}
    assert report.outcome is Outcome.COMMITTED
    assert not report.errors


def test_a_bad_measure_is_an_error_and_the_row_stays(tmp_path: Path, bring_in: Import, rows_of: Rows) -> None:
    report = bring_in(write(tmp_path, "abs_2017.csv", HEADER + "100001,A,201,4.5\n100002,B,201,lots\n"))
    assert report.outcome is Outcome.COMMITTED
    assert rows_of(report)["overall_absence__missing"].to_list() == [None, "rejected"]
    (error,) = report.errors
    assert (error.row, error.column, error.value) == (3, "PERCTOT", "lots")
    assert "Write it as 51.2" in error.message


@pytest.mark.parametrize("urn", ["", "12", "Note: provisional"])
def test_a_row_without_its_key_holds_the_file_until_accepted(
    tmp_path: Path, bring_in: Import, rows_of: Rows, urn: str
) -> None:
    path = write(tmp_path, "abs_2017.csv", schools(20) + f"{urn},B,201,4.5\n")
    report = bring_in(path)
    assert (report.outcome, report.rows_rejected) == (Outcome.HELD, 1)
    assert report.errors[-1].row == 22
    accepted = bring_in(path, accept=True)
    assert (accepted.outcome, accepted.version) == (Outcome.COMMITTED, 1)
    assert rows_of(accepted).height == 20


def test_the_second_row_of_a_key_is_rejected_and_the_first_named(
    tmp_path: Path, bring_in: Import, rows_of: Rows
) -> None:
    text = schools(20) + "100003,Again,201,9.9\n100003,And again,201,9.9\n"
    report = bring_in(write(tmp_path, "abs_2017.csv", text))
    assert (report.outcome, report.rows_read, report.rows_loaded, report.rows_rejected) == (
        Outcome.HELD,
        22,
        20,
        2,
    )
    assert [(error.row, error.value) for error in report.errors] == [(22, "100003"), (23, "100003")]
    assert "Row 5 has the same key but other cells" in report.errors[0].message
    assert rows_of(report).filter(pl.col("urn") == "100003")["overall_absence"].to_list() == [4.5]


def test_a_row_said_twice_is_counted_and_holds_nothing_up(
    tmp_path: Path, bring_in: Import, rows_of: Rows
) -> None:
    """The 2018 school census has one school twice, cell by cell the same."""
    text = schools(20) + "100003,School 3,204,4.5\n"
    report = bring_in(write(tmp_path, "abs_2017.csv", text))
    assert (report.outcome, report.rows_loaded, report.rows_rejected) == (Outcome.COMMITTED, 20, 0)
    assert report.rows_left_out == {"It repeats an earlier row in every cell.": 1}
    assert rows_of(report)["_row"].to_list() == list(range(2, 22))


def test_made_up_rows_stop_the_whole_file(tmp_path: Path, bring_in: Import) -> None:
    report = bring_in(write(tmp_path, "abs_2017.csv", HEADER + "100001,Test School,201,4.5\n"))
    assert report.outcome is Outcome.FAILED
    assert "made-up rows" in report.reasons[0]


@pytest.mark.parametrize(
    ("column", "row"),
    [
        (["51.2", "48.0", "0.51"], 4),
        (["51", "48", "0.5"], 4),
        (["0.51", "0.48", "0.62"], 2),
        (["51%", "0.51", "48%"], 3),
    ],
)
def test_a_fraction_among_percentages_stops_the_load_naming_row_and_column(
    tmp_path: Path, bring_in: Import, column: list[str], row: int
) -> None:
    text = HEADER + "".join(f"{100000 + at},A,201,{cell}\n" for at, cell in enumerate(column))
    path = write(tmp_path, "abs_2017.csv", text)
    report = bring_in(path)
    assert report.outcome is Outcome.HELD
    assert f"Row {row}, column 'PERCTOT'" in report.reasons[0]
    assert bring_in(path, accept=True).outcome is Outcome.COMMITTED


@pytest.mark.parametrize(
    "column", [["51.2", "0.5", "4.1"], ["0", "12.5"], ["51%", "0.51%"], ["12.25", "0.75"]]
)
def test_small_percentages_written_like_the_others_pass(
    tmp_path: Path, bring_in: Import, column: list[str]
) -> None:
    text = HEADER + "".join(f"{100000 + at},A,201,{cell}\n" for at, cell in enumerate(column))
    assert bring_in(write(tmp_path, "abs_2017.csv", text)).outcome is Outcome.COMMITTED


def test_a_column_that_is_mostly_unreadable_is_doubted(tmp_path: Path, bring_in: Import) -> None:
    text = HEADER + "".join(f"{100000 + at},A,201,{'four' if at % 3 else 4}\n" for at in range(30))
    report = bring_in(write(tmp_path, "abs_2017.csv", text))
    assert report.outcome is Outcome.HELD
    assert "probably not what it was taken for" in report.reasons[0]


def test_a_thousand_errors_are_shown_and_all_can_be_downloaded_without_harm(
    tmp_path: Path, bring_in: Import
) -> None:
    text = HEADER + "".join(f'{100000 + at},A,201,"=HYPERLINK(1)"\n' for at in range(1500))
    report = bring_in(write(tmp_path, "abs_2017.csv", text))
    assert (len(report.errors), report.errors_total) == (1000, 1500)
    assert report.errors[0].value == "=HYPERLINK(1)"
    assert report.problems_file is not None
    with report.problems_file.open(encoding="utf-8", newline="") as file:
        kept = list(csv.DictReader(file))
    assert len(kept) == 1500
    assert {row["value"] for row in kept} == {"'=HYPERLINK(1)"}
    assert kept[0]["row"] == "2"


def test_columns_nobody_described_are_kept_as_they_came_under_their_own_header(
    tmp_path: Path, bring_in: Import, rows_of: Rows
) -> None:
    text = "URN,PERCTOT,Extra,extra,urn\n100001,4.5, x ,,7\n"
    rows = rows_of(bring_in(write(tmp_path, "abs_2017.csv", text)))
    assert rows.columns[:3] == ["_row", "_level", "_period"]
    assert rows.select("Extra", "extra (2)", "urn (2)").rows() == [(" x ", None, "7")]


def test_a_table_of_the_common_shape_finds_its_measures_and_breakdowns(
    tmp_path: Path, bring_in: Import, rows_of: Rows
) -> None:
    text = (
        "time_period,geographic_level,old_la_code,sex,plans,rate,version\n"
        "201617,Local authority,826,Total,120,18.2,final\n"
        "201617,Local authority,826,Boys,c,z,final\n"
        "201718,Local authority,826,Total,1 30,x,final\n"
        "201718,National,,Total,50000,43.1,final\n"
    )
    report = bring_in(write(tmp_path, "plans_2017_2018.csv", text.replace("1 30", '"1,300"')))
    rows = rows_of(report)
    assert (report.period, report.outcome) == ("2016-17..2017-18", Outcome.COMMITTED)
    assert rows.select("plans", "plans__missing", "rate__missing").rows() == [
        (120.0, None, None),
        (None, "suppressed", "not_applicable"),
        (1300.0, None, "not_available"),
        (50000.0, None, None),
    ]
    assert rows["_period"].to_list() == ["2016-17", "2016-17", "2017-18", "2017-18"]
    assert rows["_level"].to_list() == ["authority", "authority", "authority", "england"]
    assert rows["sex"].to_list() == ["Total", "Boys", "Total", "Total"]


def test_a_row_without_a_period_is_rejected(tmp_path: Path, bring_in: Import) -> None:
    text = "time_period,geographic_level,old_la_code,plans\n201617,LA,826,1\nsoon,LA,827,2\n"
    report = bring_in(write(tmp_path, "plans.csv", text))
    assert (report.outcome, report.rows_rejected) == (Outcome.HELD, 1)
    assert [(error.row, error.value) for error in report.errors] == [(3, "soon")]


def test_blocks_of_a_long_file_are_checked_as_one(
    tmp_path: Path, bring_in: Import, rows_of: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("redway.datasets.delimited.BLOCK_BYTES", 4096)
    text = schools(3000) + "100000,Again,201,4.5\n"
    report = bring_in(write(tmp_path, "abs_2017.csv", text))
    assert (report.rows_loaded, report.rows_rejected) == (3000, 1)
    assert rows_of(report)["_row"].to_list() == list(range(2, 3002))
