"""The questions that may be asked, named: they are different, and an answer to one is none to another."""

from __future__ import annotations

from enum import StrEnum

import polars as pl

from redway.improvement.frameworks import Grade, one_mapping
from redway.improvement.terms import Window


class Question(StrEnum):
    """What is asked of a school that was last graded Good or Outstanding."""

    FELL = "A"
    """Inspected within the window and graded below Good. Of those not inspected the answer is no."""
    FELL_IF_INSPECTED = "B"
    """Graded below Good, among schools inspected within the window."""
    INSPECTED = "I"
    """Given a full graded inspection within the window."""
    DECLINE = "C"
    """Next published results below the coasting thresholds, among schools whose latest were not; needs no
    inspection."""


WORDS = {
    Question.FELL: "inspected within the window and graded below Good",
    Question.FELL_IF_INSPECTED: "graded below Good, given that it is inspected within the window",
    Question.INSPECTED: "given a full graded inspection within the window",
    Question.DECLINE: "next published results below the coasting thresholds",
}


def at_risk(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows a fall can be asked of: mainstream schools last graded Good or Outstanding."""
    return rows.filter(pl.col("not_scored").is_null() & (pl.col("last_grade") <= Grade.GOOD))


def outcomes(
    rows: pl.DataFrame,
    inspections: pl.DataFrame,
    observed: pl.DataFrame,
    window: Window,
    mapping: str | None = "below-good-2005-2024",
) -> pl.DataFrame:
    """Add what happened in the window to rows (``school, urn``): ``inspected``, ``fell``, ``after_years``.

    ``fell`` is True only of schools inspected in the window. Where the record of the establishment does not
    reach the end of the window all three are missing: 'not inspected' is only said where it is known.
    Raises GradesNotComparable when grades of frameworks meet that ``mapping`` does not bring together.
    """
    within = inspections.filter(pl.col("started").is_between(window.start, window.end))
    below = one_mapping(within.get_column("started").unique().to_list(), mapping).below_good
    first = (
        within.sort("school", "started")
        .unique("school", keep="first", maintain_order=True)
        .select("school", "grade", inspected_on="started")
    )
    seen = pl.col("until") >= window.end
    return (
        rows.join(first, on="school", how="left", maintain_order="left")
        .join(observed, on="urn", how="left", maintain_order="left")
        .with_columns(_seen=seen.fill_null(False))
        .with_columns(
            inspected=pl.when("_seen").then(pl.col("grade").is_not_null()),
            fell=pl.when("_seen").then(pl.col("grade").is_in(sorted(below)).fill_null(False)),
            after_years=(pl.col("inspected_on") - pl.lit(window.start)).dt.total_days() / 365.25,
        )
        .drop("_seen", "grade", "until")
    )
