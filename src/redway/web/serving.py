"""The server: gunicorn with threads, a worker for long jobs inside, and clear words when it cannot start."""

from __future__ import annotations

import errno
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from redway.core.errors import RedwayError
from redway.core.home import Home, find_home
from redway.web.backup.in_use import in_use

THREADS = 8
"""Requests a worker handles at once; most of their time is spent waiting for the database."""


class ServingError(RedwayError):
    """The address cannot be served on."""


@dataclass(frozen=True)
class Address:
    """Where the pages are: a host name or number, and a port."""

    host: str
    port: int

    @property
    def url(self) -> str:
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - only compared
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def bind(self) -> str:
        return f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def address_from_environment(host: str = "", port: str = "") -> Address:
    """The address given, else HOST and PORT, else 127.0.0.1:8000. Raises ServingError for no port number."""
    text = port or os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise ServingError(f"'{text}' is not a port.", "Use a number such as 8000.")
    return Address(host or os.environ.get("HOST") or "127.0.0.1", int(text))


def refuse_taken(address: Address) -> None:
    """Raise ServingError when the address is in use or may not be used, before any work is done for it."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(place)
    except OSError as error:
        raise _cannot_serve(address, error) from error


def _cannot_serve(address: Address, error: OSError) -> ServingError:
    if error.errno == errno.EADDRINUSE:
        return ServingError(
            f"Port {address.port} on {address.host} is in use by another program.",
            f"Stop that program, or use another port: PORT={address.port % 65000 + 1} make run",
        )
    if error.errno == errno.EACCES:
        return ServingError(
            f"Port {address.port} may not be used without special rights.",
            "Use a port above 1023, such as 8000.",
        )
    return ServingError(
        f"Nothing can be served on {address.host}: {error.strerror or error}.",
        "Set HOST to an address of this machine.",
    )


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn set up in code, so that no file or environment variable changes how Redway is served."""

    def __init__(self, address: Address, workers: int, threads: int, on_ready: Callable[[], None]) -> None:
        self._settings: dict[str, Any] = {
            "bind": address.bind,
            "workers": workers,
            "threads": threads,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 15,
            "keepalive": 5,
            "loglevel": "warning",
            "proc_name": "redway",
            "control_socket_disable": True,
            # Heartbeats go to memory: a slow disk must not look like a dead worker.
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108, PTH112
            "when_ready": lambda _: on_ready(),
            "post_worker_init": _begin_work,
            "worker_exit": _stop_jobs,
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        from redway.web.wsgi import application

        return application


def _begin_work(worker: Any) -> None:
    from redway.web.jobs.worker import start_worker_thread
    from redway.web.warming import warm_up_in_background

    worker.redway_jobs = start_worker_thread()
    warm_up_in_background()


def _stop_jobs(_server: Any, worker: Any) -> None:
    if jobs := getattr(worker, "redway_jobs", None):
        jobs.stop()


def serve_in_new_process(home: Home, address: Address, *, workers: int) -> NoReturn:
    """Become the server: this process is replaced, so what it did before cannot disturb the workers.

    gunicorn forks its workers from a process that must not have used Polars or a database connection: neither
    survives a fork, and a worker would wait for ever. Raises ServingError when the address cannot be had.
    """
    refuse_taken(address)
    os.environ["REDWAY_HOME"] = str(home.root)
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-m", "redway.web.serving", address.host, str(address.port), str(workers)]
    os.execv(sys.executable, command)  # noqa: S606 - our own interpreter and module


def _serve(host: str, port: str, workers: str) -> None:
    """What the new process does: hold the data folder and serve until stopped."""
    address, home = Address(host, int(port)), find_home()

    def greet() -> None:
        print(f"Redway is at {address.url} (data folder {home.root}). Stop it with Ctrl+C.", flush=True)

    with in_use(home):
        Server(address, int(workers), THREADS, greet).run()


if __name__ == "__main__":
    _serve(*sys.argv[1:])
