"""``redway calendar``: dates from the bank holidays as published on gov.uk."""

from __future__ import annotations

import json

import pytest

from redway.cli.main import main


@pytest.mark.parametrize(
    ("start", "days", "answer"),
    [
        ("2026-04-02", "1", "Tuesday 7 April 2026"),  # Good Friday 3 April, Easter Monday 6 April
        ("2026-12-24", "1", "Tuesday 29 December 2026"),  # 28 December stands in for Boxing Day
        ("2022-06-01", "1", "Monday 6 June 2022"),  # the platinum jubilee
        ("2026-04-07", "-1", "Thursday 2 April 2026"),
    ],
)
def test_adds_working_days(start: str, days: str, answer: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "add", start, days]) == 0
    assert capsys.readouterr().out == f"{answer}\n"


def test_answers_scripts_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "add", "2026-04-02", "1", "--json"]) == 0
    expected = {"date": "2026-04-02", "working_days": 1, "answer": "2026-04-07"}
    assert json.loads(capsys.readouterr().out) == expected


@pytest.mark.parametrize("date", ["2 April", "2026-02-30", "2190-01-01"])
def test_a_date_that_cannot_be_answered_is_wrong_use(date: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "add", date, "1"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert len(captured.err.splitlines()) == 2


def test_counts_the_working_days_between_two_dates(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "between", "2026-12-24", "2026-12-29"]) == 0
    assert capsys.readouterr().out == "1 working day\n"
    assert main(["calendar", "between", "2027-01-04", "2026-12-24", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["answer"] == -4
