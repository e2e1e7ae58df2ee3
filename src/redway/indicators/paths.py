"""Where the figures lie: one folder per build, the name of the build in force in one small file.

A build holds the figures twice, sorted for the two ways they are asked for (one school or area; one
measure), each as a large ``base`` file and a small ``recent`` file of versions committed since the base
was made. Files never change under their name, so readers need no lock.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polars as pl

from redway.core.home import Home

BASE_BY_ENTITY = "series.parquet"
BASE_BY_INDICATOR = "series_by_indicator.parquet"
RECENT_BY_ENTITY = "recent.parquet"
RECENT_BY_INDICATOR = "recent_by_indicator.parquet"
BANDS = "bands.parquet"
MANIFEST = "build.json"

BY_ENTITY = ("level", "entity", "indicator", "period_end", "edition_rank")
BY_INDICATOR = ("level", "indicator", "period_end", "entity", "edition_rank")

ROW_GROUP = 8_192
"""Figures in one row group: small enough to read in a millisecond, large enough to compress."""


def series_folder(home: Home) -> Path:
    return home.lake / "series"


def part_path(home: Home, version: int) -> Path:
    """Figures computed from one version; kept for as long as the version, so that any day can be shown."""
    return series_folder(home) / "parts" / f"{version}.parquet"


def version_path(home: Home, format_code: str, version: int) -> Path:
    return home.lake / format_code / f"{version}.parquet"


@dataclass(frozen=True)
class Manifest:
    """What a build is made of."""

    catalogue: str
    keys: str
    base: Mapping[int, int]
    """Version -> figures, of everything in the base files (perhaps no longer in force)."""
    live: Mapping[int, int]
    """Version -> figures, of everything in force. What is not in the base is in the recent files."""

    def write(self, folder: Path) -> None:
        entry = {"catalogue": self.catalogue, "keys": self.keys, "base": self.base, "live": self.live}
        (folder / MANIFEST).write_text(json.dumps(entry), "utf-8")


@lru_cache(maxsize=8)
def read_manifest(folder: Path) -> Manifest:
    entry = json.loads((folder / MANIFEST).read_text("utf-8"))
    base, live = (
        {int(version): count for version, count in entry[name].items()} for name in ("base", "live")
    )
    return Manifest(entry["catalogue"], entry["keys"], base, live)


def current_build(home: Home) -> Path | None:
    """The folder of the build in force, or None before the first."""
    try:
        name = (series_folder(home) / "CURRENT").read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    return series_folder(home) / name


def make_current(home: Home, build: Path) -> None:
    """Put a finished build in force: one atomic rename, safe against loss of power."""
    folder = series_folder(home)
    note = folder / f".CURRENT-{os.getpid()}"
    with note.open("w", encoding="utf-8") as out:
        out.write(build.name)
        out.flush()
        os.fsync(out.fileno())
    note.replace(folder / "CURRENT")


@lru_cache(maxsize=16)
def scan(path: Path) -> pl.LazyFrame:
    """A file opened once in this process: its statistics then lead straight to the few row groups needed."""
    return pl.scan_parquet(path)


def write_sorted(figures: pl.DataFrame, order: tuple[str, ...], path: Path) -> None:
    """Write figures sorted by their keys, in small row groups, with the figures' plain column types."""
    ordered = figures.sort(order)
    words = [name for name, kind in ordered.schema.items() if isinstance(kind, pl.Enum | pl.Categorical)]
    plain = ordered.with_columns(pl.col(words).cast(pl.String))
    plain.write_parquet(
        path, compression="zstd", compression_level=1, row_group_size=ROW_GROUP, statistics=True
    )


def coded(figures: pl.DataFrame) -> pl.DataFrame:
    """Texts as codes in alphabetical order, which makes sorting and grouping millions of figures quick."""
    kinds = {
        name: pl.Enum(figures[name].drop_nulls().unique().sort())
        for name, kind in figures.schema.items()
        if kind == pl.String
    }
    return figures.with_columns(pl.col(name).cast(kind) for name, kind in kinds.items())
