"""``redway serve``: it answers, it says where, and it says why when it cannot."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from redway.web.serving import Address, ServingError, address_from_environment, refuse_taken

COMMAND = [sys.executable, "-c", "from redway.cli.main import run; run()"]


def environ(home: Path, **more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "HOST", "PORT")}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[2] / "src"), "REDWAY_HOME": str(home), **more}


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def served(home: Path, port: int) -> Iterator[str]:
    """A server as a person starts it; gives what it said once it answered."""
    process = subprocess.Popen(
        [*COMMAND, "serve"], env=environ(home, PORT=str(port)), stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
        assert process.stdout is not None
        process.stdout.close()


def test_it_answers_where_it_says(tmp_path: Path) -> None:
    port = free_port()
    with served(tmp_path / "home", port) as said:
        assert said.startswith(f"Redway is at http://127.0.0.1:{port}")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as answer:
            assert answer.status == 200
            assert "/sign-in/" in answer.url
            assert "default-src" in answer.headers["Content-Security-Policy"]


def test_a_port_in_use_is_said_before_anything_is_done(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        refused = subprocess.run(
            [*COMMAND, "demo"], env=environ(tmp_path / "home", PORT=port), capture_output=True, text=True
        )
    assert refused.returncode == 1
    assert f"Port {port} on 127.0.0.1 is in use by another program." in refused.stderr
    assert not (tmp_path / "home").exists()


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    home = tmp_path / "file" / "home"
    refused = subprocess.run(
        [*COMMAND, "serve"], env=environ(home, PORT=str(free_port())), capture_output=True, text=True
    )
    assert refused.returncode in (1, 2)
    assert str(home) in refused.stderr or "file" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "8000.0"])
def test_what_is_no_port_is_refused(port: str) -> None:
    with pytest.raises(ServingError, match="is not a port"):
        address_from_environment(port=port)


def test_host_and_port_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOST", "0.0.0.0")
    monkeypatch.setenv("PORT", "9000")
    address = address_from_environment()
    assert address.bind == "0.0.0.0:9000"
    assert address.url == "http://127.0.0.1:9000"


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ServingError, match="Nothing can be served on"):
        refuse_taken(Address("192.0.2.1", 8000))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://redway:hush@127.0.0.1:1/redway", "The PostgreSQL database cannot be used"),
        ("postgresql://redway:hush@127.0.0.1:port/redway", "is not the address of a PostgreSQL database"),
        ("mysql://redway:hush@127.0.0.1/redway", "is not the address of a PostgreSQL database"),
    ],
)
def test_a_database_that_cannot_be_used_is_said_with_what_to_do(
    tmp_path: Path, address: str, words: str
) -> None:
    said = _refusal(tmp_path, DATABASE_URL=address)
    assert words in said
    assert "DATABASE_URL" in said
    assert "hush" not in said


def test_a_damaged_database_file_is_said_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "redway.sqlite3").write_bytes(b"no database " * 1000)
    said = _refusal(tmp_path)
    assert "file is not a database" in said
    assert "redway restore" in said


def _refusal(home: Path, **more: str) -> str:
    done = subprocess.run(
        [*COMMAND, "serve"],
        env=environ(home, PORT=str(free_port()), **more),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "Something went wrong" not in done.stderr
    return done.stderr
