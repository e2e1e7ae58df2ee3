"""The register: schools through time, built from the committed editions of GIAS, its links and groups.

Pure: frames go in under the canonical names of the format descriptions, frames come out. The rules
of continuity are in ``lines``, those of competing editions in ``snapshots``, and the old numbers of
schools and authorities in ``laestab`` and ``reorganisations``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from redway.core.errors import NotEnoughData
from redway.datasets.laestab import numbers_held, resolve
from redway.datasets.lines import lines, passages
from redway.datasets.reorganisations import reorganisations
from redway.datasets.snapshots import FIELDS, Snapshot, changes, lay_over, newest

__all__ = ["Register", "Snapshot", "build"]

ONLY_IN_LINKS = "Known from links only"
"""Status of an establishment too new for the last edition, which another one's link names."""
NO_LONGER_KEPT = "No longer registered"
"""Status of an establishment that a link names and no edition lists, though it is not new."""

INHERITED = (
    "phase",
    "gender",
    "religious_character",
    "street",
    "locality",
    "town",
    "county",
    "postcode",
    "lsoa11_code",
    "ward",
    "urban_rural",
    "low_age",
    "high_age",
    "easting",
    "northing",
)
"""What a school keeps, as far as can be known, when it goes on under a URN too new for the last edition."""

_TRUSTS = ("Multi-academy trust", "Single-academy trust")
_ACADEMY = r"(?i)academy|free school|technical college|studio school"

LINKS = {
    "urn": pl.String,
    "link_urn": pl.String,
    "link_name": pl.String,
    "link_type": pl.String,
    "link_date": pl.Date,
}
GROUPS = {
    "group_uid": pl.String,
    "name": pl.String,
    "type": pl.String,
    "status": pl.String,
    "open_date": pl.Date,
    "close_date": pl.Date,
    "companies_house_number": pl.String,
}
GROUP_LINKS = {"urn": pl.String, "group_uid": pl.String, "group_type": pl.String, "joined_date": pl.Date}
AUTHORITIES = {"la_code": pl.String, "la_name": pl.String, "region": pl.String, "type": pl.String}
HIERARCHY = {
    "la_code": pl.String,
    "la_name": pl.String,
    "ons_code": pl.String,
    "region": pl.String,
    "last_year": pl.String,
}


@dataclass(frozen=True)
class Register:
    """Schools, establishments and what befell them.

    - ``schools``: one row a line: ``school`` (its key for ever), ``current_urn``, and the current
      establishment's facts.
    - ``establishments``: one row a URN: its facts, ``school``, ``next_urn``, ``on_stem`` (its figures
      are the line's), ``open_date_from`` (register or link).
    - ``events``: ``school, urn, kind, on, not_before, before, after, other_urn``; ``not_before`` is
      empty where the day is exact, else the change happened after it and by ``on``.
    - ``authorities``: ``la_code, ons_code, name, region, type, end, replaced_by``.
    - ``trusts`` and ``memberships``: groups, and which URN joined which on which day.
    """

    schools: pl.DataFrame
    establishments: pl.DataFrame
    events: pl.DataFrame
    authorities: pl.DataFrame
    trusts: pl.DataFrame
    memberships: pl.DataFrame
    numbers: pl.DataFrame

    def resolve_laestab(self, wanted: pl.DataFrame, on: date) -> pl.DataFrame:
        """Add ``urn`` and ``found`` to rows that have ``la_code`` and ``establishment_number``, as at a day.

        For yearly results take a day inside the school year, such as 15 May. See ``laestab.resolve``.
        """
        return resolve(wanted, self.numbers, self.establishments, on)


def build(
    snapshots: Sequence[Snapshot],
    links: pl.DataFrame | None = None,
    groups: pl.DataFrame | None = None,
    group_links: pl.DataFrame | None = None,
    authorities: pl.DataFrame | None = None,
    hierarchy: pl.DataFrame | None = None,
) -> Register:
    """The register as the given editions tell it. What is not given stays empty.

    Later snapshots outrank earlier ones field by field. Raises NotEnoughData without any snapshot.
    """
    if not snapshots:
        raise NotEnoughData(
            "The register cannot be built: no edition of the establishments is held.",
            "Import the establishments file from Get Information about Schools first.",
        )
    rows = lay_over(snapshots)
    linked = _shaped(links, LINKS)
    listed = newest(rows)
    passed = passages(linked, listed)
    known = pl.concat([listed, _only_in_links(listed, linked, passed)], how="diagonal")
    of_line = lines(known, passed)
    establishments = _opened(known.join(of_line, on="urn"), passed)
    memberships = _memberships(_shaped(group_links, GROUP_LINKS), of_line)
    trusts = _shaped(groups, GROUPS).unique("group_uid", keep="last", maintain_order=True)
    return Register(
        schools=_schools(establishments, memberships),
        establishments=establishments.sort("urn"),
        events=_events(rows, establishments, passed),
        authorities=_authorities(snapshots, _shaped(authorities, AUTHORITIES), _shaped(hierarchy, HIERARCHY)),
        trusts=trusts,
        memberships=memberships,
        numbers=numbers_held(rows),
    )


def _shaped(frame: pl.DataFrame | None, schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    """The columns of ``schema``, in its types; those the file did not have are empty."""
    if frame is None:
        return pl.DataFrame(schema=schema)
    return frame.select(
        pl.col(name).cast(kind) if name in frame.columns else pl.lit(None, dtype=kind).alias(name)
        for name, kind in schema.items()
    )


def _only_in_links(listed: pl.DataFrame, links: pl.DataFrame, passed: pl.DataFrame) -> pl.DataFrame:
    """Establishments that no edition lists but that precede or follow one that is listed.

    One that follows, linked after the last edition, is too new for it: until a newer edition comes it
    has the place and phase of the one before it. Any other is one the register no longer keeps.
    """
    last_edition = listed.get_column("seen_last").max()
    newer = passed.select(urn="new", partner="old", date="date", follows=pl.lit(True))
    older = passed.select(urn="old", partner="new", date="date", follows=pl.lit(False))
    ends = pl.concat([newer, older]).join(listed.select("urn"), on="urn", how="anti")
    partners = listed.select(pl.col("urn").alias("partner"), "la_code", *INHERITED)
    names = links.select(urn="link_urn", name="link_name").drop_nulls().unique("urn", keep="first")
    too_new = (pl.col("follows") & (pl.col("date") > last_edition)).fill_null(False)
    inherited = [pl.when("_new").then(name).alias(name) for name in INHERITED]
    return (
        ends.join(partners, on="partner", how="inner")
        .with_columns(too_new.alias("_new"))
        .sort("urn", "_new", "partner", descending=[False, True, False])
        .unique("urn", keep="first", maintain_order=True)
        .join(names, on="urn", how="left")
        .select(
            "urn",
            "name",
            "la_code",
            *inherited,
            status=pl.when("_new").then(pl.lit(ONLY_IN_LINKS)).otherwise(pl.lit(NO_LONGER_KEPT)),
        )
    )


def _opened(establishments: pl.DataFrame, passed: pl.DataFrame) -> pl.DataFrame:
    """Opening days that no edition gives are taken from the link to the predecessor on the stem."""
    linked = passed.select(urn="new", stem_before="old", _linked="date")
    joined = establishments.join(linked, on=["urn", "stem_before"], how="left")
    source = (
        pl.when(pl.col("open_date").is_not_null())
        .then(pl.lit("register"))
        .when(pl.col("_linked").is_not_null())
        .then(pl.lit("link"))
    )
    return joined.with_columns(
        source.alias("open_date_from"), pl.coalesce("open_date", "_linked").alias("open_date")
    ).drop("_linked")


def _schools(establishments: pl.DataFrame, memberships: pl.DataFrame) -> pl.DataFrame:
    opened = (
        establishments.filter("on_stem")
        .group_by("school")
        .agg(
            pl.col("open_date").sort_by("urn").first().alias("line_opened"),
            pl.len().alias("establishments_on_stem"),
        )
    )
    trust = (
        memberships.filter(pl.col("group_type").is_in(_TRUSTS))
        .sort("joined_date", nulls_last=False)
        .unique("urn", keep="last")
        .select(current_urn="urn", trust_joined="group_uid")
    )
    facts = [name for name in FIELDS if name not in ("open_date", "school_key")]
    return (
        establishments.filter(pl.col("urn") == pl.col("current_urn"))
        .select("school", "current_urn", *facts)
        .join(opened, on="school", how="left")
        .join(trust, on="current_urn", how="left")
        .with_columns(pl.coalesce("trust_joined", "trust_uid").alias("trust_uid"))
        .drop("trust_joined")
        .sort("school")
    )


def _events(rows: pl.DataFrame, establishments: pl.DataFrame, passed: pl.DataFrame) -> pl.DataFrame:
    shape = {
        "urn": pl.String,
        "kind": pl.String,
        "on": pl.Date,
        "not_before": pl.Date,
        "before": pl.String,
        "after": pl.String,
        "other_urn": pl.String,
    }
    dated = [
        establishments.filter(pl.col(column).is_not_null()).select(
            "urn", pl.lit(kind).alias("kind"), on=column
        )
        for column, kind in (("open_date", "opened"), ("close_date", "closed"))
    ]
    changed = [
        changes(rows, field).with_columns(pl.lit(kind).alias("kind"))
        for field, kind in (("name", "renamed"), ("phase", "changed phase"), ("type", "changed type"))
    ]
    parts = [_shaped(part, shape) for part in (*dated, *changed, _passings(establishments, passed))]
    return (
        pl.concat(parts)
        .join(establishments.select("urn", "school"), on="urn")
        .select("school", *shape)
        .sort("school", "on", "urn", "kind", nulls_last=True)
    )


def _passings(establishments: pl.DataFrame, passed: pl.DataFrame) -> pl.DataFrame:
    """What each link means for the school that went on, from the point of view of the old establishment."""
    facts = establishments.select("urn", "next_urn", "name", "type")
    opened = establishments.select(
        "urn",
        pl.when(pl.col("open_date_from") == "register").then("open_date").alias("opened"),
        name_new="name",
        type_new="type",
    )
    ahead = passed.join(facts, left_on="old", right_on="urn").join(opened, left_on="new", right_on="urn")
    becomes_academy = (
        pl.col("type_new").str.contains(_ACADEMY) & ~pl.col("type").str.contains(_ACADEMY)
    ).fill_null(False)
    kind = (
        pl.when(pl.col("next_urn").ne_missing(pl.col("new")))
        .then(pl.lit("split"))
        .when(pl.col("kind").is_in(["merged", "amalgamated"]) | (pl.col("new") < pl.col("old")))
        .then(pl.lit("merged"))
        .when(becomes_academy)
        .then(pl.lit("converted"))
        .otherwise(pl.lit("succeeded"))
    )
    return ahead.select(
        urn="old",
        kind=kind,
        # The link is dated when it was entered; the day the new establishment opened is the day it happened,
        # unless it was there already.
        on=pl.when(pl.col("kind").is_in(["merged", "split"]) | (pl.col("new") < pl.col("old")))
        .then(pl.coalesce("date", "opened"))
        .otherwise(pl.coalesce("opened", "date")),
        before="name",
        after="name_new",
        other_urn="new",
    )


def _memberships(links: pl.DataFrame, of_line: pl.DataFrame) -> pl.DataFrame:
    return (
        links.unique(["urn", "group_uid", "joined_date"], keep="last", maintain_order=True)
        .join(of_line.select("urn", "school"), on="urn", how="left")
        .sort("urn", "joined_date", "group_uid")
    )


def _authorities(
    snapshots: Sequence[Snapshot], listed: pl.DataFrame, hierarchy: pl.DataFrame
) -> pl.DataFrame:
    """Present and former authorities. The hierarchy gives the ONS code of its newest year."""
    named = [
        snapshot.frame.select("la_code", "la_name")
        .drop_nulls()
        .unique("la_code", keep="last", maintain_order=True)
        for snapshot in sorted(snapshots, key=lambda each: each.on, reverse=True)
        if {"la_code", "la_name"} <= set(snapshot.frame.columns)
    ]
    names = pl.concat(
        [
            listed.select("la_code", "la_name"),
            hierarchy.sort("last_year").select("la_code", "la_name"),
            *named,
        ]
    ).drop_nulls()
    area = (
        hierarchy.sort("last_year")
        .unique("la_code", keep="last")
        .select("la_code", "ons_code", area_region="region")
    )
    ended = pl.DataFrame(
        [(each.old, each.on, list(each.new)) for each in reorganisations()],
        schema={"la_code": pl.String, "end": pl.Date, "replaced_by": pl.List(pl.String)},
        orient="row",
    )
    return (
        names.unique("la_code", keep="first", maintain_order=True)
        .join(area, on="la_code", how="left")
        .join(listed.select("la_code", "region", "type").unique("la_code"), on="la_code", how="left")
        .join(ended, on="la_code", how="left")
        .select(
            "la_code",
            "ons_code",
            pl.col("la_name").alias("name"),
            pl.coalesce("area_region", "region").alias("region"),
            "type",
            pl.col("end"),
            "replaced_by",
        )
        .sort("la_code")
    )
