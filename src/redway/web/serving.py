"""The server: gunicorn with threads, a worker for long jobs inside, and clear words when it cannot start."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from redway.core.errors import RedwayError
from redway.core.home import Home
from redway.web.backup.in_use import in_use


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
            "post_worker_init": _start_jobs,
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


def _start_jobs(worker: Any) -> None:
    from redway.web.jobs.worker import start_worker_thread

    worker.redway_jobs = start_worker_thread()


def _stop_jobs(_server: Any, worker: Any) -> None:
    if jobs := getattr(worker, "redway_jobs", None):
        jobs.stop()


def serve(
    home: Home, address: Address, *, workers: int = 1, threads: int = 8, on_ready: Callable[[], None]
) -> None:
    """Serve until stopped. ``on_ready`` is called once the address answers. Raises ServingError."""
    refuse_taken(address)
    with in_use(home):
        Server(address, workers, threads, on_ready).run()
