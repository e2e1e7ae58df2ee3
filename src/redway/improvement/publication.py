"""The day a figure became public: what may be known on a decision date."""

from __future__ import annotations

from functools import cache

import polars as pl

from redway.core.dated_values import DatedValues
from redway.improvement.errors import Hindsight
from redway.improvement.held_values import values_of

PUBLIC_FROM = "public_from"
"""The column of a table of facts that says from which day a row may be used."""


@cache
def values() -> DatedValues:
    """How long after its period each kind of figure is public, with source and status."""
    return values_of("publication.toml")


def with_public_day(facts: pl.DataFrame, source: str, period_end: str = "period_end") -> pl.DataFrame:
    """The facts with the day each became public.

    ``period_end`` is the last day a row is about (of an inspection: the day it started). Raises ValuesError
    for a source or a day of which no lag is held.
    """
    ends = facts.select(period_end).unique().drop_nulls()
    lags = [values().whole_number_on(source, day) for day in ends.to_series()]
    known = ends.with_columns(pl.Series("lag", lags, dtype=pl.Int32))
    return (
        facts.join(known, on=period_end, how="left", maintain_order="left")
        .with_columns((pl.col(period_end) + pl.duration(days="lag")).alias(PUBLIC_FROM))
        .drop("lag")
    )


def refuse_hindsight(panel: pl.DataFrame, public_days: dict[str, str], decision: str = "decision") -> None:
    """Raise Hindsight, naming the column, when a feature was not public on its row's decision date.

    ``public_days`` says for each feature which column holds the day it became public. A value without a
    day is refused too: what nobody can date may not enter.
    """
    for feature, day in public_days.items():
        held = panel.filter(pl.col(feature).is_not_null())
        undated = held.filter(pl.col(day).is_null()).height
        if undated:
            raise Hindsight(
                f"'{feature}' has {undated:,} values without the day they became public.",
                "Give the source its publication lag in improvement/values/publication.toml.",
            )
        early = held.filter(pl.col(day) > pl.col(decision))
        if early.height:
            first = early.sort(day).row(0, named=True)
            raise Hindsight(
                f"'{feature}' holds {early.height:,} values that were not public on the decision date: "
                f"the first is public from {first[day]}, the decision is of {first[decision]}.",
                f"Leave '{feature}' out for that date, or take the figure that was public by then.",
            )
