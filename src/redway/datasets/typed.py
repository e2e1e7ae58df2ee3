"""Parquet files, typed or text: every cell is handed on as text, like any other file's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from redway.datasets.errors import UnreadableFile
from redway.datasets.table import ROW, WIDEST, Block, Table

CELLS_IN_A_BLOCK = 1_000_000
LEAST_ROWS = 20_000
DAMAGED = UnreadableFile("The Parquet file is damaged or was cut short.", "Ask the sender for it again.")


class ParquetTable(Table):
    """A Parquet file. The header is its column names, so the first row of data is row 2."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            metadata = pq.read_metadata(path)
            schema = metadata.schema.to_arrow_schema()
        except (pa.ArrowException, OSError, ValueError, KeyError):
            raise DAMAGED from None
        self._rows: int = metadata.num_rows
        self._names: list[str] = list(schema.names)
        if len(self._names) > WIDEST:
            raise UnreadableFile(
                f"The file has {len(self._names):,} columns; no published table has more than {WIDEST:,}.",
                "Ask the sender what it is.",
            )
        if len(set(self._names)) < len(self._names):
            raise UnreadableFile(
                "Two columns of the Parquet file have the same name.", "Ask the sender to rename one."
            )
        nested = [field.name for field in schema if pa.types.is_nested(field.type) or _is_binary(field.type)]
        if nested:
            raise UnreadableFile(
                f"The column '{nested[0]}' holds lists or raw bytes, not text or numbers.",
                "Save the table as CSV, or leave that column out.",
            )

    @property
    def head(self) -> list[list[str]]:
        return [self._names]

    def blocks(self, header: int) -> Iterator[Block]:
        row = 2
        for table in self._tables():
            frame = _as_text(table)
            numbers = pl.int_range(row, row + frame.height, eager=True, dtype=pl.Int64).alias(ROW)
            row += frame.height
            yield Block(frame.insert_column(0, numbers), min(1.0, (row - 2) / max(1, self._rows)))

    def _tables(self) -> Iterator[pa.Table]:
        """The file in parts of bounded size. Arrow reads it: it raises on damage where others abort."""
        most = max(LEAST_ROWS, CELLS_IN_A_BLOCK // max(1, len(self._names)))
        try:
            with pq.ParquetFile(self._path) as file:
                for groups, rows in _together(file.metadata, most):
                    if rows <= most:
                        yield file.read_row_groups(groups)
                        continue
                    for batch in file.iter_batches(most, row_groups=groups):
                        yield pa.Table.from_batches([batch])
        except (pa.ArrowException, OSError, ValueError, KeyError, MemoryError):
            raise DAMAGED from None


def _together(metadata: pq.FileMetaData, most: int) -> Iterator[tuple[list[int], int]]:
    """Row groups to be read together, with their rows: small ones are joined up to ``most`` rows."""
    groups: list[int] = []
    rows = 0
    for group in range(metadata.num_row_groups):
        more = metadata.row_group(group).num_rows
        if groups and rows + more > most:
            yield groups, rows
            groups, rows = [], 0
        groups.append(group)
        rows += more
    if groups:
        yield groups, rows


def _as_text(table: pa.Table) -> pl.DataFrame:
    """Every column as text, named by its position."""
    try:
        # Letters that are no letters would break what comes after; this finds them.
        table.validate(full=True)
        frame = pl.DataFrame(
            pl.from_arrow(table.rename_columns([str(at) for at in range(table.num_columns)]))
        )
        return frame.select(_text(name, kind) for name, kind in frame.schema.items())
    except (pa.ArrowException, pl.exceptions.PolarsError, pl.exceptions.PanicException, ValueError):
        raise DAMAGED from None


def _text(name: str, kind: pl.DataType) -> pl.Expr:
    """A column as text. Whole numbers kept as floats are written without '.0', as people write them."""
    column = pl.col(name)
    if not kind.is_float():
        return column.cast(pl.String)
    whole = column.cast(pl.Int64, strict=False)
    return pl.when(column == whole).then(whole.cast(pl.String)).otherwise(column.cast(pl.String)).alias(name)


def _is_binary(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    )
