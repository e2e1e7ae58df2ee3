"""A restore that is killed at any moment leaves the data folder as it was, or not there, or whole."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = pytest.mark.fault

KILLS = 100
FILES = 60

RESTORER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from redway.core.home import Home
from redway.web import start
start(sys.argv[2])
from redway.web.backup import restore_backup
for line in sys.stdin:
    # A process of its own for each restore, without paying for the start of Python each time.
    child = os.fork()
    if child == 0:
        restore_backup(Path(sys.argv[1]), Home(Path(line.strip())), at=datetime.now(UTC), replace=True)
        os._exit(0)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""

MAKE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from redway.web import start
home = start(sys.argv[2])
from django.core.management import call_command
call_command("migrate", verbosity=0)
for number in range(int(sys.argv[3])):
    source = home.sources / f"{number:064x}"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_bytes(bytes([number % 251]) * 20_000)
from redway.web.backup import make_backup
make_backup(home, Path(sys.argv[1]), at=datetime.now(UTC))
"""


def python(script: str, *arguments: object) -> subprocess.Popen[str]:
    environ = {key: value for key, value in os.environ.items() if key not in ("REDWAY_HOME", "DATABASE_URL")}
    environ["PYTHONPATH"] = str(Path(__file__).parents[2] / "src")
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backup")
    maker = python(MAKE, folder / "kept.zip", folder / "home", FILES)
    maker.communicate(timeout=120)
    assert maker.returncode == 0
    return folder / "kept.zip"


def state_of(home: Path) -> str:
    """'nothing', 'old' or 'whole'; anything else fails."""
    names = sorted(path.name for path in home.iterdir()) if home.is_dir() else []
    if not names:
        return "nothing"
    if names == ["old"]:
        return "old"
    assert (home / "redway.sqlite3").is_file(), f"half a data folder: {names}"
    with closing(sqlite3.connect(home / "redway.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT COUNT(*) FROM django_migrations").fetchone()[0] > 0
    sources = list((home / "sources").iterdir())
    assert len(sources) == FILES
    assert all(source.stat().st_size == 20_000 for source in sources)
    return "whole"


class Restorer:
    """Restores one backup again and again, each time in a new process that may be killed."""

    def __init__(self, backup: Path, folder: Path) -> None:
        self._process = python(RESTORER, backup, folder / "unused")
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._ask, self._answer = self._process.stdin, self._process.stdout

    def restore(self, home: Path, kill_after: float | None = None) -> float:
        """Restore into ``home``, killed after so many seconds (never when None); returns how long it ran."""
        self._ask.write(f"{home}\n")
        self._ask.flush()
        child = int(self._answer.readline())
        started = time.perf_counter()
        if kill_after is not None:
            time.sleep(kill_after)
            with contextlib.suppress(ProcessLookupError):  # it may have ended by itself just before
                os.kill(child, signal.SIGKILL)
        code = int(self._answer.readline())
        assert code in ((0,) if kill_after is None else (0, -signal.SIGKILL))
        return time.perf_counter() - started

    def close(self) -> None:
        self._ask.close()
        self._process.wait(timeout=60)
        self._answer.close()


def test_killed_at_random_moments(backup: Path, tmp_path: Path) -> None:
    restorer = Restorer(backup, tmp_path)
    whole = restorer.restore(tmp_path / "first")
    assert state_of(tmp_path / "first") == "whole"
    chance = random.Random(20261124)
    seen = []
    home = tmp_path / "home"
    for number in range(KILLS):
        home.mkdir()
        with_old_data = number % 2 == 0
        if with_old_data:
            (home / "old").write_text("precious")
        restorer.restore(home, kill_after=chance.uniform(0, whole * 1.1))

        state = state_of(home)
        seen.append(state)
        set_aside = list(tmp_path.glob("home.before-*"))
        if with_old_data and state != "old":
            assert [(path / "old").read_text() for path in set_aside] == ["precious"], "old data are lost"

        # Whatever was left, the next restore succeeds and clears up behind the killed one.
        restorer.restore(home)
        assert state_of(home) == "whole"
        assert not list(tmp_path.glob(".home.restoring-*"))
        for left in (home, *tmp_path.glob("home.before-*")):
            left.rename(tmp_path / f"done-{number}-{left.name}")
    restorer.close()
    assert seen.count("whole") < KILLS, "no kill came early enough to test anything"
