"""Gains and losses as a picture and in words."""

from __future__ import annotations

from redway.figures.chart import Measure
from redway.figures.gains import Gain, gains_chart, kind_of
from redway.figures.maps import Place, points_map
from redway.figures.render import render_svg

CHANGE = Measure("change of budget", "percent", 2)


def test_the_words_count_everybody_and_name_the_largest() -> None:
    chart = gains_chart(
        "Who gains?", CHANGE, [Gain("Oak", 1.5), Gain("Elm", -0.5), Gain("Ash", 0.0), Gain("Fir", 0.2)]
    )
    assert chart.text_alternative == (
        "Of 4 schools 2 gain, 1 loses and 1 stays as it is. The largest gain is 1.50% (Oak). "
        "The largest loss is 0.50% (Elm)."
    )
    picture = render_svg(chart)
    assert "1 school loses" in picture
    assert "2 schools gain" in picture
    assert "1 unchanged" in picture


def test_a_gain_however_small_lies_right_of_nought_and_a_loss_left() -> None:
    chart = gains_chart("Who gains?", CHANGE, [Gain("Oak", 0.0001), Gain("Elm", -0.0001), Gain("Ash", 9.0)])
    marks = chart.spec["layer"][1]["data"]["values"]
    assert {mark["said"]: mark["at"] > 0 for mark in marks} == {"Oak": True, "Elm": False, "Ash": True}


def test_nobody_is_drawn_where_nobody_moves_or_is() -> None:
    for gains in ([Gain("Oak", 0.0)], []):
        render_svg(gains_chart("Who gains?", CHANGE, gains))


def test_kinds_on_a_map_are_told_by_shape_and_in_words() -> None:
    places = [
        Place(name, 485000 + at, 238000, "", kind_of(at - 1)) for at, name in enumerate(["Elm", "Ash", "Oak"])
    ]
    chart = points_map("Where?", (), places)
    assert [layer["mark"].get("shape") for layer in chart.spec["layer"][1:]] == [
        "circle",
        "triangle-up",
        "triangle-down",
    ]
    assert "the 1 that gain" in chart.text_alternative
