"""Files of pupils as a stream: one or many, Parquet or text, only the columns asked for, a block at a time.

    with PupilFiles(["2024.parquet", "2025.csv.gz"], wanted) as files:
        reader = files.reader()
        for batch in files.batches(reader):
            ...
        reader.refuse_unfit()

Whatever the size of the files, a few blocks are in memory. Nothing is written but the sheets of a workbook,
into a folder that is gone when the files are closed.
"""

from __future__ import annotations

import queue
import tempfile
import threading
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from redway.core.errors import NotFound
from redway.datasets.delimited import DelimitedTable, is_gzip, refuse_mixed
from redway.datasets.errors import UnreadableFile
from redway.datasets.pupil_cells import CellReader, ColumnKind, Rows, Wanted, WordCount, is_text
from redway.datasets.pupil_columns import no_pupils, require_cells, require_columns, settled_kind
from redway.datasets.read import FileKind, detect_kind, open_tables
from redway.datasets.table import ROW, Table
from redway.datasets.typed import DAMAGED

ROWS_IN_A_BATCH = 122_880
Progress = Callable[[float], None]
"""Takes how much is done, from 0 to 1."""


@dataclass(frozen=True)
class Part:
    """Some rows of a file, and their numbers."""

    batch: pa.RecordBatch
    rows: Rows
    share: float

    def without(self, rows: NDArray[np.int64]) -> Part:
        """The same without some rows."""
        numbers = np.asarray(self.rows)
        kept = ~np.isin(numbers, rows, assume_unique=True)
        if kept.all():
            return self
        return Part(self.batch.filter(pa.array(kept)), pl.Series(numbers[kept]), self.share)


class Source(ABC):
    """One file of pupils."""

    is_text = False
    """Whether its cells are text, so that only they can tell what a column holds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name
        self.size = path.stat().st_size

    @property
    @abstractmethod
    def columns(self) -> Sequence[str]:
        """Names of all its columns."""

    @abstractmethod
    def type_of(self, column: str) -> pa.DataType:
        """The type of a column as the file has it: text wherever the file has no types."""

    @abstractmethod
    def parts(self, columns: Sequence[str], *, as_words: bool = True) -> Iterator[Part]:
        """Its rows, only these columns. Raises UnreadableFile where it is broken."""


class ParquetSource(Source):
    """A Parquet file. Columns kept as dictionaries come as dictionaries: few words, looked at once."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        try:
            metadata = pq.read_metadata(path)
            self._schema = metadata.schema.to_arrow_schema()
        except (pa.ArrowException, OSError, ValueError, KeyError):
            raise _named(DAMAGED, self.name) from None
        self._rows: int = metadata.num_rows

    @property
    def columns(self) -> Sequence[str]:
        return [str(name) for name in self._schema.names]

    def type_of(self, column: str) -> pa.DataType:
        return self._schema.field(column).type

    def parts(self, columns: Sequence[str], *, as_words: bool = True) -> Iterator[Part]:
        words = [name for name in columns if as_words and is_text(self.type_of(name))]
        row = 2
        try:
            # Read ahead, the whole file would be in memory.
            with pq.ParquetFile(self.path, read_dictionary=words, pre_buffer=False) as file:
                for read in file.iter_batches(ROWS_IN_A_BATCH, columns=list(columns)):
                    batch = read.select(list(columns))
                    _refuse_broken_words(batch)
                    end = row + batch.num_rows
                    yield Part(batch, range(row, end), (end - 2) / self._rows)
                    row = end
        except (pa.ArrowException, OSError, ValueError, KeyError, MemoryError):
            raise _named(DAMAGED, self.name) from None


def _refuse_broken_words(batch: pa.RecordBatch) -> None:
    """A damaged file may hold words that are no text. Looks at distinct words only. Raises ArrowInvalid."""
    for column in batch.columns:
        words = column.dictionary if isinstance(column, pa.DictionaryArray) else column
        if is_text(words.type):
            words.validate(full=True)


class TextSource(Source):
    """A text file or a sheet: every cell is text until it is read as a number."""

    is_text = True

    def __init__(self, path: Path, table: Table, wanted: Sequence[str]) -> None:
        super().__init__(path)
        if isinstance(table, DelimitedTable):
            refuse_mixed(path, table.encoding)
        self._table = table
        self._header = _header_of(table, wanted)
        self._names = [cell.strip() for cell in table.head[self._header]]

    @property
    def columns(self) -> Sequence[str]:
        return self._names

    def type_of(self, column: str) -> pa.DataType:
        return pa.large_string()

    def parts(self, columns: Sequence[str], *, as_words: bool = True) -> Iterator[Part]:
        at = [self._names.index(name) for name in columns]
        try:
            if isinstance(self._table, DelimitedTable):
                blocks = self._table.blocks(self._header, only=at)
            else:
                blocks = self._table.blocks(self._header)
            for block in blocks:
                cells = [block.frame[str(place)].to_arrow() for place in at]
                batch = pa.RecordBatch.from_arrays(cells, names=list(columns))
                yield Part(batch, block.frame[ROW], block.share)
        except UnreadableFile as error:
            raise _named(error, self.name) from None


def _header_of(table: Table, wanted: Sequence[str]) -> int:
    """The row of the column names: the first that holds all that is wanted, below any title; else the top."""
    for place, cells in enumerate(table.head):
        if set(wanted) <= {cell.strip() for cell in cells}:
            return place
    return 0


class PupilFiles(AbstractContextManager["PupilFiles"]):
    """Files of pupils read as one. Every file has every column wanted; each column is of one kind in all.

    Raises NotFound for a file that is not there, UnreadableFile for one that cannot be read, UnknownColumn
    with the nearest name, NoPupils when no file has a row.
    """

    def __init__(self, paths: Iterable[str | Path], wanted: Wanted) -> None:
        self.wanted = wanted
        self._folder = tempfile.TemporaryDirectory(prefix="redway-")
        try:
            self.sources = [
                self._open(path, number) for number, path in enumerate(_spelled_out(map(Path, paths)))
            ]
            require_columns(self.sources, wanted.columns)
            require_cells(self.sources, wanted.columns)
            self.kinds = _kinds(self.sources, wanted)
        except BaseException:
            self.close()
            raise

    def _open(self, path: Path, number: int) -> Source:
        try:
            if is_gzip(path):
                return TextSource(path, DelimitedTable(path), self.wanted.columns)
            if detect_kind(path) is FileKind.PARQUET:
                return ParquetSource(path)
            working = Path(self._folder.name) / str(number)
            working.mkdir()
            tables = open_tables(path, working)
            return TextSource(path, _sheet_with(tables, self.wanted.columns), self.wanted.columns)
        except UnreadableFile as error:
            raise _named(error, path.name) from None

    def reader(self) -> CellReader:
        """A reader of cells for one walk through the files."""
        return CellReader(self.kinds, self.wanted.labels)

    def batches(
        self,
        reader: CellReader,
        progress: Progress | None = None,
        without: Mapping[int, NDArray[np.int64]] | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """Every row of every file, the columns wanted, each as its kind says.

        ``without`` names rows to leave out: by place of the file, their numbers in order. Raises NoPupils
        when the files turn out to hold no row.
        """
        done, total = 0, sum(source.size for source in self.sources) or 1
        for place, part in self.parts(self.wanted.columns):
            source = self.sources[place]
            if without and place in without:
                part = part.without(without[place])
            yield reader.take(part.batch, source.name, part.rows)
            if progress is not None:
                progress((done + part.share * source.size) / total)
                done += source.size if part.share >= 1 else 0
        if not reader.rows:
            raise no_pupils(source.name for source in self.sources)

    def parts(self, columns: Sequence[str], *, as_words: bool = True) -> Iterator[tuple[int, Part]]:
        """The rows of every file as they are, with the place of the file. Decodes one block ahead.

        ``as_words`` takes text for words that recur; of ids, which do not, it would make a dictionary.
        """
        for place, source in enumerate(self.sources):
            for part in _ahead(source.parts(columns, as_words=as_words)):
                yield place, part

    def close(self) -> None:
        """Delete what was unpacked."""
        self._folder.cleanup()

    def __exit__(self, *_: object) -> None:
        self.close()


def _spelled_out(paths: Iterable[Path]) -> list[Path]:
    """The files meant: a folder stands for the Parquet files in it, which is how Spark writes them.

    Raises NotFound for a file that is not there, and for one named twice.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(part for part in path.glob("*.parquet") if not part.name.startswith((".", "_")))
            if not inside:
                raise NotFound(f"The folder {path} holds no Parquet files.", "Name the files themselves.")
            found.extend(inside)
        elif path.is_file():
            found.append(path)
        else:
            raise NotFound(f"There is no file {path}.", "Check the spelling of its name.")
    twice = [path for path, times in Counter(path.resolve() for path in found).items() if times > 1]
    if twice:
        raise NotFound(f"{twice[0].name} is named twice.", "Its pupils would count double: name it once.")
    return found


def _kinds(sources: Sequence[Source], wanted: Wanted) -> dict[str, ColumnKind]:
    """What each column holds, from the types of the files and, where those are text, from every cell."""
    kinds = {column: settled_kind(column, sources, wanted) for column in wanted.columns}
    doubtful = [column for column, kind in kinds.items() if kind is None]
    count = WordCount()
    if doubtful:
        for source in sources:
            if source.is_text:
                for part in _ahead(source.parts(doubtful)):
                    count.take(part.batch)
    return {column: kind or count.kind(column) for column, kind in kinds.items()}


_T = TypeVar("_T")
_END = object()


def _ahead(parts: Iterator[_T]) -> Iterator[_T]:
    """The same parts, the next one being decoded in a thread while this one is worked on."""
    ready: queue.Queue[object] = queue.Queue(maxsize=1)
    stopped = threading.Event()

    def decode() -> None:
        try:
            for part in parts:
                _put(ready, part, stopped)
                if stopped.is_set():
                    return
            _put(ready, _END, stopped)
        except BaseException as error:
            _put(ready, error, stopped)

    thread = threading.Thread(target=decode, name="decode ahead", daemon=True)
    thread.start()
    try:
        while (part := ready.get()) is not _END:
            if isinstance(part, BaseException):
                raise part
            yield part  # type: ignore[misc]
    finally:
        stopped.set()
        thread.join()


def _put(ready: queue.Queue[object], part: object, stopped: threading.Event) -> None:
    """Hand a part over, unless nobody waits for it any more."""
    while not stopped.is_set():
        try:
            ready.put(part, timeout=0.1)
            return
        except queue.Full:
            continue


def _sheet_with(tables: Sequence[Table], wanted: Sequence[str]) -> Table:
    """The sheet of a workbook whose header has the most of what is wanted."""
    return max(tables, key=lambda table: len(set(wanted) & set(table.head[_header_of(table, wanted)])))


def _named(error: UnreadableFile, name: str) -> UnreadableFile:
    """The same error, saying which of many files it is about."""
    if name in error.message:
        return error
    return type(error)(f"{name}: {error.message}", error.next_step)
