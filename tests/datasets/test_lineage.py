"""Every number leads back to the cell it came from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from datasets.made_up import HEADER, write, write_workbook
from datasets.memory_ledger import MemoryLedger
from redway.core.errors import NotFound
from redway.core.home import Home
from redway.datasets.import_report import FileReport
from redway.datasets.lineage import find_cell

Import = Callable[..., FileReport]


def test_a_figure_leads_to_its_cell_in_a_text_file(
    tmp_path: Path, bring_in: Import, ledger: MemoryLedger, home: Home
) -> None:
    text = "Title,,,\n" + HEADER + '100001,"A\nB",201,51%\n\n100002,C,201,SUPP\n'
    bring_in(write(tmp_path, "2016-17/abs.csv", text))
    (version,) = ledger.versions()
    cell = find_cell(home, version, 3, "overall_absence")
    assert (cell.file_name, cell.header, cell.text) == ("2016-17/abs.csv", "PERCTOT", "51%")
    assert find_cell(home, version, 5, "overall_absence__missing").text == "SUPP"


def test_a_figure_leads_to_its_cell_in_a_workbook(
    tmp_path: Path, bring_in: Import, ledger: MemoryLedger, home: Home
) -> None:
    sheets: dict[str, list[list[object]]] = {
        "Notes": [["x", "y"]],
        "Data": [["Absence"], ["URN", "PERCTOT"], [100001, 4.25]],
    }
    bring_in(write_workbook(tmp_path / "abs_2017.xlsx", sheets))
    (version,) = ledger.versions()
    cell = find_cell(home, version, 3, "overall_absence")
    assert (cell.sheet, cell.text) == ("Data", "4.25")


@pytest.mark.parametrize(("row", "column"), [(99, "overall_absence"), (2, "nothing")])
def test_what_is_not_there_is_said_so(
    tmp_path: Path, bring_in: Import, ledger: MemoryLedger, home: Home, row: int, column: str
) -> None:
    bring_in(write(tmp_path, "abs_2017.csv", HEADER + "100001,A,201,4.5\n"))
    (version,) = ledger.versions()
    with pytest.raises(NotFound):
        find_cell(home, version, row, column)
