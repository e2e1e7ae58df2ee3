"""Inspections through time: each judgement on its day, in words, under the school that was inspected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from redway.core.words import counted, day_in_words
from redway.figures.chart import Chart
from redway.figures.table import Column, Kind, Row, Table
from redway.figures.theme import BACKGROUND, COLOURS, LINE, PAGE, QUIET, Role, framed, named_ticks, wrapped

GRADES = ("Outstanding", "Good", "Requires improvement or satisfactory", "Inadequate")
"""Overall effectiveness, best first. 'Satisfactory' became 'requires improvement' in September 2012."""
_ROW = 34
_LINE = 12


@dataclass(frozen=True)
class Inspection:
    """One inspection. ``grade`` is one of the grades of the chart; empty when none was given."""

    day: date
    grade: str
    kind: str
    """What sort of inspection: 'Full inspection', 'Short inspection'."""
    establishment: str
    """Name of the school as it was then."""
    is_predecessor: bool = False
    """True when the grade belongs to a school that this one replaced."""


def inspection_timeline(
    title: str, inspections: Sequence[Inspection], grades: Sequence[str] = GRADES, width: int = PAGE
) -> Chart:
    """Inspections as points on a line for each grade; a predecessor's are hollow.

    Those that gave no grade are triangles on a line of their own.
    """
    ordered = sorted(inspections, key=lambda one: one.day)
    names = [*grades, "No overall grade"]
    lines = [wrapped(name, width * 0.3) for name in names]
    height = max(_ROW, max(map(len, lines)) * _LINE + 8) * len(names)
    records: list[dict[str, Any]] = [
        {
            "at": one.day.toordinal(),
            "row": grades.index(one.grade) if one.grade in grades else len(grades),
            "shape": _shape(one, grades),
            "said": f"{day_in_words(one.day)}: {one.grade or 'no grade'}. {one.kind}, {one.establishment}",
        }
        for one in ordered
    ]
    x = _x(ordered, width)
    y = {
        "field": "row",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [-0.5, len(names) - 0.5], "reverse": True, "nice": False},
    }
    graded = [record for record in records if record["row"] < len(grades)]
    layers = [*_row_layers(lines, y), _path_layer(graded, x, y), *_point_layers(records, x, y)]
    return Chart(framed(title, layers, width, height), title, _words(ordered), _table(title, ordered))


def _shape(one: Inspection, grades: Sequence[str]) -> str:
    if one.grade not in grades:
        return "ungraded"
    return "predecessor" if one.is_predecessor else "own"


def _x(ordered: Sequence[Inspection], width: int) -> dict[str, Any]:
    """An axis of whole years around the inspections, named as often as there is room."""
    years = range(ordered[0].day.year, ordered[-1].day.year + 2) if ordered else range(0)
    every = max(-(-len(years) * 48 // round(width * 0.6)), 1)
    starts = {year: date(year, 1, 1).toordinal() for year in years}
    scale = {"domain": [min(starts.values()), max(starts.values())]} if starts else {}
    return {
        "field": "at",
        "type": "quantitative",
        "scale": {**scale, "zero": False, "nice": False},
        "axis": {"title": None, **named_ticks({starts[year]: str(year) for year in years[::every]})},
    }


def _row_layers(names: Sequence[list[str]], y: dict[str, Any]) -> list[dict[str, Any]]:
    """A quiet line for each grade, named on the left."""
    rows: list[dict[str, Any]] = [{"row": place, "name": name} for place, name in enumerate(names)]
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "rule", "color": LINE},
            "encoding": {"y": y, "x": {"value": 0}, "x2": {"value": "width"}},
        },
        *(
            {
                "data": {"values": [row]},
                "mark": {
                    "type": "text",
                    "align": "right",
                    "baseline": "middle",
                    "lineHeight": _LINE,
                    "dx": -8,
                    # Lines beyond the first would hang below the rule: lift the name by half of them.
                    "dy": -(len(row["name"]) - 1) * _LINE / 2,
                },
                "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "name"}},
            }
            for row in rows
        ),
    ]


def _path_layer(graded: Sequence[dict[str, Any]], x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
    """A step from each graded inspection to the next: a grade stands until it is replaced."""
    return {
        "data": {"values": graded},
        "mark": {"type": "line", "interpolate": "step-after", "color": QUIET, "strokeWidth": 1.2},
        "encoding": {"x": x, "y": y},
    }


def _point_layers(
    records: Sequence[dict[str, Any]], x: dict[str, Any], y: dict[str, Any]
) -> list[dict[str, Any]]:
    blue = COLOURS[Role.HIGHLIGHTED]
    looks = {
        "own": {"color": blue, "size": 120, "stroke": BACKGROUND},
        "predecessor": {"color": BACKGROUND, "size": 100, "stroke": blue, "strokeWidth": 2},
        "ungraded": {"color": QUIET, "size": 80, "shape": "triangle-up"},
    }
    return [
        {
            "data": {"values": [record for record in records if record["shape"] == shape]},
            "mark": {"type": "point", **look},
            "encoding": {"x": x, "y": y, "tooltip": {"field": "said", "title": " "}},
        }
        for shape, look in looks.items()
    ]


def _words(ordered: Sequence[Inspection]) -> str:
    if not ordered:
        return "No inspection is held."
    graded = [one for one in ordered if one.grade]
    first, newest = day_in_words(ordered[0].day), day_in_words(ordered[-1].day)
    said = [f"{counted(len(ordered), 'inspection')} from {first} to {newest}."]
    if graded:
        last = graded[-1]
        whose = f" under {last.establishment}, since replaced" if last.is_predecessor else ""
        said.append(f"The latest overall grade is {last.grade}, given on {day_in_words(last.day)}{whose}.")
    since = [one for one in ordered if graded and one.day > graded[-1].day]
    if since:
        said.append(f"{counted(len(since), 'inspection')} since then gave no overall grade.")
    if any(one.is_predecessor for one in ordered):
        said.append("Hollow points are grades of a school that this one replaced.")
    return " ".join(said)


def _table(title: str, ordered: Sequence[Inspection]) -> Table:
    columns = [
        Column("day", "Date", Kind.DATE),
        Column("grade", "Overall grade"),
        Column("kind", "Inspection"),
        Column("establishment", "School inspected"),
    ]
    rows: list[Row] = [
        {
            "day": one.day,
            "grade": one.grade or "No overall grade",
            "kind": one.kind,
            "establishment": one.establishment + (" (predecessor)" if one.is_predecessor else ""),
        }
        for one in reversed(ordered)
    ]
    return Table(title, columns, rows)
