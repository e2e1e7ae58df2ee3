"""The transaction store in SQLite: copied page by page as at one moment, while others write."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from redway.web.backup.errors import BackupError
from redway.web.backup.short_lived import TABLES


def snapshot(database: Path, into: Path) -> None:
    """Copy a database that may be in use into a new file, as at one moment."""
    with (
        closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as source,
        closing(sqlite3.connect(into)) as target,
    ):
        source.backup(target)
        # The copy travels alone: leave no write-ahead log beside it.
        target.execute("PRAGMA journal_mode=DELETE")
    forget_short_lived(into)


def forget_short_lived(database: Path) -> None:
    """Empty the tables of what is never to be brought back, so that nothing of it is left in the file.

    See :mod:`redway.web.backup.short_lived`.
    """
    with closing(sqlite3.connect(database)) as opened, opened:
        opened.execute("PRAGMA secure_delete=ON")
        held = {name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        for table in TABLES:
            if table in held:
                opened.execute(f'DELETE FROM "{table}"')  # noqa: S608 - a name of our own


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
