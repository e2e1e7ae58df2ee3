"""Making a backup while Redway runs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from redway import __version__
from redway.core.home import Home
from redway.web.backup import postgres_store, secret, sqlite_store
from redway.web.backup.archive import ArchiveWriter, Progress, no_progress, writing
from redway.web.backup.errors import BackupError
from redway.web.backup.frozen import freeze, freeze_documents

DATABASE = "database.sqlite3"
LOCKED_KEY = "secret.key.locked"


@dataclass(frozen=True)
class BackupMade:
    """What was kept: ``files`` beside the database, ``size`` of the archive in bytes."""

    path: Path
    size: int
    files: int
    holds_key: bool


def make_backup(
    home: Home,
    target: Path,
    *,
    at: datetime,
    passphrase: str = "",
    on_size: Callable[[int], None] = no_progress,
    progress: Progress = no_progress,
) -> BackupMade:
    """Keep everything in ``home`` in one file, as at one moment, while others go on working.

    The database is taken before the lake: whatever it names lies there already and is never changed. The
    secret key goes in only under a ``passphrase``. ``on_size`` is told how many bytes are to come,
    ``progress`` each piece. Raises BackupError when the target cannot be used; nothing is left under its
    name then.
    """
    _refuse_bad_target(home, target)
    home.staging.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="backup-", dir=home.staging) as folder, writing(target) as writer:
        about: dict[str, Any] = {
            "made": at.isoformat(timespec="seconds"),
            "version": __version__,
            "engine": connection.vendor,
        }
        freeze_documents(home, Path(folder))
        about |= _add_database(writer, Path(folder))
        names = freeze(home, Path(folder))
        on_size(sum((Path(folder) / name).stat().st_size for name in names))
        for name in names:
            writer.add_file(name, Path(folder) / name, progress)
        holds_key = bool(passphrase) and home.secret_key.exists()
        if holds_key:
            writer.add_text(LOCKED_KEY, secret.lock(home.secret_key.read_text("ascii").strip(), passphrase))
        writer.close(about)
    made = BackupMade(target, target.stat().st_size, len(names), holds_key)
    # Here and not above: the server takes this package in before Django is ready.
    from redway.web.audit.services import record

    with transaction.atomic():
        record(None, "backup.make", "backup", target.name[:120], {"bytes": made.size, "key": holds_key})
    return made


def _add_database(writer: ArchiveWriter, folder: Path) -> dict[str, Any]:
    if connection.vendor == "postgresql":
        return postgres_store.copy_out(writer)
    copy = folder / DATABASE
    sqlite_store.snapshot(Path(str(connection.settings_dict["NAME"])), copy)
    writer.add_file(DATABASE, copy)
    if head := sqlite_store.audit_head(copy):
        writer.add_text("audit-head.json", head)
    return {"migrations": sqlite_store.applied_migrations(copy)}


def _refuse_bad_target(home: Home, target: Path) -> None:
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}.", "Make it first, or name another place.")
    if target.is_dir():
        raise BackupError(f"{target} is a folder.", "Name a file in it, such as redway-2026-11-24.zip.")
    if home.root in target.resolve().parents:
        raise BackupError(
            "The backup would lie inside the data folder it keeps.",
            "Name a file elsewhere, best on another disk.",
        )
