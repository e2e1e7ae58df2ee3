"""The history and the listings as one record."""

from __future__ import annotations

from datetime import date

import polars as pl

from redway.improvement.inspections import HISTORY, MANAGEMENT_INFORMATION, merged


def history(*rows: tuple[str, date, str]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=HISTORY, orient="row")


def listing(**facts: object) -> pl.DataFrame:
    row = dict.fromkeys(MANAGEMENT_INFORMATION) | {"listed_on": date(2013, 4, 30)} | facts
    return pl.DataFrame([row], schema=MANAGEMENT_INFORMATION)


def test_a_listing_and_the_history_tell_of_one_inspection_once() -> None:
    """The listing has the day it ended, the history the day it started."""
    found = merged(
        history(("100001", date(2013, 3, 19), "Good")),
        listing(
            urn="100001",
            inspection_end_date=date(2013, 3, 20),
            overall_effectiveness="Good",
            teaching="Satisfactory or requires improvement",
        ),
    )
    assert found.select("started", "grade", "teaching", "from_listing").rows() == [
        (date(2013, 3, 19), 2, 3, False)
    ]


def test_a_failed_school_that_the_history_lacks_comes_from_the_listing() -> None:
    found = merged(
        history(),
        listing(
            urn="100002",
            inspection_end_date=date(2013, 3, 20),
            overall_effectiveness="Inadequate",
            previous_inspection_end_date=date(2009, 6, 11),
            previous_overall_effectiveness="Good",
        ),
    )
    assert found.select("started", "grade", "from_listing").rows() == [
        (date(2009, 6, 10), 2, True),
        (date(2013, 3, 19), 4, True),
    ]


def test_of_two_grades_on_one_day_the_worse_is_kept() -> None:
    day = date(2013, 3, 19)
    found = merged(history(("100001", day, "Good"), ("100001", day, "Inadequate")), listing(urn="1"))
    assert found["grade"].to_list() == [4]


def test_a_report_is_public_only_some_weeks_after_the_inspection() -> None:
    found = merged(history(("100001", date(2013, 3, 19), "Good")), listing(urn="1"))
    assert found["public_from"].to_list() == [date(2013, 4, 30)]


def test_no_judgement_is_no_grade() -> None:
    found = merged(
        history(),
        listing(urn="100001", inspection_end_date=date(2013, 3, 20), overall_effectiveness="Not judged"),
    )
    assert found.is_empty()
