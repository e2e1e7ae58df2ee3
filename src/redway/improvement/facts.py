"""Figures of schools beside those of other schools of the phase that year, each with its public day.

Measures change from year to year (and thresholds with them), so a figure enters as its distance from the
mean of its phase in its own year, in standard deviations: it is comparable with what was published before and
after, and uses nothing later. What is missing stays missing.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from redway.improvement.national_sources import NationalSources
from redway.improvement.publication import PUBLIC_FROM, with_public_day

FURTHEST = 4.0
"""Standard deviations beyond which a figure counts as this far: beyond are errors and tiny cohorts."""

OLDEST_YEARS = 4.0
"""A figure about a time longer ago than this says nothing of the school of today."""


def fact_tables(sources: NationalSources, lines: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Each source as ``school, period_end, public_from`` and features; ``lines``: ``urn, school, phase``."""
    return {
        "absence": _absence(sources.absence, lines),
        "census": _census(sources.census, lines),
        "workforce": _workforce(sources.workforce, lines),
        "finance": _finance(sources.finance, lines),
        "results": _results(sources, lines),
    }


def _absence(absence: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    beside = _beside_phase(_of_lines(absence, lines), {"absence": pl.col("overall_absence")})
    return _published(_with_change(beside, "absence", "absence_change", years=3), "absence")


def _census(census: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    plan = pl.coalesce("ehcp_percent", "statement_percent", "statement_or_action_plus_percent")
    features = {
        "free_meals": pl.coalesce("free_meals_ever6_percent", "free_meals_percent"),
        "other_languages": pl.col("eal_percent"),
        "special_needs_support": pl.coalesce("sen_support_percent", "school_action_percent"),
        "special_needs_plans": plan,
        "size": pl.when(pl.col("pupils") > 0).then(pl.col("pupils").log()),
    }
    held = _of_lines(census, lines)
    beside = _beside_phase(held, features, keep=("pupils", "free_meals_percent"))
    roll = _earlier(beside.select("school", "period_end", "pupils"), "pupils", years=2)
    return _published(
        beside.join(roll, on=["school", "period_end"], how="left", maintain_order="left").with_columns(
            roll_change=(
                pl.when((pl.col("pupils") > 0) & (pl.col("pupils_earlier") > 0))
                .then((pl.col("pupils") / pl.col("pupils_earlier")).log())
                .clip(-0.5, 0.5)
            ),
            deprivation=pl.col("free_meals"),
        ),
        "school-census",
    ).drop("pupils_earlier", "free_meals_percent")


def _workforce(workforce: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    held = _of_lines(workforce, lines).with_columns(
        pl.when(pl.col("teachers_fte") > 0).then("teachers_fte").alias("teachers_fte")
    )
    features = {
        "pupils_per_teacher": pl.when(pl.col("pupil_teacher_ratio").is_between(5, 50)).then(
            "pupil_teacher_ratio"
        ),
        "teacher_pay": pl.when(pl.col("mean_teacher_salary").is_between(20_000, 80_000)).then(
            "mean_teacher_salary"
        ),
        "assistants_per_teacher": pl.col("teaching_assistants_fte") / pl.col("teachers_fte"),
    }
    beside = _beside_phase(held, features)
    return _published(_with_change(beside, "teacher_pay", "teacher_pay_change", years=1), "workforce")


def _finance(finance: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    share = pl.when(pl.col("income") > 0).then(pl.col("in_year_balance") / pl.col("income"))
    return _published(_beside_phase(_of_lines(finance, lines), {"balance": share}), "school-finance")


def _results(sources: NationalSources, lines: pl.DataFrame) -> pl.DataFrame:
    """Progress and attainment of either phase, the provisional figures until the revised ones are public."""
    primary = lines.filter(pl.col("phase") == "primary")
    secondary = lines.filter(pl.col("phase") == "secondary")
    ks2 = _beside_phase(
        _of_lines(sources.ks2, primary),
        {
            "progress": pl.mean_horizontal("reading_progress", "writing_progress", "maths_progress"),
            "attainment": pl.col("reading_writing_maths_expected"),
            "worst_progress": pl.min_horizontal("reading_progress", "writing_progress", "maths_progress"),
        },
        keep=("eligible_pupils",),
    ).rename({"eligible_pupils": "cohort"})
    ks4 = {
        "progress": pl.col("progress8"),
        "attainment": pl.col("attainment8"),
        "worst_progress": pl.col("progress8"),
    }
    provisional = _beside_phase(_of_lines(sources.ks4_provisional, secondary), ks4, keep=("pupils",))
    revised = _beside_phase(_of_lines(sources.ks4, secondary), ks4, keep=("pupils",))
    parts = [
        _published(_changes(ks2), "ks2-revised"),
        _published(_changes(provisional.rename({"pupils": "cohort"})), "ks4-provisional"),
        _published(_changes(revised.rename({"pupils": "cohort"})), "ks4-revised"),
    ]
    return pl.concat(parts, how="diagonal").sort("school", PUBLIC_FROM)


def _changes(results: pl.DataFrame) -> pl.DataFrame:
    changed = _with_change(results, "progress", "progress_change", years=1)
    return _with_change(changed, "attainment", "attainment_change", years=1)


def _of_lines(figures: pl.DataFrame, lines: pl.DataFrame) -> pl.DataFrame:
    """The figures under the continuing school; of two URNs of one line in a year the later one's."""
    return (
        figures.join(lines.select("urn", "school", "phase"), on="urn", how="inner")
        .sort("school", "period_end", "urn")
        .unique(["school", "period_end"], keep="last", maintain_order=True)
    )


def _beside_phase(
    figures: pl.DataFrame, features: dict[str, pl.Expr], keep: Sequence[str] = ()
) -> pl.DataFrame:
    """Standard deviations from the mean of the phase in the period."""
    raw = figures.select("school", "phase", "period_end", *keep, **features)
    of = ["phase", "period_end"]
    return raw.with_columns(
        ((pl.col(name) - pl.col(name).mean().over(of)) / pl.col(name).std().over(of))
        .clip(-FURTHEST, FURTHEST)
        .fill_nan(None)
        .alias(name)
        for name in features
    ).drop("phase")


def _with_change(figures: pl.DataFrame, name: str, into: str, years: int) -> pl.DataFrame:
    """The change since the latest figure of at most ``years`` earlier."""
    earlier = _earlier(figures.select("school", "period_end", name), name, years)
    return (
        figures.join(earlier, on=["school", "period_end"], how="left", maintain_order="left")
        .with_columns((pl.col(name) - pl.col(f"{name}_earlier")).alias(into))
        .drop(f"{name}_earlier")
    )


def _earlier(figures: pl.DataFrame, name: str, years: int) -> pl.DataFrame:
    """``school, period_end`` and the figure before it, where that is at most ``years`` older."""
    earlier = pl.col("period_end").shift(1).over("school")
    near = (pl.col("period_end") - earlier).dt.total_days() <= years * 366
    return figures.sort("school", "period_end").select(
        "school",
        "period_end",
        pl.when(near).then(pl.col(name).shift(1).over("school")).alias(f"{name}_earlier"),
    )


def _published(facts: pl.DataFrame, source: str) -> pl.DataFrame:
    return with_public_day(facts, source).sort("school", PUBLIC_FROM)
