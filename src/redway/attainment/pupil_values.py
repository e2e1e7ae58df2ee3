"""Columns of pupils as arrays: numbers with NaN where they are missing, categories as codes with -1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from redway.core.errors import RedwayError

Numbers = NDArray[np.float64]
Codes = NDArray[np.integer[Any]]

NO, YES = "no", "yes"
"""The categories of a column of true and false."""

NO_SCHOOL = frozenset({"nan", "NaN"})
"""What other programs write for a school that is not known; there is no school of this name."""

Pupils: TypeAlias = pa.RecordBatch | pa.Table | pl.DataFrame


class UnfitColumn(RedwayError):  # noqa: N818 - says what is wrong, as in core
    """A column that holds what the model cannot take, such as dates."""


def column_names(pupils: Pupils) -> list[str]:
    """Names of the columns of some pupils."""
    return list(pupils.columns if isinstance(pupils, pl.DataFrame) else pupils.schema.names)


def record_batches(pupils: Pupils) -> Iterator[pa.RecordBatch]:
    """The same pupils as Arrow record batches: at least one, so that the types are known."""
    if isinstance(pupils, pa.RecordBatch):
        yield pupils
        return
    table = pupils.rechunk().to_arrow() if isinstance(pupils, pl.DataFrame) else pupils
    yield from table.to_batches() or [pa.RecordBatch.from_pylist([], schema=table.schema)]


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


def _bits(column: pa.BooleanArray) -> Codes:
    """1 for true and 0 for false (n), whatever stands where there is neither."""
    bits = np.frombuffer(column.buffers()[1] or b"", dtype=np.uint8)
    return np.unpackbits(bits, count=column.offset + len(column), bitorder="little")[column.offset :]


@dataclass
class WordCodes:
    """Codes of the words of one column, the same in every batch: 0, 1, 2, ... as they are met.

    ``missing`` are words that stand for nothing, beside the blank.
    """

    name: str
    missing: frozenset[str] = frozenset()
    codes: dict[str, int] = field(default_factory=dict)
    _known: pa.Array | None = None
    """Values met so far, of which several may be one word, such as 'M' and ' M'."""
    _known_codes: Codes = field(default_factory=lambda: np.empty(0, dtype=np.int32))
    _last: pa.Array | None = None
    _moves_of_last: Codes = field(default_factory=lambda: np.empty(0, dtype=np.int32))

    @property
    def words(self) -> list[str]:
        """The words in the order of their codes."""
        return list(self.codes)

    def take(self, column: pa.Array) -> tuple[Codes, bool]:
        """The code of each pupil (n; -1 for missing) and whether any may be missing."""
        kind = column.type
        if pa.types.is_boolean(kind):
            return self._yes_and_no(column)
        if pa.types.is_null(kind):
            return np.full(len(column), -1, dtype=np.int32), True
        if not pa.types.is_dictionary(kind):
            if not (is_number(kind) or _is_text(kind)):
                raise UnfitColumn(
                    f"The column '{self.name}' holds {kind}, neither numbers nor words.",
                    "Choose a column of numbers, of text, or of true and false.",
                )
            if pa.types.is_decimal(kind):
                column = column.cast(pa.float64())
            column = column.dictionary_encode()
        return self._encoded(column)

    def _yes_and_no(self, column: pa.BooleanArray) -> tuple[Codes, bool]:
        codes = _bits(column)
        no, yes = self._code(NO), self._code(YES)
        if (no, yes) != (0, 1):
            codes = np.array([no, yes], dtype=np.int32)[codes]
        if column.null_count:
            codes = np.where(column.is_null().to_numpy(zero_copy_only=False), np.int32(-1), codes)
        return codes, column.null_count > 0

    def _encoded(self, column: pa.DictionaryArray) -> tuple[Codes, bool]:
        moved = self._moves(column.dictionary)
        gaps = column.null_count > 0
        indices = column.indices.fill_null(0) if gaps else column.indices
        codes = indices.to_numpy(zero_copy_only=False)
        in_order = moved.size and moved[0] == 0 and bool((np.diff(moved) == 1).all())
        codes = codes.astype(np.int32, copy=gaps) if in_order else moved.take(codes)
        if gaps:
            codes[column.is_null().to_numpy(zero_copy_only=False)] = -1
        return codes, gaps or bool((moved < 0).any())

    def _moves(self, dictionary: pa.Array) -> Codes:
        """The code of each entry of a batch's dictionary."""
        # Batches of one file mostly share a dictionary.
        if self._last is None or not dictionary.equals(self._last):
            self._last = dictionary
            self._moves_of_last = self._codes_of(dictionary)
        return self._moves_of_last

    def _codes_of(self, values: pa.Array) -> Codes:
        if not len(values):
            # All its pupils are missing, and their index is read as 0.
            return np.array([-1], dtype=np.int32)
        if self._known is None or self._known.type != values.type:
            self._known, self._known_codes = values[:0], np.empty(0, dtype=np.int32)
        place = pc.index_in(values, value_set=self._known)
        if place.null_count:
            new = values.filter(place.is_null())
            codes = np.array([self._code(word) for word in words_of(new)], dtype=np.int32)
            self._known = pa.concat_arrays([self._known, new])
            self._known_codes = np.concatenate([self._known_codes, codes])
            place = pc.index_in(values, value_set=self._known)
        return np.asarray(self._known_codes[place.to_numpy()])

    def _code(self, word: str) -> int:
        if not word or word in self.missing:
            return -1
        return self.codes.setdefault(word, len(self.codes))
