"""The one JSON file Redway reads: bank holidays as gov.uk publishes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from redway.datasets.errors import UnreadableFile
from redway.datasets.table import ROW, Block, Table

COLUMNS = ("division", "title", "date", "notes", "bunting")
LARGEST = 16 << 20
OTHER_SHAPE = UnreadableFile(
    "The file is JSON, but not the list of bank holidays from gov.uk, which is the only JSON "
    "that Redway reads.",
    "If it is a table, save it as CSV and import that.",
)


class BankHolidayTable(Table):
    """One row an event: its division, title, date, notes and bunting."""

    def __init__(self, path: Path) -> None:
        if path.stat().st_size > LARGEST:
            raise OTHER_SHAPE
        try:
            divisions = json.loads(path.read_bytes())
            self._rows = [
                [name, *(_text(event[column]) for column in COLUMNS[1:])]
                for name, division in divisions.items()
                for event in division["events"]
            ]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise OTHER_SHAPE from None

    @property
    def head(self) -> list[list[str]]:
        return [list(COLUMNS)]

    def blocks(self, header: int) -> Iterator[Block]:
        columns = {str(at): [row[at] for row in self._rows] for at in range(len(COLUMNS))}
        frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
        yield Block(frame.insert_column(0, pl.int_range(2, 2 + frame.height, eager=True).alias(ROW)), 1.0)


def _text(value: object) -> str:
    if not isinstance(value, str | bool):
        raise TypeError(value)
    return str(value).lower() if isinstance(value, bool) else value
