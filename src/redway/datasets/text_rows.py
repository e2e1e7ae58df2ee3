"""A small table as lines of text: the headings, and each row with its number in a spreadsheet."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from redway.datasets.read import open_tables
from redway.datasets.table import ROW


@dataclass(frozen=True)
class TextRow:
    """One row: heading -> what stands in the cell."""

    number: int
    cells: Mapping[str, str]


def heading_of(text: str) -> str:
    """A heading as it is compared.

    >>> heading_of(" Closing_Balance ")
    'closing balance'
    """
    return " ".join(text.replace("_", " ").lower().split())


def read_text_rows(path: Path, needed: str = "") -> tuple[list[str], Sequence[TextRow]]:
    """Headings and rows of a CSV file or a workbook's first sheet, without empty rows.

    The headings are the first row that holds the heading ``needed``, so that titles may stand above them; the
    first row of all where there is none. Raises UnreadableFile.
    """
    with tempfile.TemporaryDirectory() as working:
        table = open_tables(path, Path(working) / "sheets")[0]
        at = _row_of_headings(table.head, needed)
        headings = [heading_of(text) for text in table.head[at]] if table.head else []
        rows = []
        for block in table.blocks(at):
            for row in block.frame.iter_rows(named=True):
                cells = {heading: row.get(str(place)) or "" for place, heading in enumerate(headings)}
                if any(text.strip() for text in cells.values()):
                    rows.append(TextRow(int(row[ROW]), cells))
    return headings, rows


def _row_of_headings(head: Sequence[Sequence[str]], needed: str) -> int:
    return next((at for at, row in enumerate(head) if needed in map(heading_of, row)), 0) if needed else 0
