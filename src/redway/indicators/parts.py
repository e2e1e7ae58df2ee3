"""The figures of one version, computed once and kept beside the versions."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from redway.core.home import Home
from redway.datasets.format import Format
from redway.datasets.lake import Lake
from redway.datasets.ledger import Version, periods_in_force
from redway.indicators.catalogue import Catalogue
from redway.indicators.keys import SchoolKeys
from redway.indicators.paths import part_path
from redway.indicators.series import FIGURE_SCHEMA, compute, needed_columns

Limits = Mapping[int, tuple[str, ...]]
"""Version -> the period labels it answers for, where another version answers for some of its periods."""

_MARK = "redway.mark"


def limits_of(in_force: Sequence[Version]) -> Limits:
    """Which versions answer for only some of their periods (see ``ledger.periods_in_force``)."""
    periods = {version.id: set(version.periods) for version in in_force}
    answers = periods_in_force(in_force)
    return {
        version: tuple(sorted(labels)) for version, labels in answers.items() if labels < periods[version]
    }


class Parts:
    """Computes and reads parts; anew when the catalogue or the way to find schools has changed."""

    def __init__(self, home: Home, catalogue: Catalogue, keys: SchoolKeys) -> None:
        self._home = home
        self._lake = Lake(home)
        self._catalogue = catalogue
        self._keys = keys

    def is_computed(self, version: Version, fmt: Format) -> bool:
        path = part_path(self._home, version.id)
        return path.exists() and _mark_of(path) == self._mark(fmt)

    def compute(self, version: Version, fmt: Format, left_out: dict[str, int]) -> None:
        """Compute one version's figures and put them in place at once. Adds to ``left_out``."""
        source = self._lake.version_path(fmt.code, version.id)
        present = list(pl.read_parquet_schema(source))
        frame = pl.read_parquet(
            source, columns=needed_columns(self._catalogue.from_format(fmt.code), fmt, present)
        )
        keys = self._keys.of(version, fmt, frame)
        result = compute(frame, version.id, version.edition, fmt, self._catalogue, keys)
        for reason, rows in result.left_out.items():
            left_out[reason] = left_out.get(reason, 0) + rows
        target = part_path(self._home, version.id)
        target.parent.mkdir(parents=True, exist_ok=True)
        staged = target.with_name(f".{target.name}-{os.getpid()}")
        result.figures.write_parquet(
            staged, compression="zstd", compression_level=1, metadata={_MARK: self._mark(fmt)}
        )
        staged.replace(target)

    def figures_in(self, version: int) -> int:
        return int(pq.read_metadata(part_path(self._home, version)).num_rows)

    def read(self, versions: Sequence[int], limits: Limits) -> pl.DataFrame:
        """Figures of several versions, without those of periods for which another version answers."""
        return read_parts(self._home, versions, limits, {})

    def _mark(self, fmt: Format) -> str:
        terms = f"{self._catalogue.fingerprint} {self._keys.fingerprint(fmt)}"
        return hashlib.sha256(terms.encode()).hexdigest()[:16]


def read_parts(
    home: Home, versions: Sequence[int], limits: Limits, wanted: Mapping[str, Sequence[str]]
) -> pl.DataFrame:
    """Figures of several versions; ``wanted`` maps a column to the texts to keep."""
    chosen = [pl.col(name).is_in(texts) for name, texts in wanted.items()]
    frames = [pl.DataFrame(schema=FIGURE_SCHEMA)]
    for version in versions:
        part = pl.scan_parquet(part_path(home, version)).filter(*chosen).collect()
        if version in limits and part.height:
            part = _limited(home, part, version, limits[version])
        frames.append(part)
    return pl.concat(frames)


def _limited(home: Home, part: pl.DataFrame, version: int, labels: Sequence[str]) -> pl.DataFrame:
    """Rows of the version that it answers for, found by the label in the file itself."""
    source = Lake(home).version_path(part["format"][0], version)
    rows = pl.scan_parquet(source).filter(pl.col("_period").is_in(labels)).select(pl.col("_row").alias("row"))
    return part.join(rows.cast(pl.Int64).collect(), on="row", how="semi")


@lru_cache(maxsize=4096)
def _mark_at(path: Path, changed: int) -> str:
    found = pq.read_metadata(path).metadata or {}
    return str(found.get(_MARK.encode(), b"").decode())


def _mark_of(path: Path) -> str:
    return _mark_at(path, path.stat().st_mtime_ns)
