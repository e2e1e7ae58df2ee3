"""Whose figures are compared: schools of one phase, all schools, authorities. Distributions over each."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from redway.datasets.register import Register
from redway.indicators.bands import FEWEST_FOR_A_BAND
from redway.indicators.catalogue import load_catalogue
from redway.indicators.keys import fingerprint_of
from redway.indicators.places import NATIONAL_AUTHORITIES

ALL = "all"

BAND_SCHEMA = {
    "level": pl.String,
    "group": pl.String,
    "indicator": pl.String,
    "period": pl.String,
    "period_end": pl.Date,
    "n": pl.Int64,
    "mean": pl.Float64,
    "p10": pl.Float64,
    "q1": pl.Float64,
    "median": pl.Float64,
    "q3": pl.Float64,
    "p90": pl.Float64,
    "scope": pl.String,
}


@dataclass(frozen=True)
class SchoolGroups:
    """Phase and authority of every establishment, open or closed."""

    frame: pl.DataFrame
    """Columns urn, phase, authority."""
    fingerprint: str

    @staticmethod
    def of(register: Register) -> SchoolGroups:
        """As the register tells it today."""
        frame = register.establishments.select("urn", "phase", pl.col("la_code").alias("authority"))
        return SchoolGroups(frame, fingerprint_of(frame))


def no_groups() -> SchoolGroups:
    """Without a register: every school is in the group of all schools and in no known authority."""
    empty = pl.DataFrame(schema={"urn": pl.String, "phase": pl.String, "authority": pl.String})
    return SchoolGroups(empty, "none")


def bands_of(figures: pl.DataFrame, groups: SchoolGroups) -> pl.DataFrame:
    """Distributions of every measure and period over schools of each phase, all schools, and authorities.

    ``figures`` holds one figure per school or area (see ``best_edition``). Missing values are left out;
    grades have no distribution; groups of fewer than eight give none.
    """
    grades = [one.code for one in load_catalogue() if one.is_grade]
    held = figures.filter(
        pl.col("value").is_not_null()
        & pl.col("level").cast(pl.String).is_in(["school", "authority"])
        & ~pl.col("indicator").cast(pl.String).is_in(grades)
    ).select(pl.col("level", "entity", "indicator", "period").cast(pl.String), "period_end", "value")
    placed = held.join(groups.frame, left_on="entity", right_on="urn", how="left").with_columns(
        pl.when(pl.col("level") == "authority").then("entity").otherwise("authority").alias("authority")
    )
    everyone = placed.with_columns(pl.lit(ALL).alias("group"))
    by_phase = placed.filter(pl.col("phase").is_not_null() & (pl.col("level") == "school")).with_columns(
        pl.col("phase").alias("group")
    )
    bands = [_spread(everyone), _spread(by_phase)]
    return pl.concat(bands).sort("level", "group", "indicator", "period_end")


def _spread(placed: pl.DataFrame) -> pl.DataFrame:
    def at(quantile: float) -> pl.Expr:
        return pl.col("value").quantile(quantile, interpolation="linear")

    authorities = pl.col("authority").n_unique() - pl.col("authority").null_count().clip(0, 1)
    scope = (
        pl.when(pl.col("authorities") >= NATIONAL_AUTHORITIES)
        .then(pl.lit("England"))
        .when(pl.col("authorities") == 0)
        .then(pl.lit("schools held"))
        .when(pl.col("authorities") == 1)
        .then(pl.lit("1 authority"))
        .otherwise(pl.format("{} authorities", "authorities"))
    )
    return (
        placed.group_by("level", "group", "indicator", "period", "period_end")
        .agg(
            pl.len().cast(pl.Int64).alias("n"),
            pl.col("value").mean().alias("mean"),
            at(0.1).alias("p10"),
            at(0.25).alias("q1"),
            at(0.5).alias("median"),
            at(0.75).alias("q3"),
            at(0.9).alias("p90"),
            authorities.alias("authorities"),
        )
        .filter(pl.col("n") >= FEWEST_FOR_A_BAND)
        .with_columns(scope.alias("scope"))
        .select(list(BAND_SCHEMA))
    )
