"""The files of a data folder as at one moment: a second name for each, so that clearing up removes none."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from redway.core.home import Home
from redway.web.backup.errors import BackupError

_ATTEMPTS = 5


def freeze_documents(home: Home, into: Path) -> None:
    """Link the documents of cases into ``into``, before the database is taken.

    Each then lies there under a key that the copy of the database holds, also when keys are changed while
    the backup is made: a document that is encrypted anew is another file under the same name.
    """
    for name in _files(home.documents, home.root):
        _link(home.root / name, into / name)


def freeze(home: Home, into: Path) -> list[str]:
    """Link every committed version, the figures in force, every source and document into ``into``.

    Returns their names relative to the home. Versions and sources never change once they are there; the
    figures are replaced as a whole when data arrives, so they are taken again if that happens meanwhile.
    """
    names = [name for name in _files(home.lake, home.root) if not name.startswith("lake/series/")]
    names += _files(home.sources, home.root)
    names += _files(home.documents, home.root)
    for name in names:
        if not (into / name).exists():
            _link(home.root / name, into / name)
    return names + _freeze_series(home, into)


def _freeze_series(home: Home, into: Path) -> list[str]:
    series = home.lake / "series"
    for _ in range(_ATTEMPTS):
        try:
            return _freeze_series_once(series, home, into)
        except FileNotFoundError:
            shutil.rmtree(into / "lake" / "series", ignore_errors=True)
    raise BackupError(
        "The figures were being computed again all the while.",
        "Wait until imports have finished and try again.",
    )


def _freeze_series_once(series: Path, home: Home, into: Path) -> list[str]:
    current = series / "CURRENT"
    if not current.exists():
        return []
    build = current.read_text(encoding="utf-8").strip()
    wanted = [*_files(series / build, home.root), *_files(series / "parts", home.root)]
    for name in wanted:
        _link(home.root / name, into / name)
    pointer = into / "lake" / "series" / "CURRENT"
    pointer.parent.mkdir(parents=True, exist_ok=True)
    pointer.write_text(f"{build}\n", encoding="utf-8")
    return [*wanted, "lake/series/CURRENT"]


def _files(folder: Path, root: Path) -> list[str]:
    """Files below a folder; names that start with a dot are unfinished work of somebody else."""
    if not folder.is_dir():
        return []
    found = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return sorted(path.relative_to(root).as_posix() for path in found)


def _link(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(path, target)  # a file system without links
