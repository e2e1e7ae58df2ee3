"""What a chart of gaps draws and says: both sides with their intervals, chance named, hidden groups named."""

from __future__ import annotations

import pytest

from redway.figures.gaps import GroupGap, Interval, gaps_chart
from redway.figures.render import render_svg
from redway.figures.table import Hidden
from redway.figures.theme import PAGE, PHONE

TITLE = "Year 11, maths: which groups are less often on track?"
MEALS = GroupGap("Free school meals", Interval(60, 50, 70), Interval(80, 76, 84), Interval(-20, -30, -8))
GIRLS = GroupGap("Girls", Interval(82, 75, 88), Interval(74, 66, 80), Interval(8, -1, 16))


def test_both_sides_are_drawn_with_their_intervals() -> None:
    chart = gaps_chart(TITLE, "pupils on track", [MEALS, GIRLS])
    ranges = [layer for layer in chart.spec["layer"] if layer["mark"]["type"] == "rule"]
    drawn = [
        (record[layer["encoding"]["x"]["field"]], record[layer["encoding"]["x2"]["field"]])
        for layer in ranges
        for record in layer["data"]["values"]
    ]
    assert sorted(drawn) == [(50, 70), (66, 80), (75, 88), (76, 84)]


def test_groups_stand_in_the_order_given_and_not_by_their_gap() -> None:
    chart = gaps_chart(TITLE, "pupils on track", [GIRLS, MEALS])
    assert [row["label"] for row in chart.table.rows] == ["Girls", "Free school meals"]


def test_the_two_sides_differ_in_shape_and_not_only_in_colour() -> None:
    chart = gaps_chart(TITLE, "pupils on track", [MEALS])
    shapes = {layer["mark"]["shape"] for layer in chart.spec["layer"] if layer["mark"]["type"] == "point"}
    assert shapes == {"circle", "square"}


def test_the_words_tell_the_gap_its_range_and_who_is_not_shown() -> None:
    words = gaps_chart(TITLE, "pupils on track", [MEALS, GIRLS], ["In care"]).text_alternative
    assert "Share of pupils on track in 2 groups" in words
    assert "1 gap is more than chance explains." in words
    assert "Free school meals: 60%, all others 80%, a gap of -20 points (-30 to -8)." in words
    assert "Not shown, as too few pupils are in them: In care." in words
    assert "No gap is more than chance explains." in gaps_chart(TITLE, "pupils", [GIRLS]).text_alternative


def test_a_hidden_group_has_a_row_without_figures() -> None:
    *_, last = gaps_chart(TITLE, "pupils on track", [MEALS], ["In care"]).table.rows
    assert last["label"] == "In care"
    assert all(isinstance(last[key], Hidden) for key in ("group", "others", "gap", "low", "high"))


def test_without_any_group_it_says_so() -> None:
    chart = gaps_chart(TITLE, "pupils on track", [])
    assert chart.text_alternative == "There is no group that may be shown."
    assert render_svg(chart)


@pytest.mark.parametrize("width", [PHONE, PAGE])
def test_it_is_drawn_at_both_widths(width: int) -> None:
    assert "Free school" in render_svg(gaps_chart(TITLE, "pupils on track", [MEALS, GIRLS], width=width))
