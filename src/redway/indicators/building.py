"""Keep the figures up to date with the committed versions: only new versions are computed.

Each version's figures are a part of their own. A few new figures are set beside the large base files;
when they have grown to a tenth of it, base and recent become one. The new build is put in force by one
rename, so a killed refresh leaves the old one standing and readers never see half of anything.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pyarrow.parquet as pq

from redway.core.home import Home
from redway.datasets.format import Format, load_formats
from redway.indicators.catalogue import Catalogue, load_catalogue
from redway.indicators.figures import best_edition
from redway.indicators.groups import BAND_SCHEMA, SchoolGroups, bands_of, no_groups
from redway.indicators.paths import (
    BANDS,
    BASE_BY_ENTITY,
    BASE_BY_INDICATOR,
    BY_ENTITY,
    BY_INDICATOR,
    RECENT_BY_ENTITY,
    RECENT_BY_INDICATOR,
    Manifest,
    coded,
    current_build,
    make_current,
    part_path,
    read_manifest,
    series_folder,
    version_path,
    write_sorted,
)
from redway.indicators.series import FIGURE_SCHEMA, Keys, VersionInfo, compute, needed_columns

if TYPE_CHECKING:
    from redway.datasets.ledger import Version
    from redway.datasets.register import Register

RECENT_SHARE = 0.1
"""Base and recent figures are made one when the recent (or no longer valid) ones pass this share of the base."""


@dataclass(frozen=True)
class BuildReport:
    """What a refresh did."""

    build: str
    kind: str
    """'whole', 'added' or 'unchanged'."""
    versions: int
    computed: tuple[int, ...]
    figures: int
    seconds: float
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Reason -> rows of the newly computed versions that could not become figures."""


def refresh(home: Home, versions: Sequence[Version], register: Register | None = None) -> BuildReport:
    """Bring the figures up to date with the versions in force.

    ``versions`` are the ledger's records (held and withdrawn ones are passed over; superseded ones are
    computed too, so that figures as at an earlier day can be shown). ``register`` finds the URN of
    files that carry none and the phase of each school; without it those files give no figures and
    distributions are over all schools only. Safe to call again at any time and by two processes at once.
    """
    started = time.monotonic()
    catalogue = load_catalogue()
    formats = {known.code: known for known in load_formats()}
    useful = [
        version
        for version in versions
        if version.state in ("current", "superseded") and catalogue.from_format(version.format)
    ]
    folder = series_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    with _only_one(folder):
        _sweep(home)
        keys = _Keys(home, versions, register)
        left_out: dict[str, int] = {}
        computed = []
        for version in useful:
            if not _is_computed(home, version.id, catalogue, keys.fingerprint_for(formats[version.format])):
                _compute_part(home, version, formats[version.format], catalogue, keys, left_out)
                computed.append(version.id)
        live = {version.id: _rows(home, version.id) for version in useful if version.state == "current"}
        kind, build = _build(home, live, catalogue, keys, set(computed))
        return BuildReport(
            build.name,
            kind,
            len(live),
            tuple(computed),
            sum(live.values()),
            round(time.monotonic() - started, 3),
            left_out,
        )


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    with (folder / "LOCK").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sweep(home: Home) -> None:
    """Remove what a killed refresh left, and builds older than the one before the present one."""
    folder = series_folder(home)
    for leftover in [*folder.glob(".building-*"), *folder.glob(".CURRENT-*"), *folder.glob("parts/.*")]:
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink(missing_ok=True)
    present = current_build(home)
    builds = sorted(path for path in folder.glob("build-*") if path.is_dir())
    older = [path for path in builds if present is not None and path < present]
    newer = [path for path in builds if present is None or path > present]
    for stale in [*older[:-1], *newer]:
        shutil.rmtree(stale)


class _Keys:
    """What finds schools and groups them, read only when some version needs it."""

    def __init__(self, home: Home, versions: Sequence[Version], register: Register | None) -> None:
        self.home = home
        self.register = register
        self.groups = SchoolGroups.of(register) if register is not None else no_groups()
        keyed = [version for version in versions if version.format == "establishments-state-schools"]
        self.key_version = max((version.id for version in keyed if version.state == "current"), default=None)

    def fingerprint_for(self, fmt: Format) -> str:
        """Changes when figures of this format would come to stand under other schools."""
        columns = {column.name for column in fmt.columns}
        if "school_key" in columns and "urn" not in columns:
            return f"school-keys-{self.key_version}"
        if "urn" not in columns:
            return self.groups.fingerprint
        return ""

    def for_format(self, fmt: Format) -> Keys:
        columns = {column.name for column in fmt.columns}
        if "urn" in columns:
            return Keys()
        if "school_key" in columns:
            return Keys(urn_of_school_key=self._school_keys())
        if self.register is not None and "establishment_number" in columns:
            return Keys(urn_of_laestab=self.groups.urn_of_laestab)
        return Keys()

    def _school_keys(self) -> Mapping[str, str]:
        if self.key_version is None:
            return {}
        path = version_path(self.home, "establishments-state-schools", self.key_version)
        frame = pl.read_parquet(path, columns=["school_key", "urn"]).drop_nulls()
        return dict(frame.with_columns(pl.col("school_key").str.replace(r"\.0+$", "")).iter_rows())


def _mark(catalogue: Catalogue, fingerprint: str) -> str:
    return hashlib.sha256(f"{catalogue.fingerprint} {fingerprint}".encode()).hexdigest()[:16]


def _is_computed(home: Home, version: int, catalogue: Catalogue, fingerprint: str) -> bool:
    path = part_path(home, version)
    if not path.exists():
        return False
    return _part_metadata(path).get("redway.mark") == _mark(catalogue, fingerprint)


def _part_metadata(path: Path) -> dict[str, str]:
    found = pq.read_metadata(path).metadata or {}
    return {name.decode(): value.decode() for name, value in found.items() if name.startswith(b"redway.")}


def _rows(home: Home, version: int) -> int:
    return int(pq.read_metadata(part_path(home, version)).num_rows)


def _compute_part(
    home: Home, version: Version, fmt: Format, catalogue: Catalogue, keys: _Keys, left_out: dict[str, int]
) -> None:
    source = version_path(home, fmt.code, version.id)
    present = pl.read_parquet_schema(source)
    columns = needed_columns(catalogue.from_format(fmt.code), fmt, list(present))
    frame = pl.read_parquet(source, columns=columns)
    result = compute(frame, VersionInfo(version.id, fmt), catalogue, keys.for_format(fmt))
    for reason, rows in result.left_out.items():
        left_out[reason] = left_out.get(reason, 0) + rows
    target = part_path(home, version.id)
    target.parent.mkdir(parents=True, exist_ok=True)
    staged = target.with_name(f".{target.name}")
    mark = _mark(catalogue, keys.fingerprint_for(fmt))
    result.figures.write_parquet(
        staged, compression="zstd", compression_level=1, metadata={"redway.mark": mark}
    )
    staged.replace(target)


def _read_parts(home: Home, versions: Sequence[int]) -> pl.DataFrame:
    if not versions:
        return pl.DataFrame(schema=FIGURE_SCHEMA)
    return pl.concat(pl.read_parquet(part_path(home, version)) for version in versions)


def _build(
    home: Home, live: Mapping[int, int], catalogue: Catalogue, keys: _Keys, computed: set[int]
) -> tuple[str, Path]:
    present = current_build(home)
    mark = _mark(catalogue, "")
    if present is not None:
        manifest = read_manifest(present)
        same = manifest.catalogue == mark and manifest.keys == keys.groups.fingerprint
        if same and dict(manifest.live) == dict(live) and not computed & set(live):
            return "unchanged", present
        if same and not computed & set(manifest.base):
            changed = _changed_figures(manifest, live)
            if changed <= RECENT_SHARE * sum(manifest.base.values()):
                return "added", _add(home, present, manifest, live, keys)
    return "whole", _whole(home, live, mark, keys)


def _changed_figures(manifest: Manifest, live: Mapping[int, int]) -> int:
    added = sum(count for version, count in live.items() if version not in manifest.base)
    dead = sum(count for version, count in manifest.base.items() if version not in live)
    return added + dead


def _whole(home: Home, live: Mapping[int, int], mark: str, keys: _Keys) -> Path:
    """All figures in force, sorted both ways."""
    folder = _new_folder(home)
    figures = coded(_read_parts(home, sorted(live)))
    write_sorted(figures, BY_ENTITY, folder / BASE_BY_ENTITY)
    write_sorted(figures, BY_INDICATOR, folder / BASE_BY_INDICATOR)
    bands_of(best_edition(figures), keys.groups).write_parquet(folder / BANDS)
    Manifest(mark, keys.groups.fingerprint, live, live).write(folder)
    return _finish(home, folder)


def _add(home: Home, present: Path, manifest: Manifest, live: Mapping[int, int], keys: _Keys) -> Path:
    """The same base files, new recent ones, and new bands where the recent figures touch them."""
    folder = _new_folder(home)
    for name in (BASE_BY_ENTITY, BASE_BY_INDICATOR):
        os.link(present / name, folder / name)
    recent = coded(_read_parts(home, sorted(version for version in live if version not in manifest.base)))
    write_sorted(recent, BY_ENTITY, folder / RECENT_BY_ENTITY)
    write_sorted(recent, BY_INDICATOR, folder / RECENT_BY_INDICATOR)
    was, now = set(manifest.live), set(live)
    _bands_again(home, present, folder, sorted(was ^ now), live, keys)
    Manifest(manifest.catalogue, manifest.keys, manifest.base, live).write(folder)
    return _finish(home, folder)


def _bands_again(
    home: Home, present: Path, folder: Path, changed: Sequence[int], live: Mapping[int, int], keys: _Keys
) -> None:
    names = ["level", "indicator", "period"]
    touched = _read_parts(home, changed).select(names).unique()
    wanted = pl.col("indicator").is_in(touched["indicator"].unique().to_list()) & pl.col("version").is_in(
        list(live)
    )
    files = [folder / BASE_BY_INDICATOR, folder / RECENT_BY_INDICATOR]
    figures = pl.concat(pl.scan_parquet(path).filter(wanted).collect() for path in files)
    figures = figures.join(touched, on=names, how="semi")
    kept = pl.read_parquet(present / BANDS).join(touched, on=names, how="anti")
    bands = pl.concat([kept, bands_of(best_edition(figures), keys.groups)])
    bands.select(list(BAND_SCHEMA)).sort("level", "group", "indicator", "period_end").write_parquet(
        folder / BANDS
    )


def _new_folder(home: Home) -> Path:
    folder = series_folder(home) / f".building-{os.getpid()}"
    folder.mkdir()
    return folder


def _finish(home: Home, folder: Path) -> Path:
    present = current_build(home)
    number = int(present.name.removeprefix("build-")) + 1 if present is not None else 1
    build = folder.rename(series_folder(home) / f"build-{number:06d}")
    make_current(home, build)
    return build
