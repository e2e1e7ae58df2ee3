"""Two imports at the same time: each commits whole, versions are numbered one after another."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from contract.postgresql import find_binaries, server
from datasets.made_up import schools, write
from redway.core.home import Home
from redway.datasets.ledger import SqlLedger

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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the ledger is kept: empty for the SQLite file in the data folder."""
    if request.param == "sqlite":
        yield ""
        return
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL on this machine")
    with server(binaries) as address:
        yield address


def at_once(home: Path, database_url: str, *queues: list[Path]) -> list[list[str]]:
    """Import several queues of files, each in its own process, all starting together."""
    source = str(Path(__file__).parents[2] / "src")
    environment = {**os.environ, "PYTHONPATH": source, "DATABASE_URL": database_url}
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


def test_the_same_files_twice_at_once_are_committed_once(tmp_path: Path, database_url: str) -> None:
    queue = [write(tmp_path, f"{year}/abs_{year}.csv", schools(800)) for year in range(2010, 2022)]
    outcomes = at_once(tmp_path / "home", database_url, queue, queue)
    assert all({first, second} <= {"committed", "unchanged"} for first, second in zip(*outcomes, strict=True))
    assert sum(outcome == "committed" for side in outcomes for outcome in side) == len(queue)
    assert len(SqlLedger(Home(tmp_path / "home"), database_url).versions()) == len(queue)


def test_corrections_of_one_file_at_once_become_versions_one_after_another(
    tmp_path: Path, database_url: str
) -> None:
    queues = [
        [
            write(tmp_path, f"{side}-{at}/abs_2017.csv", schools(800, absence=f"{side}.{at:02d}"))
            for at in range(12)
        ]
        for side in (3, 4)
    ]
    home = tmp_path / "home"
    outcomes = at_once(home, database_url, *queues)
    assert outcomes == [["committed"] * 12] * 2
    found = SqlLedger(Home(home), database_url).versions()
    assert sorted(version.number for version in found) == list(range(1, 25))
    newest = max(found, key=lambda version: version.number)
    assert {version.id for version in found if version.state == "current"} == {newest.id}
    for version in found:
        path = home / "lake" / "made-up-absence" / f"{version.id}.parquet"
        assert pl.read_parquet(path).height == version.rows_loaded == 800
