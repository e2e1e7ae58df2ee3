"""Editions of the register laid over each other: the newest fact of each field, and what changed when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

TEXTS = (
    "name",
    "la_code",
    "establishment_number",
    "type",
    "status",
    "phase",
    "gender",
    "religious_character",
    "admissions_policy",
    "street",
    "locality",
    "town",
    "county",
    "postcode",
    "lsoa11_code",
    "ward",
    "urban_rural",
    "trust_uid",
    "ukprn",
    "website",
    "school_key",
)
NUMBERS = ("low_age", "high_age", "easting", "northing", "pupils", "capacity")
DATES = ("open_date", "close_date")
FIELDS = (*TEXTS, *NUMBERS, *DATES)

_CLOSING = ("closed", "open, but proposed to close")


@dataclass(frozen=True)
class Snapshot:
    """One committed version of an establishment format: what the register said on a day.

    ``frame`` has ``urn`` and any of FIELDS, under the canonical names of the format descriptions.
    """

    on: date
    frame: pl.DataFrame


def lay_over(snapshots: Sequence[Snapshot]) -> pl.DataFrame:
    """Every snapshot's rows in one frame: ``urn``, ``_on`` and FIELDS, by URN and then oldest first."""
    rows = [_of(snapshot) for snapshot in snapshots]
    empty = pl.DataFrame(schema=_SCHEMA)
    return pl.concat([empty, *rows], how="vertical").sort("urn", "_on", maintain_order=True)


_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "urn": pl.String,
    "_on": pl.Date,
    **dict.fromkeys(TEXTS, pl.String),
    **dict.fromkeys(NUMBERS, pl.Float64),
    **dict.fromkeys(DATES, pl.Date),
}


def _of(snapshot: Snapshot) -> pl.DataFrame:
    frame = snapshot.frame
    present = [name for name in FIELDS if name in frame.columns]
    columns = [pl.col(name).cast(_SCHEMA[name]) for name in present]
    absent = [pl.lit(None, dtype=_SCHEMA[name]).alias(name) for name in FIELDS if name not in present]
    chosen = frame.select("urn", pl.lit(snapshot.on).cast(pl.Date).alias("_on"), *columns, *absent)
    cleaned = [pl.col(name).str.strip_chars().replace("", None) for name in TEXTS]
    return chosen.with_columns(cleaned).select(list(_SCHEMA)).filter(pl.col("urn").is_not_null())


def newest(rows: pl.DataFrame) -> pl.DataFrame:
    """One row a URN: of each field, the newest value that any snapshot holds.

    A closing date is kept only while the establishment is closed or proposed to close: a proposal
    that a later snapshot no longer knows was dropped. ``seen_first``/``seen_last`` are the days of
    the first and last snapshot that list the URN.
    """
    latest = [pl.col(name).drop_nulls().last() for name in FIELDS]
    merged = rows.group_by("urn", maintain_order=True).agg(
        *latest, pl.col("_on").first().alias("seen_first"), pl.col("_on").last().alias("seen_last")
    )
    closing = pl.col("status").str.to_lowercase().is_in(_CLOSING)
    return merged.with_columns(
        pl.when(closing | pl.col("status").is_null()).then("close_date").alias("close_date")
    )


def changes(rows: pl.DataFrame, field: str) -> pl.DataFrame:
    """Where one field of a URN differs between one snapshot and the next that states it.

    Columns ``urn, on, not_before, before, after``: the change happened after ``not_before`` and
    by ``on``. Differences of capitals, spacing and punctuation are not changes.
    """
    plain = (
        pl.col(field)
        .str.to_lowercase()
        .str.replace_all("&", "and")
        .str.replace_all(r"\bsaint\b|\bst\b", "st")
        .str.replace_all(r"\bc of e\b|\bce\b|\bchurch of england\b|\bcofe\b", "cofe")
        .str.replace_all(r"[^a-z0-9]", "")
    )
    stated = rows.filter(pl.col(field).is_not_null()).select(
        "urn", "_on", pl.col(field), plain.alias("_plain")
    )
    earlier = stated.with_columns(
        pl.col("_plain").shift(1).over("urn").alias("_plain_before"),
        pl.col(field).shift(1).over("urn").alias("before"),
        pl.col("_on").shift(1).over("urn").alias("not_before"),
    )
    return earlier.filter(pl.col("_plain") != pl.col("_plain_before")).select(
        "urn", pl.col("_on").alias("on"), "not_before", "before", pl.col(field).alias("after")
    )
