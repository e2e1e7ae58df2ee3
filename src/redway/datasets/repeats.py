"""Rows that repeat the key of an earlier row: found by hash, proved by the key itself, left out and named."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from redway.datasets.check import PROBLEMS_SCHEMA, Checker, hash_keys
from redway.datasets.lake import VersionWriter
from redway.datasets.plan import LEVEL, PERIOD
from redway.datasets.table import ROW


def leave_out_repeats(staged: Path, checker: Checker) -> pl.DataFrame:
    """Rewrite ``staged`` without repeated keys and return them as problems (none in most files).

    The first row of each key stays. Only rows at the format's own level are compared.
    """
    hashes = checker.repeated_keys()
    nothing = pl.DataFrame(schema=PROBLEMS_SCHEMA)
    if not len(hashes):
        return nothing
    key, level = checker.key_columns(), checker.plan.format.level
    wanted = pl.Series(hashes)
    file = pq.ParquetFile(staged)
    parts = []
    for group in range(file.num_row_groups):
        part = pl.DataFrame(pl.from_arrow(file.read_row_group(group, columns=[ROW, LEVEL, *key])))
        part = part.filter(pl.col(LEVEL) == level)
        parts.append(part.filter(hash_keys(part, key).is_in(wanted.implode())))
    suspects = pl.concat(parts).sort(ROW)
    repeats = suspects.with_columns(first=pl.col(ROW).first().over(key)).filter(
        pl.col(ROW) != pl.col("first")
    )
    if not repeats.height:
        return nothing
    _rewrite(file, staged, repeats[ROW])
    checker.tally.loaded -= repeats.height
    checker.tally.rejected += repeats.height
    named = [name for name in key if name != PERIOD]
    return repeats.select(
        pl.col(ROW).alias("row"),
        pl.lit(", ".join(checker.plan.headers.get(name, name) for name in named)).alias("column"),
        pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in named], separator=", ").alias(
            "value"
        ),
        pl.format(
            "Row {} has the same key already, so this row was left out. Delete one of the two.",
            pl.col("first"),
        ).alias("message"),
    )


def _rewrite(file: pq.ParquetFile, staged: Path, left_out: pl.Series) -> None:
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
