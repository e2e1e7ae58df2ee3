"""Columns of pupils as arrays: numbers with NaN where they are missing, categories as codes with -1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from redway.core.errors import RedwayError

Numbers = NDArray[np.float64]
Codes = NDArray[np.int32]

NO, YES = "no", "yes"
"""The categories of a column of true and false."""

Pupils = pa.RecordBatch | pa.Table | pl.DataFrame


class UnfitColumn(RedwayError):  # noqa: N818 - says what is wrong, as in core
    """A column that holds what the model cannot take, such as dates."""


def column_names(pupils: Pupils) -> list[str]:
    """Names of the columns of some pupils."""
    return list(pupils.columns if isinstance(pupils, pl.DataFrame) else pupils.schema.names)


def record_batches(pupils: Pupils) -> Iterator[pa.RecordBatch]:
    """The same pupils as Arrow record batches."""
    if isinstance(pupils, pa.RecordBatch):
        yield pupils
        return
    table = pupils.rechunk().to_arrow() if isinstance(pupils, pl.DataFrame) else pupils
    yield from table.to_batches()


def is_number(kind: pa.DataType) -> bool:
    """Whether a column of this type is a number; text, true and false, and dictionaries are categories."""
    types = pa.types
    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind))


def number_values(column: pa.Array, name: str) -> Any:
    """The numbers of a column (n), NaN where missing, and where a text is no number. Whole numbers without
    gaps stay whole."""
    kind = column.type
    if pa.types.is_boolean(kind) or pa.types.is_decimal(kind) or pa.types.is_null(kind):
        column = column.cast(pa.float64())
    elif not is_number(kind):
        if not _is_text(kind):
            raise UnfitColumn(
                f"The column '{name}' holds {kind}, not numbers.", "Choose a column of numbers."
            )
        texts = pl.Series(pl.from_arrow(column)).cast(pl.String).str.strip_chars()
        column = texts.cast(pl.Float64, strict=False).to_arrow()
    return column.to_numpy(zero_copy_only=False)


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def words_of(values: pa.Array) -> list[str]:
    """Distinct values as the names of categories; empty where there is none. 3.0 is called 3."""
    if pa.types.is_floating(values.type):
        return [_number_word(value) for value in values.to_pylist()]
    words = values.to_pylist()
    return ["" if word is None else str(word).strip() for word in words]


def _number_word(value: float | None) -> str:
    if value is None or not np.isfinite(value):
        return ""
    return str(int(value)) if value == int(value) else repr(value)


@dataclass
class WordCodes:
    """Codes of the words of one column, the same in every batch: 0, 1, 2, ... as they are met.

    ``missing`` are words that stand for nothing, beside the blank.
    """

    name: str
    missing: frozenset[str] = frozenset()
    codes: dict[str, int] = field(default_factory=dict)
    _last: pa.Array | None = None
    _moved: Codes | None = None

    @property
    def words(self) -> list[str]:
        """The words in the order of their codes."""
        return list(self.codes)

    def take(self, column: pa.Array) -> tuple[Codes, bool]:
        """The code of each pupil (n; -1 for missing) and whether any may be missing."""
        kind = column.type
        if pa.types.is_boolean(kind):
            return self._yes_and_no(column)
        if not pa.types.is_dictionary(kind):
            if not (is_number(kind) or _is_text(kind) or pa.types.is_null(kind)):
                raise UnfitColumn(
                    f"The column '{self.name}' holds {kind}, neither numbers nor words.",
                    "Choose a column of numbers, of text, or of true and false.",
                )
            if pa.types.is_decimal(kind):
                column = column.cast(pa.float64())
            column = pa.array([], pa.string()).dictionary_encode() if pa.types.is_null(kind) else column
            column = column.dictionary_encode() if not pa.types.is_dictionary(column.type) else column
        return self._encoded(column)

    def _yes_and_no(self, column: pa.BooleanArray) -> tuple[Codes, bool]:
        place = np.array([self._code(NO), self._code(YES)], dtype=np.int32)
        if column.null_count:
            codes = place[column.fill_null(False).to_numpy(zero_copy_only=False).view(np.uint8)]
            codes[column.is_null().to_numpy(zero_copy_only=False)] = -1
            return codes, True
        return place[column.to_numpy(zero_copy_only=False).view(np.uint8)], False

    def _encoded(self, column: pa.DictionaryArray) -> tuple[Codes, bool]:
        moved = self._moves(column.dictionary)
        gaps = column.null_count > 0
        indices = column.indices.fill_null(0) if gaps else column.indices
        codes = indices.to_numpy(zero_copy_only=False)
        in_order = moved.size and moved[0] == 0 and bool((np.diff(moved) == 1).all())
        codes = codes.astype(np.int32, copy=gaps) if in_order else moved[codes]
        if gaps:
            codes[column.is_null().to_numpy(zero_copy_only=False)] = -1
        return codes, gaps or bool((moved < 0).any())

    def _moves(self, dictionary: pa.Array) -> Codes:
        """The code of each entry of a batch's dictionary; batches of one file mostly share theirs."""
        if self._moved is None or self._last is None or not dictionary.equals(self._last):
            self._last = dictionary
            # A dictionary without entries has only missing pupils, whose index is read as 0 above.
            self._moved = np.array(
                [self._code(word) for word in words_of(dictionary)] or [-1], dtype=np.int32
            )
        return self._moved

    def _code(self, word: str) -> int:
        if not word or word in self.missing:
            return -1
        return self.codes.setdefault(word, len(self.codes))
