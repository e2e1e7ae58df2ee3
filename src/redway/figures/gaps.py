"""Gaps: the share of each group on a mark, beside that of all other pupils, both with their intervals.

Groups stand in the order given, never by the size of their gap: with several gaps looked at together some
look large by chance, and an order would make much of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redway.core.words import counted, listed, number, plural
from redway.figures.chart import Chart
from redway.figures.table import Cell, Column, Hidden, Kind, Table
from redway.figures.theme import COLOURS, CROWD, INK, PAGE, QUIET, Role, framed, wrapped

_LINE = 13
_AIR = 18
_APART = 5
"""Pixels between the middle of a row and each of its two dots."""


@dataclass(frozen=True)
class Interval:
    """A figure with its 95% interval, in percent or percentage points."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class GroupGap:
    """One group beside all other pupils."""

    label: str
    group: Interval
    others: Interval
    gap: Interval
    """The group less the others, in percentage points."""

    @property
    def could_be_chance(self) -> bool:
        return self.gap.low <= 0 <= self.gap.high


def gaps_chart(
    title: str, name: str, gaps: Sequence[GroupGap], hidden: Sequence[str] = (), width: int = PAGE
) -> Chart:
    """Two dots a row, of ``name`` as in 'pupils on track'; ``hidden`` are the labels of groups withheld."""
    room = width * 0.34
    rows = _rows(gaps, room)
    height = round(rows[-1]["bottom"]) if rows else _LINE
    x = {
        "type": "quantitative",
        "scale": {"domain": [0, 100], "nice": False, "zero": True},
        "axis": {
            "title": f"{name[:1].upper()}{name[1:]}",
            "grid": True,
            "tickCount": 5,
            "labelExpr": "datum.label + '%'",
        },
    }
    y = {
        "type": "quantitative",
        "scale": {"domain": [0, height], "reverse": True, "nice": False},
        "axis": None,
    }
    layers = [
        *_side_layers(rows, "others", CROWD, "square", x, y),
        *_side_layers(rows, "group", COLOURS[Role.HIGHLIGHTED], "circle", x, y),
        *_text_layers(rows, y),
        *_key_layers(rows, x, y),
    ]
    spec = framed(title, layers, width, height)
    return Chart(spec, title, _words(name, gaps, hidden), _table(title, gaps, hidden))


def _rows(gaps: Sequence[GroupGap], room: float) -> list[dict[str, Any]]:
    """One record a group, with the middle of its row in pixels; the first leaves room for the key."""
    rows, top = [], float(_LINE)
    for one in gaps:
        label = wrapped(one.label, room)
        tall = max(len(label) * _LINE, 2 * _APART) + _AIR
        middle = top + tall / 2
        rows.append(
            {
                "at": middle,
                "name_at": middle - max(len(label) - 1, 0) * _LINE / 2,
                "bottom": top + tall,
                "label": label,
                "gap": f"{_signed(one.gap.value)} points",
                "bold": not one.could_be_chance,
                **_side("group", one.group, middle - _APART, f"{one.label}: {_with_range(one.group)}"),
                **_side("others", one.others, middle + _APART, f"All others: {_with_range(one.others)}"),
            }
        )
        top += tall
    return rows


def _side(side: str, held: Interval, at: float, said: str) -> dict[str, Any]:
    return {
        f"{side}_at": at,
        f"{side}_value": held.value,
        f"{side}_low": held.low,
        f"{side}_high": held.high,
        f"{side}_said": said,
    }


def _side_layers(
    rows: Sequence[dict[str, Any]],
    side: str,
    colour: str,
    shape: str,
    x: dict[str, Any],
    y: dict[str, Any],
) -> list[dict[str, Any]]:
    """A dot and its interval for one of the two sides; told apart by shape as well as by colour."""
    dark = QUIET if colour == CROWD else colour
    at = {"field": f"{side}_at", **y}
    return [
        {
            "data": {"values": list(rows)},
            "mark": {"type": "rule", "color": dark, "strokeWidth": 1.5},
            "encoding": {"x": {"field": f"{side}_low", **x}, "x2": {"field": f"{side}_high"}, "y": at},
        },
        {
            "data": {"values": list(rows)},
            "mark": {"type": "point", "size": 70, "shape": shape, "color": dark},
            "encoding": {
                "x": {"field": f"{side}_value", **x},
                "y": at,
                "tooltip": {"field": f"{side}_said", "title": " "},
            },
        },
    ]


def _text_layers(rows: Sequence[dict[str, Any]], y: dict[str, Any]) -> list[dict[str, Any]]:
    """The group on the left, the gap on the right: in bold where it is more than chance explains."""
    text = {"type": "text", "baseline": "middle", "lineHeight": _LINE, "color": INK}
    names = {
        "data": {"values": list(rows)},
        "mark": {**text, "align": "right", "dx": -8},
        "encoding": {"x": {"value": 0}, "y": {"field": "name_at", **y}, "text": {"field": "label"}},
    }
    values = [
        {
            "data": {"values": [row for row in rows if row["bold"] is bold]},
            "mark": {**text, "align": "left", "dx": 8, **({"fontWeight": "bold"} if bold else {})},
            "encoding": {"x": {"value": "width"}, "y": {"field": "at", **y}, "text": {"field": "gap"}},
        }
        for bold in (False, True)
    ]
    return [names, *values]


def _key_layers(rows: Sequence[dict[str, Any]], x: dict[str, Any], y: dict[str, Any]) -> list[dict[str, Any]]:
    """What the two shapes are, above the first row."""
    if not rows:
        return []
    key = [
        {"x": 1, "y": 2, "word": "this group", "shape": "circle", "colour": COLOURS[Role.HIGHLIGHTED]},
        {"x": 56, "y": 2, "word": "all others", "shape": "square", "colour": QUIET},
    ]
    marks = [
        {
            "data": {"values": [one]},
            "mark": {"type": "point", "size": 70, "shape": one["shape"], "color": one["colour"]},
            "encoding": {"x": {"field": "x", **x}, "y": {"field": "y", **y}},
        }
        for one in key
    ]
    words = {
        "data": {"values": key},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 8, "color": INK},
        "encoding": {"x": {"field": "x", **x}, "y": {"field": "y", **y}, "text": {"field": "word"}},
    }
    return [*marks, words]


def _signed(value: float) -> str:
    shown = number(value)
    return f"+{shown}" if not shown.startswith("-") and shown != "0" else shown


def _with_range(held: Interval) -> str:
    return f"{number(held.value)}% (95% interval {number(held.low)}% to {number(held.high)}%)"


def _words(name: str, gaps: Sequence[GroupGap], hidden: Sequence[str]) -> str:
    if not gaps:
        return "There is no group that may be shown."
    larger = [one for one in gaps if not one.could_be_chance]
    above_chance = (
        f"{counted(len(larger), 'gap')} {plural(len(larger), 'is', 'are')}" if larger else "No gap is"
    )
    said = [
        f"Share of {name} in {counted(len(gaps), 'group')}, each beside all other pupils.",
        f"{above_chance} more than chance explains.",
    ]
    said += [
        f"{one.label}: {number(one.group.value)}%, all others {number(one.others.value)}%, "
        f"a gap of {_signed(one.gap.value)} points ({_signed(one.gap.low)} to {_signed(one.gap.high)})."
        for one in larger[:2]
    ]
    if hidden:
        said.append(f"Not shown, as too few pupils are in them: {listed(hidden)}.")
    return " ".join(said)


def _table(title: str, gaps: Sequence[GroupGap], hidden: Sequence[str]) -> Table:
    columns = [
        Column("label", "Group"),
        Column("group", "This group", Kind.PERCENT, 0),
        Column("others", "All others", Kind.PERCENT, 0),
        Column("gap", "Gap in percentage points", Kind.NUMBER, 0),
        Column("low", "Lower 95% limit", Kind.NUMBER, 0),
        Column("high", "Upper 95% limit", Kind.NUMBER, 0),
    ]
    rows: list[dict[str, Cell]] = [
        {
            "label": one.label,
            "group": one.group.value,
            "others": one.others.value,
            "gap": one.gap.value,
            "low": one.gap.low,
            "high": one.gap.high,
        }
        for one in gaps
    ]
    withheld = Hidden("Hidden: too few pupils")
    rows += [
        {"label": label, **dict.fromkeys(("group", "others", "gap", "low", "high"), withheld)}
        for label in hidden
    ]
    return Table(title, columns, rows)
