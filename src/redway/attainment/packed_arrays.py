"""A file of words and arrays of numbers that is safe to open: no code, one kind and version, a checksum."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from redway.core.errors import RedwayError

_TYPES = {"int64": "<i8", "float64": "<f8"}
_DIGEST = hashlib.sha256().digest_size


class PackingError(RedwayError):
    """Bytes that are not what they should be: another kind of file, another version, or damaged."""


def pack(kind: str, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Words and arrays as bytes. ``kind`` is one line that names what they are, with its version."""
    shapes = {name: [array.dtype.name, list(array.shape)] for name, array in arrays.items()}
    described = json.dumps({"header": header, "arrays": shapes}, ensure_ascii=False).encode()
    body = b"".join(array.astype(_TYPES[array.dtype.name]).tobytes() for array in arrays.values())
    data = b"\n".join([kind.encode(), str(len(described)).encode(), described + body])
    return data + hashlib.sha256(data).digest()


def unpack(kind: str, data: bytes) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What was packed. Raises PackingError, saying whether it is another file, another version or damage."""
    name, _, version = kind.rpartition(", ")
    first, _, rest = data.partition(b"\n")
    if not first.startswith(name.encode()):
        raise PackingError(f"This is not a file of: {name}.", "Check that it is the file you meant.")
    if first != kind.encode():
        theirs = first.rpartition(b", ")[2].decode(errors="replace")
        raise PackingError(
            f"The file is of {theirs}; this Redway reads {version}.", "Make the file again from the pupils."
        )
    if hashlib.sha256(data[:-_DIGEST]).digest() != data[-_DIGEST:]:
        raise PackingError("The file is damaged: its checksum does not fit.", "Copy or make it again.")
    length, _, rest = rest.partition(b"\n")
    described = json.loads(rest[: int(length)])
    at, arrays = int(length), {}
    for array, (kind_of_number, shape) in described["arrays"].items():
        size = int(np.prod(shape)) * 8
        numbers = np.frombuffer(rest[at : at + size], dtype=_TYPES[kind_of_number])
        arrays[array] = numbers.reshape(shape).astype(kind_of_number)
        at += size
    return described["header"], arrays
