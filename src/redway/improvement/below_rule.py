"""Which published results were low under the coasting definition, one year at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl

from redway.improvement.held_values import values_of
from redway.improvement.national_sources import NationalSources
from redway.improvement.publication import PUBLIC_FROM, with_public_day


def below_rule(sources: NationalSources, lines: pl.DataFrame) -> pl.DataFrame:
    """Which results were below the rule: ``school, period_end, public_from, below``.

    ``lines`` has ``urn, school, phase``. Key stage 2: fewer pupils at the expected standard than the rule
    asks and progress below its limit in reading, writing or maths. Key stage 4: Progress 8 below the limit
    and its interval below nought. Results that do not say are left out; years without a rule give none.
    """
    primary = with_public_day(sources.ks2, "ks2-revised").filter(
        pl.col("reading_writing_maths_expected").is_not_null() & pl.col("reading_progress").is_not_null()
    )
    secondary = with_public_day(sources.ks4_provisional, "ks4-provisional").filter(
        pl.col("progress8").is_not_null() & pl.col("progress8_upper").is_not_null()
    )
    parts = [_judged(primary, lines, "primary", _ks2), _judged(secondary, lines, "secondary", _ks4)]
    return pl.concat(parts).sort("school", "period_end").unique(["school", "period_end"], keep="last")


def _judged(
    results: pl.DataFrame, lines: pl.DataFrame, phase: str, rule: Callable[[date], pl.Expr]
) -> pl.DataFrame:
    of_phase = results.join(lines.filter(pl.col("phase") == phase).select("urn", "school"), on="urn")
    made = [
        of_phase.filter(pl.col("period_end") == end).select(
            "school", "period_end", PUBLIC_FROM, below=rule(end)
        )
        for end in of_phase["period_end"].unique().sort()
        if _has_rule(end)
    ]
    schema = {"school": pl.String, "period_end": pl.Date, PUBLIC_FROM: pl.Date, "below": pl.Boolean}
    return pl.concat([pl.DataFrame(schema=schema), *made])


def _has_rule(day: date) -> bool:
    held = values_of("coasting.toml")
    return any(entry.holds_on(day) for entry in held.entries["ks4-progress8"])


def _limit(name: str, day: date) -> float:
    return float(values_of("coasting.toml").number_on(name, day))


def _ks2(day: date) -> pl.Expr:
    low = pl.any_horizontal(
        (pl.col(f"{subject}_progress") < _limit(f"ks2-{subject}-progress", day)).fill_null(False)
        for subject in ("reading", "writing", "maths")
    )
    return low & (pl.col("reading_writing_maths_expected") < _limit("ks2-expected-standard", day))


def _ks4(day: date) -> pl.Expr:
    return (pl.col("progress8") < _limit("ks4-progress8", day)) & (pl.col("progress8_upper") < 0)
