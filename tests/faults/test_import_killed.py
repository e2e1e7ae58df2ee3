"""An import that is killed at any moment loses nothing committed and leaves nothing half done."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from datasets.made_up import schools, write

pytestmark = pytest.mark.fault

KILLS = 110

IMPORTER = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from redway.web import start
home = start(sys.argv[1])
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.db import connections
connections.close_all()
from datasets.made_up import FORMATS
from redway.datasets.importing import import_path
from redway.web.datasets.ledger import DjangoLedger
print("ready", flush=True)
for line in sys.stdin:
    # A process of its own for each import, without paying for the start of Python each time.
    child = os.fork()
    if child == 0:
        (report,) = import_path(Path(line.strip()), DjangoLedger(), home, formats=FORMATS, accept=True)
        os._exit(0 if report.outcome.value in ("committed", "unchanged") else 7)
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""

SWEEP = """
import sys
from redway.web import start
start(sys.argv[1])
from redway.web.datasets.services import sweep
print(sweep())
"""


class Importer:
    """A process ready to import files, each in a child that may be killed."""

    def __init__(self, home: Path) -> None:
        tests = str(Path(__file__).parents[1])
        self._process = subprocess.Popen(
            [sys.executable, "-c", IMPORTER, str(home), tests],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src"), "DATABASE_URL": ""},
        )
        assert self._read() == "ready"

    def run(self, path: Path, kill_after: float | None) -> tuple[int, float]:
        """Import, killed after so many seconds. Gives the exit code (negative when killed) and the time."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{path}\n")
        self._process.stdin.flush()
        child, begun = int(self._read()), time.monotonic()
        if kill_after is not None:
            time.sleep(kill_after)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        code = int(self._read())
        return code, time.monotonic() - begun

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=30)


def versions(home: Path) -> dict[int, tuple[str, str, int]]:
    """What the database says is true: id -> (state, SHA-256 of the source, rows)."""
    with closing(sqlite3.connect(home / "redway.sqlite3", timeout=20)) as store:
        rows = store.execute("SELECT id, state, sha256, rows_loaded FROM datasets_datasetversion").fetchall()
        audited = store.execute(
            "SELECT count(*) FROM audit_auditentry WHERE verb = 'dataset.commit'"
        ).fetchone()[0]
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert audited == len(rows), "every version has its audit entry, and no entry is without its version"
    return {number: (state, sha256, loaded) for number, state, sha256, loaded in rows}


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_an_import_killed_at_random_points_leaves_nothing_half_done(tmp_path: Path) -> None:
    home, chance = tmp_path / "home", random.Random(826)
    importer = Importer(home)
    try:
        code, took = importer.run(write(tmp_path, "0/abs_2017.csv", schools(4000)), None)
        assert code == 0
        _, took = importer.run(write(tmp_path, "1/abs_2017.csv", schools(4000, absence="4.6")), None)
        known = versions(home)
        files = {number: digest(home / "lake" / "made-up-absence" / f"{number}.parquet") for number in known}
        killed = 0
        for attempt in range(KILLS):
            path = write(tmp_path, f"{attempt}/abs_2017.csv", schools(4000, absence=f"5.{attempt:03d}"))
            code, _ = importer.run(path, chance.uniform(0, took * 1.1))
            killed += code == -signal.SIGKILL
            assert code in (0, -signal.SIGKILL)
            now = versions(home)
            assert known.keys() <= now.keys(), "a committed version was lost"
            assert sum(state == "current" for state, _, _ in now.values()) == 1
            for number in files:
                assert digest(home / "lake" / "made-up-absence" / f"{number}.parquet") == files[number]
            for number in now.keys() - known.keys():
                _, sha256, loaded = now[number]
                kept = home / "lake" / "made-up-absence" / f"{number}.parquet"
                assert pl.read_parquet(kept).height == loaded == 4000, "half a version was committed"
                assert digest(home / "sources" / sha256) == sha256
                files[number] = digest(kept)
            known = now
        assert killed >= KILLS // 2, "most kills must hit an import that is running"
        assert len(known) > 2, "some imports must finish before they are killed"
    finally:
        importer.close()
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src"), "DATABASE_URL": ""}
    swept = subprocess.run(
        [sys.executable, "-c", SWEEP, str(home)], env=environment, capture_output=True, text=True, check=True
    )
    assert int(swept.stdout) > 0
    assert {path.name for path in (home / "staging").iterdir()} == {".lock"}
    assert {int(path.stem) for path in (home / "lake" / "made-up-absence").iterdir()} == set(known)
    assert {path.name for path in (home / "sources").iterdir()} == {sha for _, sha, _ in known.values()}
