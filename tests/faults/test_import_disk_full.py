"""A disk that fills at any point of an import: a clear message, nothing lost, nothing left."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from datasets.made_up import schools, write

pytestmark = pytest.mark.fault

DISK = 12 << 20

IMPORTER = """
import json, os, resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from redway.web import start
home = start(sys.argv[1])
if not home.database.exists():
    from django.core.management import call_command
    call_command("migrate", verbosity=0)
    from django.db import connection
    connection.close()
from datasets.made_up import FORMATS
from redway.datasets.importing import import_path
from redway.web.datasets.ledger import DjangoLedger
limit = int(sys.argv[4])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
(report,) = import_path(Path(sys.argv[3]), DjangoLedger(), home, formats=FORMATS)
print(json.dumps([report.outcome.value, report.reasons]))
"""


def bring_in(home: Path, path: Path, limit: int = 0) -> tuple[str, str]:
    """Import in a process of its own: outcome, and what was said."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTER, str(home), str(Path(__file__).parents[1]), str(path), str(limit)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src"), "DATABASE_URL": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    outcome, reasons = json.loads(done.stdout.splitlines()[-1])
    return outcome, " ".join(reasons)


def versions(home: Path) -> int:
    """How many versions are true."""
    with closing(sqlite3.connect(home / "redway.sqlite3", timeout=20)) as store:
        count: int = store.execute("SELECT count(*) FROM datasets_datasetversion").fetchone()[0]
        assert store.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    return count


def is_tidy(home: Path, count: int) -> None:
    assert {path.name for path in (home / "staging").iterdir()} <= {".lock"}
    lake = home / "lake" / "made-up-absence"
    assert len(list(lake.iterdir()) if lake.is_dir() else []) == count


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real small disk in memory, where one may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here; the limit on file size is tried instead")
    yield place
    subprocess.run(["umount", str(place)], capture_output=True, check=True)


def test_a_full_disk_is_said_and_does_no_damage(tmp_path: Path, small_disk: Path) -> None:
    home = small_disk / "home"
    assert bring_in(home, write(tmp_path, "abs_2016.csv", schools(500)))[0] == "committed"
    path = write(tmp_path, "abs_2017.csv", schools(60_000))
    seen = set()
    for spare in (4 << 10, 300 << 10, 1 << 20, path.stat().st_size + (200 << 10)):
        filler = small_disk / "filler"
        room = os.statvfs(small_disk).f_bavail * os.statvfs(small_disk).f_frsize
        filler.write_bytes(bytes(max(0, room - spare)))
        outcome, said = bring_in(home, path)
        filler.unlink()
        seen.add(outcome)
        if outcome != "committed":
            assert "full" in said
            assert "Nothing was changed" in said
            assert versions(home) == 1
            is_tidy(home, 1)
    assert "failed" in seen
    assert bring_in(home, path)[0] in ("committed", "unchanged")
    assert versions(home) == 2


@pytest.mark.parametrize("limit", [20_000, 200_000, 1_500_000])
def test_a_file_that_may_not_grow_is_said_and_does_no_damage(tmp_path: Path, limit: int) -> None:
    home = tmp_path / "home"
    path = write(tmp_path, "abs_2017.csv", schools(60_000))
    outcome, said = bring_in(home, path, limit)
    assert (outcome, versions(home)) == ("failed", 0)
    assert "full" in said
    is_tidy(home, 0)
    assert bring_in(home, path)[0] == "committed"
