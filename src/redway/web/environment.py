"""Settings read from the environment: the database, the secret key, lists and switches."""

from __future__ import annotations

import os
import secrets
import socket
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from redway.core.errors import RedwayError

SQLITE_OPTIONS: dict[str, Any] = {
    # IMMEDIATE: a transaction that will write takes its lock at once instead of failing half-way.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}


class SettingsError(RedwayError):
    """An environment variable that cannot be used as it is."""


def switch(name: str, default: bool = False) -> bool:
    """True for 1, true, yes, on; False for 0, false, no, off and unset."""
    text = os.environ.get(name, "").strip().lower()
    if not text:
        return default
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"0", "false", "no", "off"}:
        return False
    raise SettingsError(f"{name} is '{text}'.", "Set it to 1 or 0.")


def number(name: str, default: int) -> int:
    """A whole number, zero or more."""
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit()):
        raise SettingsError(f"{name} is '{text}'.", "Set it to a whole number.")
    return int(text)


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def local_hosts() -> str:
    """Names under which a server that is no production server may be addressed: this machine's own."""
    named = os.environ.get("HOST", "")
    known = ["127.0.0.1", "localhost", "[::1]", socket.gethostname()]
    return ",".join([*known, named] if named and named not in {"0.0.0.0", "::"} else known)  # noqa: S104


def openid_connect() -> dict[str, Any]:
    """allauth's SOCIALACCOUNT_PROVIDERS for the council's own sign-in; empty when it is not set.

    The council answers for the e-mail addresses its service sends, so they count as verified. For that
    reason the issuer must be the council's own tenant, never one that anybody can join.
    """
    issuer = os.environ.get("REDWAY_OIDC_ISSUER", "").rstrip("/")
    if not issuer:
        return {}
    client, secret = (
        os.environ.get("REDWAY_OIDC_CLIENT_ID", ""),
        os.environ.get("REDWAY_OIDC_CLIENT_SECRET", ""),
    )
    if not issuer.startswith("https://") or not client or not secret:
        raise SettingsError(
            "OpenID Connect is only half set.",
            "Set REDWAY_OIDC_ISSUER (https), REDWAY_OIDC_CLIENT_ID and REDWAY_OIDC_CLIENT_SECRET.",
        )
    return {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "VERIFIED_EMAIL": True,
            "APPS": [
                {
                    "provider_id": "council",
                    "name": os.environ.get("REDWAY_OIDC_NAME", "your council account"),
                    "client_id": client,
                    "secret": secret,
                    "settings": {"server_url": issuer},
                }
            ],
        }
    }


def database(url: str, sqlite_file: Path) -> dict[str, Any]:
    """Django's DATABASES entry: PostgreSQL when ``url`` is given, else the SQLite file.

    >>> database("postgresql://redway:secret@db:5433/redway", Path("x"))["PORT"]
    '5433'
    """
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(sqlite_file),
            "OPTIONS": dict(SQLITE_OPTIONS),
            # Opening the file and setting it up takes longer than most questions asked of it.
            "CONN_MAX_AGE": 60,
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/") or not _has_port(parts):
        raise SettingsError(
            "DATABASE_URL is not the address of a PostgreSQL database.",
            "Write it as postgresql://name:password@host:5432/database.",
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _has_port(parts: SplitResult) -> bool:
    """Is the port a number, or left out?"""
    try:
        return parts.port is None or parts.port > 0
    except ValueError:
        return False


def read_or_make_secret_key(path: Path) -> str:
    """The key kept in ``path``; made on first use, readable by its owner only.

    Two processes that start together agree: the key is written beside and linked into place, and
    whoever is second reads what the first wrote.
    """
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()
    return path.read_text(encoding="ascii").strip()
