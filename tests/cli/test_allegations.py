"""``redway allegations``: clocks from dates, at the shell."""

from __future__ import annotations

import json

import pytest

from redway.cli.main import main

CLOCKS = ["allegations", "clocks", "--edition"]


def test_a_clock_shows_its_due_date_rule_and_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main([*CLOCKS, "national-2020", "--event", "known=2026-04-02", "--now", "2026-04-03", "--json"]) == 0
    )
    first = json.loads(capsys.readouterr().out)[0]
    assert (first["clock"], first["due"], first["state"]) == ("T1", "2026-04-07", "running")
    assert first["rule"] == "1 working day"
    assert "Milton Keynes" in first["source"]


def test_what_has_not_started_is_named_and_not_tabled(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*CLOCKS, "sefton-2020", "--event", "known=2026-11-20T16:30", "--now", "2026-11-21"]) == 0
    shown = capsys.readouterr().out
    assert "Sat 21 November 2026 16:30" in shown
    assert "Not started: T2, T3" in shown


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([*CLOCKS, "nowhere-2020", "--event", "known=2026-04-02"], "no edition called 'nowhere-2020'"),
        ([*CLOCKS, "national-2020", "--event", "known"], "'known' is no event"),
        ([*CLOCKS, "national-2020", "--event", "known=31 February"], "31 February"),
        ([*CLOCKS, "national-2020", "--event", "known=2026-04-02T99:00"], "is no moment"),
        ([*CLOCKS, "national-2020", "--event", "lunch=2026-04-02"], "No clock knows the event lunch"),
        ([*CLOCKS, "national-2020", "--event", "known=2029-04-02"], "lies outside"),
        ([*CLOCKS, "national-2020"], "Neither the rules nor an event"),
    ],
)
def test_a_mistake_gets_a_sentence_and_a_next_step(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err
    assert "Traceback" not in captured.err


def test_the_rules_can_be_checked_with_their_sources(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["allegations", "editions", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert all(row["source"] for row in rows)
    limbs = {row["edition"]: row["is"] for row in rows if row["value"] == "limbs"}
    assert sorted(limbs) == ["national-2006", "national-2010", "national-2020"]


def test_the_events_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["allegations", "clocks", "--events"]) == 0
    assert "early-years-known" in capsys.readouterr().out
