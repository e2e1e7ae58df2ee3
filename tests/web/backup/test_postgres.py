"""A backup of PostgreSQL comes back into an empty database of another server, trail and all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from contract.postgresql import find_binaries, server

pytestmark = pytest.mark.postgres

COMMAND = [sys.executable, "-c", "from redway.cli.main import run; run()"]


@pytest.fixture(scope="module")
def addresses() -> Iterator[tuple[str, str]]:
    """Two empty databases."""
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL on this machine")
    with server(binaries) as address:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("CREATE DATABASE other")
        yield address, address.replace("/postgres?", "/other?")


def redway(home: Path, address: str, *words: object) -> subprocess.CompletedProcess[str]:
    environ = os.environ | {
        "PYTHONPATH": str(Path(__file__).parents[3] / "src"),
        "REDWAY_HOME": str(home),
        "DATABASE_URL": address,
    }
    return subprocess.run(
        [*COMMAND, *map(str, words)], env=environ, capture_output=True, text=True, timeout=120
    )


def test_comes_back_into_an_empty_database(addresses: tuple[str, str], tmp_path: Path) -> None:
    one, other = addresses
    file = tmp_path / "kept.zip"
    for number, name in enumerate(("alice", "bob")):
        words = ("people", "add", f"{name}@example.org", f"{name.title()} Made-Up", "--authority", "826")
        assert redway(tmp_path / "one", one, *words).returncode == 0, number
    kept = redway(tmp_path / "one", one, "backup", file)
    assert kept.returncode == 0, kept.stderr

    back = redway(tmp_path / "other", other, "restore", file)
    assert back.returncode == 0, back.stderr
    people = json.loads(redway(tmp_path / "other", other, "people", "list", "--json").stdout)
    assert [person["email"] for person in people] == ["alice@example.org", "bob@example.org"]
    assert redway(tmp_path / "other", other, "audit", "verify").returncode == 0

    # Numbers go on where they were: the next person does not collide with one that came back.
    words = ("people", "add", "carol@example.org", "Carol Made-Up", "--authority", "826")
    added = redway(tmp_path / "other", other, *words)
    assert added.returncode == 0, added.stderr

    again = redway(tmp_path / "third", other, "restore", file)
    assert again.returncode == 1
    assert "is not empty" in again.stderr
    assert not (tmp_path / "third" / "lake").exists()
