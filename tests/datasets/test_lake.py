"""Files come to rest whole; what a crash left is swept; a full disk is said in plain words."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from datasets.made_up import FORMATS, schools, write
from datasets.memory_ledger import MemoryLedger
from redway.core.home import Home
from redway.datasets.errors import DiskFull
from redway.datasets.import_report import FileReport, Outcome
from redway.datasets.importing import import_path
from redway.datasets.lake import Known, Lake, room_to_write

Import = Callable[..., FileReport]


def known(ledger: MemoryLedger) -> Callable[[], Known]:
    versions = ledger.versions()
    return lambda: Known(
        frozenset((each.format, each.id) for each in versions), frozenset(each.sha256 for each in versions)
    )


def nobody_is_asked() -> Known:
    raise AssertionError("the ledger was asked while an import is running")


def test_the_sweep_removes_what_nobody_points_to_and_nothing_else(
    tmp_path: Path, bring_in: Import, ledger: MemoryLedger, home: Home
) -> None:
    report = bring_in(write(tmp_path, "abs_2017.csv", schools(30)))
    assert report.version_id is not None
    kept = Lake(home).version_path("made-up-absence", report.version_id)
    orphan = kept.with_name("99.parquet")
    orphan.write_bytes(b"half")
    (home.sources / ("0" * 64)).write_bytes(b"half")
    (home.staging / "left-behind").mkdir()
    figures = home.lake / "series" / "CURRENT"
    figures.parent.mkdir()
    figures.write_text("build")
    assert Lake(home).sweep(known(ledger)) == 3
    assert kept.exists()
    assert figures.exists()
    assert not orphan.exists()
    assert Lake(home).sweep(known(ledger)) == 0


def test_nothing_is_swept_while_an_import_is_running(home: Home) -> None:
    with Lake(home).working() as folder:
        (folder / "work").write_text("in progress")
        assert Lake(home).sweep(nobody_is_asked) == 0
        assert (folder / "work").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_said_so(number: int) -> None:
    with pytest.raises(DiskFull, match="Nothing was changed"), room_to_write():
        raise OSError(number, "whatever the system calls it")


def test_other_trouble_with_the_disk_is_not_called_full() -> None:
    with pytest.raises(PermissionError), room_to_write():
        raise PermissionError(errno.EACCES, "no")


def test_a_disk_that_fills_while_the_version_is_written_leaves_nothing(
    tmp_path: Path, ledger: MemoryLedger, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("redway.datasets.lake.VersionWriter.write", full)
    path = write(tmp_path, "abs_2017.csv", schools(30))
    (report,) = import_path(path, ledger, home, formats=FORMATS)
    assert report.outcome is Outcome.FAILED
    assert "disk" in report.reasons[0]
    assert ledger.versions() == []
    assert not home.lake.exists()
    assert [left.name for left in home.staging.iterdir()] == [".lock"]
