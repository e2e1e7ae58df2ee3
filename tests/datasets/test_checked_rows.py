"""Tables taken in whole or refused with every fault: row, column, value, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from redway.core.money import Money
from redway.datasets.checked_rows import TableRefused
from redway.datasets.text_rows import read_text_rows
from redway.figures.sheets import xlsx_bytes
from redway.figures.table import Column, Kind, Table
from redway.funding.balance_rows import read_balances, read_forecasts
from redway.funding.price_rows import read_price_list
from redway.funding.services import Phase

HEAD = "urn,year,income,spending,closing_balance,pupils"


def table(folder: Path, *lines: str) -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_money_is_read_as_people_write_it(tmp_path: Path) -> None:
    path = table(tmp_path, HEAD, '110400,2025/26,"£1,200,000.00","1,290,000",(90000),210')
    (row,) = read_balances(*read_text_rows(path))
    assert (row.urn, row.year, row.pupils) == ("110400", "2025-26", 210)
    assert (row.income, row.closing) == (Money.of(1_200_000), Money.of(-90_000))


def test_a_workbook_is_read_like_a_csv_file(tmp_path: Path) -> None:
    columns = [
        Column(name, name, Kind.MONEY if name in ("income", "closing_balance") else Kind.TEXT)
        for name in HEAD.split(",")
    ]
    cells = ("110400", "2025-26", Money.parse("1200000.50"), "1290000", Money.parse("-89999.50"), "210")
    row = dict(zip(HEAD.split(","), cells, strict=True))
    path = tmp_path / "table.xlsx"
    path.write_bytes(xlsx_bytes(Table("Balances", columns, [row]), None))
    # The sheet has its title above the headings, as reports have.
    (found,) = read_balances(*read_text_rows(path, "urn"))
    assert (found.income, found.closing) == (Money.parse("1200000.50"), Money.parse("-89999.50"))


def test_every_fault_is_named_with_its_row_and_nothing_is_taken_in(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        HEAD,
        "110400,2025-26,1200000,1290000,-90000,210",
        "11040,2025-26,1200000,n/a,,210.5",
        "110401,25,c,1,1,-3",
    )
    with pytest.raises(TableRefused) as refused:
        read_balances(*read_text_rows(path))
    assert refused.value.problems == (
        "Row 3, urn: '11040' is no URN: it has six digits.",
        "Row 3, spending: 'n/a' is no amount of money: write it as 1234.56, or leave the row out.",
        "Row 3, closing balance: is empty.",
        "Row 3, pupils: '210.5' is no whole number from 0 on.",
        "Row 4, year: '25' is no financial year: write it as 2026-27.",
        "Row 4, income: 'c' is no amount of money: write it as 1234.56, or leave the row out.",
        "Row 4, pupils: '-3' is no whole number from 0 on.",
    )


def test_missing_and_unknown_columns_and_a_school_twice_are_named(tmp_path: Path) -> None:
    with pytest.raises(TableRefused, match=r"column 'pupils' is missing.*no column 'roll'"):
        read_forecasts(*read_text_rows(table(tmp_path, "urn,year,roll", "110400,2026-27,210")))
    twice = table(tmp_path, "urn,year,pupils", "110400,2026-27,210", "110400,2026-27,211")
    with pytest.raises(TableRefused, match="School 110400 is there twice for 2026-27"):
        read_forecasts(*read_text_rows(twice))


def test_an_empty_table_is_not_an_empty_list(tmp_path: Path) -> None:
    with pytest.raises(TableRefused, match="no row below the headings"):
        read_forecasts(["urn", "year", "pupils"], [])


def test_a_price_list_holds_a_price_for_each_phase_it_is_offered_to(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "code,service,priced by,in package,primary,secondary,special,cost",
        "hs,Health and safety,pupil,yes,5.07,6.35,8.39,42000",
        "cat,School meals,school,no,1200,,,",
    )
    safety, meals = read_price_list(*read_text_rows(path))
    assert (safety.code, safety.prices[Phase.SECONDARY]) == ("HS", Money.parse("6.35"))
    assert set(meals.prices) == {Phase.PRIMARY}
    assert meals.cost is None


def test_a_price_list_with_faults_is_refused(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "code,service,priced by,in package,primary",
        "HS,Health and safety,head,maybe,lots",
        ",Payroll,school,yes,100",
    )
    with pytest.raises(TableRefused) as refused:
        read_price_list(*read_text_rows(path))
    assert refused.value.problems == (
        "Row 2, primary: 'lots' is no amount of money: write it as 1234.56, or leave the row out.",
        "Row 2, priced by: 'head' is none of pupil, school or day.",
        "Row 2, in package: 'maybe' is none of yes or no.",
        "Row 3, code: is empty.",
    )
