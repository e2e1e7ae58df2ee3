"""The cells of pupil files as a model needs them: numbers or words; what is neither is named by its row.

A pupil file is not described in advance: any column may be asked for. A column holds numbers when the
question needs numbers of it, or when most of its filled cells are numbers; otherwise it holds words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from redway.core.errors import RedwayError
from redway.core.words import counted, number

MISSING_WORDS = frozenset(
    [
        "",
        "NA",
        "N/A",
        "NAN",
        "NULL",
        "SUPP",
        "LOWCOV",
        "NE",
        "NP",
        "NEW",
        "DNS",
        "*",
        "!",
        ".",
        "..",
        ":",
        "-",
    ]
)
"""What stands in a column of numbers where there is none. No single letter: a U or an X may be a grade."""

MISSING_IN_WORDS = frozenset(["", "NA", "N/A", "NULL", "SUPP"])
"""The same in a column of words, written exactly so: 'none' and 'new' are words with a meaning."""

Rows = range | pl.Series
"""The numbers of some rows, as a spreadsheet shows them."""

BLANK = "blank"
PLACES_SHOWN = 5

TRUE_AND_FALSE = {"true": "yes", "false": "no"}
"""Text files spell out what typed files keep as true and false; both are then the categories yes and no."""


class Unfit(StrEnum):
    """Why a cell cannot be used. Refused unless the person chose to leave such pupils out."""

    NOT_A_NUMBER = "holds text"
    INFINITE = "is infinite"


class UnfitCells(RedwayError):  # noqa: N818 - says what happened, as in core
    """Cells that hold no number where a number is needed: each column with its first places."""


class ColumnKind(StrEnum):
    """What a column holds for the whole of all files, never of one block."""

    NUMBER = "number"
    WORD = "word"


@dataclass(frozen=True)
class Wanted:
    """The columns a question reads. ``numbers`` must hold numbers, ``words`` are categories even where they
    look like numbers, ``labels`` are names of schools or pupils. Of the others the files decide."""

    columns: tuple[str, ...]
    numbers: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Place:
    """One cell. ``row`` is as a spreadsheet shows it (the header is row 1); None where nobody counted."""

    file: str
    row: int | None
    value: str

    def __str__(self) -> str:
        where = f"row {number(self.row)} of {self.file}" if self.row is not None else self.file
        return f"{where} ('{self.value}')" if self.value else where


@dataclass
class Places:
    """How many cells there are of one sort, and the first of them."""

    count: int = 0
    first: list[Place] = field(default_factory=list)

    def add(self, count: int, first: Sequence[Place]) -> None:
        self.count += count
        self.first.extend(first[: PLACES_SHOWN - len(self.first)])

    def __str__(self) -> str:
        more = self.count - len(self.first)
        shown = ", ".join(map(str, self.first))
        return f"{shown} and {number(more)} more" if more else shown


class WordCount:
    """Counts numbers and words in each column of text, to tell what the column holds."""

    def __init__(self) -> None:
        self.numbers: Counter[str] = Counter()
        self.words: Counter[str] = Counter()

    def take(self, batch: pa.RecordBatch) -> None:
        """Count one batch of text columns."""
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            if isinstance(column, pa.DictionaryArray):
                column = column.dictionary_decode()
            texts = pl.Series(pl.from_arrow(column))
            odd = texts.filter(texts.cast(pl.Float64, strict=False).is_null())
            self.numbers[name] += len(texts) - len(odd)
            distinct = odd.value_counts()
            for text, count in zip(distinct[odd.name], distinct["count"], strict=True):
                if _as_number(text) is not None:
                    self.numbers[name] += count
                elif not _is_missing(text):
                    self.words[name] += count

    def add(self, other: WordCount) -> None:
        """Take in what was counted elsewhere."""
        self.numbers.update(other.numbers)
        self.words.update(other.words)

    def kind(self, column: str) -> ColumnKind:
        """Numbers when at least half of the filled cells are numbers.

        A few words among many numbers are slips, and are named as such; were one word enough to make the
        column one of words, every number in it would silently become a category.
        """
        if self.numbers[column] and self.numbers[column] >= self.words[column]:
            return ColumnKind.NUMBER
        return ColumnKind.WORD


def kind_of_type(kind: pa.DataType) -> ColumnKind | None:
    """What a typed column holds; None for text, whose cells must be looked at if numbers could be meant."""
    if pa.types.is_dictionary(kind):
        return kind_of_type(kind.value_type)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return ColumnKind.NUMBER
    if pa.types.is_boolean(kind) or is_text(kind):
        return ColumnKind.WORD
    if pa.types.is_null(kind):
        return ColumnKind.NUMBER
    return None


def is_text(kind: pa.DataType) -> bool:
    """Whether cells of an Arrow type are text, whichever way they are laid out."""
    if pa.types.is_dictionary(kind):
        return is_text(kind.value_type)
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


class CellReader:
    """Turns batches of one or many files into columns of numbers and of words, and remembers what was odd.

    One reader goes through all files of a question; readers of parts of a file are joined with ``add``.
    """

    def __init__(self, kinds: Mapping[str, ColumnKind], labels: Collection[str] = ()) -> None:
        self.kinds = dict(kinds)
        self.labels = frozenset(labels)
        self.rows = 0
        self.missing: dict[str, Counter[str]] = {}
        """Column -> what stands in its missing cells -> how many."""
        self.unfit: dict[tuple[str, Unfit], Places] = {}
        self.unlabelled: dict[str, Places] = {}
        """Rows without a label, such as a pupil without a school."""
        self._cleaned: dict[str, dict[str | None, str | None]] = {}
        """Column -> word as it stands -> as it is used: a national file has the same few in every batch."""

    def take(self, batch: pa.RecordBatch, file: str, rows: Rows | None = None) -> pa.RecordBatch:
        """One batch with every column as its kind says; a cell that cannot be read is null.

        Numbers are float64 where they came as text, else of the type they came in. Words are dictionaries.
        """
        self.rows += batch.num_rows
        places = _Numbering(file, rows)
        columns = [
            self._column(name, column, places)
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
        ]
        return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)

    def _column(self, name: str, column: pa.Array, places: _Numbering) -> pa.Array:
        if name in self.labels:
            return self._label(name, column, places)
        if self.kinds[name] is ColumnKind.NUMBER:
            read = self._text_numbers if is_text(column.type) else self._numbers
            return read(name, column, places)
        return self._words(name, column)

    def _numbers(self, name: str, column: pa.Array, places: _Numbering) -> pa.Array:
        """A typed column. NaN is how files spell 'missing'; infinity is a fault of whoever made the file."""
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        if pa.types.is_boolean(column.type):
            column = column.cast(pa.int8())
        if pa.types.is_null(column.type) or pa.types.is_decimal(column.type):
            column = column.cast(pa.float64())
        if not pa.types.is_floating(column.type):
            self._count_missing(name, column.null_count)
            return column
        values = column.to_numpy(zero_copy_only=False)
        # A sum is finite only when every value is, and costs a tenth of looking at each.
        with np.errstate(over="ignore", invalid="ignore"):
            finite = np.isfinite(values.sum())
        if finite:
            return column
        infinite = np.isinf(values)
        at = np.flatnonzero(infinite)
        first = [places.at(int(row), str(values[row])) for row in at[:PLACES_SHOWN]]
        self._note_places(name, Unfit.INFINITE, len(at), first)
        empty = np.isnan(values)
        self._count_missing(name, int(empty.sum()))
        return pa.array(values, mask=empty | infinite)

    def _text_numbers(self, name: str, column: pa.Array, places: _Numbering) -> pa.Array:
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()
        texts = pl.Series(pl.from_arrow(column))
        values = texts.cast(pl.Float64, strict=False)
        odd = ~values.is_finite().fill_null(value=False)
        if odd.any():
            at = odd.arg_true()
            values = values.scatter(at, self._odd_numbers(name, texts.gather(at), at, places))
        return values.to_arrow()

    def _odd_numbers(
        self, name: str, cells: pl.Series, at: pl.Series, places: _Numbering
    ) -> list[float | None]:
        """Look again at the cells that are not plainly a number: spaces, commas, codes, words."""
        texts = cells.fill_null("")
        read: dict[str, float | None] = {}
        unfit: dict[Unfit, list[str]] = {}
        for text in texts.unique(maintain_order=True):
            value = _as_number(text)
            if value is None and _is_missing(text):
                self._count_missing(name, int((texts == text).sum()), text.strip() or BLANK)
            elif value is None:
                unfit.setdefault(Unfit.NOT_A_NUMBER, []).append(text)
            elif not np.isfinite(value):
                unfit.setdefault(Unfit.INFINITE, []).append(text)
                value = None
            read[text] = value
        for why, words in unfit.items():
            theirs = texts.is_in(words)
            first = zip(
                at.filter(theirs).head(PLACES_SHOWN), texts.filter(theirs).head(PLACES_SHOWN), strict=True
            )
            self._note_places(name, why, int(theirs.sum()), [places.at(row, text) for row, text in first])
        return [read[text] for text in texts]

    def _words(self, name: str, column: pa.Array) -> pa.Array:
        if pa.types.is_boolean(column.type):
            self._count_missing(name, column.null_count)
            return column
        column = column if is_text(column.type) else _as_text(column)
        words = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
        return self._named(name, words, MISSING_IN_WORDS)

    def _label(self, name: str, column: pa.Array, places: _Numbering) -> pa.Array:
        """A name: whole numbers stay as they are, text loses the spaces around it."""
        if pa.types.is_floating(column.type):
            column = _as_text(column)
        if is_text(column.type):
            words = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
            column = self._named(name, words, MISSING_IN_WORDS)
        else:
            self._count_missing(name, column.null_count)
        if column.null_count:
            gone = np.flatnonzero(column.is_null().to_numpy(zero_copy_only=False))
            found = self.unlabelled.setdefault(name, Places())
            found.add(len(gone), [places.at(int(row), "") for row in gone[:PLACES_SHOWN]])
        return column

    def _named(self, name: str, words: pa.DictionaryArray, missing: Collection[str]) -> pa.DictionaryArray:
        """Words without spaces around; those that mean 'missing' are null. Looks at distinct words only."""
        before = words.null_count
        distinct = words.dictionary.to_pylist()
        known = self._cleaned.setdefault(name, {})
        for word in distinct:
            if word not in known:
                known[word] = _clean(word, missing)
        clean = [known[word] for word in distinct]
        if clean == distinct and len(set(distinct)) == len(distinct):
            self._count_missing(name, before)
            return words
        for place, word in enumerate(distinct):
            if word is not None and clean[place] is None:
                count = pc.sum(pc.equal(words.indices, place)).as_py() or 0
                self._count_missing(name, count, word.strip() or BLANK)
        self._count_missing(name, before)
        kept = sorted({word for word in clean if word is not None})
        at = {word: place for place, word in enumerate(kept)}
        moved = pa.array([None if word is None else at[word] for word in clean], pa.int32())
        return pa.DictionaryArray.from_arrays(
            moved.take(words.indices), pa.array(kept, words.dictionary.type)
        )

    def _count_missing(self, name: str, count: int, word: str = BLANK) -> None:
        if count:
            self.missing.setdefault(name, Counter())[word] += count

    def _note_places(self, name: str, why: Unfit, count: int, first: list[Place]) -> None:
        if count:
            self.unfit.setdefault((name, why), Places()).add(count, first)

    def add(self, other: CellReader) -> None:
        """Take in what a reader of another part has seen."""
        self.rows += other.rows
        for name, words in other.missing.items():
            self.missing.setdefault(name, Counter()).update(words)
        for key, places in other.unfit.items():
            self.unfit.setdefault(key, Places()).add(places.count, places.first)
        for name, places in other.unlabelled.items():
            self.unlabelled.setdefault(name, Places()).add(places.count, places.first)

    def refuse_unfit(self, next_step: str = "Mend the cells in the file.") -> None:
        """Raise UnfitCells, naming every column with its first cells, when a cell could not be read."""
        if not self.unfit:
            return
        said = [
            f"'{name}' {why} in {counted(places.count, 'row')}: {places}."
            for (name, why), places in self.unfit.items()
        ]
        raise UnfitCells(" ".join(said), next_step)


@dataclass(frozen=True)
class _Numbering:
    """Which file a batch came from and which of its rows each row is, where that is known."""

    file: str
    rows: Rows | None

    def at(self, row: int, value: str) -> Place:
        return Place(self.file, None if self.rows is None else int(self.rows[row]), value.strip()[:40])


def _clean(word: str | None, missing: Collection[str]) -> str | None:
    """A word without spaces around; None when it means that there is none."""
    if word is None or word.strip() in missing:
        return None
    word = word.strip()
    return TRUE_AND_FALSE.get(word.casefold(), word)


def _is_missing(text: str) -> bool:
    return text.strip().upper() in MISSING_WORDS


def _as_number(text: str) -> float | None:
    """A cell as people write numbers: spaces around, thousands separated. None when it is something else.

    >>> _as_number(" 1,234.5 "), _as_number("4a"), _as_number("-inf")
    (1234.5, None, -inf)
    """
    text = text.strip()
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    try:
        value = float(text)
    except ValueError:
        return None
    return None if np.isnan(value) or "_" in text else value


def _as_text(column: pa.Array) -> pa.Array:
    """Numbers or dates as words. A whole number kept as a float is written without '.0'."""
    if pa.types.is_floating(column.type):
        values = pl.Series(pl.from_arrow(column)).fill_nan(None)
        whole = values.cast(pl.Int64, strict=False)
        text = whole.cast(pl.String) if (whole == values).all() else values.cast(pl.String)
        return text.to_arrow()
    return pl.Series(pl.from_arrow(column)).cast(pl.String).to_arrow()


_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
