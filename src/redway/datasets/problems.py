"""The list of a file's problems: the first thousand at hand, all of them in a CSV to download."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import polars as pl

SHOWN = 1_000
MOST_KEPT = 1_000_000
"""Beyond this the file is plainly not what it was taken for, and the list would outgrow the file."""

LONGEST_VALUE = 500
"""Characters of a cell that are quoted: enough to find it, and no list grows by a cell of a megabyte."""

# A cell that starts like this would be run as a formula by a spreadsheet, in some after spaces before it.
_FORMULA = r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]"
_NUMBER = r"^-?[\d.,]+%?$"


@dataclass(frozen=True)
class Problem:
    """One thing wrong: where (row as a spreadsheet shows it; None for the whole file), and what to do."""

    row: int | None
    column: str | None
    value: str | None
    message: str

    def to_json(self) -> dict[str, object]:
        return {"row": self.row, "column": self.column, "value": self.value, "message": self.message}


class ProblemLog:
    """Collects problems block by block. Nothing is written while there are none.

    ``quotes`` False leaves the cells out: row and column are enough to find one in the sender's own file.
    """

    def __init__(self, path: Path, *, quotes: bool = True) -> None:
        self.path = path
        self._quotes = quotes
        self.total = 0
        self.first: list[Problem] = []

    def add(self, problems: pl.DataFrame) -> None:
        """Note the problems of one block: a frame of row, column, value and message."""
        if not problems.height:
            return
        if not self._quotes:
            problems = problems.with_columns(value=pl.lit(None, dtype=pl.String))
        ordered = problems.sort("row", maintain_order=True).with_columns(
            pl.when(pl.col("value").str.len_chars() > LONGEST_VALUE)
            .then(pl.col("value").str.head(LONGEST_VALUE) + "…")
            .otherwise(pl.col("value"))
        )
        if len(self.first) < SHOWN:
            self.first += [Problem(*row) for row in ordered.head(SHOWN - len(self.first)).iter_rows()]
        room = MOST_KEPT - self.total
        if room > 0:
            with self.path.open("ab") as file:
                escape(ordered.head(room)).write_csv(file, include_header=self.total == 0)
        self.total += ordered.height


def escape(problems: pl.DataFrame) -> pl.DataFrame:
    """Make texts harmless to spreadsheets: a leading apostrophe before what would be run as a formula."""
    texts = [pl.col(name) for name, kind in problems.schema.items() if kind == pl.String]
    return problems.with_columns(
        pl.when(text.str.contains(_FORMULA) & ~text.str.contains(_NUMBER))
        .then("'" + text)
        .otherwise(text)
        .name.keep()
        for text in texts
    )


def read_problems(path: Path, limit: int = SHOWN) -> list[Problem]:
    """The first problems of a list kept earlier; none when there is no list."""
    if not path.exists():
        return []
    found: list[Problem] = []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if len(found) == limit:
                break
            number = int(row["row"]) if row["row"] else None
            found.append(Problem(number, row["column"], row["value"] or None, row["message"]))
    return found
