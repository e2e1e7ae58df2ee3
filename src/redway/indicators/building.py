"""Keep the figures up to date with the committed versions: only new versions are computed.

Each version's figures are a part of their own. A few new figures are set beside the large base files;
when they have grown to a tenth of it, base and recent become one. The new build is put in force by one
rename, so a killed refresh leaves the old one standing and readers never see half of anything.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from redway.core.home import Home
from redway.datasets.confidential import is_confidential
from redway.datasets.format import load_formats
from redway.datasets.ledger import Version, as_at
from redway.datasets.register import Register
from redway.indicators.catalogue import load_catalogue
from redway.indicators.figures import best_edition
from redway.indicators.groups import SchoolGroups, bands_of, no_groups
from redway.indicators.keys import SchoolKeys
from redway.indicators.parts import Parts, limits_of
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
    read_manifest,
    series_folder,
    write_sorted,
)

RECENT_SHARE = 0.1
"""Base and recent files become one when the figures added or out of force pass this share of the base."""


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

    ``versions`` are all of the ledger's records; superseded and withdrawn ones are computed too, so that
    figures as at an earlier day can be shown. ``register`` finds the URN of files that carry none and the
    phase of each school; without it those files give no figures and distributions are over all schools
    only. Safe to call again at any time, and by two processes at once.
    """
    started = time.monotonic()
    catalogue = load_catalogue()
    useful = [
        one
        for one in versions
        if one.committed_at is not None
        and catalogue.from_format(one.format)
        # Whatever a catalogue says: no published figure is made of facts about single children.
        and not is_confidential(one.format)
    ]
    formats = {known.code: known for known in load_formats()}
    folder = series_folder(home)
    folder.mkdir(parents=True, exist_ok=True)
    with _only_one(folder):
        _sweep(home)
        parts = Parts(home, catalogue, SchoolKeys(home, versions, register))
        computed, left_out = [], dict[str, int]()
        for version in useful:
            if not parts.is_computed(version, formats[version.format]):
                parts.compute(version, formats[version.format], left_out)
                computed.append(version.id)
        groups = no_groups() if register is None else SchoolGroups.of(register)
        wanted = _wanted(useful, parts, catalogue.fingerprint, groups.fingerprint)
        kind, build = _build(home, wanted, parts, groups, set(computed))
        seconds = round(time.monotonic() - started, 3)
        figures = sum(wanted.live.values())
        return BuildReport(build.name, kind, len(wanted.live), tuple(computed), figures, seconds, left_out)


def made_by_another_catalogue(home: Home) -> bool:
    """True when there are figures and an upgrade has since changed what they are made of."""
    present = current_build(home)
    return present is not None and read_manifest(present).catalogue != load_catalogue().fingerprint


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


def _wanted(useful: Sequence[Version], parts: Parts, catalogue: str, groups: str) -> Manifest:
    """What the build ought to be made of; its base is settled when it is built."""
    in_force = as_at(useful)
    live = {version.id: parts.figures_in(version.id) for version in in_force}
    return Manifest(catalogue, groups, base={}, live=live, limits=limits_of(in_force))


def _build(
    home: Home, wanted: Manifest, parts: Parts, groups: SchoolGroups, computed: set[int]
) -> tuple[str, Path]:
    present = current_build(home)
    if present is not None:
        held = read_manifest(present)
        same_terms = (held.catalogue, held.groups) == (wanted.catalogue, wanted.groups)
        if same_terms and (held.live, held.limits) == (wanted.live, wanted.limits):
            if not computed & set(held.live):
                return "unchanged", present
        elif same_terms and not computed & set(held.base) and _is_small(held, wanted):
            return "added", _add(home, present, held, wanted, parts, groups)
    return "whole", _whole(home, wanted, parts, groups)


def _is_small(held: Manifest, wanted: Manifest) -> bool:
    """May the base stay? Only when its versions answer for the same periods and little is new or gone."""
    kept = [version for version in wanted.live if version in held.base]
    if any(held.limits.get(version) != wanted.limits.get(version) for version in kept):
        return False
    added = sum(count for version, count in wanted.live.items() if version not in held.base)
    gone = sum(count for version, count in held.base.items() if version not in wanted.live)
    return added + gone <= RECENT_SHARE * sum(held.base.values())


def _whole(home: Home, wanted: Manifest, parts: Parts, groups: SchoolGroups) -> Path:
    """All figures in force, sorted both ways."""
    folder = _new_folder(home)
    figures = coded(parts.read(sorted(wanted.live), wanted.limits))
    write_sorted(figures, BY_ENTITY, folder / BASE_BY_ENTITY)
    write_sorted(figures, BY_INDICATOR, folder / BASE_BY_INDICATOR)
    bands_of(best_edition(figures), groups).write_parquet(folder / BANDS)
    return _finish(home, folder, wanted.with_base(wanted.live))


def _add(
    home: Home, present: Path, held: Manifest, wanted: Manifest, parts: Parts, groups: SchoolGroups
) -> Path:
    """The same base files, new recent ones, and new bands where the change touches them."""
    folder = _new_folder(home)
    for name in (BASE_BY_ENTITY, BASE_BY_INDICATOR):
        os.link(present / name, folder / name)
    recent = coded(parts.read(sorted(set(wanted.live) - set(held.base)), wanted.limits))
    write_sorted(recent, BY_ENTITY, folder / RECENT_BY_ENTITY)
    write_sorted(recent, BY_INDICATOR, folder / RECENT_BY_INDICATOR)
    changed = sorted(set(held.live) ^ set(wanted.live))
    _bands_again(present, folder, parts.read(changed, {}), set(wanted.live), groups)
    return _finish(home, folder, wanted.with_base(held.base))


def _bands_again(
    present: Path, folder: Path, changed: pl.DataFrame, live: set[int], groups: SchoolGroups
) -> None:
    names = ["level", "indicator", "period"]
    touched = changed.select(names).unique()
    wanted = pl.col("version").is_in(list(live)) & pl.col("indicator").is_in(
        touched["indicator"].unique().to_list()
    )
    files = [folder / BASE_BY_INDICATOR, folder / RECENT_BY_INDICATOR]
    figures = pl.concat(pl.scan_parquet(path).filter(wanted).collect() for path in files)
    again = bands_of(best_edition(figures.join(touched, on=names, how="semi")), groups)
    kept = pl.read_parquet(present / BANDS).join(touched, on=names, how="anti")
    bands = pl.concat([kept, again]).sort("level", "group", "indicator", "period_end")
    bands.write_parquet(folder / BANDS)


def _new_folder(home: Home) -> Path:
    folder = series_folder(home) / f".building-{os.getpid()}"
    folder.mkdir()
    return folder


def _finish(home: Home, folder: Path, manifest: Manifest) -> Path:
    manifest.write(folder)
    present = current_build(home)
    number = int(present.name.removeprefix("build-")) + 1 if present is not None else 1
    build = folder.rename(series_folder(home) / f"build-{number:06d}")
    make_current(home, build)
    return build
