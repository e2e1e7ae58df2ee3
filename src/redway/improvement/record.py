"""The inspection record of a school as it was public on a decision date."""

from __future__ import annotations

import polars as pl

from redway.improvement.frameworks import Grade
from redway.improvement.inspections import SUB_GRADES
from redway.improvement.publication import PUBLIC_FROM

YEAR = 365.25


def record_on(rows: pl.DataFrame, inspections: pl.DataFrame) -> pl.DataFrame:
    """Add the record to each row (``school, decision, urn, opened``).

    ``inspections`` are those of ``inspections.merged`` with ``school``. Adds ``last_grade, last_started,
    last_urn, previous_grade, was_below_good, inspections, weaker_parts, stronger_parts``, the years
    ``years_since`` and ``years_converted`` (since the present establishment opened, where it opened after the
    last inspection), and ``public:record``, the day the newest inspection used became public. A school whose
    last grade stands under an earlier URN keeps it: the grade and the establishment are separate facts.
    """
    keys = rows.select("school", "decision")
    whole = pl.col("grade")
    worse = pl.sum_horizontal((pl.col(part) > whole).cast(pl.Int8) for part in SUB_GRADES)
    better = pl.sum_horizontal((pl.col(part) < whole).cast(pl.Int8) for part in SUB_GRADES)
    any_part = pl.any_horizontal(pl.col(part).is_not_null() for part in SUB_GRADES)
    of_school = (
        keys.join(inspections, on="school", how="inner")
        .filter(pl.col(PUBLIC_FROM) <= pl.col("decision"))
        .with_columns(
            weaker_parts=pl.when(any_part).then(worse), stronger_parts=pl.when(any_part).then(better)
        )
        .sort("school", "decision", "started")
        .group_by("school", "decision", maintain_order=True)
        .agg(
            last_grade=pl.col("grade").last(),
            last_started=pl.col("started").last(),
            last_urn=pl.col("urn").last(),
            previous_grade=pl.when(pl.len() > 1).then(pl.col("grade").get(-2, null_on_oob=True)),
            was_below_good=pl.when(pl.len() > 1).then(
                (pl.col("grade").head(pl.len() - 1) >= Grade.THREE).any()
            ),
            inspections=pl.len(),
            weaker_parts=pl.col("weaker_parts").last(),
            stronger_parts=pl.col("stronger_parts").last(),
            public=pl.col(PUBLIC_FROM).last(),
        )
        .rename({"public": "public:record"})
    )
    since = (pl.col("decision") - pl.col("last_started")).dt.total_days() / YEAR
    converted = (pl.col("decision") - pl.col("opened")).dt.total_days() / YEAR
    return rows.join(of_school, on=["school", "decision"], how="left", maintain_order="left").with_columns(
        years_since=since,
        years_converted=pl.when(pl.col("opened") > pl.col("last_started")).then(converted),
    )


def authority_record(rows: pl.DataFrame) -> pl.DataFrame:
    """Add ``authority_below_good``: of the authority's other schools of the phase, the share last graded so.

    Three schools at the national share are added to each, so that one school of a small authority is not all
    there is to say.
    """
    below = (pl.col("last_grade") >= Grade.THREE).cast(pl.Float64)
    held = pl.col("last_grade").is_not_null().cast(pl.Float64)
    among = ["la_code", "phase", "decision"]
    nation = ["phase", "decision"]
    others_below = below.sum().over(among) - below.fill_null(0)
    others = held.sum().over(among) - held
    share = below.sum().over(nation) / held.sum().over(nation)
    return rows.with_columns(authority_below_good=(others_below + 3 * share) / (others + 3))
