"""A number in a workbook is read as its sheet shows it, however its file holds the fraction."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from redway.datasets.text_rows import read_text_rows


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (12977051.86, "12977051.86"),
        (9672769.95, "9672769.95"),
        (0.1 + 0.2, "0.3"),
        (-1234.5600000000002, "-1234.56"),
        (0.0019569472, "0.0019569472"),
        (0.1000000004, "0.1000000004"),
        (0.12345678915, "0.12345678915"),
        (110532, "110532"),
        ("0.27516387665", "0.27516387665"),
        ("E06000042", "E06000042"),
        ("2025-26", "2025-26"),
        ("1234567890123456789", "1234567890123456789"),
    ],
)
def test_numbers_and_texts(tmp_path: Path, written: float | str, read: str) -> None:
    file = tmp_path / "table.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "value")
        if isinstance(written, str):
            sheet.write_string(1, 0, written)
        else:
            sheet.write_number(1, 0, written)
        sheet.write_number(2, 0, 0.1234567891)
    _, rows = read_text_rows(file)
    assert rows[0].cells["value"] == read
