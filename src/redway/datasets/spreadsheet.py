"""Excel workbooks. A small workbook can unpack to gigabytes, so it is measured first and parsed apart.

The parsing runs in a child process with a limit on memory and time:
``python -m redway.datasets.spreadsheet``. The child writes one Parquet file of text per sheet; the parent
reads those.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from redway.datasets.errors import NO_ZIP, UnreadableFile
from redway.datasets.table import HEAD_ROWS, ROW, WIDEST, Block, Table

LARGEST_UNPACKED = 400 << 20
MEMORY_LIMIT = 3 << 30
SECONDS_LIMIT = 120
MOST_SHEETS = 60
ROWS_IN_A_BLOCK = 100_000
_DIGITS_OF_A_NUMBER = 15
_NUMBER = r"^-?[0-9]+(?:\.[0-9]+)?$"
_CUT = r"\.[0-9]{9}$"
"""How a number ends that had more decimals than the reader of workbooks writes."""
DAMAGED = UnreadableFile(
    "The workbook is damaged, or too large to be opened safely.",
    "Open it in a spreadsheet, save the sheet as CSV UTF-8, and import that.",
)


class SheetTable(Table):
    """One sheet, already turned into text by the child process."""

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self._path = path
        self._width = len(pl.read_parquet_schema(path))

    @property
    def head(self) -> list[list[str]]:
        frame = pl.read_parquet(self._path, n_rows=HEAD_ROWS)
        return [[cell or "" for cell in row] for row in frame.iter_rows()]

    def blocks(self, header: int) -> Iterator[Block]:
        if self._width > WIDEST:
            raise UnreadableFile(
                f"The sheet '{self.name}' has {self._width:,} columns; no published table has more than "
                f"{WIDEST:,}.",
                "Delete the unused columns to the right and save the workbook again.",
            )
        lazy = pl.scan_parquet(self._path, glob=False)
        total = lazy.select(pl.len()).collect().item()
        for start in range(header + 1, total, ROWS_IN_A_BLOCK):
            frame = lazy.slice(start, ROWS_IN_A_BLOCK).collect()
            numbers = pl.int_range(start + 1, start + 1 + frame.height, eager=True, dtype=pl.Int64).alias(ROW)
            yield Block(frame.insert_column(0, numbers), min(1.0, (start + ROWS_IN_A_BLOCK) / total))


def read_workbook(path: Path, working: Path) -> list[Table]:
    """The visible sheets of a workbook, in order. ``working`` is an empty folder for what is unpacked.

    Raises UnreadableFile for a workbook that is damaged, protected, or would unpack beyond the limit.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except NO_ZIP:
        raise DAMAGED from None
    if unpacked > LARGEST_UNPACKED:
        raise UnreadableFile(
            f"The workbook would unpack to {unpacked >> 20:,} MB; the limit is "
            f"{LARGEST_UNPACKED >> 20:,} MB.",
            "Save the sheet that holds the data as CSV UTF-8, and import that.",
        )
    working.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "redway.datasets.spreadsheet", str(path), str(working)]
    package_root = str(Path(__file__).resolve().parents[2])
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=SECONDS_LIMIT, check=False, env={"PYTHONPATH": package_root}
        )
    except subprocess.TimeoutExpired:
        raise DAMAGED from None
    listing = working / "sheets.json"
    if done.returncode or not listing.exists():
        raise DAMAGED
    names: list[str] = json.loads(listing.read_text("utf-8"))
    if not names:
        raise UnreadableFile(
            "Every sheet of the workbook is empty or hidden.", "Check that it is the right file."
        )
    return [SheetTable(name, working / f"{at}.parquet") for at, name in enumerate(names)]


def _parse(path: str, working: Path) -> None:
    """In the child: write every visible sheet as text, so that no type is guessed."""
    import fastexcel

    reader = fastexcel.read_excel(path)
    names: list[str] = []
    for name in reader.sheet_names[:MOST_SHEETS]:
        sheet = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        if sheet.visible != "visible":
            continue
        frame = sheet.to_polars()
        if frame.height and frame.width:
            frame = frame.rename({old: str(at) for at, old in enumerate(frame.columns)})
            if frame.select(pl.any_horizontal(pl.all().str.contains(_CUT).any())).item():
                numbers = reader.load_sheet(name, header_row=None, skip_rows=0, dtypes="float").to_polars()
                frame = _numbers_as_shown(
                    frame, numbers.rename(dict(zip(numbers.columns, frame.columns, strict=True)))
                )
            frame.write_parquet(working / f"{len(names)}.parquet", compression="lz4")
            names.append(name)
    (working / "sheets.json").write_text(json.dumps(names), "utf-8")


def _numbers_as_shown(texts: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    """Numbers as their sheet shows them: the reader writes nine decimals of each, and no more.

    So the tenth decimal of a share is taken from the number itself, and 12977051.859999999 is 12977051.86: a
    spreadsheet keeps fifteen digits, and those after them are how the computer holds a fraction.
    """
    shown = []
    for column in texts.columns:
        text, number = texts[column], numbers[column]
        is_number = text.str.contains(_NUMBER) & number.is_not_null()
        cut = (text.cast(pl.Float64, strict=False) != number) | (
            text.str.contains(".", literal=True) & (text.str.len_chars() > _DIGITS_OF_A_NUMBER + 1)
        )
        whole = number.round_sig_figs(_DIGITS_OF_A_NUMBER).cast(pl.String)
        shown.append(
            text.to_frame().select(pl.when(is_number & cut).then(whole).otherwise(text).alias(column))
        )
    return pl.concat(shown, how="horizontal")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_LIMIT, SECONDS_LIMIT))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    _parse(sys.argv[1], Path(sys.argv[2]))
