"""The bytes of documents on disk: encrypted, readable by Redway's own account only, under random names."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from redway.core.errors import RedwayError
from redway.web.allegations.encryption import decrypt, encrypt, key_number

_LONGEST_NUMBER = 24
"""Bytes in which the number of a key ends."""


class DocumentGoneError(RedwayError):
    """The file of a document is not in the data folder."""


def keep(key: str, body: bytes) -> None:
    """Write the bytes of a document, encrypted. Whole and safe on disk when this returns."""
    _write(_folder() / key, encrypt(body))


def bytes_of(key: str) -> bytes:
    """The bytes of a document. Raises DocumentGoneError, and CannotOpenError when they were changed."""
    try:
        return decrypt((_folder() / key).read_bytes())
    except FileNotFoundError:
        raise DocumentGoneError(
            "The file of this document is not in the data folder.",
            "Bring it back from a backup: redway restore.",
        ) from None


def forget(key: str) -> None:
    """Remove the file of a document that did not come to be recorded, or whose case was disposed of."""
    (_folder() / key).unlink(missing_ok=True)


def encrypt_anew(newest: int) -> Iterator[str]:
    """Encrypt every document that lies under another key anew; yields the name of each as it is done.

    A document is replaced as a whole: whoever reads it meanwhile reads the old one or the new one.
    """
    for path in _under_another_key(newest):
        _write(path, encrypt(decrypt(path.read_bytes())))
        yield path.name


def outstanding(newest: int) -> int:
    """How many documents lie under another key than this one."""
    return sum(1 for _ in _under_another_key(newest))


def _under_another_key(newest: int) -> Iterator[Path]:
    for path in sorted(_folder().iterdir()):
        if path.name.startswith("."):
            continue
        with path.open("rb") as stream:
            if key_number(stream.read(_LONGEST_NUMBER)) != newest:
                yield path


def _folder() -> Path:
    folder: Path = settings.REDWAY_HOME.documents
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _write(path: Path, sealed: bytes) -> None:
    handle, half = tempfile.mkstemp(prefix=".half-", dir=path.parent)  # only its owner may read it
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(sealed)
            stream.flush()
            os.fsync(stream.fileno())
        Path(half).replace(path)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
