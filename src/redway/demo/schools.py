"""Which schools the made-up pupils go to, how many a year, and what each school adds: the known truth.

The schools are those of the register; everything about their pupils, and what a school adds, is made up.
Pure: the register's establishments come in as a frame.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

RESULT_YEARS = ("2022-23", "2023-24", "2024-25")
"""Years whose results are made up."""
YEAR_ON_ROLL = "2025-26"
"""Year of the pupils who are on roll."""

SEED = 826
_LAST_YEAR_GROUP_AGE = {"ks2": (10, 11), "ks4": (14, 16)}
"""Key stage -> (a school must take children this young, and keep them to this age)."""
_FEW = {"ks2": (3, 5), "ks4": (5,)}
"""Pupils a year in the smallest schools, so that small groups are met: they must not be shown."""
SPREAD = {"reading": 1.9, "maths": 1.9, "attainment8": 4.3}
"""Standard deviation of what schools add, by outcome; of Attainment 8 it is that of Progress 8 in 2018-19."""


def schools_with(establishments: pl.DataFrame, authority: str, key_stage: str) -> pl.DataFrame:
    """Schools with pupils at the end of a key stage: one row a school, with how many a year.

    ``establishments`` is the register's frame. Returns school (continuing key), name, pupils (a year group).
    """
    youngest, oldest = _LAST_YEAR_GROUP_AGE[key_stage]
    mainstream = pl.col("phase").is_in(["Primary", "Secondary", "All-through"])
    provision = pl.col("type").fill_null("").str.contains("alternative provision") & (key_stage == "ks4")
    lines = (
        establishments.filter((pl.col("la_code") == authority) & pl.col("on_stem"))
        .sort("open_date", nulls_last=False)
        .group_by("school", maintain_order=True)
        .agg(
            pl.col("name").last(),
            pl.col("status").last(),
            pl.col("phase").last(),
            pl.col("type").drop_nulls().last(),
            pl.col("low_age", "high_age", "pupils").drop_nulls().last(),
        )
    )
    open_now = pl.col("status").is_in(["Closed", "Proposed to open"]).not_()
    year_groups = (pl.col("high_age") - pl.col("low_age").clip(4)).clip(1)
    found = lines.filter(
        open_now
        & (mainstream | provision)
        & (pl.col("low_age") <= youngest)
        & (pl.col("high_age") >= oldest)
        & (pl.col("pupils") > 0)
    ).select("school", "name", (pl.col("pupils") / year_groups).round().cast(pl.Int64).alias("pupils"))
    few = _FEW[key_stage]
    smallest = found.sort("pupils", "school").head(len(few))["school"].to_list()
    sizes = pl.col("school").replace_strict(dict(zip(smallest, few, strict=True)), default=pl.col("pupils"))
    return found.with_columns(sizes.cast(pl.Int64).alias("pupils")).sort("school")


def urns_in(establishments: pl.DataFrame, schools: pl.DataFrame, year: str) -> pl.DataFrame:
    """(school, urn): the URN each school had on 1 May of an academic year, when results are recorded."""
    on = date(int(year[:4]) + 1, 5, 1)
    there = establishments.filter(pl.col("on_stem") & pl.col("open_date").le(on).fill_null(value=True)).sort(
        "open_date", nulls_last=False
    )
    latest = there.group_by("school", maintain_order=True).agg(pl.col("urn").last())
    return schools.select("school").join(latest, on="school", how="inner", maintain_order="left")


def true_effects(schools: pl.DataFrame, key_stage: str) -> pl.DataFrame:
    """What each school adds to its pupils' outcomes, in points: the truth behind the made-up results.

    Returns school, year, outcome, effect and story ('steady' or 'in decline'). In each year and outcome the
    effects sum to nothing. One school of each key stage declines, from well above the others to well below.
    """
    rng = np.random.default_rng([SEED, 1, int(key_stage[2])])
    count, years = schools.height, len(RESULT_YEARS)
    lasting = rng.standard_normal(count)
    yearly = rng.standard_normal((years, count))
    by_year = 0.9 * lasting + np.sqrt(1 - 0.9**2) * yearly
    declines = _declining(schools)
    by_year[:, declines] = np.linspace(1.6, -1.6, years)
    rows = []
    for outcome in ("reading", "maths") if key_stage == "ks2" else ("attainment8",):
        own = by_year if key_stage == "ks4" else 0.8 * by_year + 0.6 * rng.standard_normal(count)
        effects = SPREAD[outcome] * (own - own.mean(axis=1, keepdims=True))
        rows += [
            schools.select(
                "school",
                pl.lit(year).alias("year"),
                pl.lit(outcome).alias("outcome"),
                pl.Series("effect", effects[at]),
                pl.Series("story", np.where(np.arange(count) == declines, "in decline", "steady")),
            )
            for at, year in enumerate(RESULT_YEARS)
        ]
    return pl.concat(rows)


def _declining(schools: pl.DataFrame) -> int:
    """The school of middling size: nothing about the real one."""
    return int(schools["pupils"].arg_sort()[schools.height // 2])
