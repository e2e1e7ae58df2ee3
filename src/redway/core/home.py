"""The data folder: where everything Redway keeps lies on disk."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """Paths inside one REDWAY_HOME. Nothing is created until it is needed."""

    root: Path

    @property
    def database(self) -> Path:
        """SQLite file of the transaction store (when DATABASE_URL is not set)."""
        return self.root / "redway.sqlite3"

    @property
    def lake(self) -> Path:
        """Immutable Parquet versions of datasets, and the series computed from them."""
        return self.root / "lake"

    @property
    def sources(self) -> Path:
        """The files as they were received, named by their SHA-256."""
        return self.root / "sources"

    @property
    def documents(self) -> Path:
        """Documents of cases, encrypted, under names that say nothing."""
        return self.root / "documents"

    @property
    def staging(self) -> Path:
        """Work in progress. Anything here may be deleted when no import is running."""
        return self.root / "staging"

    @property
    def secret_key(self) -> Path:
        """Signing and encryption key, made on first use, readable by the owner only."""
        return self.root / "secret.key"


def find_home(given: str | os.PathLike[str] | None = None) -> Home:
    """The folder named, else REDWAY_HOME, else ``.redway`` in the working folder."""
    return Home(Path(given or os.environ.get("REDWAY_HOME") or ".redway").expanduser().resolve())
