"""Reads the register from the versions in force: the door between the lake and the pure builder."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from redway.core.errors import NotEnoughData
from redway.core.home import Home
from redway.datasets.format import Format, load_formats
from redway.datasets.lake import Lake
from redway.datasets.ledger import Version, VersionReader, as_at
from redway.datasets.register import Register, Snapshot, build

SNAPSHOTS = "establishments"
"""The dataset whose every format is an edition of the establishments, whole or in part."""

PARTS = {"links": "establishment-links", "groups": "groups", "group_links": "group-links"}
AREAS = {"authorities": "authorities", "hierarchy": "areas-hierarchy"}


def register_versions(versions: Iterable[Version]) -> list[Version]:
    """Of the versions in force, those the register is built from, oldest edition first."""
    formats = {*PARTS.values(), *AREAS.values()}
    chosen = [version for version in versions if version.dataset == SNAPSHOTS or version.format in formats]
    return sorted(chosen, key=lambda version: (version.period_end, version.id))


def read_register(home: Home, ledger: VersionReader, day: date | None = None) -> Register:
    """The register as the versions in force tell it, now or at the end of a day.

    Raises NotEnoughData while no edition of the establishments is held.
    """
    return build_from(register_versions(as_at(ledger.versions(), day)), Lake(home))


def authorities_of_schools(home: Home, ledger: VersionReader) -> dict[str, str]:
    """URN -> three-digit number of the school's authority; empty while there is no register."""
    try:
        known = read_register(home, ledger).establishments
    except NotEnoughData:
        return {}
    return dict(known.select("urn", "la_code").drop_nulls().iter_rows())


def build_from(versions: Iterable[Version], lake: Lake) -> Register:
    """The register from these versions, given oldest edition first. Later ones outrank earlier ones."""
    known = {each.code: each for each in load_formats()}
    snapshots = []
    others: dict[str, pl.DataFrame] = {}
    for version in versions:
        frame = _described(lake, version, known[version.format])
        if version.dataset == SNAPSHOTS:
            snapshots.append(Snapshot(version.period_end, frame))
        else:
            others[version.format] = frame
    parts = {argument: others.get(code) for argument, code in {**PARTS, **AREAS}.items()}
    return build(snapshots, **parts)


def _described(lake: Lake, version: Version, known: Format) -> pl.DataFrame:
    """The described columns of one version, its own rows only (no aggregates)."""
    path = lake.version_path(version.format, version.id)
    described = {column.name for column in known.columns}
    frame = pl.read_parquet(path, use_pyarrow=False)
    keep = [name for name in frame.columns if name in described]
    return frame.filter(pl.col("_level") == known.level).select(keep)
