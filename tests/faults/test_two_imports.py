"""Two imports at the same time: each commits whole, versions are numbered one after another."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from datasets.made_up import schools, write

pytestmark = pytest.mark.fault

IMPORTER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from redway.web import start
home = start(sys.argv[1])
from datasets.made_up import FORMATS
from redway.datasets.importing import import_path
from redway.web.datasets.ledger import DjangoLedger
print("ready", flush=True)
sys.stdin.readline()
for path in sys.argv[3:]:
    for report in import_path(Path(path), DjangoLedger(), home, formats=FORMATS, accept=True):
        print(report.outcome.value, flush=True)
"""


def at_once(home: Path, *queues: list[Path]) -> list[list[str]]:
    """Import several queues of files, each in its own process, all starting together."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src"), "DATABASE_URL": ""}
    tests = str(Path(__file__).parents[1])
    migrate = "import sys; from redway.web import start; start(sys.argv[1])\n"
    migrate += "from django.core.management import call_command; call_command('migrate', verbosity=0)"
    subprocess.run([sys.executable, "-c", migrate, str(home)], env=environment, check=True)
    started = [
        subprocess.Popen(
            [sys.executable, "-c", IMPORTER, str(home), tests, *map(str, queue)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        for queue in queues
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    outcomes = []
    for process in started:
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        outcomes.append(out.split())
    return outcomes


def rows(home: Path) -> list[tuple[int, int, str, int]]:
    with closing(sqlite3.connect(home / "redway.sqlite3")) as store:
        return store.execute(
            "SELECT id, number, state, rows_loaded FROM datasets_datasetversion ORDER BY id"
        ).fetchall()


def test_the_same_files_twice_at_once_are_committed_once(tmp_path: Path) -> None:
    queue = [write(tmp_path, f"{year}/abs_{year}.csv", schools(800)) for year in range(2010, 2022)]
    outcomes = at_once(tmp_path / "home", queue, queue)
    assert all({first, second} <= {"committed", "unchanged"} for first, second in zip(*outcomes, strict=True))
    assert sum(outcome == "committed" for side in outcomes for outcome in side) == len(queue)
    assert len(rows(tmp_path / "home")) == len(queue)


def test_corrections_of_one_file_at_once_become_versions_one_after_another(tmp_path: Path) -> None:
    queues = [
        [
            write(tmp_path, f"{side}-{at}/abs_2017.csv", schools(800, absence=f"{side}.{at:02d}"))
            for at in range(12)
        ]
        for side in (3, 4)
    ]
    home = tmp_path / "home"
    outcomes = at_once(home, *queues)
    assert outcomes == [["committed"] * 12] * 2
    found = rows(home)
    assert [number for _, number, _, _ in found] == list(range(1, 25))
    assert [state for _, _, state, _ in found] == ["superseded"] * 23 + ["current"]
    for version, _, _, loaded in found:
        path = home / "lake" / "made-up-absence" / f"{version}.parquet"
        assert pl.read_parquet(path).height == loaded == 800
