"""Bringing a backup back: unpacked and checked beside the data folder, then put in place at once."""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from redway.core.home import Home
from redway.web.backup import postgres_store, secret, sqlite_store
from redway.web.backup.archive import Archive, Progress, no_progress, reading, sync_file, sync_folder
from redway.web.backup.errors import RestoreRefusedError
from redway.web.backup.in_use import refuse_if_in_use
from redway.web.backup.making import DATABASE, LOCKED_KEY


@dataclass(frozen=True)
class BackupRestored:
    """What was brought back. ``set_aside`` is where the folder that was there before lies now, if any."""

    home: Path
    made: str
    files: int
    has_key: bool
    set_aside: Path | None


def restore_backup(
    path: Path,
    home: Home,
    *,
    at: datetime,
    replace: bool = False,
    passphrase: str = "",
    key_file: Path | None = None,
    on_size: Callable[[int], None] = no_progress,
    progress: Progress = no_progress,
) -> BackupRestored:
    """Make ``home`` what it was when the backup was made.

    Killed at any moment, the folder is what it was before or not there; never half of each. An existing
    folder is refused unless ``replace``, and then set aside under another name, not deleted. PostgreSQL is
    always restored into an empty database. Raises BackupError for a damaged file and RestoreRefusedError for
    a copy that does not fit here; nothing was changed then.
    """
    with reading(path) as archive:
        _refuse_other_engine(archive)
        _refuse_newer(archive)
        key = _key(archive, passphrase, key_file)
        _refuse_occupied(home, replace)
        on_size(archive.total_size)
        with _folder_beside(home) as unpacked:
            files = _unpack(archive, unpacked, progress)
            if key:
                _write_key(Home(unpacked), key)
            _sync_folders(unpacked)
            if connection.vendor == "postgresql":
                postgres_store.refuse_unless_empty()
                with transaction.atomic():
                    postgres_store.copy_in(archive)
                    set_aside = _put_in_place(unpacked, home, at)
            else:
                sqlite_store.check(unpacked / home.database.name)
                sqlite_store.forget_short_lived(unpacked / home.database.name)
                set_aside = _put_in_place(unpacked, home, at)
        return BackupRestored(home.root, str(archive.about.get("made", "")), files, bool(key), set_aside)


def record_restore(restored: BackupRestored) -> None:
    """Write into the trail that it came back. Call it once the database has the tables of this version."""
    # Here and not above: the server takes this package in before Django is ready.
    from redway.web.audit.services import record

    with transaction.atomic():
        record(None, "backup.restore", "backup", restored.made, {"files": restored.files})


def _unpack(archive: Archive, folder: Path, progress: Progress) -> int:
    """Write every file of the home, checking each sum; return how many lie beside the database."""
    files = 0
    for name in archive.sums:
        if name == DATABASE:
            archive.extract(name, folder / Home(folder).database.name, progress)
        elif name.startswith(("lake/", "sources/", "documents/")) or name == "audit-head.json":
            archive.extract(name, folder / name, progress)
            if name.startswith("documents/"):
                (folder / name).chmod(0o600)
                (folder / name).parent.chmod(0o700)
            files += name != "audit-head.json"
    return files


def _key(archive: Archive, passphrase: str, key_file: Path | None) -> str:
    """The secret key: from the file named, else from the backup, else none."""
    if key_file is not None:
        return key_file.read_text(encoding="ascii").strip()
    if LOCKED_KEY not in archive.sums:
        return ""
    if not passphrase:
        raise RestoreRefusedError(
            "This backup holds the secret key under a passphrase.",
            "Give the passphrase, or the key itself with --secret-key FILE.",
        )
    return secret.unlock(archive.text(LOCKED_KEY), passphrase)


def _write_key(home: Home, key: str) -> None:
    handle = os.open(home.secret_key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(key.encode("ascii"))
        sync_file(stream)


def _refuse_other_engine(archive: Archive) -> None:
    if archive.about.get("engine") == connection.vendor:
        return
    words = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    made_with = words.get(str(archive.about.get("engine")), "another database")
    raise RestoreRefusedError(
        f"The backup was made with {made_with}, and this Redway is set to {words[connection.vendor]}.",
        "Unset DATABASE_URL."
        if made_with == "SQLite"
        else "Set DATABASE_URL to an empty PostgreSQL database.",
    )


def _refuse_newer(archive: Archive) -> None:
    known = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    if any((room, step) not in known for room, step in archive.about["migrations"]):
        raise RestoreRefusedError(
            f"The backup was made by a newer Redway ({archive.about.get('version', 'unknown')}).",
            "Update Redway here, then restore again.",
        )


def _refuse_occupied(home: Home, replace: bool) -> None:
    refuse_if_in_use(home)
    if home.root.exists() and not home.root.is_dir():
        raise RestoreRefusedError(f"{home.root} is a file.", "Set REDWAY_HOME to a folder.")
    if home.root.is_dir() and any(home.root.iterdir()) and not replace:
        raise RestoreRefusedError(
            f"The data folder {home.root} is not empty.",
            "Name another with REDWAY_HOME, or say --replace: what is there is then set aside, not deleted.",
        )


@contextmanager
def _folder_beside(home: Home) -> Iterator[Path]:
    """A folder on the same disk to unpack into; whatever is left in it when we are done is removed.

    Folders left by restores that were killed are removed too: their locks are free.
    """
    parent = home.root.parent
    parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{home.root.name}.restoring-"
    for old in parent.glob(f"{prefix}*.lock"):
        _remove_if_abandoned(old)
    with tempfile.NamedTemporaryFile(prefix=prefix, suffix=".lock", dir=parent) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = Path(lock.name).with_suffix("")
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _remove_if_abandoned(lock_file: Path) -> None:
    with lock_file.open("r") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        shutil.rmtree(lock_file.with_suffix(""), ignore_errors=True)
        lock_file.unlink(missing_ok=True)


def _sync_folders(folder: Path) -> None:
    for inside in [path for path in folder.rglob("*") if path.is_dir()]:
        sync_folder(inside)
    sync_folder(folder)


def _free_name(wanted: Path) -> Path:
    """That name, or the next one that nothing has."""
    tries = itertools.chain([wanted], (wanted.with_name(f"{wanted.name}-{n}") for n in itertools.count(2)))
    return next(path for path in tries if not path.exists())


def _put_in_place(unpacked: Path, home: Home, at: datetime) -> Path | None:
    """Rename the unpacked folder into place; what was there is renamed first and returned."""
    set_aside = None
    try:
        if home.root.is_dir() and any(home.root.iterdir()):
            aside = _free_name(home.root.with_name(f"{home.root.name}.before-{at:%Y-%m-%d-%H%M%S}"))
            home.root.rename(aside)
            set_aside = aside
        unpacked.rename(home.root)
    except OSError as error:
        if set_aside is not None and not home.root.exists():
            set_aside.rename(home.root)
        raise RestoreRefusedError(
            f"The data folder {home.root} cannot be put in place ({error.strerror}).",
            "It may be a mounted disk: set REDWAY_HOME to a folder inside it.",
        ) from error
    sync_folder(home.root.parent)
    return set_aside
