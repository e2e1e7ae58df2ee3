"""Importing a plan: taken in whole, or refused with every line that lacks something (case 50)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from redway.datasets.checked_rows import TableRefused
from redway.datasets.text_rows import TextRow
from redway.improvement.action_plan import Polarity
from redway.improvement.plan_rows import PLAN_COLUMNS, read_plan

ROW = {
    "objective": "Better early warning",
    "outcome": "Decline is noticed before an inspection finds it",
    "measure": "Schools below the floor",
    "unit": "schools",
    "better": "lower",
    "baseline": "9",
    "baseline date": "31/08/2008",
    "target": "0",
    "target date": "2011-08-31",
    "source": "Key stage 4 results",
    "action": "Hold triage every term",
    "owner": "Adviser@demo.example",
    "sponsor": "director@demo.example",
    "due": "2009-12-31",
}
HEADINGS = list(PLAN_COLUMNS)


def rows(*changes: Mapping[str, str]) -> list[TextRow]:
    return [TextRow(at, ROW | dict(change)) for at, change in enumerate(changes, 2)]


def test_rows_of_one_objective_are_gathered() -> None:
    (found,) = read_plan(HEADINGS, rows({}, {"action": "Train advisers", "milestone": ""}))
    assert found.title == "Better early warning"
    assert [one.title for one in found.actions] == ["Hold triage every term", "Train advisers"]
    (measure,) = found.measures
    assert (measure.polarity, measure.baseline, measure.target) == (Polarity.LOWER, Decimal(9), Decimal(0))
    assert measure.baseline_on == date(2008, 8, 31)
    assert found.actions[0].owner == "adviser@demo.example"


def test_every_missing_line_is_named() -> None:
    with pytest.raises(TableRefused) as refused:
        read_plan(
            HEADINGS,
            rows({"owner": ""}, {"action": "B", "due": ""}, {"action": "C", "measure": ""}, {"action": ""}),
        )
    assert refused.value.problems == (
        "Row 2, owner: is empty.",
        "Row 3, due: is empty.",
        "Row 4, measure: is empty.",
        "Row 5, action: is empty.",
    )


def test_what_is_there_but_wrong_is_named_with_its_value() -> None:
    with pytest.raises(TableRefused) as refused:
        read_plan(
            HEADINGS,
            rows({"due": "31 December"}, {"action": "B", "target": "12"}, {"action": "C", "better": "more"}),
        )
    assert refused.value.problems == (
        "Row 2, due: '31 December' is no day: write it as 2026-04-02 or 02/04/2026.",
        (
            "Row 3, target: '12' cannot be used. From 9 schools to 12 schools is the wrong way: "
            "lower is better, so the baseline has passed the target already."
        ),
        "Row 4, better: 'more' is none of higher or lower.",
    )


def test_rows_of_one_objective_must_agree() -> None:
    with pytest.raises(TableRefused) as refused:
        read_plan(HEADINGS, rows({}, {"target": "1"}))
    assert refused.value.problems == (
        "Row 3, measure: 'Schools below the floor' has other values than in row 2.",
        "Row 3, action: 'Hold triage every term' is there twice under this objective.",
    )


def test_a_missing_column_and_an_empty_table() -> None:
    with pytest.raises(TableRefused, match="The column 'sponsor' is missing"):
        read_plan([one for one in HEADINGS if one != "sponsor"], rows({}))
    with pytest.raises(TableRefused, match="no row below the headings"):
        read_plan(HEADINGS, [])


def test_the_owner_is_not_the_sponsor_and_both_are_addresses() -> None:
    with pytest.raises(TableRefused) as refused:
        read_plan(HEADINGS, rows({"sponsor": "adviser@demo.example"}, {"action": "B", "owner": "Bob"}))
    assert refused.value.problems == (
        "Row 2, sponsor: 'adviser@demo.example' is the owner: choose somebody else.",
        "Row 3, owner: 'bob' is no e-mail address.",
    )


def test_a_day_that_does_not_exist() -> None:
    with pytest.raises(TableRefused, match="'31/02/2009' is no day"):
        read_plan(HEADINGS, rows({"due": "31/02/2009"}))
