"""The shape every reader hands on: a table of text, its first rows, and its rows in blocks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

ROW = "_row"
"""Row number as a spreadsheet shows it: the first row of the sheet is 1."""

HEAD_ROWS = 30
"""How many rows from the top are looked at to find the header."""

WIDEST = 5_000
"""No published table is wider; a wider one is a broken file, and would exhaust memory."""


@dataclass(frozen=True)
class Block:
    """Some rows of a table. ``frame`` holds int64 ``_row`` and text columns named '0', '1', ... by position.

    A blank cell is null or empty text. ``share`` is how much of the file has been read, from 0 to 1.
    """

    frame: pl.DataFrame
    share: float


class Table(ABC):
    """One sheet of a workbook, or the one table of any other file. All cells are text."""

    name: str = ""
    """Name of the sheet; empty where the file has but one table."""

    @property
    @abstractmethod
    def head(self) -> list[list[str]]:
        """The first rows (at most HEAD_ROWS) as text, the header among them."""

    @abstractmethod
    def blocks(self, header: int) -> Iterator[Block]:
        """The rows below the header, which is row ``header`` of ``head``, counted from 0.

        Raises UnreadableFile when a row is broken; the message names the row.
        """
