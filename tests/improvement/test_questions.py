"""What happened, where it is known."""

from __future__ import annotations

from datetime import date

import polars as pl

from redway.improvement.questions import outcomes
from redway.improvement.terms import Window

WINDOW = Window(date(2016, 9, 1), date(2017, 7, 19))
ROWS = pl.DataFrame({"school": ["1", "2", "3", "4"], "urn": ["1", "2", "3", "4"]})
INSPECTIONS = pl.DataFrame(
    {
        "school": ["1", "2", "2"],
        "started": [date(2017, 1, 10), date(2016, 10, 4), date(2017, 6, 1)],
        "grade": [3, 2, 4],
    }
)
OBSERVED = pl.DataFrame({"urn": ["1", "2", "3"], "until": [date(2018, 7, 19)] * 3})


def test_not_inspected_is_said_only_where_it_is_known() -> None:
    found = outcomes(ROWS, INSPECTIONS, OBSERVED, WINDOW)
    assert found["inspected"].to_list() == [True, True, False, None]
    assert found["fell"].to_list() == [True, False, False, None]


def test_the_next_inspection_counts_and_not_a_later_one() -> None:
    found = outcomes(ROWS, INSPECTIONS, OBSERVED, WINDOW).filter(pl.col("school") == "2")
    assert found["fell"].to_list() == [False]


def test_a_record_that_ends_inside_the_window_tells_nothing() -> None:
    """An inspected school would be seen and one not inspected would not: a leak."""
    short = OBSERVED.with_columns(until=pl.lit(date(2017, 3, 1)))
    found = outcomes(ROWS, INSPECTIONS, short, WINDOW)
    assert found["inspected"].null_count() == 4
