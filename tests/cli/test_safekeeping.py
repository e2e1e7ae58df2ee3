"""``redway backup`` and ``redway restore`` as they are typed."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-c", "from redway.cli.main import run; run()"]


def redway(home: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """A command as a person runs it, in a process and a data folder of its own."""
    environ = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environ |= {"PYTHONPATH": str(Path(__file__).parents[2] / "src"), "REDWAY_HOME": str(home)}
    return subprocess.run(
        [*COMMAND, *map(str, words)], env=environ, capture_output=True, text=True, timeout=60
    )


def test_a_machine_comes_back_from_its_backup(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "kept.zip"
    assert (
        redway(old, "people", "add", "alice@example.org", "Alice Made-Up", "--authority", "826").returncode
        == 0
    )
    (old / "secret.key").write_text("made when the pages are first served")

    kept = redway(old, "backup", file)
    assert kept.returncode == 0, kept.stderr
    assert "Kept" in kept.stdout
    assert f"keep a copy of {old / 'secret.key'} apart" in kept.stderr

    back = redway(new, "restore", file, "--json")
    assert back.returncode == 0, back.stderr
    assert json.loads(back.stdout)["home"] == str(new)
    people = json.loads(redway(new, "people", "list", "--json").stdout)
    assert [person["email"] for person in people] == ["alice@example.org"]
    assert redway(new, "audit", "verify").returncode == 0
    with closing(sqlite3.connect(new / "redway.sqlite3")) as database:
        newest = database.execute("SELECT verb FROM audit_auditentry ORDER BY sequence DESC").fetchone()
    assert newest == ("backup.restore",)


def test_nothing_a_command_writes_can_be_read_by_others_of_the_machine(tmp_path: Path) -> None:
    """Also in a data folder that was made by somebody else and stands open."""
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    redway(home, "people", "add", "alice@example.org", "Alice Made-Up", "--authority", "826")
    written = [path for path in home.rglob("*") if path.is_file()]
    assert home / "redway.sqlite3" in written
    assert [path.name for path in written if path.stat().st_mode & 0o077] == []


def test_a_folder_that_is_not_empty_is_refused_in_words(tmp_path: Path) -> None:
    home, file = tmp_path / "home", tmp_path / "kept.zip"
    redway(home, "people", "list")
    assert redway(home, "backup", file).returncode == 0
    refused = redway(home, "restore", file)
    assert refused.returncode == 1
    assert "is not empty" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(("name", "code"), [("not-there.zip", 2), ("no-backup.zip", 1)])
def test_what_is_no_backup_is_refused_in_words(tmp_path: Path, name: str, code: int) -> None:
    (tmp_path / "no-backup.zip").write_text("hello")
    refused = redway(tmp_path / "home", "restore", tmp_path / name)
    assert refused.returncode == code
    assert name in refused.stderr
    assert "Traceback" not in refused.stderr
