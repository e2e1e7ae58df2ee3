"""The head of the chain, noted outside the database after every commit.

A chain alone cannot see that its tail was cut off. The note can: it names a last entry that must be
there. It is written after the commit, so it may lag behind the database but never runs ahead of it.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from redway.core.errors import RedwayError


@dataclass(frozen=True)
class Checkpoint:
    """The newest entry known to have been committed."""

    sequence: int
    hash: str


def file() -> Path:
    """Where the note is kept: REDWAY_AUDIT_CHECKPOINT, else ``audit-head.json`` in the data folder."""
    chosen = getattr(settings, "REDWAY_AUDIT_CHECKPOINT", "")
    return Path(chosen) if chosen else settings.REDWAY_HOME.root / "audit-head.json"


class UnreadableNoteError(RedwayError):
    """The note is there and says nothing that can be understood."""


def read() -> Checkpoint | None:
    """The note, or None when there is none. Raises UnreadableNoteError."""
    try:
        noted = json.loads(file().read_text(encoding="ascii"))
        return Checkpoint(int(noted["sequence"]), str(noted["hash"]))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError):
        raise UnreadableNoteError(
            f"The note of the newest audit entry cannot be read: {file()}.",
            "Compare the newest entry with one from a backup, then remove the file: it is written anew.",
        ) from None


def advance(sequence: int, entry_hash: str) -> None:
    """Note a committed entry, unless a later one is noted already."""
    path = file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        noted = read()
        if noted is not None and noted.sequence >= sequence:
            return
        beside = path.with_suffix(".new")
        with beside.open("w", encoding="ascii") as note:
            json.dump({"sequence": sequence, "hash": entry_hash}, note)
            # On disk before it takes the place of the note before it: a power cut leaves one or the other.
            note.flush()
            os.fsync(note.fileno())
        beside.replace(path)
