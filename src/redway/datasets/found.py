"""Which sheet of a file is the table, and which of its rows the header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from redway.datasets.errors import NotRecognised
from redway.datasets.recognise import Recognised, Recogniser
from redway.datasets.table import Table


@dataclass(frozen=True)
class Found:
    """The table of a file that was recognised, and the row of its header, counted from 0."""

    table: Table
    header: int
    recognised: Recognised


def find_table(tables: Sequence[Table], recogniser: Recogniser, mapping: Mapping[str, str]) -> Found:
    """The first sheet, and the first row in it, that a format recognises. Raises NotRecognised."""
    first_refusal: NotRecognised | None = None
    nearest: tuple[float, NotRecognised] | None = None
    for table in tables:
        for number, row in enumerate(table.head):
            if sum(1 for cell in row if cell.strip()) < 2 and number:
                continue
            try:
                return Found(table, number, recogniser.recognise(row, mapping))
            except NotRecognised as refusal:
                first_refusal = first_refusal or refusal
                miss = recogniser.nearest(row)
                if miss and (nearest is None or miss.share > nearest[0]):
                    nearest = (miss.share, refusal)
    if nearest:
        raise nearest[1]
    raise first_refusal or NotRecognised("The file has no rows.", "Check that it is the right file.")
