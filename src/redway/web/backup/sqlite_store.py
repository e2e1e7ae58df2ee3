"""The transaction store in SQLite: copied page by page as at one moment, while others write."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from redway.web.backup.errors import BackupError


def snapshot(database: Path, into: Path) -> None:
    """Copy a database that may be in use into a new file, as at one moment."""
    with (
        closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as source,
        closing(sqlite3.connect(into)) as target,
    ):
        source.backup(target)
        # The copy travels alone: leave no write-ahead log beside it.
        target.execute("PRAGMA journal_mode=DELETE")


def check(database: Path) -> None:
    """Raise BackupError unless SQLite finds the file sound."""
    try:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
            answer = opened.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        answer = str(error)
    if answer != "ok":
        raise BackupError(
            f"The database is damaged ({answer}).", "Use another backup, made before the damage."
        )


def applied_migrations(database: Path) -> list[list[str]]:
    """The steps by which its tables were made: [room, step]."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
        rows = opened.execute("SELECT app, name FROM django_migrations ORDER BY id").fetchall()
    return [list(row) for row in rows]


def audit_head(database: Path) -> str | None:
    """The last link of the audit chain in that database, as its checkpoint is written."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as opened:
        row = opened.execute("SELECT sequence, hash FROM audit_audithead").fetchone()
    return json.dumps({"sequence": row[0], "hash": row[1]}) if row else None
