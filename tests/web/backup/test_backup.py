"""A backup taken while Redway runs brings back exactly what was there."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client

from redway.core.home import Home
from redway.web.audit.models import AuditEntry
from redway.web.backup import make_backup, restore_backup, sqlite_store
from redway.web.backup.archive import reading, writing
from redway.web.backup.errors import BackupError, RestoreRefusedError
from redway.web.backup.in_use import in_use
from redway.web.people.models import Person

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
PASSPHRASE = "four words nothing common"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has its own test"),
]


@pytest.fixture
def filled(home: Home) -> Home:
    """A data folder with one person, a version, the figures in force, an abandoned build and a source."""
    Person.objects.create_user("alice@example.org", "Alice Made-Up", "a long made-up password")
    files = {
        "lake/absence/1.parquet": b"PAR1 version",
        "lake/series/build-2/series.parquet": b"PAR1 figures",
        "lake/series/build-1/series.parquet": b"PAR1 older figures",
        "lake/series/CURRENT": b"build-2\n",
        "sources/ab12": b"URN,Name\n",
        "staging/half": b"work in progress",
        "lake/absence/.2.parquet.part": b"unfinished",
    }
    for name, content in files.items():
        (home.root / name).parent.mkdir(parents=True, exist_ok=True)
        (home.root / name).write_bytes(content)
    home.secret_key.write_text("the secret key")
    return home


def people_in(home: Home) -> list[str]:
    with closing(sqlite3.connect(home.database)) as database:
        return [email for (email,) in database.execute("SELECT email FROM people_person ORDER BY email")]


def test_restores_on_an_empty_machine(filled: Home, tmp_path: Path) -> None:
    made = make_backup(filled, tmp_path / "kept.zip", at=NOW, passphrase=PASSPHRASE)
    elsewhere = Home(tmp_path / "elsewhere" / "home")

    restored = restore_backup(made.path, elsewhere, at=NOW, passphrase=PASSPHRASE)

    assert people_in(elsewhere) == ["alice@example.org"]
    assert (elsewhere.lake / "absence" / "1.parquet").read_bytes() == b"PAR1 version"
    assert (elsewhere.sources / "ab12").read_bytes() == b"URN,Name\n"
    assert (elsewhere.lake / "series" / "CURRENT").read_text() == "build-2\n"
    assert elsewhere.secret_key.read_text() == "the secret key"
    assert restored.made == "2026-11-24T09:30:00+00:00"
    assert restored.files == made.files


def test_a_backup_is_written_in_the_trail(filled: Home, tmp_path: Path) -> None:
    make_backup(filled, tmp_path / "kept.zip", at=NOW)
    entry = AuditEntry.objects.get(verb="backup.make")
    assert (entry.actor, entry.subject_id) == (None, "kept.zip")


def test_leaves_out_what_is_not_in_force(filled: Home, tmp_path: Path) -> None:
    make_backup(filled, tmp_path / "kept.zip", at=NOW)
    with reading(tmp_path / "kept.zip") as archive:
        names = set(archive.sums)
    assert names >= {"database.sqlite3", "lake/absence/1.parquet", "lake/series/build-2/series.parquet"}
    assert not [name for name in names if "build-1" in name or "staging" in name or "part" in name]


def test_the_secret_key_stays_out_without_a_passphrase(filled: Home, tmp_path: Path) -> None:
    made = make_backup(filled, tmp_path / "kept.zip", at=NOW)
    assert not made.holds_key
    restore_backup(made.path, Home(tmp_path / "new"), at=NOW)
    assert not (tmp_path / "new" / "secret.key").exists()
    assert b"the secret key" not in made.path.read_bytes()


def test_nobody_comes_in_with_a_session_found_in_a_backup(filled: Home, tmp_path: Path) -> None:
    Client().force_login(Person.objects.get())
    (key,) = Session.objects.values_list("session_key", flat=True)
    cache.set("a used code", "y", 300)
    made = make_backup(filled, tmp_path / "kept.zip", at=NOW)

    with reading(made.path) as archive:
        assert key.encode() not in b"".join(archive.pieces("database.sqlite3"))
        assert b"a used code" not in b"".join(archive.pieces("database.sqlite3"))
    assert Session.objects.filter(session_key=key).exists()


def test_what_a_crafted_backup_puts_in_the_cache_is_never_read(filled: Home, tmp_path: Path) -> None:
    """The cache is unpickled when it is read: whoever writes it runs what they like."""
    crafted = tmp_path / "crafted.sqlite3"
    sqlite_store.snapshot(Path(str(connection.settings_dict["NAME"])), crafted)
    with closing(sqlite3.connect(crafted)) as database, database:
        database.execute("INSERT INTO redway_cache VALUES (':1:key', 'pickled harm', '2999-01-01')")
    with writing(tmp_path / "kept.zip") as writer:
        writer.add_file("database.sqlite3", crafted)
        writer.close({"engine": "sqlite", "migrations": sqlite_store.applied_migrations(crafted)})
    elsewhere = Home(tmp_path / "elsewhere")

    restore_backup(tmp_path / "kept.zip", elsewhere, at=NOW)

    with closing(sqlite3.connect(elsewhere.database)) as database:
        assert database.execute("SELECT count(*) FROM redway_cache").fetchone() == (0,)


def test_a_key_kept_apart_can_be_given(filled: Home, tmp_path: Path) -> None:
    made = make_backup(filled, tmp_path / "kept.zip", at=NOW)
    (tmp_path / "apart").write_text("the secret key\n")
    restore_backup(made.path, Home(tmp_path / "new"), at=NOW, key_file=tmp_path / "apart")
    assert (tmp_path / "new" / "secret.key").read_text() == "the secret key"


def test_is_consistent_while_people_work(filled: Home, tmp_path: Path) -> None:
    """Somebody moves a mark from one row to another all the while; no backup may show two marks or none."""
    database = str(connection.settings_dict["NAME"])
    stop = threading.Event()

    def work() -> None:
        with closing(sqlite3.connect(database, timeout=20)) as busy:
            busy.execute("CREATE TABLE marks (place INTEGER)")
            busy.execute("INSERT INTO marks VALUES (0)")
            busy.commit()
            place = 0
            while not stop.is_set():
                place += 1
                busy.execute("DELETE FROM marks")
                busy.execute("INSERT INTO marks VALUES (?)", [place])
                busy.commit()
            busy.execute("DROP TABLE marks")
            busy.commit()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        for number in range(5):
            made = make_backup(filled, tmp_path / f"{number}.zip", at=NOW)
            restored = Home(tmp_path / f"home-{number}")
            restore_backup(made.path, restored, at=NOW)
            with closing(sqlite3.connect(restored.database)) as opened:
                tables = {name for (name,) in opened.execute("SELECT name FROM sqlite_master")}
                assert "marks" not in tables or opened.execute("SELECT COUNT(*) FROM marks").fetchone() == (
                    1,
                )
    finally:
        stop.set()
        worker.join()


def test_a_folder_in_use_by_others_is_not_overwritten(filled: Home, tmp_path: Path) -> None:
    made = make_backup(filled, tmp_path / "kept.zip", at=NOW)
    occupied = Home(tmp_path / "occupied")
    occupied.root.mkdir()
    (occupied.root / "something").write_text("precious")

    with pytest.raises(RestoreRefusedError, match="not empty"):
        restore_backup(made.path, occupied, at=NOW)
    assert [path.name for path in occupied.root.iterdir()] == ["something"]

    restored = restore_backup(made.path, occupied, at=NOW, replace=True)
    assert restored.set_aside == tmp_path / "occupied.before-2026-11-24-093000"
    assert (restored.set_aside / "something").read_text() == "precious"
    assert people_in(occupied) == ["alice@example.org"]


def test_a_folder_being_served_is_refused(filled: Home, tmp_path: Path) -> None:
    made = make_backup(filled, tmp_path / "kept.zip", at=NOW)
    served = Home(tmp_path / "served")
    with in_use(served), pytest.raises(RestoreRefusedError, match="serving"):
        restore_backup(made.path, served, at=NOW, replace=True)


def test_a_damaged_backup_changes_nothing(filled: Home, tmp_path: Path) -> None:
    made = make_backup(filled, tmp_path / "kept.zip", at=NOW)
    damaged = made.path.read_bytes().replace(b"PAR1 version", b"PAR1 VERSION")
    made.path.write_bytes(damaged)
    with pytest.raises(BackupError, match="damaged"):
        restore_backup(made.path, Home(tmp_path / "new"), at=NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "kept.zip"]


def test_a_backup_of_a_newer_redway_is_refused(filled: Home, tmp_path: Path) -> None:
    with writing(tmp_path / "newer.zip") as writer:
        writer.close({"engine": "sqlite", "version": "99.0", "migrations": [["people", "9999_later"]]})
    with pytest.raises(RestoreRefusedError, match=r"newer Redway \(99.0\)"):
        restore_backup(tmp_path / "newer.zip", Home(tmp_path / "new"), at=NOW)


def test_a_backup_of_the_other_database_is_refused(filled: Home, tmp_path: Path) -> None:
    with writing(tmp_path / "other.zip") as writer:
        writer.close({"engine": "postgresql", "migrations": []})
    with pytest.raises(RestoreRefusedError, match="made with PostgreSQL"):
        restore_backup(tmp_path / "other.zip", Home(tmp_path / "new"), at=NOW)


@pytest.mark.parametrize("place", ["nowhere/kept.zip", ".", "home/kept.zip"])
def test_a_bad_place_for_the_backup_is_refused(filled: Home, tmp_path: Path, place: str) -> None:
    with pytest.raises(BackupError):
        make_backup(filled, tmp_path / place, at=NOW)
