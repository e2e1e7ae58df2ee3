"""The register's frames as rows of the transaction store: columns are model fields, in their types."""

from __future__ import annotations

import polars as pl

from redway.datasets.register import ONLY_IN_LINKS, Register
from redway.web.register.models import Rank
from redway.web.register.words import sort_name

_OPEN = ("open", "open, but proposed to close", ONLY_IN_LINKS.lower())


def _text(column: str, longest: int) -> pl.Expr:
    return pl.col(column).fill_null("").str.slice(0, longest)


def _whole(column: str) -> pl.Expr:
    """Whole numbers that are not negative; the register has a few that are."""
    return pl.when(pl.col(column) >= 0).then(pl.col(column)).cast(pl.Int64)


def _laestab() -> pl.Expr:
    return (pl.col("la_code") + pl.col("establishment_number")).fill_null("")


def authorities_table(built: Register) -> pl.DataFrame:
    """Fields of Authority."""
    return built.authorities.select(
        number="la_code",
        ons_code=_text("ons_code", 9),
        name=_text("name", 100),
        region=_text("region", 60),
        kind=_text("type", 60),
        ended="end",
        replaced_by=pl.col("replaced_by").list.join(",").fill_null(""),
    )


def trusts_table(built: Register) -> pl.DataFrame:
    """Fields of Trust."""
    return built.trusts.select(
        uid="group_uid",
        name=_text("name", 200),
        kind=_text("type", 60),
        status=_text("status", 40),
        opened="open_date",
        closed="close_date",
        companies_house=_text("companies_house_number", 12),
    )


def schools_table(built: Register) -> pl.DataFrame:
    """Fields of School that the register gives; local ones are not among them."""
    status = pl.col("status").str.to_lowercase()
    rank = (
        pl.when(status.is_in(_OPEN))
        .then(Rank.OPEN.value)
        .when(status == "proposed to open")
        .then(Rank.PROPOSED.value)
        .otherwise(Rank.CLOSED.value)
    )
    authority = built.authorities.select("la_code", authority_name="name")
    trust = built.trusts.select(trust_uid="group_uid", trust_name="name")
    joined = built.schools.join(authority, on="la_code", how="left").join(trust, on="trust_uid", how="left")
    return joined.select(
        key="school",
        current_urn="current_urn",
        name=_text("name", 200),
        sort_name=pl.col("name").fill_null("").map_elements(sort_name, return_dtype=pl.String),
        kind=_text("type", 80),
        phase=_text("phase", 40),
        status=_text("status", 40),
        rank=rank,
        authority=_text("la_code", 3),
        authority_name=_text("authority_name", 100),
        laestab=_laestab(),
        trust_uid=_text("trust_uid", 10),
        trust_name=_text("trust_name", 200),
        gender=_text("gender", 20),
        religious_character=_text("religious_character", 80),
        admissions_policy=_text("admissions_policy", 40),
        low_age=_whole("low_age"),
        high_age=_whole("high_age"),
        pupils=_whole("pupils"),
        capacity=_whole("capacity"),
        line_opened="line_opened",
        closed="close_date",
        street=_text("street", 120),
        locality_name=_text("locality", 120),
        town=_text("town", 80),
        postcode=_text("postcode", 8),
        website=_text("website", 300),
        easting=_whole("easting"),
        northing=_whole("northing"),
        lsoa11=_text("lsoa11_code", 9),
        ward=_text("ward", 80),
        urban_rural=_text("urban_rural", 80),
    )


def establishments_table(built: Register) -> pl.DataFrame:
    """Fields of Establishment."""
    return built.establishments.select(
        urn="urn",
        school_id="school",
        name=_text("name", 200),
        authority=_text("la_code", 3),
        laestab=_laestab(),
        kind=_text("type", 80),
        phase=_text("phase", 40),
        status=_text("status", 40),
        opened="open_date",
        opened_from=_text("open_date_from", 10),
        closed="close_date",
        next_urn=_text("next_urn", 6),
        on_stem="on_stem",
        postcode=_text("postcode", 8),
    )


def events_table(built: Register) -> pl.DataFrame:
    """Fields of RegisterEvent."""
    return built.events.select(
        school_id="school",
        urn="urn",
        kind="kind",
        on="on",
        not_before="not_before",
        before=_text("before", 200),
        after=_text("after", 200),
        other_urn=_text("other_urn", 6),
    ).unique(maintain_order=True)


def memberships_table(built: Register) -> pl.DataFrame:
    """Fields of Membership. One of a URN that the register does not know has no school: it is left out."""
    return (
        built.memberships.filter(pl.col("school").is_not_null())
        .select(
            school_id="school",
            urn="urn",
            trust_uid=_text("group_uid", 10),
            kind=_text("group_type", 60),
            joined="joined_date",
        )
        .unique(maintain_order=True)
    )
