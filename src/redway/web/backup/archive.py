"""The file a backup is: a ZIP whose last member lists every other with its size and SHA-256.

A file under its final name is whole: it is written beside, brought safely to disk and renamed.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from redway.web.backup.errors import BackupError

LIST = "manifest.json"
FORMAT = 1
LARGEST_LIST = 256 << 20
"""Bytes of the list of members: enough for a million files, and no bomb."""
_CHUNK = 1 << 20
_ALREADY_SMALL = {".parquet", ".zip", ".xlsx"}
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OSError,
)
"""What reading a damaged ZIP can raise: a wrong sum, a missing name, a flag for something unknown, a place
before the beginning of the file."""

Progress = Callable[[int], None]
"""Told how many more bytes have been dealt with."""


def no_progress(_: int) -> None:
    """For callers that do not watch."""


class ArchiveWriter:
    """Adds members and remembers their sums."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._members: dict[str, dict[str, Any]] = {}

    @contextlib.contextmanager
    def member(self, name: str) -> Iterator[Callable[[bytes], None]]:
        """Write one member piece by piece."""
        entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        small = PurePosixPath(name).suffix in _ALREADY_SMALL
        entry.compress_type = zipfile.ZIP_STORED if small else zipfile.ZIP_DEFLATED
        digest = hashlib.sha256()
        size = 0
        with self._archive.open(entry, "w", force_zip64=True) as stream:

            def write(piece: bytes) -> None:
                nonlocal size
                stream.write(piece)
                digest.update(piece)
                size += len(piece)

            yield write
        self._members[name] = {"size": size, "sha256": digest.hexdigest()}

    def add_file(self, name: str, path: Path, progress: Progress = no_progress) -> None:
        """Copy a file in."""
        with path.open("rb") as source, self.member(name) as write:
            while piece := source.read(_CHUNK):
                write(piece)
                progress(len(piece))

    def add_text(self, name: str, text: str) -> None:
        """A short member."""
        with self.member(name) as write:
            write(text.encode())

    def close(self, about: dict[str, Any]) -> None:
        """Write the list of members, last."""
        listed = {"redway_backup": FORMAT, **about, "members": self._members}
        self._archive.writestr(LIST, json.dumps(listed, indent=1))


@contextlib.contextmanager
def writing(target: Path) -> Iterator[ArchiveWriter]:
    """An archive that appears under its name once it is whole. The caller must ``close`` it."""
    beside = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        # Made readable by its owner only, before anything is in it: it holds names of people.
        handle = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w+b") as stream:
            with zipfile.ZipFile(stream, "w", compresslevel=3) as archive:
                yield ArchiveWriter(archive)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
        sync_folder(target.parent)
    finally:
        beside.unlink(missing_ok=True)


@dataclass(frozen=True)
class Archive:
    """A backup opened for reading. ``about`` is what its maker said; ``sums`` name -> (size, SHA-256)."""

    path: Path
    zip: zipfile.ZipFile
    about: dict[str, Any]
    sums: dict[str, tuple[int, str]]

    @property
    def total_size(self) -> int:
        return sum(size for size, _ in self.sums.values())

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of a member, in pieces. Raises BackupError at the end if it is not what was put in."""
        size, expected = self.sums[name]
        digest = hashlib.sha256()
        read = 0
        try:
            with self.zip.open(name) as stream:
                while piece := stream.read(_CHUNK):
                    digest.update(piece)
                    read += len(piece)
                    if read > size:
                        # A bomb must not fill the disk before its sum is found to be wrong.
                        raise self._damaged(name)
                    yield piece
        except _DAMAGE as error:
            raise self._damaged(name) from error
        if read != size or digest.hexdigest() != expected:
            raise self._damaged(name)

    def text(self, name: str) -> str:
        """A short member."""
        return b"".join(self.pieces(name)).decode()

    def extract(self, name: str, target: Path, progress: Progress = no_progress) -> None:
        """Write a member to a new file, safely on disk when this returns."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            for piece in self.pieces(name):
                stream.write(piece)
                progress(len(piece))
            sync_file(stream)

    def _damaged(self, name: str) -> BackupError:
        return BackupError(
            f"The backup {self.path.name} is damaged: {name} is not what was put in.",
            "Nothing was restored. Use another copy of the backup.",
        )


@contextlib.contextmanager
def reading(path: Path) -> Iterator[Archive]:
    """Open a backup. Raises BackupError when the file is none, is cut short, or lists unsafe names."""
    not_one = BackupError(
        f"{path.name} is not a whole Redway backup.", "Give the file that 'redway backup' made, fully copied."
    )
    with contextlib.ExitStack() as stack:
        # A file that cannot be opened is another matter than one that cannot be understood.
        stream = stack.enter_context(path.open("rb"))
        try:
            opened = stack.enter_context(zipfile.ZipFile(stream))
            if opened.getinfo(LIST).file_size > LARGEST_LIST:
                raise not_one
            listed = json.loads(opened.read(LIST))
            members = listed["members"].items()
            sums = {name: (int(entry["size"]), str(entry["sha256"])) for name, entry in members}
            # A list of [room, step] pairs, or none in an archive without a database.
            listed["migrations"] = [(str(room), str(step)) for room, step in listed.get("migrations", [])]
            sound = listed["redway_backup"] == FORMAT and all(_is_safe(name) for name in sums)
        except (*_DAMAGE, TypeError, AttributeError) as error:
            raise not_one from error
        if not sound:
            raise not_one
        yield Archive(path, opened, listed, sums)


def _is_safe(name: str) -> bool:
    """A plain relative path: a crafted file must not write outside the folder it is unpacked into."""
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and not {"\\", "\0"} & set(name)


def sync_file(stream: IO[bytes]) -> None:
    """Bring what was written to disk."""
    stream.flush()
    os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to disk, so that a rename survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
