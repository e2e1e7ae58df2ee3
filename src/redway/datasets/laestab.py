"""From authority and establishment number to URN, as at a day: the key of files before 2011."""

from __future__ import annotations

from datetime import date

import polars as pl

from redway.datasets.reorganisations import former_numbers, reorganisations

KNOWN = "known"
FORMER_NUMBER = "former number"
AMBIGUOUS = "ambiguous"
UNKNOWN = "unknown"


def numbers_held(rows: pl.DataFrame) -> pl.DataFrame:
    """Every LAESTAB that any snapshot gives an establishment, and those its area had before a reorganisation.

    ``rows`` is ``snapshots.lay_over``. Returns ``urn, la_code, establishment_number, until, former``:
    ``until`` is the first day on which the number no longer stood (null while it stands); a former
    number is the same establishment number under the retired authority, which most schools kept. An
    authority that several retired ones were merged into gives none: which of them a school came from is
    not known, and two schools may have had the one number (Bournemouth's 837 6001 was not Poole's 836 6001).
    """
    merged = {new for new, retired in former_numbers().items() if len(retired) > 1}
    stated = (
        rows.select("urn", "la_code", "establishment_number")
        .drop_nulls()
        .unique()
        .with_columns(pl.lit(None, dtype=pl.Date).alias("until"), pl.lit(False).alias("former"))
    )
    retired = pl.DataFrame(
        [(new, each.old, each.on) for each in reorganisations() for new in each.new if new not in merged],
        schema={"la_code": pl.String, "retired": pl.String, "until": pl.Date},
        orient="row",
    )
    former = (
        stated.drop("until", "former")
        .join(retired, on="la_code", how="inner")
        .select(
            "urn",
            pl.col("retired").alias("la_code"),
            "establishment_number",
            "until",
            pl.lit(True).alias("former"),
        )
    )
    return pl.concat([stated, former]).unique(
        ["urn", "la_code", "establishment_number"], keep="first", maintain_order=True
    )


def resolve(
    wanted: pl.DataFrame, numbers: pl.DataFrame, establishments: pl.DataFrame, on: date
) -> pl.DataFrame:
    """The URN that stood behind each LAESTAB on ``on``.

    ``wanted`` has ``la_code`` and ``establishment_number`` (and any other columns, which are kept, as
    is the order of rows); ``numbers`` is ``numbers_held``; ``establishments`` has ``urn, open_date,
    close_date``. Adds ``urn`` and ``found``: known, former number, ambiguous or unknown. Where two
    establishments had the number that day, the URN stays empty: a guess would give a school
    another school's results.
    """
    asked = wanted.with_row_index("_at")
    candidates = (
        asked.select("_at", "la_code", "establishment_number")
        .join(numbers, on=["la_code", "establishment_number"], how="inner")
        .join(establishments.select("urn", "open_date", "close_date"), on="urn", how="inner")
        .filter(
            (pl.col("open_date").is_null() | (pl.col("open_date") <= on))
            & (pl.col("close_date").is_null() | (pl.col("close_date") >= on))
            & (pl.col("until").is_null() | (pl.col("until") > on))
        )
        # A number the register states outranks one worked out from a reorganisation.
        .filter(pl.col("former") == pl.col("former").min().over("_at"))
        .group_by("_at")
        .agg(pl.col("urn").first(), pl.len().alias("_n"), pl.col("former").first().alias("_former"))
    )
    found = (
        pl.when(pl.col("_n").is_null())
        .then(pl.lit(UNKNOWN))
        .when(pl.col("_n") > 1)
        .then(pl.lit(AMBIGUOUS))
        .when(pl.col("_former"))
        .then(pl.lit(FORMER_NUMBER))
        .otherwise(pl.lit(KNOWN))
    )
    return (
        asked.drop("urn", strict=False)
        .join(candidates, on="_at", how="left")
        .sort("_at")
        .with_columns(found.alias("found"))
        .with_columns(pl.when(pl.col("_n") == 1).then("urn").alias("urn"))
        .drop("_at", "_n", "_former")
    )
