"""Distribution: where one school or authority lies among all, with the middle half marked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redway.core.words import counted, number, plural
from redway.figures.chart import Chart, Measure
from redway.figures.table import Column, Row, Table
from redway.figures.theme import COLOURS, CROWD, INK, PAGE, QUIET, Role, framed, wrapped

_DOT = 7
_MOST_DOTS = 400


@dataclass(frozen=True)
class Value:
    """One school's or authority's figure."""

    label: str
    value: float


@dataclass(frozen=True)
class Quarters:
    """The band the values are read against. ``scope`` says whose values it was made from."""

    q1: float
    median: float
    q3: float
    n: int
    scope: str


def distribution_chart(
    title: str,
    measure: Measure,
    values: Sequence[Value],
    quarters: Quarters,
    highlighted: str = "",
    width: int = PAGE,
    one: str = "school",
    many: str = "schools",
) -> Chart:
    """Dots piled where values agree (bars when there are more than 400), the middle half shaded.

    ``one`` and ``many`` name what is counted: 'school', 'authority'.
    """
    chosen = [value for value in values if value.label == highlighted]
    every = [value.value for value in values] + [quarters.q1, quarters.q3]
    low, high = min(every), max(every)
    air = (high - low) * 0.05 or 1.0
    low, high = low - air, high + air
    bins = max((width - 60) // _DOT, 20)
    piled = _piled(values, low, high, bins)
    tallest = max((place["pile"] for place in piled), default=1)
    height = min(max(tallest * _DOT + 20, 70), 190)
    x = {
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "axis": {
            "title": measure.axis_title,
            "tickCount": max(width // 90, 3),
            "orient": "bottom",
            **measure.axis_format,
        },
    }
    spec = framed(
        title,
        [
            *_quarter_layers(quarters, measure, x),
            _crowd(piled, x, height, tallest, measure, highlighted),
            *_chosen_layers(chosen, measure, x, height, width, (low, high)),
        ],
        width,
        height,
    )
    columns = [Column("label", one[:1].upper() + one[1:]), measure.column("value", measure.heading)]
    rows: list[Row] = [
        {"label": v.label, "value": v.value} for v in sorted(values, key=lambda value: value.label)
    ]
    notes = [f"The middle half and the median are of {counted(quarters.n, one, many)}: {quarters.scope}."]
    words = _words(measure, values, quarters, chosen, one, many)
    return Chart(spec, title, words, Table(title, columns, rows, notes))


def _piled(values: Sequence[Value], low: float, high: float, bins: int) -> list[dict[str, Any]]:
    """Each value put on the pile of its narrow bin."""
    piles: Counter[int] = Counter()
    placed = []
    for value in sorted(values, key=lambda one: one.value):
        at = int((value.value - low) / (high - low) * bins)
        piles[at] += 1
        centre = low + (at + 0.5) * (high - low) / bins
        placed.append({"label": value.label, "value": value.value, "at": centre, "pile": piles[at]})
    return placed


def _crowd(
    piled: Sequence[dict[str, Any]],
    x: dict[str, Any],
    height: int,
    tallest: int,
    measure: Measure,
    highlighted: str,
) -> dict[str, Any]:
    scale = {"domain": [0, max(tallest, (height - 20) / _DOT) + 1], "nice": False}
    y = {"field": "pile", "type": "quantitative", "axis": None, "scale": scale}
    if len(piled) > _MOST_DOTS:
        top: dict[float, int] = {}
        for place in piled:
            top[place["at"]] = place["pile"]
        return {
            "data": {"values": [{"at": at, "pile": pile} for at, pile in top.items()]},
            "mark": {"type": "bar", "width": _DOT - 2, "color": CROWD},
            "encoding": {"x": {"field": "at", **x}, "y": {**y, "scale": {**scale, "zero": True}}},
        }
    others = [
        {**place, "said": f"{place['label']}: {measure.show(place['value'])}"}
        for place in piled
        if place["label"] != highlighted
    ]
    return {
        "data": {"values": others},
        "mark": {"type": "point", "size": 30, "color": CROWD, "stroke": "#8f8f8f", "strokeWidth": 0.5},
        "encoding": {"x": {"field": "at", **x}, "y": y, "tooltip": {"field": "said", "title": " "}},
    }


def _quarter_layers(quarters: Quarters, measure: Measure, x: dict[str, Any]) -> list[dict[str, Any]]:
    band = {"values": [{"q1": quarters.q1, "median": quarters.median, "q3": quarters.q3}]}
    return [
        {
            "data": band,
            "mark": {"type": "rect", "color": COLOURS[Role.HIGHLIGHTED], "opacity": 0.08},
            "encoding": {"x": {"field": "q1", **x}, "x2": {"field": "q3"}},
        },
        {
            "data": band,
            "mark": {"type": "rule", "color": QUIET, "strokeWidth": 1.5},
            "encoding": {"x": {"field": "median", **x}},
        },
        {
            "data": {
                "values": [{"median": quarters.median, "label": f"Median {measure.short(quarters.median)}"}]
            },
            "mark": {"type": "text", "align": "center", "baseline": "bottom", "dy": -3, "color": INK},
            "encoding": {"x": {"field": "median", **x}, "y": {"value": 0}, "text": {"field": "label"}},
        },
    ]


def _chosen_layers(
    chosen: Sequence[Value],
    measure: Measure,
    x: dict[str, Any],
    height: int,
    width: int,
    span: tuple[float, float],
) -> list[dict[str, Any]]:
    if not chosen:
        return []
    one = chosen[0]
    left = one.value > sum(span) / 2
    label = wrapped(f"{one.label} {measure.short(one.value)}", width * 0.4)
    data = {"values": [{"value": one.value, "label": label}]}
    at = {"x": {"field": "value", **x}}
    text = {
        "type": "text",
        "align": "right" if left else "left",
        "dx": -8 if left else 8,
        "dy": 12,
        "baseline": "top",
        "lineHeight": 14,
        "fontWeight": "bold",
    }
    halo = {**text, "stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round", "color": "#ffffff"}
    words = {**at, "y": {"value": 0}, "text": {"field": "label"}}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "color": COLOURS[Role.HIGHLIGHTED], "strokeWidth": 3},
            "encoding": at,
        },
        {"data": data, "mark": halo, "encoding": words},
        {"data": data, "mark": {**text, "color": COLOURS[Role.HIGHLIGHTED]}, "encoding": words},
    ]


def _words(
    measure: Measure,
    values: Sequence[Value],
    quarters: Quarters,
    chosen: Sequence[Value],
    one: str,
    many: str,
) -> str:
    said = [
        (
            f"{measure.name[:1].upper()}{measure.name[1:]}: half of {counted(quarters.n, one, many)} "
            f"({quarters.scope}) lie between {measure.show(quarters.q1)} and {measure.show(quarters.q3)}; "
            f"the median is {measure.show(quarters.median)}."
        )
    ]
    for value in chosen:
        below = sum(other.value < value.value for other in values)
        said.append(
            f"{value.label} has {measure.show(value.value)}; {number(below) if below else 'none'} "
            f"of the {counted(len(values), one, many)} shown {plural(below, 'is', 'are')} lower."
        )
    return " ".join(said)
