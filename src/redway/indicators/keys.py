"""Finding the URN of school rows that do not carry one: by old numbers, or by another register's key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl

from redway.core.home import Home
from redway.datasets.format import Format
from redway.datasets.lake import Lake
from redway.datasets.ledger import Version, as_at
from redway.datasets.register import Register

KEY_REGISTER = "establishments-state-schools"
"""The format whose rows hold both a ``school_key`` and a URN."""


@dataclass(frozen=True)
class Keys:
    """Ways to find a URN for the rows of one file."""

    urn_of_laestab: Mapping[str, str] = field(default_factory=dict)
    """Seven-digit LAESTAB -> URN, as at the file's own year."""
    urn_of_school_key: Mapping[str, str] = field(default_factory=dict)


class SchoolKeys:
    """Makes the keys of each file, and says when they have changed."""

    def __init__(self, home: Home, versions: Sequence[Version], register: Register | None) -> None:
        self._lake = Lake(home)
        self._register = register
        keyed = as_at([version for version in versions if version.format == KEY_REGISTER])
        self._keyed = keyed[-1] if keyed else None

    def fingerprint(self, fmt: Format) -> str:
        """Changes when figures of this format would come to stand under other schools."""
        match _way(fmt):
            case "laestab":
                return self._numbers
            case "school_key":
                return f"school keys {self._keyed.id if self._keyed else 'none'}"
            case _:
                return ""

    def of(self, version: Version, fmt: Format, frame: pl.DataFrame) -> Keys:
        """Keys for the rows of one version."""
        match _way(fmt):
            case "laestab" if self._register is not None:
                return Keys(urn_of_laestab=_laestabs(self._register, frame, version.period_end))
            case "school_key" if self._keyed is not None:
                return Keys(urn_of_school_key=_school_keys(self._lake, self._keyed))
            case _:
                return Keys()

    @cached_property
    def _numbers(self) -> str:
        if self._register is None:
            return "no register"
        dated = self._register.establishments.select("urn", "open_date", "close_date")
        return f"{fingerprint_of(self._register.numbers)} {fingerprint_of(dated)}"


def _way(fmt: Format) -> str:
    names = {column.name for column in fmt.columns}
    if fmt.level != "school" or "urn" in names:
        return ""
    if "school_key" in names:
        return "school_key"
    return "laestab" if {"la_code", "establishment_number"} <= names else ""


def _laestabs(register: Register, frame: pl.DataFrame, year_end: date) -> Mapping[str, str]:
    """Who held each number in the May of the file's school year, when most of its tests are taken."""
    wanted = frame.select("la_code", "establishment_number").drop_nulls().unique()
    found = register.resolve_laestab(wanted, date(year_end.year, 5, 15)).drop_nulls("urn")
    written = pl.col("la_code") + pl.col("establishment_number").str.zfill(4)
    return dict(found.select(written, "urn").iter_rows())


def _school_keys(lake: Lake, version: Version) -> Mapping[str, str]:
    frame = pl.read_parquet(lake.version_path(version.format, version.id), columns=["school_key", "urn"])
    plain = pl.col("school_key").str.replace(r"\.0+$", "")
    return dict(frame.drop_nulls().with_columns(plain).iter_rows())


def fingerprint_of(frame: pl.DataFrame) -> str:
    """A short text that changes when any row changes, whatever the order of rows."""
    return hashlib.sha256(frame.hash_rows(seed=7).sort().to_numpy().tobytes()).hexdigest()[:16]
