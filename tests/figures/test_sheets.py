import csv
import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date

import fastexcel
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core.missing import Missing
from redway.core.money import Money
from redway.figures import sheets
from redway.figures.provenance import Provenance
from redway.figures.sheets import SheetTooLong, csv_lines, safe_text, xlsx_bytes
from redway.figures.table import Column, Hidden, Kind, Row, Table

PROVENANCE = Provenance(
    "2018-19",
    ["School performance 2018-19, version 3"],
    ["Department for Education, OGL v3.0"],
    date(2026, 4, 2),
)
COLUMNS = [
    Column("school", "School"),
    Column("absence", "Absence", Kind.PERCENT),
    Column("gap", "Gap to England", Kind.NUMBER, 2),
    Column("spent", "Spent", Kind.MONEY),
    Column("inspected", "Inspected", Kind.DATE),
]
OAK_HILL: Row = {
    "school": "Oak Hill School",
    "absence": 8.593,
    "gap": -0.15,
    "spent": Money.parse("£1,234.50"),
    "inspected": date(2018, 3, 7),
}
LINDEN: Row = {
    "school": '=HYPERLINK("http://example.org")',
    "absence": Missing.SUPPRESSED,
    "gap": Hidden("Hidden: 1 to 5"),
}
TABLE = Table("Secondary absence", COLUMNS, [OAK_HILL, LINDEN], ["=Not a formula"])


def read_csv(table: Table, provenance: Provenance | None = None) -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(csv_lines(table, provenance)).removeprefix("\ufeff"))))


def read_xlsx(table: Table, provenance: Provenance | None = None) -> list[tuple[object, ...]]:
    sheet = fastexcel.read_excel(xlsx_bytes(table, provenance)).load_sheet(0, header_row=None)
    return sheet.to_polars().rows()


def test_csv_for_a_machine_is_headings_and_rows() -> None:
    assert read_csv(TABLE) == [
        ["School", "Absence", "Gap to England", "Spent", "Inspected"],
        ["Oak Hill School", "8.6", "-0.15", "1234.5", "2018-03-07"],
        [
            '\'=HYPERLINK("http://example.org")',
            "Suppressed by the publisher because few children are counted",
            "Hidden: 1 to 5",
            "No figure held",
            "",
        ],
    ]


def test_csv_for_a_person_says_above_the_table_where_it_comes_from() -> None:
    assert read_csv(TABLE, PROVENANCE)[:7] == [
        ["Secondary absence"],
        ["Period", "2018-19"],
        ["Version", "School performance 2018-19, version 3"],
        ["Source", "Department for Education, OGL v3.0"],
        ["As at", "2 April 2026"],
        ["Note", "'=Not a formula"],
        [],
    ]


def test_csv_opens_in_excel_as_utf_8() -> None:
    assert "".join(csv_lines(TABLE)).encode().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    "text", ["=1+1", "+44 1908", "-2+3", "@SUM(A1)", "\tx", "\rx", "\n=1", "  =1", "＝1", "-"]
)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert safe_text(text) == f"'{text}"


@given(st.text(max_size=30))
def test_no_text_leaves_that_starts_a_formula(text: str) -> None:
    left = safe_text(text)
    assert not left.lstrip().startswith(("=", "+", "-", "@"))
    assert left.removeprefix("'") == text.removeprefix("'")


def test_in_excel_numbers_are_numbers_and_dates_are_dates() -> None:
    sheet = fastexcel.read_excel(xlsx_bytes(TABLE)).load_sheet(0, header_row=3).to_polars()
    assert sheet.columns == ["School", "Absence", "Gap to England", "Spent", "Inspected"]
    raw = zipfile.ZipFile(io.BytesIO(xlsx_bytes(TABLE))).read("xl/worksheets/sheet1.xml").decode()
    assert "<v>8.6</v>" in raw
    assert "<v>-0.15</v>" in raw
    assert "<v>1234.5</v>" in raw
    assert "<f>" not in raw
    assert "hyperlink" not in raw.lower().replace("'=hyperlink", "")


def test_excel_has_the_source_above_the_table() -> None:
    rows = read_xlsx(TABLE, PROVENANCE)
    assert rows[0][0] == "Secondary absence"
    assert ("Period", "2018-19") in [row[:2] for row in rows]
    assert rows[-1][0] == '\'=HYPERLINK("http://example.org")'
    assert rows[-1][1] == Missing.SUPPRESSED.label


def many(count: int) -> Iterator[Row]:
    return ({"school": f"School {n}", "absence": n / 1000} for n in range(count))


def test_a_long_table_streams_without_being_held() -> None:
    tracemalloc.start()
    lines = sum(1 for _ in csv_lines(Table("Long", COLUMNS, many(30_000))))
    assert lines == 30_002
    assert tracemalloc.get_traced_memory()[1] < 2_000_000
    tracemalloc.stop()


def test_more_rows_than_excel_holds_are_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "XLSX_ROWS", 10)
    with pytest.raises(SheetTooLong, match="Export it as CSV"):
        xlsx_bytes(Table("Long", COLUMNS, many(50)))
