"""Where files come to rest: written aside, flushed to disk, and put in place by one atomic rename.

A crash can leave a file nobody points to, never half a version: a version is true only once the ledger says
so, and the ledger says so last. What was left behind is swept at the next start.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from redway.core.home import Home
from redway.datasets.errors import FULL, disk_full

CHUNK = 4 << 20
SHA256_LENGTH = 64
PROBLEMS = "problems"
SERIES = "series"
"""The folder of the lake that holds computed figures; it belongs to the indicators."""


@dataclass(frozen=True)
class Received:
    """A file copied into the staging folder. ``sha256`` names it for ever after."""

    path: Path
    sha256: str
    size: int


@dataclass(frozen=True)
class Known:
    """What the ledger points to: versions as (format code, id), and the SHA-256 of their sources."""

    versions: frozenset[tuple[str, int]]
    sources: frozenset[str]


class Lake:
    """The folders of one data home. See ``docs/explanation/how-data-walks.md`` for their shape."""

    def __init__(self, home: Home) -> None:
        self._home = home

    @property
    def home(self) -> Home:
        """The data folder whose folders these are."""
        return self._home

    def version_path(self, format_code: str, version: int) -> Path:
        """Where a committed or held version lies."""
        return self._home.lake / format_code / f"{version}.parquet"

    def source_path(self, sha256: str) -> Path:
        """Where the file as it was received lies."""
        return self._home.sources / sha256

    def problems_path(self, sha256: str, format_code: str) -> Path:
        """Where the full list of a file's problems lies, as CSV."""
        return self._home.root / PROBLEMS / f"{sha256}-{format_code}.csv"

    @contextmanager
    def working(self) -> Iterator[Path]:
        """A folder of one's own for work in progress, gone afterwards. A full disk becomes DiskFull."""
        with room_to_write():
            self._home.staging.mkdir(parents=True, exist_ok=True)
            # Held while working, so that a sweep in another process leaves this folder alone.
            lock = (self._home.staging / ".lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_SH)
            folder = self._home.staging / uuid.uuid4().hex
            with room_to_write():
                folder.mkdir(mode=0o700)
                try:
                    yield folder
                finally:
                    shutil.rmtree(folder, ignore_errors=True)
        finally:
            lock.close()

    def receive(self, path: Path, folder: Path) -> Received:
        """Copy a file into the working folder and take its SHA-256, in one reading.

        What is read from here on is the copy, so a file that changes meanwhile does no harm.
        """
        digest, size = hashlib.sha256(), 0
        target = folder / f"received-{uuid.uuid4().hex[:8]}"
        with path.open("rb") as source, target.open("wb") as out:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                out.write(chunk)
                size += len(chunk)
        return Received(target, digest.hexdigest(), size)

    def keep_source(self, received: Received) -> None:
        """Keep the file as it came, under its SHA-256. Nothing to do when it is there already."""
        target = self.source_path(received.sha256)
        if not target.exists():
            _settle(received.path, target)

    def keep_version(self, staged: Path, format_code: str, version: int) -> None:
        """Put a finished Parquet file in place. Called by the ledger inside its transaction."""
        _settle(staged, self.version_path(format_code, version))

    def keep_problems(self, staged: Path, sha256: str, format_code: str) -> None:
        """Put the list of problems in place, or take an old one away when there are none now."""
        target = self.problems_path(sha256, format_code)
        if staged.exists():
            _settle(staged, target)
        else:
            target.unlink(missing_ok=True)

    def erase(self, format_code: str, version: int, sha256: str, still_wanted: Callable[[], bool]) -> None:
        """Delete a version's file and, unless ``still_wanted`` by another version, its source and problems.

        Waits until no import is running, here or in another process: one may be of the same source.
        """
        self._home.staging.mkdir(parents=True, exist_ok=True)
        with (self._home.staging / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.version_path(format_code, version).unlink(missing_ok=True)
            if not still_wanted():
                self.problems_path(sha256, format_code).unlink(missing_ok=True)
                self.source_path(sha256).unlink(missing_ok=True)

    def sweep(self, known: Callable[[], Known]) -> int:
        """Remove what a crash left behind; return how many files and folders.

        ``known`` asks the ledger what is true. It is asked only once nothing else is being imported, so that
        a file committed a moment ago is never taken for an orphan. Nothing is removed while an import is
        running, here or in another process.
        """
        if not self._home.staging.is_dir():
            return 0
        with (self._home.staging / ".lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return 0
            return sum(_remove(path) for path in list(self._orphans(known())))

    def _orphans(self, known: Known) -> Iterator[Path]:
        for path in self._home.staging.iterdir():
            if path.name != ".lock":
                yield path
        if self._home.lake.is_dir():
            for path in self._home.lake.glob("*/*"):
                if path.parent.name == SERIES:
                    continue
                number = int(path.stem) if path.suffix == ".parquet" and path.stem.isdigit() else None
                if number is None or (path.parent.name, number) not in known.versions:
                    yield path
        for folder in (self._home.sources, self._home.root / PROBLEMS):
            if folder.is_dir():
                for path in folder.iterdir():
                    if path.name[:SHA256_LENGTH] not in known.sources:
                        yield path


class VersionWriter:
    """Writes the blocks of one version to a Parquet file in a working folder, in a thread of its own.

    At most one block waits to be written. What goes wrong in writing is raised by the next call.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None
        self._writer: pq.ParquetWriter | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="redway-write")
        self._under_way: Future[None] | None = None

    def write(self, frame: pl.DataFrame) -> None:
        """Add a block. The first settles the columns and their types."""
        self._wait()
        self._under_way = self._thread.submit(self._write, frame)

    def close(self) -> None:
        """Finish the file. It is flushed to the disk when it is put in place."""
        self._wait()
        self._thread.shutdown()
        if self._writer is not None and self._file is not None:
            self._writer.close()
            self._file.close()
        self._writer = self._file = None

    def abandon(self) -> None:
        """Give up; the working folder is removed by whoever made it."""
        self._thread.shutdown()
        try:
            if self._writer is not None:
                self._writer.close()
        except (OSError, pa.ArrowException):
            pass
        finally:
            if self._file is not None:
                self._file.close()
            self._writer = self._file = None

    def _write(self, frame: pl.DataFrame) -> None:
        table = frame.to_arrow()
        if self._writer is None:
            self._file = self._path.open("wb")
            texts = [field.name for field in table.schema if pa.types.is_large_string(field.type)]
            self._writer = pq.ParquetWriter(
                self._file, table.schema, compression="zstd", compression_level=1, use_dictionary=texts
            )
        self._writer.write_table(table)

    def _wait(self) -> None:
        if self._under_way is not None:
            self._under_way.result()
            self._under_way = None


@contextmanager
def room_to_write() -> Iterator[None]:
    """Turn 'no space left on device', from whatever library, into DiskFull."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL or _says_full(error):
            raise disk_full() from None
        raise


def _says_full(error: OSError) -> bool:
    # Arrow's errors carry the number only in their text.
    return any(f"[Errno {number}]" in str(error) or f"errno {number}" in str(error) for number in FULL) or (
        os.strerror(errno.ENOSPC) in str(error)
    )


def _settle(staged: Path, target: Path) -> None:
    """Flush a file, rename it into place, and flush the folder: the name too survives a power cut."""
    # Whatever the process's own mask: what lies here may be facts about children.
    staged.chmod(0o600)
    made = not target.parent.is_dir()
    target.parent.mkdir(parents=True, exist_ok=True)
    _flush(staged)
    staged.replace(target)
    _flush(target.parent)
    if made:
        _flush(target.parent.parent)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> bool:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return True
