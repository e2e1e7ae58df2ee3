"""Funnel: every school against its size, with the limits that chance alone would respect.

A funnel is not a league table: it shows which schools differ by more than their size explains, and how
many would lie outside if none truly differed. The limits are computed elsewhere and given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redway.core.words import counted, number, plural
from redway.figures.chart import Chart, Measure
from redway.figures.crowd import gathered
from redway.figures.labels import spread
from redway.figures.table import Column, Kind, Row, Table
from redway.figures.theme import COLOURS, CROWD, INK, PAGE, QUIET, Role, framed

INSIDE = "within 95% limits"


@dataclass(frozen=True)
class FunnelPoint:
    """One school. ``position`` says where it lies, in the words of whoever computed the limits."""

    label: str
    size: float
    """How many pupils the figure rests on."""
    value: float
    position: str


@dataclass(frozen=True)
class FunnelLimit:
    """The limits at one size, on the scale of the values."""

    size: float
    lower_998: float
    lower_95: float
    upper_95: float
    upper_998: float


@dataclass(frozen=True)
class Standard:
    """What the schools are judged against, and whose it is: 'England' at 62.0."""

    label: str
    value: float


def funnel_chart(
    title: str,
    measure: Measure,
    points: Sequence[FunnelPoint],
    limits: Sequence[FunnelLimit],
    standard: Standard,
    highlighted: str = "",
    size_title: str = "Pupils",
    width: int = PAGE,
    height: int = 300,
) -> Chart:
    """A funnel of ``width`` pixels; ``highlighted`` is the label of the school it is about, if any."""
    chosen = [point for point in points if point.label == highlighted]
    low, high = _domain(points, limits, standard)
    y = {
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "axis": {"title": None, "tickCount": 5, **measure.axis_format},
    }
    x = {
        "field": "size",
        "type": "quantitative",
        "scale": {"zero": False, "nice": False, "padding": 10},
        "axis": {"title": size_title, "tickCount": max(width // 110, 3), "format": ",d"},
    }
    spec = framed(
        title,
        [
            _crowd_layer([p for p in points if p.label != highlighted], measure, x, y, high - low),
            *_limit_layers(limits, x, y),
            _standard_layer(standard, y),
            *(_chosen_layers(chosen[0], points, measure, x, y) if chosen else []),
            *_name_layers(limits, standard, measure, (low, high), height),
        ],
        width,
        height,
    )
    return Chart(
        spec,
        title,
        _words(measure, points, standard, chosen),
        _table(title, measure, points, standard, size_title),
    )


def _domain(
    points: Sequence[FunnelPoint], limits: Sequence[FunnelLimit], standard: Standard
) -> tuple[float, float]:
    """All schools, and the outer limits from the smallest school on."""
    values = [standard.value, *(point.value for point in points)]
    smallest = min((point.size for point in points), default=0)
    values += [edge for one in limits if one.size >= smallest for edge in (one.lower_998, one.upper_998)]
    air = (max(values) - min(values)) * 0.04 or 1.0
    return min(values) - air, max(values) + air


def _limit_layers(
    limits: Sequence[FunnelLimit], x: dict[str, Any], y: dict[str, Any]
) -> list[dict[str, Any]]:
    edges = [([5, 4], ("lower_998", "upper_998")), ([1, 0], ("lower_95", "upper_95"))]
    return [
        {
            "data": {"values": [{"size": one.size, "edge": getattr(one, edge)} for one in limits]},
            "mark": {
                "type": "line",
                "color": QUIET,
                "strokeWidth": 1.2,
                "strokeDash": dash,
                "clip": True,
                "interpolate": "monotone",
            },
            "encoding": {"x": x, "y": {"field": "edge", **y}},
        }
        for dash, pair in edges
        for edge in pair
    ]


def _standard_layer(standard: Standard, y: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": {"values": [{"standard": standard.value}]},
        "mark": {"type": "rule", "color": COLOURS[Role.ENGLAND], "strokeWidth": 1.5},
        "encoding": {"y": {"field": "standard", **y}},
    }


def _crowd_layer(
    points: Sequence[FunnelPoint], measure: Measure, x: dict[str, Any], y: dict[str, Any], tall: float
) -> dict[str, Any]:
    widest = max((point.size for point in points), default=1)
    drawn = gathered([(point.size, point.value, _said(point, measure)) for point in points], widest, tall)
    values = [{"size": size, "value": value, "said": said} for size, value, said in drawn]
    return {
        "data": {"values": values},
        "mark": {
            "type": "point",
            "size": 30,
            "color": CROWD,
            "opacity": 0.75,
            "stroke": "#8f8f8f",
            "strokeWidth": 0.5,
        },
        "encoding": {"x": x, "y": {"field": "value", **y}, "tooltip": {"field": "said", "title": " "}},
    }


def _chosen_layers(
    chosen: FunnelPoint, points: Sequence[FunnelPoint], measure: Measure, x: dict[str, Any], y: dict[str, Any]
) -> list[dict[str, Any]]:
    sizes = sorted(point.size for point in points)
    # The name goes to the side where there is more room.
    left = chosen.size > (sizes[0] + sizes[-1]) / 2
    data = {
        "values": [
            {
                "size": chosen.size,
                "value": chosen.value,
                "label": f"{chosen.label} {measure.short(chosen.value)}",
                "said": _said(chosen, measure),
            }
        ]
    }
    encoding = {"x": x, "y": {"field": "value", **y}}
    text = {
        "type": "text",
        "align": "right" if left else "left",
        "dx": -10 if left else 10,
        "baseline": "middle",
        "fontWeight": "bold",
    }
    halo = {**text, "stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round", "color": "#ffffff"}
    return [
        {
            "data": data,
            "mark": {"type": "point", "size": 110, "color": COLOURS[Role.HIGHLIGHTED], "stroke": "#ffffff"},
            "encoding": {**encoding, "tooltip": {"field": "said", "title": " "}},
        },
        {"data": data, "mark": halo, "encoding": {**encoding, "text": {"field": "label"}}},
        {
            "data": data,
            "mark": {**text, "color": COLOURS[Role.HIGHLIGHTED]},
            "encoding": {**encoding, "text": {"field": "label"}},
        },
    ]


def _name_layers(
    limits: Sequence[FunnelLimit],
    standard: Standard,
    measure: Measure,
    span: tuple[float, float],
    height: int,
) -> list[dict[str, Any]]:
    """The names of the standard and of the limits, right of where they end."""
    named = [(standard.value, f"{standard.label} {measure.short(standard.value)}")]
    if limits:
        widest = max(limits, key=lambda one: one.size)
        named += [(widest.upper_95, "95% limits"), (widest.upper_998, "99.8% limits")]
    low, high = span
    wanted = [height * (high - at) / (high - low) for at, _ in named]
    places = spread(wanted, 14, 0, height)
    return [
        {
            "data": {"values": [{"label": label}]},
            "mark": {"type": "text", "align": "left", "dx": 6, "baseline": "middle", "color": INK},
            "encoding": {"x": {"value": "width"}, "y": {"value": place}, "text": {"field": "label"}},
        }
        for (_, label), place in zip(named, places, strict=True)
    ]


def _said(point: FunnelPoint, measure: Measure) -> str:
    return f"{point.label}: {measure.show(point.value)} of {number(point.size)}, {point.position}"


def _words(
    measure: Measure, points: Sequence[FunnelPoint], standard: Standard, chosen: Sequence[FunnelPoint]
) -> str:
    if not points:
        return f"No school has a figure of {measure.name}."
    outside = [point for point in points if point.position != INSIDE]
    by_chance = len(points) * 0.05
    said = [
        (
            f"{counted(len(points), 'school')} against {standard.label} ({measure.show(standard.value)}): "
            f"{number(len(outside))} {plural(len(outside), 'lies', 'lie')} beyond the 95% limits; "
            f"about {number(by_chance, 0 if by_chance >= 1 else 1)} would by chance alone."
        )
    ]
    said += [
        f"{point.label}, with {measure.show(point.value)} of {number(point.size)}, is {point.position}."
        for point in chosen
    ]
    return " ".join(said)


def _table(
    title: str, measure: Measure, points: Sequence[FunnelPoint], standard: Standard, size_title: str
) -> Table:
    columns = [
        Column("school", "School"),
        Column("size", size_title, Kind.NUMBER),
        measure.column("value", measure.heading),
        Column("position", "Against the limits"),
    ]
    rows: list[Row] = [
        {"school": p.label, "size": p.size, "value": p.value, "position": p.position}
        for p in sorted(points, key=lambda point: point.label)
    ]
    return Table(title, columns, rows, [f"The standard is {standard.label}: {measure.show(standard.value)}."])
