"""A PDF without what it tells of its maker, as long as it was, so that every offset in it still holds.

A PDF says who wrote it in its information dictionary and in a packet of metadata (ISO 32000-1, 14.3). Both
are overwritten with spaces where they lie, also inside compressed object streams, and nothing refers to them
any more. A signed PDF is left as it is: changed, its signature would be worth nothing.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

LARGEST_UNPACKED = 50 * 1024 * 1024
"""Bytes of all object streams of a file; beyond them a file is refused rather than read."""
_LARGEST_OBJECT = 64 * 1024
_LONGEST_DICTIONARY = 4 * 1024
_INFO = re.compile(rb"/Info\s+(\d+)\s+(\d+)\s+R\b")
_METADATA = re.compile(rb"/Metadata\s+\d+\s+\d+\s+R\b")
_STRING = re.compile(rb"\((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*\)|<[0-9A-Fa-f\s]*>", re.S)
_FIRST = re.compile(rb"/First\s+(\d+)")
_LENGTH = re.compile(rb"/Length\s+(\d+)\b(?!\s+\d+\s+R)")
_STREAM = re.compile(rb"stream\r?\n")
_PROGRAM = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFile|RichMedia)\b")


class TooLargeError(ValueError):
    """What the object streams of a file hold is more than is read."""


@dataclass(frozen=True)
class _Packed:
    """An object stream: where its bytes lie, what they are unpacked, and where its first object begins."""

    start: int
    end: int
    plain: bytes
    first: int


def without_authors(body: bytes) -> bytes:
    """The same PDF, as long as it was, without its information and metadata. Raises TooLargeError."""
    if b"/ByteRange" in body:
        return body
    numbers = {(int(number), int(generation)) for number, generation in _INFO.findall(body)}
    changed = bytearray(body)
    _blank_packets(changed)
    if b"/Encrypt" not in body:
        # The strings of a locked file cannot be read, and are reached by nothing once the reference is gone.
        for number, generation in numbers:
            _blank_object(changed, number, generation)
    for packed in _object_streams(body):
        plain = _without_numbered(packed, {number for number, _ in numbers})
        anew = zlib.compress(plain, 9)
        room = packed.end - packed.start
        if plain != packed.plain and len(anew) <= room:
            changed[packed.start : packed.end] = anew.ljust(room, b"\0")
    return _METADATA.sub(_blank, _INFO.sub(_blank, bytes(changed)))


def holds_a_program(body: bytes) -> bool:
    """Whether something in it runs, or a file of another kind lies in it. Raises TooLargeError."""
    return bool(_PROGRAM.search(body)) or any(_PROGRAM.search(one.plain) for one in _object_streams(body))


def _blank(found: re.Match[bytes]) -> bytes:
    return b" " * len(found[0])


def _blank_string(found: re.Match[bytes]) -> bytes:
    return found[0][:1] + b" " * (len(found[0]) - 2) + found[0][-1:]


def _blank_packets(body: bytearray) -> None:
    end = 0
    while (start := body.find(b"<?xpacket begin=", end)) >= 0:
        start, end = body.find(b"?>", start) + 2, body.find(b"<?xpacket end=", start)
        if start < 2 or end < start:
            return
        body[start:end] = b" " * (end - start)


def _blank_object(body: bytearray, number: int, generation: int) -> None:
    for found in re.finditer(rb"(?<!\d)%d\s+%d\s+obj\b" % (number, generation), bytes(body)):
        end = body.find(b"endobj", found.end(), found.end() + _LARGEST_OBJECT)
        if end > 0:
            body[found.end() : end] = _STRING.sub(_blank_string, bytes(body[found.end() : end]))


def _object_streams(body: bytes) -> Iterator[_Packed]:
    left, at = LARGEST_UNPACKED, 0
    while (at := body.find(b"/ObjStm", at + 1)) >= 0:
        begun = _STREAM.search(body, at, at + _LONGEST_DICTIONARY)
        if begun is None:
            continue
        dictionary = body[max(body.rfind(b"obj", 0, at), at - _LONGEST_DICTIONARY) : begun.start()]
        length, first = _LENGTH.search(dictionary), _FIRST.search(dictionary)
        end = begun.end() + int(length[1]) if length else body.find(b"endstream", begun.end())
        unpacker = zlib.decompressobj()
        try:
            plain = unpacker.decompress(body[begun.end() : end], left)
        except zlib.error:
            continue
        if unpacker.unconsumed_tail:
            raise TooLargeError
        left -= len(plain)
        if first is not None:
            yield _Packed(begun.end(), end, plain, int(first[1]))


def _without_numbered(packed: _Packed, numbers: set[int]) -> bytes:
    """The objects of a stream, those of these numbers without their strings, none referring to metadata."""
    changed = bytearray(_METADATA.sub(_blank, packed.plain))
    pairs = [int(word) for word in packed.plain[: packed.first].split() if word.isdigit()]
    starts = [packed.first + offset for offset in pairs[1::2]]
    for at, number in enumerate(pairs[::2][: len(starts)]):
        if number in numbers:
            start, end = starts[at], starts[at + 1] if at + 1 < len(starts) else len(changed)
            changed[start:end] = _STRING.sub(_blank_string, bytes(changed[start:end]))
    return bytes(changed)
