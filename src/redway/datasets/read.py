"""Open any file Redway reads, by what is in it. The name and its extension are never trusted."""

from __future__ import annotations

import zipfile
from enum import StrEnum
from pathlib import Path

from redway.datasets.bank_holidays import BankHolidayTable
from redway.datasets.delimited import DelimitedTable
from redway.datasets.errors import NO_ZIP, UnreadableFile
from redway.datasets.spreadsheet import read_workbook
from redway.datasets.table import Table
from redway.datasets.typed import ParquetTable


class FileKind(StrEnum):
    """What a file is, told from its content."""

    DELIMITED = "delimited text"
    WORKBOOK = "workbook"
    PARQUET = "Parquet"
    JSON = "JSON"
    ARCHIVE = "ZIP"


REFUSED = {
    b"%PDF": (
        "The file is a PDF: its tables cannot be read reliably.",
        "Ask for the data as CSV or a workbook.",
    ),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": (
        "The file is an old Excel workbook (.xls) or one locked with a password.",
        "Open it in a spreadsheet and save it as .xlsx without a password.",
    ),
    b"\x1f\x8b": ("The file is compressed with gzip.", "Unpack it and import what is inside."),
    b"7z\xbc\xaf\x27\x1c": ("The file is a 7-Zip archive.", "Unpack it and import what is inside."),
    b"Rar!": ("The file is a RAR archive.", "Unpack it and import what is inside."),
    b"\x89PNG": ("The file is a picture.", "Ask for the data as CSV or a workbook."),
    b"\xff\xd8\xff": ("The file is a picture.", "Ask for the data as CSV or a workbook."),
    b"SQLite format 3\0": ("The file is a database.", "Export the table you need as CSV."),
}


def detect_kind(path: Path) -> FileKind:
    """Say what a file is from its first bytes. Raises UnreadableFile for kinds that Redway does not read."""
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        raise UnreadableFile("The file is empty.", "Ask the sender for it again.")
    for magic, (message, next_step) in REFUSED.items():
        if start.startswith(magic):
            raise UnreadableFile(message, next_step)
    if start.startswith(b"PAR1"):
        return FileKind.PARQUET
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return FileKind.WORKBOOK if _is_workbook(path) else FileKind.ARCHIVE
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"{", b"[{", b"[[")):
        return FileKind.JSON
    if text.startswith((b"<!doctype", b"<html", b"<?xml", b"<!--")):
        raise UnreadableFile(
            "The file is a web page, not a table: a download link may have led to a page.",
            "Download it again as CSV.",
        )
    return FileKind.DELIMITED


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except NO_ZIP:
        raise UnreadableFile(
            "The ZIP file or workbook is damaged or was cut short.", "Ask for it again."
        ) from None
    if "mimetype" in names and "content.xml" in names:
        raise UnreadableFile("The file is an OpenDocument spreadsheet.", "Save it as .xlsx or CSV UTF-8.")
    return "xl/workbook.xml" in names or "[Content_Types].xml" in names


def open_tables(path: Path, working: Path) -> list[Table]:
    """The tables in a file: one, or one a sheet. ``working`` is a folder for what has to be unpacked.

    Raises UnreadableFile. An archive is not a table: see ``redway.datasets.archive``.
    """
    match detect_kind(path):
        case FileKind.PARQUET:
            return [ParquetTable(path)]
        case FileKind.WORKBOOK:
            return read_workbook(path, working)
        case FileKind.JSON:
            return [BankHolidayTable(path)]
        case FileKind.DELIMITED:
            return [DelimitedTable(path)]
        case FileKind.ARCHIVE:
            raise UnreadableFile(
                "The file is a ZIP inside a ZIP.", "Unpack the inner one and import what is inside."
            )
