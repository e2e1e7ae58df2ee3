"""One list of inspections, from the history and from the listings Ofsted published at the time.

The history holds the inspections of schools that were open when it was collected, so schools that failed and
closed are missing from it: of a listing of April 2013 it holds 79% of the Good and 40% of the Inadequate. The
listings (management information) hold what was true when they were made, with the latest and the previous
inspection of every school then open. Both are laid over one another; what neither holds stays unknown.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from redway.core.words import counted
from redway.improvement.errors import StrayInspections
from redway.improvement.frameworks import GRADE_OF
from redway.improvement.held_values import values_of
from redway.improvement.publication import with_public_day

SAME_INSPECTION = 7
"""Days by which the end in a listing may follow the start in the history and still be one inspection."""

SUB_GRADES = ("achievement", "teaching", "behaviour", "leadership")

MANAGEMENT_INFORMATION = {
    "urn": pl.String,
    "listed_on": pl.Date,
    "inspection_end_date": pl.Date,
    "overall_effectiveness": pl.String,
    **dict.fromkeys(SUB_GRADES, pl.String),
    "category": pl.String,
    "previous_inspection_end_date": pl.Date,
    "previous_overall_effectiveness": pl.String,
}
HISTORY = {"urn": pl.String, "inspection_date": pl.Date, "overall_effectiveness": pl.String}


def collected_on() -> date:
    """The history holds the inspections of establishments open on this day or later."""
    day = (
        values_of("inspection-record.toml").value_on("history-holds-schools-open-on", date(2018, 7, 19)).value
    )
    assert isinstance(day, date)
    return day


def merged(history: pl.DataFrame, listings: pl.DataFrame) -> pl.DataFrame:
    """Every inspection known: ``urn, started, grade, public_from, from_listing`` and the sub-grades.

    ``history`` has the columns of ``HISTORY``, ``listings`` those of ``MANAGEMENT_INFORMATION``. An
    inspection in both is one, with the start of the history; one in a listing only started the day before
    the end it gives. Of two grades on one day, which the history has three times, the worse is kept.
    """
    held = _history(history)
    listed = _listed(listings)
    near = (
        listed.sort("ended")
        .join_asof(
            held.select("urn", "started").with_columns(ended=pl.col("started")).sort("ended"),
            on="ended",
            by="urn",
            strategy="nearest",
            tolerance=timedelta(days=SAME_INSPECTION),
            check_sortedness=False,
        )
        .with_columns(in_history=pl.col("started").is_not_null())
        .with_columns(started=pl.coalesce("started", pl.col("ended") - pl.duration(days=1)))
    )
    judged = near.unique(["urn", "started"], keep="first", maintain_order=True)
    both = held.join(judged.select("urn", "started", *SUB_GRADES), on=["urn", "started"], how="left")
    extra = judged.filter(~pl.col("in_history")).select(
        "urn", "started", "grade", *SUB_GRADES, from_listing=pl.lit(True)
    )
    together = pl.concat([both.with_columns(from_listing=pl.lit(False)), extra], how="diagonal")
    return with_public_day(together, "inspection-report", "started").sort("urn", "started")


def _history(history: pl.DataFrame) -> pl.DataFrame:
    return (
        history.select("urn", started="inspection_date", grade=_grade("overall_effectiveness"))
        .drop_nulls()
        .sort("urn", "started", "grade", descending=[False, False, True])
        .unique(["urn", "started"], keep="first", maintain_order=True)
    )


def _listed(listings: pl.DataFrame) -> pl.DataFrame:
    """The latest and the previous inspection of every row as rows of their own; sub-grades of the latest."""
    latest = listings.select(
        "urn",
        "listed_on",
        ended="inspection_end_date",
        grade=_grade("overall_effectiveness"),
        **{name: _grade(name) for name in SUB_GRADES},
    )
    previous = listings.select(
        "urn",
        "listed_on",
        ended="previous_inspection_end_date",
        grade=_grade("previous_overall_effectiveness"),
    )
    return (
        pl.concat([latest, previous], how="diagonal")
        .filter(pl.col("ended").is_not_null() & pl.col("grade").is_not_null())
        # The row with sub-grades stands for the inspection, whichever listing it is in.
        .sort("urn", "ended", pl.col("teaching").is_null(), "listed_on")
        .unique(["urn", "ended"], keep="first", maintain_order=True)
        # Listings may disagree by some days about when one inspection ended.
        .filter(
            (pl.col("ended") - pl.col("ended").shift(1).over("urn")).dt.total_days().fill_null(9999)
            > SAME_INSPECTION
        )
    )


def _grade(column: str) -> pl.Expr:
    numbers = {word: int(grade) for word, grade in GRADE_OF.items()}
    return pl.col(column).replace_strict(numbers, default=None, return_dtype=pl.Int8)


LONGEST_PAUSE = 120
"""Days without an inspection, longer than any holiday."""
USUAL, STRAY = 50, 10
"""So many would have been held in the pause at the rate before it, and so few come after it."""


def refuse_strays(started: pl.Series) -> None:
    """Raise StrayInspections when a few days lie far beyond the rest of the record.

    The last day of the record is how far it is taken to be whole. One wrong date would say of every school
    that it was not inspected in years of which nothing is held.
    """
    days = started.drop_nulls().sort()
    pauses = days.diff().dt.total_days()
    for at in (pauses > LONGEST_PAUSE).arg_true().to_list():
        before, rest, pause = days[at - 1], len(days) - at, pauses[at]
        year_before = int(days.is_between(before - timedelta(days=365), before).sum())
        if rest < STRAY and year_before * pause / 365 >= USUAL:
            raise StrayInspections(
                f"The record holds {counted(rest, 'inspection')} from {days[at]} on and none in the "
                f"{pause:,} days before: it seems to end on {before}.",
                "Correct the dates in the file of inspections, or leave these rows out, and import it again.",
            )
