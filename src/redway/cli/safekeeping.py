"""``redway backup`` and ``redway restore``: a copy of everything, and the way back."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import datetime
from pathlib import Path

from redway.cli.output import DONE, print_json, say
from redway.cli.parsers import Commands, Parser, add_command, add_json
from redway.cli.progress import bytes_bar

_VARIABLE = "REDWAY_BACKUP_PASSPHRASE"


def register(commands: Commands[Parser]) -> None:
    """Add ``backup`` and ``restore``."""
    backup = add_command(
        commands,
        "backup",
        run_backup,
        summary="keep everything in one checked file, while Redway runs",
        description=f"""
            Database, committed versions, figures and received files, as at one moment. The secret key, which
            opens second factors, goes in only under a passphrase ({_VARIABLE}, or --passphrase to be asked);
            else keep the file secret.key of the data folder apart. The backup holds names of people: store it
            where the data folder itself could be stored.
        """,
        examples="""
            redway backup /backups/redway-2026-11-24.zip
            redway backup /backups/redway.zip --passphrase
        """,
    )
    backup.add_argument(
        "file", type=Path, help="the file to write; an older one is replaced once this is whole"
    )
    backup.add_argument(
        "--passphrase", action="store_true", help="ask for a passphrase and keep the secret key too"
    )
    add_json(backup)
    restore = add_command(
        commands,
        "restore",
        run_restore,
        summary="bring a backup back, on this machine or an empty one",
        description="""
            Every file is checked before anything is put in place. Stop Redway first. A data folder that is
            not empty is refused unless you say --replace; it is then set aside under another name.
        """,
        examples="""
            redway restore /backups/redway-2026-11-24.zip
            REDWAY_HOME=/srv/redway redway restore /backups/redway.zip --secret-key /safe/secret.key
        """,
    )
    restore.add_argument("file", type=Path, help="a file that 'redway backup' made")
    restore.add_argument("--replace", action="store_true", help="set aside what is in the data folder now")
    restore.add_argument("--passphrase", action="store_true", help="ask for the passphrase of the secret key")
    restore.add_argument("--secret-key", type=Path, metavar="FILE", help="the secret.key that was kept apart")
    add_json(restore)


def run_backup(arguments: argparse.Namespace) -> int:
    from redway.cli.ground import open_store
    from redway.core.words import counted

    passphrase = _passphrase(arguments.passphrase, twice=True)
    home = open_store()
    from redway.web.backup import make_backup

    with bytes_bar("Keeping") as (on_size, progress):
        made = make_backup(
            home, arguments.file, at=_now(), passphrase=passphrase, on_size=on_size, progress=progress
        )
    if arguments.json:
        print_json({"file": made.path, "bytes": made.size, "files": made.files, "holds_key": made.holds_key})
        return DONE
    print(f"Kept {counted(made.files, 'file')} and the database in {made.path} ({made.size / 1e6:.1f} MB).")
    if home.secret_key.exists() and not made.holds_key:
        say(f"The secret key is not in it: keep a copy of {home.secret_key} apart from the backup.")
    return DONE


def run_restore(arguments: argparse.Namespace) -> int:
    from redway.core.words import counted
    from redway.web import start

    passphrase = _passphrase(arguments.passphrase, twice=False)
    home = start()
    from redway.web.backup import record_restore, restore_backup

    with bytes_bar("Restoring") as (on_size, progress):
        restored = restore_backup(
            arguments.file,
            home,
            at=_now(),
            replace=arguments.replace,
            passphrase=passphrase,
            key_file=arguments.secret_key,
            on_size=on_size,
            progress=progress,
        )
    from redway.cli.ground import open_store

    open_store()
    record_restore(restored)
    if arguments.json:
        print_json(
            {
                "home": restored.home,
                "made": restored.made,
                "files": restored.files,
                "has_key": restored.has_key,
                "set_aside": restored.set_aside,
            }
        )
        return DONE
    print(f"Restored {counted(restored.files, 'file')} and the database into {restored.home}.")
    if restored.set_aside:
        print(f"What was there before lies in {restored.set_aside}; delete it when you are sure.")
    if not restored.has_key:
        say(
            "No secret key was restored: a new one will be made, and people set up their second factor again."
        )
    return DONE


def _now() -> datetime:
    return datetime.now().astimezone()


def _passphrase(ask: bool, *, twice: bool) -> str:
    """The passphrase typed, else from the environment, else none."""
    if not ask:
        return os.environ.get(_VARIABLE, "")
    from getpass import getpass

    from redway.core.errors import RedwayError

    typed = getpass("Passphrase for the secret key: ", stream=sys.stderr)
    if twice and getpass("Again: ", stream=sys.stderr) != typed:
        raise RedwayError("The two passphrases differ.", "Run the command again.")
    return typed
