"""Catches fractions in a column of percentages: 0.51 where 51 is meant would be wrong by a hundred.

A cell is taken for a fraction when it lies between 0 and 1, has no percent sign, and either no figure of the
column is above 1, or it is written with more decimal places than any figure of the column that is above 1
(0.51 among 48.2 and 55.0). A small percentage written like the others (0.5 among 4.2 and 5.3) passes.
"""

from __future__ import annotations

import polars as pl


class FractionWatch:
    """Follows one column of percentages through the blocks of a file."""

    def __init__(self, header: str) -> None:
        self._header = header
        self._most_decimals_above_one = -1
        self._first_by_decimals: dict[int, tuple[int, str]] = {}

    def look(self, text: pl.Series, values: pl.Series, rows: pl.Series) -> None:
        """Note what this block holds.

        The three series go together: text as it came, number read, row number.
        """
        filled = pl.DataFrame({"text": text, "value": values, "row": rows}).filter(
            (pl.col("value") > 0) & pl.col("value").is_not_null()
        )
        if not filled.height:
            return
        plain = pl.col("text").str.strip_chars()
        # Position of the point from the end; a text without one has no decimals. 1E-05 is left alone.
        measured = filled.select(
            "text",
            "row",
            small=(pl.col("value") < 1),
            signed=plain.str.ends_with("%"),
            decimals=(
                plain.str.strip_chars_end("% ").str.len_bytes().cast(pl.Int32)
                - plain.str.find(".", literal=True).cast(pl.Int32)
                - 1
            ).fill_null(0),
        )
        above_one = measured.filter(~pl.col("small"))["decimals"].unique().to_list()
        self._most_decimals_above_one = max([self._most_decimals_above_one, *above_one])
        small = measured.filter(pl.col("small") & ~pl.col("signed"))
        for decimals, row, cell in (
            small.unique("decimals", keep="first", maintain_order=True)
            .select("decimals", "row", "text")
            .iter_rows()
        ):
            self._first_by_decimals.setdefault(decimals, (row, cell))

    @property
    def finding(self) -> tuple[int, str] | None:
        """Row and text of the first cell taken for a fraction; None when there is none."""
        found = [
            place
            for decimals, place in self._first_by_decimals.items()
            if decimals > self._most_decimals_above_one
        ]
        return min(found, default=None)

    def reason(self) -> str:
        """Why the file is held, naming the row and the column; empty when it need not be."""
        if (found := self.finding) is None:
            return ""
        row, cell = found
        return (
            f"Row {row:,}, column '{self._header}': {cell.strip()} looks like a fraction in a column "
            "of percentages from 0 to 100, so the load was stopped. Write it as a percentage, or accept "
            f"the file if it really means {cell.strip()} per cent."
        )
