"""The chart of a success measure: readings with their intervals beside the line, and the line of before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from redway.figures.render import render_svg
from redway.improvement.action_plan import Polarity, Reading, SuccessMeasure
from redway.improvement.target_chart import target_chart

ABSENCE = SuccessMeasure(
    "Absence",
    "percent",
    Polarity.LOWER,
    Decimal(9),
    date(2024, 8, 31),
    Decimal(7),
    date(2026, 8, 31),
    "School census",
)
READING = Reading("2024-25", date(2025, 8, 31), Decimal("8.8"), "", Decimal("8.5"), Decimal("9.1"))


def test_a_reading_is_shown_with_its_interval() -> None:
    drawn = target_chart(ABSENCE, [READING])
    assert drawn.title == "Absence: how near is the target?"
    assert drawn.text_alternative.startswith(
        "Measured: absence was 8.8% (95% interval 8.5% to 9.1%) in 2024-25."
    )
    row = next(row for row in drawn.table.rows if row["period"] == "2024-25")
    assert (row["value-0"], row["lower-0"], row["upper-0"]) == (8.8, 8.5, 9.1)


def test_the_line_runs_from_baseline_to_target() -> None:
    rows = {row["period"]: row.get("value-1") for row in target_chart(ABSENCE, [READING]).table.rows}
    assert (rows["Baseline"], rows["Target"]) == (9.0, 7.0)


def test_the_line_before_it_was_re_baselined_stays_in_the_picture() -> None:
    now = replace(ABSENCE, target=Decimal(8), target_on=date(2027, 8, 31))
    rows = {row["period"]: row for row in target_chart(now, [READING], before=ABSENCE).table.rows}
    assert (rows["Target"]["value-1"], rows["Aug 2026"]["value-2"]) == (8.0, 7.0)


def test_two_readings_of_one_name_are_both_in_the_table() -> None:
    readings = [
        Reading("Autumn", date(2024, 12, 20), Decimal(9), ""),
        Reading("Autumn", date(2025, 12, 19), Decimal(8), ""),
    ]
    rows = [row["period"] for row in target_chart(ABSENCE, readings).table.rows]
    assert "Autumn, 20 December 2024" in rows
    assert "Autumn, 19 December 2025" in rows


def test_without_a_reading_the_line_is_drawn_all_the_same() -> None:
    drawn = target_chart(ABSENCE, [])
    assert [column.heading for column in drawn.table.columns] == ["Period", "Straight line to the target"]


def test_the_same_again_is_the_same_to_the_byte() -> None:
    before = replace(ABSENCE, target=Decimal(6))
    first, again = (target_chart(ABSENCE, [READING], before) for _ in range(2))
    assert first.key == again.key
    assert render_svg(first) == render_svg(again)
