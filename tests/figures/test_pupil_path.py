"""What the chart of a pupil's path draws and says."""

from __future__ import annotations

import pytest

from redway.figures.chart import Chart, Measure
from redway.figures.pupil_path import End, Step, pupil_path_chart
from redway.figures.render import render_svg
from redway.figures.theme import PAGE, PHONE

MATHS = Measure("maths", "points", 1)
QUESTION = "Maths: is the pupil on the way to the estimate?"
STEPS = [
    Step("Autumn 2025-26", 2, 41.0, 33.2, 48.8, 46.8),
    Step("Spring 2025-26", 1, 42.0, 34.2, 49.8, 48.4),
]
END = End("Results", 50.0, 30.0, 70.0)


def drawn(chart: Chart, mark: str) -> list[dict[str, object]]:
    """The records of every layer of a kind of mark."""
    return [
        record
        for layer in chart.spec["layer"]
        if layer["mark"]["type"] == mark
        for record in layer["data"]["values"]
    ]


def test_every_assessment_and_the_estimate_have_their_range() -> None:
    ranges = [
        (one["low"], one["high"]) for one in drawn(pupil_path_chart(QUESTION, MATHS, STEPS, END), "rule")
    ]
    assert ranges == [(33.2, 48.8), (34.2, 49.8), (30.0, 70.0)]


def test_the_path_leads_to_the_estimate() -> None:
    path = drawn(pupil_path_chart(QUESTION, MATHS, STEPS, END), "line")
    assert [one["expected"] for one in path] == [46.8, 48.4, 50.0]


def test_a_term_without_assessment_leaves_its_gap() -> None:
    late = [Step("Autumn 2024-25", 5, 40.0, 32.2, 47.8, 42.0), STEPS[-1]]
    assert {one["at"] for one in drawn(pupil_path_chart(QUESTION, MATHS, late, END), "point")} == {-5, -1, 1}


def test_the_words_tell_the_last_assessment_and_the_estimate() -> None:
    words = pupil_path_chart(QUESTION, MATHS, STEPS, END).text_alternative
    assert "Spring 2025-26: assessed at 42.0 points, 48.4 expected." in words
    assert "Estimate for the end: 50.0 points (95 of 100 such pupils end at 30.0 to 70.0)." in words


def test_without_an_estimate_the_assessments_stand_alone() -> None:
    steps = [Step("Spring 2025-26", 1, 42.0, 34.2, 49.8, None)]
    chart = pupil_path_chart(QUESTION, MATHS, steps, None)
    assert drawn(chart, "line") == []
    assert "There is no estimate." in chart.text_alternative
    (row,) = chart.table.rows
    assert row["expected"] == "No estimate"


def test_the_table_ends_with_the_estimate() -> None:
    *_, last = pupil_path_chart(QUESTION, MATHS, STEPS, END).table.rows
    assert (last["term"], last["assessment"], last["expected"]) == ("Results", "Not yet", 50.0)


@pytest.mark.parametrize("width", [PHONE, PAGE])
def test_it_is_drawn_at_both_widths(width: int) -> None:
    picture = render_svg(pupil_path_chart(QUESTION, MATHS, STEPS, END, width))
    assert ("Spr 26" in picture) is (width == PHONE)
    assert render_svg(pupil_path_chart(QUESTION, MATHS, [], None, width))
