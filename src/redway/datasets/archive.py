"""ZIP files of tables: what is inside is unpacked one at a time, never outside the working folder."""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from redway.datasets.errors import FULL, NO_ZIP, UnreadableFile, disk_full

MOST_MEMBERS = 2_000
LARGEST_UNPACKED = 8 << 30
CHUNK = 1 << 20


def members(path: Path) -> list[zipfile.ZipInfo]:
    """The files inside, without folders and what macOS adds.

    Raises UnreadableFile for a bomb or a locked file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [
                member
                for member in archive.infolist()
                if not member.is_dir() and not _is_litter(member.filename)
            ]
    except NO_ZIP:
        raise UnreadableFile(
            "The ZIP file is damaged or was cut short.", "Ask the sender for it again."
        ) from None
    if not inside:
        raise UnreadableFile("The ZIP file is empty.", "Ask the sender for it again.")
    if len(inside) > MOST_MEMBERS:
        raise UnreadableFile(
            f"The ZIP file holds {len(inside):,} files; the limit is {MOST_MEMBERS:,}.",
            "Unpack it and import the folder.",
        )
    unpacked = sum(member.file_size for member in inside)
    if unpacked > LARGEST_UNPACKED:
        raise UnreadableFile(
            f"The ZIP file would unpack to {unpacked >> 30:,} GB; the limit is "
            f"{LARGEST_UNPACKED >> 30:,} GB.",
            "Unpack the file you need and import that.",
        )
    return inside


def unpack(path: Path, member: zipfile.ZipInfo, target: Path) -> None:
    """Write one member to ``target``, a path of our own choosing: the name inside is never used as a path.

    Stops as soon as more comes out than the archive declared. Raises UnreadableFile or DiskFull.
    """
    if member.flag_bits & 0x1:
        raise UnreadableFile(
            "The file is locked with a password.", "Unpack it with the password and import it."
        )
    written = 0
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as source, target.open("wb") as out:
            while chunk := source.read(CHUNK):
                written += len(chunk)
                if written > member.file_size:
                    raise UnreadableFile(
                        "The file inside is larger than the ZIP file says.", "Ask for it again."
                    )
                out.write(chunk)
    except OSError as error:
        if error.errno in FULL:
            raise disk_full() from None
        raise _damaged() from None
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        RuntimeError,
        NotImplementedError,
        ValueError,
    ):
        raise _damaged() from None


def member_names(inside: list[zipfile.ZipInfo]) -> Iterator[str]:
    """Names to show and to look for a period in: folders kept, but nothing that climbs out of the archive."""
    for member in inside:
        parts = [
            part
            for part in PurePosixPath(member.filename.replace("\\", "/")).parts
            if part not in ("/", "..", ".")
        ]
        yield "/".join(parts) or "unnamed"


def _damaged() -> UnreadableFile:
    return UnreadableFile("The file inside the ZIP is damaged.", "Ask the sender for it again.")


def _is_litter(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name in {".DS_Store", "Thumbs.db"}
