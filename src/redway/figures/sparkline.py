"""Sparkline: the shape of a trend in the space of a word, for a row of a table or a card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from redway.figures.chart import Chart, Measure
from redway.figures.theme import BACKGROUND, COLOURS, Role
from redway.figures.trend import TrendLine, TrendPoint, trend_chart


def sparkline(
    label: str, measure: Measure, points: Sequence[TrendPoint], width: int = 120, height: int = 30
) -> Chart:
    """A line with a dot at its newest value; broken where figures are missing. No axis, no title drawn.

    The number itself belongs beside it: the words and the table are those of the whole trend.
    """
    title = f"{label}: {measure.name}"
    whole = trend_chart(title, measure, [TrendLine(label, points, Role.HIGHLIGHTED)])
    ordered = sorted(points, key=lambda point: point.end)
    records, stretch = [], 0
    for point in ordered:
        if point.value is None:
            stretch += 1
        else:
            records.append({"at": point.end.toordinal(), "value": point.value, "stretch": stretch})
    blue = COLOURS[Role.HIGHLIGHTED]
    encoding: dict[str, Any] = {
        edge: {
            "field": field,
            "type": "quantitative",
            "axis": None,
            "scale": {"zero": False, "nice": False, "padding": 4},
        }
        for edge, field in (("x", "at"), ("y", "value"))
    }
    spec = {
        "$schema": whole.spec["$schema"],
        "width": width,
        "height": height,
        "padding": 0,
        "autosize": {"type": "none"},
        "config": {"aria": False, "background": BACKGROUND, "view": {"stroke": None}},
        "encoding": encoding,
        "layer": [
            {
                "data": {"values": records},
                "mark": {"type": "line", "color": blue, "strokeWidth": 1.5},
                "encoding": {"detail": {"field": "stretch"}},
            },
            {
                "data": {"values": records[-1:]},
                "mark": {"type": "point", "filled": True, "size": 30, "opacity": 1, "color": blue},
            },
        ],
    }
    return Chart(spec, title, whole.text_alternative, whole.table)
