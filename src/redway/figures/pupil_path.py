"""A pupil's path: assessments term by term beside the path that leads to the estimate, each with its range.

A dot is a teacher's assessment; its line says between what the pupil may be working. At the end stands the
estimate with the range in which pupils like this one end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redway.core.words import counted
from redway.figures.chart import Chart, Measure
from redway.figures.table import Cell, Column, Table
from redway.figures.theme import COLOURS, INK, PAGE, QUIET, Role, framed, named_ticks

_LINE = 14
_NARROW = 420
"""Below this width terms are named by their first letters."""


@dataclass(frozen=True)
class Step:
    """One term assessed; ``expected`` is None without an estimate."""

    label: str
    """'Spring 2025-26'."""
    left: int
    """Terms until the results."""
    assessment: float
    low: float
    high: float
    expected: float | None


@dataclass(frozen=True)
class End:
    """The estimate, and the range in which 95 of 100 such pupils end."""

    label: str
    """'Results, summer 2026'."""
    estimate: float
    low: float
    high: float


def pupil_path_chart(
    title: str, measure: Measure, steps: Sequence[Step], end: End | None, width: int = PAGE, height: int = 240
) -> Chart:
    """The path of one pupil in ``width`` pixels. ``steps`` are in order of time; ``title`` is a question."""
    low, high = _domain(steps, end)
    y = {
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "axis": {"title": None, "tickCount": 6, **measure.axis_format},
    }
    x = _axis(steps, end, width)
    layers = [
        *(_path_layers(steps, end, x, y) if end else []),
        *_assessment_layers(steps, measure, x, y),
        *(_end_layers(end, _is_below(steps), measure, x, y) if end else []),
    ]
    spec = framed(title, layers, width, height)
    return Chart(spec, title, _words(measure, steps, end), _table(title, measure, steps, end))


def _domain(steps: Sequence[Step], end: End | None) -> tuple[float, float]:
    ends = [value for step in steps for value in (step.low, step.high, step.expected) if value is not None]
    ends += [end.low, end.high] if end else []
    if not ends:
        return 0.0, 1.0
    air = (max(ends) - min(ends)) * 0.08 or 1.0
    return min(ends) - air, max(ends) + air


def _axis(steps: Sequence[Step], end: End | None, width: int) -> dict[str, Any]:
    """Terms at their distance from the results, so that a term without an assessment leaves its gap."""
    names = {-step.left: _short(step.label, width) for step in steps}
    if end:
        # The results come after the summer term: half a term on, so that they do not hide its assessment.
        names[1] = end.label.partition(",")[0]
    first = min(names, default=0)
    return {
        "type": "quantitative",
        "scale": {"domain": [first - 0.4, 1.5 if end else 0.4], "nice": False, "zero": False},
        "axis": {"title": None, "labelOverlap": False, **named_ticks(dict(sorted(names.items())))},
    }


def _short(label: str, width: int) -> str:
    """A term as an axis names it; on a phone by its first letters and its calendar year.

    >>> _short("Spring 2025-26", 600), _short("Spring 2025-26", 320), _short("Autumn 2025-26", 320)
    ('Spring 25-26', 'Spr 26', 'Aut 25')
    """
    term, _, year = label.partition(" ")
    if width >= _NARROW:
        return f"{term} {year[2:]}"
    return f"{term[:3]} {year[2:4] if term == 'Autumn' else year[-2:]}"


def _path_layers(
    steps: Sequence[Step], end: End, x: dict[str, Any], y: dict[str, Any]
) -> list[dict[str, Any]]:
    points: list[dict[str, Any]] = [
        {"at": -step.left, "expected": step.expected} for step in steps if step.expected is not None
    ]
    points.append({"at": 1, "expected": end.estimate})
    line = {
        "data": {"values": points},
        "mark": {"type": "line", "color": COLOURS[Role.AUTHORITY], "strokeDash": [5, 3], "strokeWidth": 2},
        "encoding": {"x": {"field": "at", **x}, "y": {"field": "expected", **y}},
    }
    if len(points) < 2:
        return []
    # Its name stands beside the last stretch, where no assessment can be, and clear of the one before.
    before, last = points[-2], points[-1]
    middle = {"at": (before["at"] + last["at"]) / 2, "expected": (before["expected"] + last["expected"]) / 2}
    return [line, *_words_on_white({**middle, "label": "expected path"}, _is_below(steps), x, y)]


def _is_below(steps: Sequence[Step]) -> bool:
    """Whether the last assessment lies below the path, so that there is room above it."""
    return bool(steps) and steps[-1].expected is not None and steps[-1].assessment < steps[-1].expected


def _words_on_white(
    point: dict[str, Any], above: bool, x: dict[str, Any], y: dict[str, Any]
) -> list[dict[str, Any]]:
    """Words that can be read where they lie on lines: on a white edge of their own."""
    text = {
        "type": "text",
        "align": "center",
        "baseline": "bottom" if above else "top",
        "dy": -9 if above else 9,
    }
    halo = {**text, "stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round", "color": "#ffffff"}
    encoding = {
        "x": {"field": "at", **x},
        "y": {"field": "expected", **y},
        "text": {"field": "label"},
    }
    return [
        {"data": {"values": [point]}, "mark": mark, "encoding": encoding}
        for mark in (halo, {**text, "color": INK})
    ]


def _assessment_layers(
    steps: Sequence[Step], measure: Measure, x: dict[str, Any], y: dict[str, Any]
) -> list[dict[str, Any]]:
    colour = COLOURS[Role.HIGHLIGHTED]
    data = {
        "values": [
            {
                "at": -step.left,
                "assessment": step.assessment,
                "low": step.low,
                "high": step.high,
                "shown": measure.short(step.assessment),
                "said": _said(step, measure),
            }
            for step in steps
        ]
    }
    at = {"field": "at", **x}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "color": colour, "strokeWidth": 1.5},
            "encoding": {"x": at, "y": {"field": "low", **y}, "y2": {"field": "high"}},
        },
        {
            "data": data,
            "mark": {"type": "point", "size": 90, "color": colour},
            "encoding": {
                "x": at,
                "y": {"field": "assessment", **y},
                "tooltip": {"field": "said", "title": " "},
            },
        },
        *(
            {
                "data": data,
                "mark": {"type": "text", "align": "left", "dx": 8, "fontWeight": "bold", **mark},
                "encoding": {"x": at, "y": {"field": "assessment", **y}, "text": {"field": "shown"}},
            }
            for mark in ({"color": "#ffffff", "stroke": "#ffffff", "strokeWidth": 4}, {"color": colour})
        ),
    ]


def _end_layers(
    end: End, below: bool, measure: Measure, x: dict[str, Any], y: dict[str, Any]
) -> list[dict[str, Any]]:
    """The estimate with its range; its number ``below`` the path or above it, where no word is."""
    data = {
        "values": [
            {
                "at": 1,
                "estimate": end.estimate,
                "low": end.low,
                "high": end.high,
                "shown": measure.short(end.estimate),
                "said": _end_said(end, measure),
            }
        ]
    }
    at = {"field": "at", **x}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "color": QUIET, "strokeWidth": 3},
            "encoding": {"x": at, "y": {"field": "low", **y}, "y2": {"field": "high"}},
        },
        {
            "data": data,
            "mark": {"type": "point", "size": 110, "shape": "diamond", "color": COLOURS[Role.AUTHORITY]},
            "encoding": {
                "x": at,
                "y": {"field": "estimate", **y},
                "tooltip": {"field": "said", "title": " "},
            },
        },
        {
            "data": data,
            "mark": {
                "type": "text",
                "align": "right",
                "dx": -9,
                "dy": _LINE if below else -_LINE / 2,
                "color": INK,
            },
            "encoding": {"x": at, "y": {"field": "estimate", **y}, "text": {"field": "shown"}},
        },
    ]


def _said(step: Step, measure: Measure) -> str:
    said = f"{step.label}: assessed at {measure.show(step.assessment)}"
    return said if step.expected is None else f"{said}, {measure.short(step.expected)} expected"


def _end_said(end: End, measure: Measure) -> str:
    between = f"{measure.short(end.low)} to {measure.short(end.high)}"
    return f"Estimate for the end: {measure.show(end.estimate)} (95 of 100 such pupils end at {between})"


def _words(measure: Measure, steps: Sequence[Step], end: End | None) -> str:
    if not steps:
        return f"No assessment in {measure.name} is held."
    said = [f"{counted(len(steps), 'assessment')}. {_said(steps[-1], measure)}."]
    said.append(f"{_end_said(end, measure)}." if end else "There is no estimate.")
    return " ".join(said)


def _table(title: str, measure: Measure, steps: Sequence[Step], end: End | None) -> Table:
    columns = [
        Column("term", "Term"),
        measure.column("assessment", "Assessed at"),
        measure.column("low", "Lowest the pupil may be working at"),
        measure.column("high", "Highest"),
        measure.column("expected", "On the expected path"),
    ]
    rows: list[dict[str, Cell]] = [
        {
            "term": step.label,
            "assessment": step.assessment,
            "low": step.low,
            "high": step.high,
            "expected": step.expected if step.expected is not None else "No estimate",
        }
        for step in steps
    ]
    if end:
        rows.append(
            {
                "term": end.label,
                "assessment": "Not yet",
                "low": end.low,
                "high": end.high,
                "expected": end.estimate,
            }
        )
    return Table(
        title,
        columns,
        rows,
        ["The last row is the estimate and the range in which such pupils end."] if end else [],
    )
