"""From a figure back to the cell it came from, in the file as it was received."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from redway.core.errors import NotFound
from redway.core.home import Home
from redway.datasets.confidential import is_confidential
from redway.datasets.lake import Lake
from redway.datasets.ledger import Version
from redway.datasets.read import open_tables
from redway.datasets.recognise import normalise
from redway.datasets.table import ROW, Table


@dataclass(frozen=True)
class Cell:
    """One cell of a received file. ``row`` is as a spreadsheet shows it; ``text`` None means blank."""

    file_name: str
    sha256: str
    sheet: str
    row: int
    header: str
    text: str | None
    version: int
    version_number: int
    committed_at: datetime | None


def find_cell(home: Home, version: Version, row: int, column: str) -> Cell:
    """Read one cell again from the source that is kept. Raises NotFound when it is not there.

    ``column`` is the committed column; a reason column (``...__missing``) stands for its measure.
    """
    if is_confidential(version.format):
        raise NotFound(
            "The cell is not shown: the file holds facts about single children.",
            "Ask the data officer of the authority it came from.",
        )
    name = column.removesuffix("__missing")
    header = version.headers.get(name)
    if header is None:
        raise NotFound(
            f"Version {version.id} has no column '{name}'.", "Columns are listed with the version."
        )
    source = Lake(home).source_path(version.sha256)
    if not source.exists():
        raise NotFound(
            f"The file {version.file_name} is no longer kept.",
            "Restore it from a backup, or import it again.",
        )
    with tempfile.TemporaryDirectory() as working:
        table = _table(open_tables(source, Path(working) / "sheets"), version)
        position = _position(table.head[version.header_row - 1], header)
        text = _text(table, version.header_row - 1, row, position)
    return Cell(
        version.file_name,
        version.sha256,
        version.sheet,
        row,
        header,
        text,
        version.id,
        version.number,
        version.committed_at,
    )


def _table(tables: list[Table], version: Version) -> Table:
    for table in tables:
        if table.name == version.sheet:
            return table
    raise NotFound(f"The sheet '{version.sheet}' is not in the file.", "Import the file again.")


def _position(headers: list[str], header: str) -> str:
    for at, found in enumerate(headers):
        if found.strip().lstrip("\ufeff") == header.strip().lstrip("\ufeff"):
            return str(at)
    wanted = normalise(header)
    for at, found in enumerate(headers):
        if normalise(found) == wanted:
            return str(at)
    raise NotFound(f"The header '{header}' is not in the file.", "Import the file again.")


def _text(table: Table, header: int, row: int, position: str) -> str | None:
    for block in table.blocks(header):
        rows = block.frame[ROW]
        if rows.len() and rows[0] <= row <= rows[-1]:
            found = block.frame.filter(pl.col(ROW) == row)
            if found.height:
                text: str | None = found[position][0]
                return text or None
    raise NotFound(f"Row {row:,} is not in the file.", "Check the row number.")
