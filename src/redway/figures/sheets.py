"""Tables as CSV and XLSX: typed, with their source above them, and safe to open.

A spreadsheet runs a text that starts like a formula. Such text gets an apostrophe in front (as Excel
itself marks text), in headings and notes too. Numbers are never touched: -0.15 stays a number.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO

import xlsxwriter

from redway.core.errors import RedwayError
from redway.figures.provenance import Provenance
from redway.figures.table import Column, Kind, Table

XLSX_ROWS = 1_048_576
"""Rows of one Excel sheet."""
_XLSX_CHARACTERS = 32_767
_LEADS_A_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]")
_BYTE_ORDER_MARK = "\ufeff"


class SheetTooLong(RedwayError):  # noqa: N818
    """More rows than an Excel sheet can hold."""


def safe_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula.

    >>> safe_text("=HYPERLINK(1)"), safe_text("Oak Hill School")
    ("'=HYPERLINK(1)", 'Oak Hill School')
    """
    return f"'{text}" if _LEADS_A_FORMULA.match(text) else text


def csv_lines(table: Table, provenance: Provenance | None = None) -> Iterator[str]:
    """The table as CSV, line by line, so that any length can be streamed.

    UTF-8 with a byte order mark once encoded (Excel needs it to read '£'). Title, source and notes stand
    above the headings when ``provenance`` is given; without it the first line is the headings, for
    machines. Dates are written 2026-04-02; figures that are missing or hidden say why.
    """
    yield _BYTE_ORDER_MARK
    above = _above(table, provenance) if provenance else []
    for line in above:
        yield _csv_line([safe_text(text) for text in line])
    if above:
        yield _csv_line([])
    yield _csv_line([safe_text(column.heading) for column in table.columns])
    for row in table.rows:
        yield _csv_line([_csv_cell(column.exported(row.get(column.key))) for column in table.columns])


def write_xlsx(table: Table, target: Path | BinaryIO, provenance: Provenance | None = None) -> None:
    """The table as an Excel workbook of one sheet, written row by row with little memory.

    Raises SheetTooLong when there are more rows than a sheet holds; the file is then not complete.
    """
    _write_workbook({"Table": table}, target, provenance)


def xlsx_bytes(table: Table, provenance: Provenance | None = None) -> bytes:
    """The Excel workbook as bytes."""
    held = io.BytesIO()
    write_xlsx(table, held, provenance)
    return held.getvalue()


def workbook_bytes(tables: Mapping[str, Table], provenance: Provenance | None = None) -> bytes:
    """A workbook of several sheets: name of each (at most 31 characters) -> its table."""
    held = io.BytesIO()
    _write_workbook(tables, held, provenance)
    return held.getvalue()


def _write_workbook(
    tables: Mapping[str, Table], target: Path | BinaryIO, provenance: Provenance | None
) -> None:
    workbook = xlsxwriter.Workbook(
        str(target) if isinstance(target, Path) else target,
        # Text is never parsed: no formula, no link, no number made out of a text.
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    if provenance is not None:
        # The day the figures were frozen, not the moment of writing: the same tables give the same bytes.
        workbook.set_properties({"created": datetime.combine(provenance.as_at, time(), UTC)})
    try:
        for name, table in tables.items():
            _fill(workbook, name, table, provenance)
    finally:
        workbook.close()


def _above(table: Table, provenance: Provenance | None) -> list[list[str]]:
    source = provenance.lines() if provenance else []
    return [
        *([[table.title]] if table.title else []),
        *([what, text] for what, text in source),
        *(["Note", note] for note in table.notes),
    ]


def _csv_line(cells: Sequence[object]) -> str:
    held = io.StringIO()
    csv.writer(held).writerow(cells)
    return held.getvalue()


def _csv_cell(cell: str | int | float | date) -> object:
    return safe_text(cell) if isinstance(cell, str) else cell


def _fill(workbook: Any, name: str, table: Table, provenance: Provenance | None) -> None:
    sheet = workbook.add_worksheet(name)
    bold = workbook.add_format({"bold": True})
    heading = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = [workbook.add_format(_format(column)) for column in table.columns]
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, 40 if column.kind is Kind.TEXT else 16)
    above = _above(table, provenance)
    for line, cells in enumerate(above):
        for place, text in enumerate(cells):
            sheet.write_string(line, place, _xlsx_text(text), bold if line == 0 else None)
    # A sheet without anything above its headings begins with them, so that a program can read it.
    first = len(above) + 1 if above else 0
    for place, column in enumerate(table.columns):
        sheet.write_string(first, place, _xlsx_text(column.heading), heading)
    last = first
    for last, row in enumerate(table.rows, first + 1):
        if last >= XLSX_ROWS:
            raise SheetTooLong(
                f"'{table.title}' has more than {XLSX_ROWS - first - 1:,} rows, the most a sheet holds.",
                "Export it as CSV.",
            )
        for place, column in enumerate(table.columns):
            _write_cell(sheet, last, place, column.exported(row.get(column.key)), formats[place])
    sheet.freeze_panes(first + 1, 1)
    sheet.autofilter(first, 0, last, max(len(table.columns) - 1, 0))


def _write_cell(sheet: Any, line: int, place: int, cell: str | int | float | date, style: Any) -> None:
    match cell:
        case str():
            sheet.write_string(line, place, _xlsx_text(cell))
        case date():
            sheet.write_datetime(line, place, datetime(cell.year, cell.month, cell.day), style)  # noqa: DTZ001
        case _:
            sheet.write_number(line, place, cell, style)


def _xlsx_text(text: str) -> str:
    return safe_text(text)[:_XLSX_CHARACTERS]


def _format(column: Column) -> dict[str, str]:
    decimals = f".{'0' * column.places}" if column.places else ""
    match column.kind:
        case Kind.PERCENT:
            # The figure is on the scale 0 to 100, so the sign is text and must not multiply.
            return {"num_format": f'#,##0{decimals}"%"'}
        case Kind.MONEY:
            return {"num_format": f"£#,##0{decimals};-£#,##0{decimals}"}
        case Kind.NUMBER | Kind.RATE:
            return {"num_format": f"#,##0{decimals}"}
        case Kind.DATE:
            return {"num_format": "d mmmm yyyy"}
    return {}
