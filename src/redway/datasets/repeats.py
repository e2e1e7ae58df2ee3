"""Rows that repeat the key of an earlier row: found by hash, proved by the key itself, left out and named.

A row that repeats an earlier one in every cell says nothing new: it is left out and counted. A row that has
the same key but other cells is rejected: nobody could say which of the two is right.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from redway.datasets.check import PROBLEMS_SCHEMA, Checker, hash_keys
from redway.datasets.lake import VersionWriter
from redway.datasets.plan import LEVEL, PERIOD
from redway.datasets.table import ROW

SAID_TWICE = "It repeats an earlier row in every cell."


def leave_out_repeats(staged: Path, checker: Checker) -> pl.DataFrame:
    """Rewrite ``staged`` without repeated keys and return the rejected rows as problems (none in most files).

    The first row of each key stays. Only rows at the format's own level are compared.
    """
    hashes = checker.repeated_keys()
    if not len(hashes):
        return pl.DataFrame(schema=PROBLEMS_SCHEMA)
    key = checker.key_columns()
    suspects = _rows_with(staged, pl.Series(hashes), key, checker.plan.format.level)
    once = suspects.unique(
        [name for name in suspects.columns if name != ROW], keep="first", maintain_order=True
    )
    repeats = once.with_columns(first=pl.col(ROW).first().over(key)).filter(pl.col(ROW) != pl.col("first"))
    said_twice = suspects.height - once.height
    if not repeats.height and not said_twice:
        return pl.DataFrame(schema=PROBLEMS_SCHEMA)
    kept = once.filter(~pl.col(ROW).is_in(repeats[ROW].implode()))[ROW]
    _rewrite(staged, suspects[ROW].filter(~suspects[ROW].is_in(kept.implode())))
    checker.tally.loaded -= repeats.height + said_twice
    checker.tally.rejected += repeats.height
    if said_twice:
        checker.tally.left_out[SAID_TWICE] += said_twice
    return _problems(repeats, [name for name in key if name != PERIOD], checker)


def _rows_with(staged: Path, hashes: pl.Series, key: list[str], level: str) -> pl.DataFrame:
    """Rows of one level whose key has one of the hashes, in their order."""
    file = pq.ParquetFile(staged)
    parts = []
    for group in range(file.num_row_groups):
        part = pl.DataFrame(pl.from_arrow(file.read_row_group(group))).filter(pl.col(LEVEL) == level)
        parts.append(part.filter(hash_keys(part, key).is_in(hashes.implode())))
    return pl.concat(parts).sort(ROW)


def _problems(repeats: pl.DataFrame, named: list[str], checker: Checker) -> pl.DataFrame:
    headers = ", ".join(checker.plan.headers.get(name, name) for name in named)
    cells = [pl.col(name).cast(pl.String).fill_null("") for name in named]
    message = "Row {} has the same key but other cells, so this row was left out. Delete the wrong one."
    return repeats.select(
        pl.col(ROW).alias("row"),
        pl.lit(headers).alias("column"),
        pl.concat_str(cells, separator=", ").alias("value"),
        pl.format(message, pl.col("first")).alias("message"),
    )


def _rewrite(staged: Path, left_out: pl.Series) -> None:
    file = pq.ParquetFile(staged)
    fresh = staged.with_suffix(".fresh")
    writer = VersionWriter(fresh)
    try:
        for group in range(file.num_row_groups):
            frame = pl.DataFrame(pl.from_arrow(file.read_row_group(group)))
            writer.write(frame.filter(~pl.col(ROW).is_in(left_out.implode())))
        writer.close()
    except BaseException:
        writer.abandon()
        raise
    fresh.replace(staged)
