"""Whether a data folder is being served, so that nobody restores over it meanwhile."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from redway.core.home import Home
from redway.web.backup.errors import RestoreRefusedError


@contextmanager
def in_use(home: Home) -> Iterator[None]:
    """Hold the data folder while serving it. The system lets go when the process ends, however it ends."""
    home.root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home.root / "in-use.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def refuse_if_in_use(home: Home) -> None:
    """Raise RestoreRefusedError while a server holds the folder."""
    path = home.root / "in-use.lock"
    if not path.exists():
        return
    with path.open("r") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RestoreRefusedError(
                f"Redway is serving the data folder {home.root}.", "Stop it, then restore again."
            ) from None
