"""Files of pupils small enough to be held whole: some of their columns as one frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from redway.datasets.pupil_cells import Wanted
from redway.datasets.pupil_files import PupilFiles

Progress = Callable[[float], None]


def columns_of(paths: Sequence[Path]) -> set[str]:
    """The columns that every one of the files has."""
    with PupilFiles(paths, Wanted(())) as files:
        return set.intersection(*(set(source.columns) for source in files.sources))


def read_columns(
    paths: Sequence[Path],
    columns: Sequence[str],
    numbers: frozenset[str],
    progress: Progress = lambda share: None,
) -> pl.DataFrame:
    """Some columns of some files, whole: ``numbers`` as numbers, the others as words.

    Raises what ``PupilFiles`` does, and UnfitCells for text where a number belongs.
    """
    labels = frozenset(columns) - numbers
    with PupilFiles(paths, Wanted(tuple(columns), numbers & set(columns), labels=labels)) as files:
        reader = files.reader()
        parts = [pl.DataFrame(pl.from_arrow(batch)) for batch in files.batches(reader, progress)]
        reader.refuse_unfit()
    texts = [part.with_columns(pl.col(pl.Categorical).cast(pl.String)) for part in parts]
    return pl.concat(texts, how="vertical_relaxed")
