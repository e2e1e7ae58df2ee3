"""A data folder with a few made-up files, imported by the real pipeline and turned into figures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from datasets.memory_ledger import MemoryLedger
from redway.core.home import Home
from redway.datasets.importing import import_path
from redway.datasets.ledger import Version
from redway.indicators.store import BuildReport, SeriesStore, refresh


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


@pytest.fixture
def bring(home: Home, ledger: MemoryLedger) -> Callable[..., Version]:
    """Import one file and give the version it became."""

    def one(path: Path, period: str | None = None) -> Version:
        before = len(ledger.versions())
        (report,) = import_path(path, ledger, home, period=period, accept=True)
        assert len(ledger.versions()) == before + 1, report
        return ledger.versions()[-1]

    return one


@pytest.fixture
def update(home: Home, ledger: MemoryLedger) -> Callable[[], BuildReport]:
    """Bring the figures up to date, without a register."""
    return lambda: refresh(home, ledger.versions())


@pytest.fixture
def store(home: Home, ledger: MemoryLedger) -> SeriesStore:
    return SeriesStore(home, ledger)
