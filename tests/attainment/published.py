"""Published scores of schools, for tests: the bundled rows, and columns of text as numbers."""

from __future__ import annotations

from pathlib import Path

import polars as pl

DATA = Path(__file__).parent / "data"
P8_COLUMNS = ("P8PUP", "TP8ADJ", "P8MEA", "P8CILOW", "P8CIUPP", "P8MEA_ORIG", "P8CILOW_ORIG", "P8CIUPP_ORIG")


def bundled(name: str) -> pl.DataFrame:
    """One of the bundled files, all text."""
    return pl.read_csv(DATA / f"{name}.csv", infer_schema=False)


def as_numbers(frame: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Some columns as numbers, without the rows in which one of them is a code for no figure."""
    cells = [
        pl.col(one).str.strip_chars().str.strip_chars_end("%").cast(pl.Float64, strict=False)
        for one in columns
    ]
    return frame.with_columns(cells).drop_nulls(list(columns))
