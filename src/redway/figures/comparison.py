"""Comparison: an authority beside its neighbours, or a school beside others, each with its interval.

The order is the caller's (closeness, or the alphabet), never the rank: league tables are not offered.
Bars start at nought; dots need not, and are for measures that have no natural nought.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from redway.core.missing import Missing
from redway.core.words import counted, listed
from redway.figures.chart import Chart, Measure
from redway.figures.table import Cell, Column, Table
from redway.figures.theme import COLOURS, INK, PAGE, QUIET, Role, framed, role_colour, wrapped

_BAR = 16
_LINE = 13
_AIR = 12


class Style(StrEnum):
    """How values are drawn."""

    BAR = "bar"
    DOT = "dot"


@dataclass(frozen=True)
class Compared:
    """One authority or school. ``value`` is None when it is ``missing``."""

    label: str
    value: float | None
    lower: float | None = None
    upper: float | None = None
    missing: Missing | None = None
    role: Role = Role.CROWD


@dataclass(frozen=True)
class Reference:
    """A line that all are read against: 'England' at 8.4."""

    label: str
    value: float


def comparison_chart(
    title: str,
    measure: Measure,
    compared: Sequence[Compared],
    reference: Reference | None = None,
    style: Style = Style.BAR,
    width: int = PAGE,
) -> Chart:
    """Horizontal bars or dots in the order given; one with no figure keeps its line and says why."""
    low, high = _domain(compared, reference, style)
    room = width * 0.32
    rows = _rows(compared, measure, room, width - room - 60)
    height = round(rows[-1]["bottom"]) if rows else _LINE
    held = {"values": [row for row in rows if row["value"] is not None]}
    x = {
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "axis": {
            "title": measure.axis_title,
            "grid": True,
            "tickCount": max(width // 120, 3),
            **measure.axis_format,
        },
    }
    y = {
        "field": "at",
        "type": "quantitative",
        "scale": {"domain": [0, height], "reverse": True, "nice": False},
        "axis": None,
    }
    marks = [_mark_layer(held, style, x, y), _interval_layer(held, x, y)]
    spec = framed(
        title,
        [
            *(marks if style is Style.BAR else reversed(marks)),
            *_reference_layers(reference, measure, x),
            *_text_layers(rows, y, low if style is Style.DOT else 0.0, x),
        ],
        width,
        height,
    )
    return Chart(
        spec, title, _words(measure, compared, reference), _table(title, measure, compared, reference)
    )


def _rows(
    compared: Sequence[Compared], measure: Measure, name_room: float, why_room: float
) -> list[dict[str, Any]]:
    """One record each, with the middle of its row in pixels: a long name makes its own row taller."""
    rows, top = [], 0.0
    for one in compared:
        name = wrapped(one.label, name_room)
        why = wrapped(_why(one), why_room) if one.value is None else []
        tall = max(len(name), len(why), 1) * _LINE + _AIR
        rows.append(
            {
                "at": top + tall / 2,
                "bottom": top + tall,
                "name": name,
                "why": why,
                "value": one.value,
                "lower": one.lower,
                "upper": one.upper,
                "role": one.role.value,
                "said": f"{one.label}: {_with_interval(one, measure)}",
                "shown": measure.short(one.value) if one.value is not None else "",
            }
        )
        top += tall
    return rows


def _domain(compared: Sequence[Compared], reference: Reference | None, style: Style) -> tuple[float, float]:
    ends = [end for one in compared for end in (one.value, one.lower, one.upper) if end is not None]
    ends += [reference.value] if reference else []
    if not ends:
        return 0.0, 1.0
    low, high = min(ends), max(ends)
    if style is Style.BAR:
        low, high = min(low, 0.0), max(high, 0.0)
    air = (high - low) * 0.05 or 1.0
    # A bar that starts at nought starts at the edge.
    return (
        low if style is Style.BAR and low == 0 else low - air,
        high if style is Style.BAR and high == 0 else high + air,
    )


def _mark_layer(held: dict[str, Any], style: Style, x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    tooltip = {"field": "said", "title": " "}
    if style is Style.BAR:
        return {
            "data": held,
            "mark": {"type": "bar", "height": _BAR, "orient": "horizontal"},
            "encoding": {
                "x": {"field": "value", **x, "stack": None},
                "x2": {"datum": 0},
                "y": y,
                "color": role_colour(),
                "tooltip": tooltip,
            },
        }
    return {
        "data": held,
        "mark": {"type": "point", "size": 90},
        "encoding": {"x": {"field": "value", **x}, "y": y, "color": role_colour(), "tooltip": tooltip},
    }


def _interval_layer(held: dict[str, Any], x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": held,
        "transform": [{"filter": "isValid(datum.lower) && isValid(datum.upper)"}],
        "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5},
        "encoding": {"x": {"field": "lower", **x}, "x2": {"field": "upper"}, "y": y},
    }


def _reference_layers(
    reference: Reference | None, measure: Measure, x: dict[str, Any]
) -> list[dict[str, Any]]:
    if reference is None:
        return []
    data = {
        "values": [{"at": reference.value, "label": f"{reference.label} {measure.short(reference.value)}"}]
    }
    at = {"field": "at", **x}
    return [
        {
            "data": data,
            "mark": {
                "type": "rule",
                "color": COLOURS[Role.ENGLAND],
                "strokeDash": [5, 3],
                "strokeWidth": 1.5,
            },
            "encoding": {"x": at},
        },
        {
            "data": data,
            "mark": {"type": "text", "align": "center", "baseline": "bottom", "dy": -4, "color": INK},
            "encoding": {"x": at, "y": {"value": 0}, "text": {"field": "label"}},
        },
    ]


def _text_layers(
    rows: Sequence[dict[str, Any]], y: dict[str, Any], start: float, x: dict[str, Any]
) -> list[dict[str, Any]]:
    """Names on the left, values in a column on the right, and the reason where there is no value."""
    text = {"type": "text", "baseline": "middle", "lineHeight": _LINE}
    # The first of several lines stands where a single one would: lift them by half their height.
    records = [
        {**row, "name_at": row["at"] - _lift(row["name"]), "why_at": row["at"] - _lift(row["why"])}
        for row in rows
    ]
    layers: list[dict[str, Any]] = [
        {
            "data": {"values": [one for one in records if (one["role"] == Role.HIGHLIGHTED) is bold]},
            "mark": {**text, "align": align, "dx": shift, **style},
            "encoding": {
                "x": {"value": place},
                "y": {**y, "field": at},
                "text": {"field": field},
            },
        }
        for field, at, place, align, shift in (
            ("name", "name_at", 0, "right", -8),
            ("shown", "at", "width", "left", 8),
        )
        for bold, style in (
            (False, {"color": INK}),
            (True, {"color": COLOURS[Role.HIGHLIGHTED], "fontWeight": "bold"}),
        )
    ]
    if any(row["why"] for row in rows):
        layers.append(
            {
                "data": {"values": [{**record, "edge": start} for record in records if record["why"]]},
                "mark": {**text, "align": "left", "dx": 5, "color": QUIET, "fontStyle": "italic"},
                "encoding": {
                    "x": {"field": "edge", **x},
                    "y": {**y, "field": "why_at"},
                    "text": {"field": "why"},
                },
            }
        )
    return layers


def _lift(lines: Sequence[str]) -> float:
    return max(len(lines) - 1, 0) * _LINE / 2


def _why(one: Compared) -> str:
    return (one.missing or Missing.BLANK).label


def _with_interval(one: Compared, measure: Measure) -> str:
    if one.value is None:
        return _why(one)
    if one.lower is None or one.upper is None:
        return measure.show(one.value)
    return (
        f"{measure.show(one.value)} (95% interval {measure.short(one.lower)} to {measure.short(one.upper)})"
    )


def _words(measure: Measure, compared: Sequence[Compared], reference: Reference | None) -> str:
    held = [one for one in compared if one.value is not None]
    main = [one for one in compared if one.role is Role.HIGHLIGHTED]
    said = [f"{one.label}: {measure.name} {_with_interval(one, measure)}." for one in main]
    others = [one.value for one in held if one.role is not Role.HIGHLIGHTED and one.value is not None]
    if others:
        said.append(
            f"The {counted(len(others), 'other', 'others')} with a figure "
            + (
                f"{'lies' if len(others) == 1 else 'lie'} between {measure.show(min(others))} "
                f"and {measure.show(max(others))}."
                if min(others) != max(others)
                else f"{'has' if len(others) == 1 else 'have'} {measure.show(others[0])}."
            )
        )
    if reference:
        said.append(f"{reference.label}: {measure.show(reference.value)}.")
    missing = [one.label for one in compared if one.value is None and one.role is not Role.HIGHLIGHTED]
    if missing:
        said.append(f"No figure is held for {listed(missing)}.")
    return " ".join(said) or f"No figure of {measure.name} is held."


_NO_RANGE = "No range"
"""Of a result, a target, or a figure published without one: nothing is missing there."""


def _table(title: str, measure: Measure, compared: Sequence[Compared], reference: Reference | None) -> Table:
    columns = [Column("label", "Name"), measure.column("value", measure.heading)]
    if any(one.lower is not None for one in compared):
        columns += [
            measure.column("lower", "Lower 95% limit"),
            measure.column("upper", "Upper 95% limit"),
        ]
    rows: list[dict[str, Cell]] = [
        {
            "label": one.label,
            "value": (one.missing or Missing.BLANK) if one.value is None else one.value,
            "lower": _NO_RANGE if one.lower is None else one.lower,
            "upper": _NO_RANGE if one.upper is None else one.upper,
        }
        for one in compared
    ]
    if reference:
        rows.append(
            {"label": reference.label, "value": reference.value, "lower": _NO_RANGE, "upper": _NO_RANGE}
        )
    return Table(title, columns, rows)
