"""Where the figures lie: one folder per build, the name of the build in force in one small file.

A build holds the figures twice, sorted for the two ways they are asked for (one school or area; one
measure), each as a large ``base`` file and a small ``recent`` file of versions committed since the base
was made. Files never change under their name, so readers need no lock.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

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


@dataclass(frozen=True)
class Manifest:
    """What a build is made of."""

    catalogue: str
    groups: str
    base: Mapping[int, int]
    """Version -> figures, of everything in the base files (perhaps no longer in force)."""
    live: Mapping[int, int]
    """Version -> figures, of everything in force. What is not in the base is in the recent files."""
    limits: Mapping[int, tuple[str, ...]]
    """Version -> the period labels it answers for, where that is not all of them."""

    def with_base(self, base: Mapping[int, int]) -> Manifest:
        return replace(self, base=dict(base))

    def write(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(json.dumps(asdict(self)), "utf-8")


@lru_cache(maxsize=8)
def read_manifest(folder: Path) -> Manifest:
    """What a build is made of, as it was written."""
    entry = json.loads((folder / MANIFEST).read_text("utf-8"))

    def keyed(name: str) -> dict[int, Any]:
        return {int(version): value for version, value in entry[name].items()}

    limits = {version: tuple(labels) for version, labels in keyed("limits").items()}
    return Manifest(entry["catalogue"], entry["groups"], keyed("base"), keyed("live"), limits)


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
