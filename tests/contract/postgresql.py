"""A PostgreSQL server of the tests' own: made in a temporary folder, reached by a socket, thrown away."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def find_binaries() -> Path | None:
    """The folder with ``initdb`` and ``postgres``: of the PATH, of pg_config, or the newest of Debian's."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("postgres"):
        return Path(on_path).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    if config := shutil.which("pg_config"):
        said = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        folders.insert(0, Path(said.stdout.strip()))
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def _version(folder: Path) -> float:
    name = folder.parent.name
    return float(name) if name.replace(".", "", 1).isdigit() else 0.0


@contextmanager
def server(binaries: Path) -> Iterator[str]:
    """Start a server; gives the DATABASE_URL of an empty database in it."""
    with tempfile.TemporaryDirectory(prefix="redway-pg-") as folder:
        root = Path(folder)
        _give_to_unprivileged(root)
        data = root / "data"
        _run(binaries / "initdb", "-D", data, "-U", "redway", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {root} -c listen_addresses='' -c fsync=off"
        control = binaries / "pg_ctl"
        _run(control, "-D", data, "-o", options, "-l", root / "log", "-w", "start")
        try:
            yield f"postgresql://redway@/postgres?host={root}"
        finally:
            _run(control, "-D", data, "-m", "immediate", "-w", "stop")


def _unprivileged() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: the account it then runs under, None when we are not root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError("there is no account but root to run PostgreSQL under")


def _give_to_unprivileged(folder: Path) -> None:
    account = _unprivileged()
    if account is not None:
        os.chown(folder, account.pw_uid, account.pw_gid)


def _run(*command: object) -> None:
    account = _unprivileged()
    ran = subprocess.run(
        [str(part) for part in command],
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        cwd="/",
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if ran.returncode != 0:
        raise RuntimeError(f"{command[0]} failed: {ran.stderr.decode(errors='replace')}")
