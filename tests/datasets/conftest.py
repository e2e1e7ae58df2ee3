"""A data folder, a ledger and a way to import, for the tests of the pipeline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from datasets.made_up import FORMATS
from datasets.memory_ledger import MemoryLedger
from redway.core.home import Home
from redway.datasets.import_report import FileReport
from redway.datasets.importing import import_path
from redway.datasets.lake import Lake


@pytest.fixture
def ledger() -> MemoryLedger:
    return MemoryLedger()


@pytest.fixture
def bring_in(home: Home, ledger: MemoryLedger) -> Callable[..., FileReport]:
    """Import one file with the made-up formats and give its report."""

    def bring(path: Path, **asked: Any) -> FileReport:
        (report,) = import_path(path, ledger, home, **({"formats": FORMATS} | asked))
        return report

    return bring


@pytest.fixture
def rows_of(home: Home) -> Callable[[FileReport], pl.DataFrame]:
    """The committed rows behind a report."""

    def read(report: FileReport) -> pl.DataFrame:
        assert report.kind is not None
        assert report.version_id is not None, report.reasons
        return pl.read_parquet(Lake(home).version_path(report.kind, report.version_id))

    return read
