"""Text files of rows: comma, tab, semicolon or bar; UTF-8 (with or without mark) or Windows-1252."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl
import pyarrow as pa
import pyarrow.csv as pa_csv

from redway.datasets.errors import UnreadableFile
from redway.datasets.table import HEAD_ROWS, ROW, WIDEST, Block, Table

SEPARATORS = (",", "\t", ";", "|")
BLOCK_BYTES = 4 << 20
HEAD_BYTES = 512 << 10
# The five bytes that Windows-1252 leaves undefined; a file holding one is in some other encoding.
NOT_WINDOWS = frozenset(b"\x81\x8d\x8f\x90\x9d")
GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Encoding:
    """How the bytes become text. ``name`` is a Python codec; ``mark`` is how many bytes the mark takes."""

    name: str
    mark: int = 0


@dataclass(frozen=True)
class Opened:
    """A file being read: ``text`` are its bytes, unpacked where the file is packed with gzip."""

    text: BinaryIO | gzip.GzipFile
    raw: BinaryIO


def is_gzip(path: Path) -> bool:
    """Whether a file is packed with gzip, told from its first bytes."""
    with path.open("rb") as file:
        return file.read(len(GZIP)) == GZIP


@contextmanager
def open_bytes(path: Path) -> Iterator[Opened]:
    """Open a text file, packed or not. Raises UnreadableFile when a packed one turns out to be damaged."""
    with path.open("rb") as raw:
        if not is_gzip(path):
            yield Opened(raw, raw)
            return
        try:
            with gzip.GzipFile(fileobj=raw) as unpacked:
                yield Opened(unpacked, raw)
        except (gzip.BadGzipFile, EOFError, zlib.error):
            raise UnreadableFile(
                "The compressed file is damaged or was cut short.", "Ask the sender for it again."
            ) from None


def detect_encoding(path: Path) -> Encoding:
    """Read the whole file once and say how it is encoded.

    Raises UnreadableFile for anything that is not text.
    """
    utf8 = codecs.getincrementaldecoder("utf-8")()
    is_utf8, mark, at_start, offset = True, 0, True, 0
    seen: set[int] = set()
    with open_bytes(path) as opened:
        while chunk := opened.text.read(BLOCK_BYTES):
            if at_start:
                if chunk.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                    raise UnreadableFile(
                        "The file is saved as UTF-16 ('Unicode text').",
                        "Save it again as 'CSV UTF-8' and import that.",
                    )
                mark = len(codecs.BOM_UTF8) if chunk.startswith(codecs.BOM_UTF8) else 0
                at_start = False
            if (place := chunk.find(b"\0")) >= 0:
                raise UnreadableFile(
                    f"The file holds a zero byte at position {offset + place + 1:,}: "
                    "it is damaged or is not text.",
                    "Ask the sender for it again, or open it in a spreadsheet and save it as CSV UTF-8.",
                )
            if not chunk.isascii():
                seen |= set(chunk) & NOT_WINDOWS
                if is_utf8:
                    is_utf8 = _decodes(utf8, chunk)
            elif is_utf8:
                # Plain letters end any sequence begun in the last block, so a cut sequence shows here.
                is_utf8 = _decodes(utf8, chunk[:4])
                utf8.reset()
            offset += len(chunk)
    if is_utf8 and _decodes(utf8, b"", final=True):
        return Encoding("utf8", mark)
    if seen:
        raise UnreadableFile(
            "The file's letters are neither UTF-8 nor Windows-1252.",
            "Open it in a spreadsheet, check that names read properly, and save it as 'CSV UTF-8'.",
        )
    return Encoding("windows-1252", mark)


def refuse_mixed(path: Path, encoding: Encoding) -> None:
    """Raises UnreadableFile for a file of which some lines are UTF-8 and others Windows-1252.

    Read as Windows-1252 throughout, a name would change into another and become a school of its own. Reads
    the file again, and only when it is not UTF-8.
    """
    if encoding.name == "utf8":
        return
    first: dict[bool, int] = {}
    with open_bytes(path) as opened:
        for number, line in enumerate(opened.text, 1):
            if not line.isascii():
                first.setdefault(_is_utf8(line), number)
                if len(first) == 2:
                    raise UnreadableFile(
                        f"Line {first[True]:,} is written in UTF-8 and line {first[False]:,} in "
                        "Windows-1252: the letters of one of them would be read wrongly.",
                        "Open the parts in a spreadsheet, save each as 'CSV UTF-8', and join them again.",
                    )


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def detect_separator(text: str) -> str:
    """The separator that gives most rows the same width, more than one cell each (a comma if none does)."""
    best, best_score = ",", (0, 0)
    for separator in SEPARATORS:
        widths = Counter(len(row) for row in _rows(text, separator) if len(row) > 1)
        if widths:
            width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
            if (count, width) > best_score:
                best, best_score = separator, (count, width)
    return best


def _rows(text: str, separator: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    try:
        for row in reader:
            rows.append(row)
            if len(rows) == HEAD_ROWS:
                break
    except csv.Error:
        pass
    return rows


class DelimitedTable(Table):
    """A delimited text file, read block by block: memory does not grow with the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._size = path.stat().st_size
        if not self._size:
            raise UnreadableFile("The file is empty.", "Ask the sender for it again.")
        self._encoding = detect_encoding(path)
        with open_bytes(path) as opened:
            opened.text.seek(self._encoding.mark)
            start = opened.text.read(HEAD_BYTES)
        if len(start) == HEAD_BYTES and (cut := start.rfind(b"\n")) > 0:
            start = start[: cut + 1]
        # A multi-byte letter may be cut at the end of the sample; the sample is only looked at, never loaded.
        text = start.decode(self._encoding.name, errors="replace")
        if not text.strip():
            raise UnreadableFile("The file holds nothing but blank space.", "Ask the sender for it again.")
        self._separator = detect_separator(text)
        self._text = text
        self._head = _rows(text, self._separator)
        if not self._head:
            raise UnreadableFile(
                "The first row could not be read.",
                "Check the quotation marks in the header, or save the file again.",
            )

    @property
    def head(self) -> list[list[str]]:
        return self._head

    @property
    def encoding(self) -> Encoding:
        return self._encoding

    @property
    def separator(self) -> str:
        return self._separator

    def blocks(self, header: int, only: Sequence[int] | None = None) -> Iterator[Block]:
        """As every table's; ``only`` are the positions of the columns to hand on, in that order."""
        width = self._width(header)
        if width > WIDEST:
            raise UnreadableFile(
                f"The header has {width:,} columns; no published table has more than {WIDEST:,}.",
                "The separator may be wrong or the file damaged: open it in a spreadsheet and save it as "
                "CSV.",
            )
        names = [str(position) for position in range(width)]
        ragged: list[tuple[int, int, str]] = []
        skipped: set[int] = set()

        def handle(row: pa_csv.InvalidRow) -> str:
            if not row.text.strip(self._separator + ' \t\r\n"'):
                skipped.add(row.number)
            elif len(ragged) < 3:
                ragged.append((row.number, row.actual_columns, row.text[:80]))
            return "skip"

        lines_above = self._lines_above(header)
        next_row = header + 2
        # Arrow counts lines skipped above the table as rows; a header of several lines is one row here.
        shift = header + 1 - lines_above
        with open_bytes(self._path) as opened:
            opened.text.seek(self._encoding.mark)
            try:
                reader = pa_csv.open_csv(
                    opened.text,
                    read_options=pa_csv.ReadOptions(
                        use_threads=False,
                        block_size=BLOCK_BYTES,
                        column_names=names,
                        skip_rows=lines_above,
                        encoding=self._encoding.name,
                    ),
                    parse_options=pa_csv.ParseOptions(
                        delimiter=self._separator,
                        newlines_in_values=True,
                        ignore_empty_lines=False,
                        invalid_row_handler=handle,
                    ),
                    convert_options=pa_csv.ConvertOptions(
                        column_types={name: pa.large_string() for name in names},
                        include_columns=None if only is None else [names[at] for at in only],
                        strings_can_be_null=False,
                        check_utf8=False,
                    ),
                )
                for batch in reader:
                    if ragged:
                        break
                    frame = pl.DataFrame(pl.from_arrow(batch))
                    numbers, next_row = _number(frame.height, next_row, {row + shift for row in skipped})
                    share = min(1.0, opened.raw.tell() / self._size)
                    yield Block(frame.insert_column(0, numbers), share)
            except pa.ArrowInvalid as error:
                if "Empty CSV" in str(error):
                    return
                raise UnreadableFile(
                    f"The file cannot be read as rows beyond row {next_row:,}: a quotation mark may never "
                    f"be closed, or a single row is larger than {BLOCK_BYTES >> 20} MB.",
                    "Open it in a spreadsheet, look at that row, and save it again.",
                ) from None
        if ragged:
            number, actual, text = ragged[0]
            raise UnreadableFile(
                f"Row {number + shift:,} has {actual:,} cells where the header has {width:,} "
                f"('{text.strip()}').",
                "The file may have been cut short in sending, or a cell holds the separator without "
                "quotation marks. Ask for it again, or mend the row and import it again.",
            )

    def _width(self, header: int) -> int:
        """Cells in the header, and the blank ones that spreadsheets leave beyond it in the rows below."""
        width = len(self._head[header])
        for row in self._head[header + 1 :]:
            if not any(cell.strip() for cell in row[width:]):
                width = max(width, len(row))
        return width

    def _lines_above(self, header: int) -> int:
        """Physical lines down to the end of the header: a quoted header cell may hold line breaks."""
        reader = csv.reader(io.StringIO(self._text, newline=""), delimiter=self._separator)
        for _ in range(header + 1):
            next(reader)
        return reader.line_num


def _number(height: int, start: int, skipped: set[int]) -> tuple[pl.Series, int]:
    """Row numbers of ``height`` rows from ``start`` on, leaving out those skipped.

    And the number after them.
    """
    inside = [row for row in skipped if row >= start]
    if not inside:
        return pl.int_range(start, start + height, eager=True, dtype=pl.Int64).alias(ROW), start + height
    kept: list[int] = []
    row = start
    while len(kept) < height:
        if row not in skipped:
            kept.append(row)
        row += 1
    return pl.Series(ROW, kept, dtype=pl.Int64), row
