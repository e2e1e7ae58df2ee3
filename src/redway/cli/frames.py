"""Frames as files: CSV and XLSX that are safe to open, JSON, Parquet."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import polars as pl

from redway.core.errors import NotFound
from redway.figures.sheets import safe_text, write_xlsx
from redway.figures.table import Column, Kind, Table

_PLACES = 10
"""Decimal places kept in a workbook: more than any publisher gives."""


def write_file(frame: pl.DataFrame, title: str, path: Path) -> None:
    """Write a frame as the end of the file's name says; the file is whole when it is there.

    Raises NotFound for an unknown end, and what the system says when the file cannot be written.
    """
    writers: dict[str, Callable[[BinaryIO], None]] = {
        ".csv": lambda target: write_csv(frame, target),
        ".xlsx": lambda target: write_xlsx(table_of(frame, title), target),
        ".json": lambda target: _write_json(frame, target),
        ".parquet": lambda target: frame.write_parquet(target),
    }
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise NotFound(
            f"'{path.name}' does not say how to write it.", f"End its name in {', '.join(writers)}."
        )
    with replacing(path) as target:
        writer(target)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write to that takes the place of ``path`` when it is whole, and is gone when it is not."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def write_csv(frame: pl.DataFrame, target: BinaryIO) -> None:
    """CSV for programs: the headings, then the rows; no text that a spreadsheet would take for a formula."""
    safe = frame.with_columns(pl.col(pl.String).map_batches(_safe, return_dtype=pl.String))
    # Not written by Polars: a reader that goes away (`head`) is then told apart from a full disk.
    target.write(safe.write_csv().encode())


def _write_json(frame: pl.DataFrame, target: BinaryIO) -> None:
    target.write(frame.write_json().encode())


def _safe(texts: pl.Series) -> pl.Series:
    # Few texts are dangerous; only distinct ones are looked at.
    changed = {text: safe for text in texts.unique().drop_nulls() if (safe := safe_text(text)) != text}
    return texts.replace(changed) if changed else texts


def table_of(frame: pl.DataFrame, title: str) -> Table:
    """The frame as the one table that all sheets are written from."""
    columns = [_column(name, kind) for name, kind in frame.schema.items()]
    return Table(title, columns, frame.iter_rows(named=True))


def _column(name: str, kind: pl.DataType) -> Column:
    if kind.is_integer():
        return Column(name, name, Kind.NUMBER, 0)
    if kind.is_numeric():
        return Column(name, name, Kind.NUMBER, _PLACES)
    return Column(name, name, Kind.DATE if kind == pl.Date else Kind.TEXT)
