"""What was known of a school on a decision date: the latest figure that was public by then."""

from __future__ import annotations

import polars as pl

from redway.improvement.publication import PUBLIC_FROM


def known_on(rows: pl.DataFrame, facts: pl.DataFrame, source: str, oldest_years: float) -> pl.DataFrame:
    """Add to each row (``school, decision``) the latest facts that were public on its decision date.

    Facts about a time more than ``oldest_years`` before the decision are left missing. The day they became
    public comes as ``public:<source>``, the end of their period as ``period:<source>``.
    """
    days = {PUBLIC_FROM: f"public:{source}", "period_end": f"period:{source}"}
    names = [name for name in facts.columns if name not in ("school", PUBLIC_FROM, "period_end")]
    joined = (
        rows.with_columns(pl.col("decision").alias("_on"))
        .sort("_on")
        .join_asof(
            facts.with_columns(pl.col(PUBLIC_FROM).alias("_on")).sort("_on"),
            on="_on",
            by="school",
            strategy="backward",
            check_sortedness=False,
        )
        .drop("_on")
        .rename(days)
    )
    age = (pl.col("decision") - pl.col(days["period_end"])).dt.total_days() / 365.25
    fresh = (age <= oldest_years).fill_null(False)
    return joined.with_columns(
        pl.when(fresh).then(pl.col(name)).alias(name) for name in (*names, *days.values())
    )
