"""Trend: one measure through time, with its interval, beside what it is compared with.

A line is broken where a figure is missing and where the measure changed its basis, so that nothing is
joined that cannot be compared. The text never calls a change a change unless the intervals part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Any

from redway.core.missing import Missing
from redway.core.words import counted, listed
from redway.figures.chart import Chart, Measure
from redway.figures.labels import spread
from redway.figures.table import Cell, Column, Table
from redway.figures.theme import (
    COLOURS,
    INK,
    PAGE,
    QUIET,
    TEXT_SIZE,
    Role,
    framed,
    named_ticks,
    role_colour,
    text_width,
    wrapped,
)

_LABEL_HEIGHT = 15


@dataclass(frozen=True)
class TrendPoint:
    """One figure of a line. ``value`` is None when it is ``missing``; limits are of the 95% interval."""

    period: str
    end: date
    """Last day of the period: its place on the axis."""
    value: float | None
    lower: float | None = None
    upper: float | None = None
    missing: Missing | None = None


@dataclass(frozen=True)
class TrendLine:
    """One line. The first highlighted line is what the chart is about."""

    label: str
    points: Sequence[TrendPoint]
    role: Role


@dataclass(frozen=True)
class SeriesBreak:
    """From ``period`` on the measure stands on another footing."""

    period: str
    reason: str


@dataclass(frozen=True)
class SeriesMark:
    """Something that happened before ``period`` and does not part the line: a school's new number, say."""

    period: str
    label: str
    """A word or two beside the mark."""
    said: str
    """The whole of it, in a sentence without its full stop."""


def trend_chart(
    title: str,
    measure: Measure,
    lines: Sequence[TrendLine],
    breaks: Sequence[SeriesBreak] = (),
    width: int = PAGE,
    height: int = 240,
    marks: Sequence[SeriesMark] = (),
) -> Chart:
    """A trend chart of ``width`` pixels. The first line is drawn on top and its interval shaded.

    Breaks and marks name a period of the data; those before its first or after its last period are left out.
    """
    ends = {point.period: point.end for line in lines for point in line.points}
    periods = sorted(ends, key=lambda period: ends[period])
    shown_breaks = [one for one in breaks if one.period in periods[1:]]
    shown_marks = [one for one in marks if one.period in periods[1:]]
    # The last are drawn on top.
    records = [record for line in reversed(lines) for record in _records(line, measure, shown_breaks, ends)]
    table = _table(title, measure, lines, periods, shown_breaks, shown_marks)
    low, high = _domain(records, lines[0].label)
    spec = framed(
        title,
        [
            *_break_layers([(one.period, "break", one.reason) for one in shown_breaks], periods, ends, high),
            *_break_layers([(one.period, one.label, one.said) for one in shown_marks], periods, ends, high),
            _interval_layer(),
            _line_layer(low, high, measure, periods, ends, width),
            _point_layer(),
            *_label_layers(lines, measure, (low, high), width, height),
        ],
        width,
        height,
        data={"values": records},
    )
    return Chart(spec, title, _words(measure, lines, shown_breaks, shown_marks), table)


def _records(
    line: TrendLine, measure: Measure, breaks: Sequence[SeriesBreak], ends: dict[str, date]
) -> list[dict[str, Any]]:
    """The figures held, each with the unbroken stretch of the line it belongs to."""
    ordered = sorted(line.points, key=lambda point: point.end)
    longest = _usual_step(ordered) * 1.5
    records: list[dict[str, Any]] = []
    gaps = 0
    for point in ordered:
        if point.value is None:
            gaps += 1
            continue
        at = point.end.toordinal()
        # Periods that are not even listed as missing (exams were not held) part the line as well.
        gaps += bool(records) and at - records[-1]["at"] > longest
        stretch = gaps + sum(ends[one.period] <= point.end for one in breaks)
        records.append(
            {
                "line": line.label,
                "role": line.role.value,
                "stretch": f"{line.label} {stretch}",
                "at": at,
                "value": point.value,
                "lower": point.lower,
                "upper": point.upper,
                "said": f"{line.label}, {point.period}: {_with_interval(point, measure)}",
            }
        )
    return records


def _usual_step(ordered: Sequence[TrendPoint]) -> float:
    """The median number of days from one period to the next."""
    steps = [later.end.toordinal() - earlier.end.toordinal() for earlier, later in pairwise(ordered)]
    return median(steps) if steps else 0.0


def _with_interval(point: TrendPoint, measure: Measure) -> str:
    if point.value is None:
        return (point.missing or Missing.BLANK).label.lower()
    said = measure.show(point.value)
    if point.lower is None or point.upper is None:
        return said
    return f"{said} (95% interval {measure.short(point.lower)} to {measure.short(point.upper)})"


def _domain(records: Sequence[dict[str, Any]], main: str) -> tuple[float, float]:
    """The span of all figures and of the main line's interval, with a little air."""
    if not records:
        return 0.0, 1.0
    values = [record["value"] for record in records]
    values += [
        record[edge]
        for record in records
        if record["line"] == main
        for edge in ("lower", "upper")
        if record[edge] is not None
    ]
    low, high = min(values), max(values)
    air = (high - low) * 0.08 or abs(high) * 0.1 or 1.0
    # A measure that cannot be negative does not get an axis that is.
    return (max(low - air, 0.0) if low >= 0 else low - air), high + air


def _x(periods: Sequence[str], ends: dict[str, date], width: int) -> dict[str, Any]:
    room = max(width * 0.55 / (max(map(len, periods), default=1) * TEXT_SIZE * 0.62), 1)
    every = -(-len(periods) // int(room))
    # Counted from the newest, so that the newest is always named.
    named = list(reversed(periods))[::every][::-1]
    return {
        "field": "at",
        "type": "quantitative",
        "scale": {"zero": False, "nice": False, "padding": 12},
        "axis": {"title": None, **named_ticks({ends[period].toordinal(): period for period in named})},
    }


def _line_layer(
    low: float, high: float, measure: Measure, periods: Sequence[str], ends: dict[str, date], width: int
) -> dict[str, Any]:
    return {
        "mark": {"type": "line"},
        "encoding": {
            "x": _x(periods, ends, width),
            "y": {
                "field": "value",
                "type": "quantitative",
                "scale": {"domain": [low, high], "zero": False, "nice": False},
                "axis": {"title": None, "tickCount": 5, **measure.axis_format},
            },
            "detail": {"field": "stretch"},
            "color": role_colour(),
            "strokeDash": {
                "condition": {"test": f"datum.role === '{Role.HIGHLIGHTED.value}'", "value": [1, 0]},
                "value": [5, 3],
            },
            "strokeWidth": {
                "condition": {"test": f"datum.role === '{Role.HIGHLIGHTED.value}'", "value": 3},
                "value": 2,
            },
        },
    }


def _interval_layer() -> dict[str, Any]:
    """Of highlighted lines only: overlapping bands of comparators could not be read."""
    return {
        "transform": [
            {
                "filter": f"datum.role === '{Role.HIGHLIGHTED.value}'"
                " && isValid(datum.lower) && isValid(datum.upper)"
            }
        ],
        "layer": [
            {"mark": {"type": "area", "opacity": 0.15}},
            {"mark": {"type": "rule", "opacity": 0.35, "strokeWidth": 1}},
        ],
        "encoding": {
            "x": {"field": "at", "type": "quantitative"},
            "y": {"field": "lower", "type": "quantitative"},
            "y2": {"field": "upper"},
            "detail": {"field": "stretch"},
            "color": role_colour(),
        },
    }


def _point_layer() -> dict[str, Any]:
    return {
        "mark": {"type": "point", "size": 36},
        "encoding": {
            "x": {"field": "at", "type": "quantitative"},
            "y": {"field": "value", "type": "quantitative"},
            "color": role_colour(),
            "tooltip": {"field": "said", "title": " "},
        },
    }


def _break_layers(
    breaks: Sequence[tuple[str, str, str]], periods: Sequence[str], ends: dict[str, date], high: float
) -> list[dict[str, Any]]:
    """A dotted line half way between the last period on the old footing and the first on the new one.

    Each break is (first period on the new footing, label, what happened).
    """
    values = []
    for period, label, said in breaks:
        before = periods[periods.index(period) - 1]
        middle = (ends[before].toordinal() + ends[period].toordinal()) / 2
        values.append({"at": middle, "top": high, "label": label, "said": said})
    if not values:
        return []
    x = {"field": "at", "type": "quantitative"}
    return [
        {
            "data": {"values": values},
            "mark": {"type": "rule", "strokeDash": [2, 3], "color": QUIET},
            "encoding": {"x": x, "tooltip": {"field": "said", "title": " "}},
        },
        {
            "data": {"values": values},
            "mark": {
                "type": "text",
                "align": "left",
                "dx": 4,
                "dy": 2,
                "baseline": "top",
                "color": QUIET,
                "fontSize": 11,
            },
            "encoding": {
                "x": x,
                "y": {"field": "top", "type": "quantitative"},
                "text": {"field": "label"},
            },
        },
    ]


def _label_layers(
    lines: Sequence[TrendLine], measure: Measure, span: tuple[float, float], width: int, height: int
) -> list[dict[str, Any]]:
    """Each line's name and newest value, right of its end."""
    newest = [(line, value) for line in lines if (value := _newest(line)) is not None]
    names = [f"{line.label} {measure.short(value)}" for line, value in newest]
    room = min(max(map(text_width, names), default=0), width * 0.32 - 20)
    texts = [wrapped(name, room) for name in names]
    low, high = span
    wanted = [height * (high - value) / (high - low) for _, value in newest]
    apart = _LABEL_HEIGHT * max(map(len, texts), default=1)
    labelled = zip(newest, texts, spread(wanted, apart, 0, height), strict=True)
    return [layer for (line, _), text, place in labelled for layer in _label(line.role, text, place)]


def _newest(line: TrendLine) -> float | None:
    held = [(point.end, point.value) for point in line.points if point.value is not None]
    return max(held)[1] if held else None


def _label(role: Role, text: list[str], place: float) -> list[dict[str, Any]]:
    """A dot in the line's colour and its words in ink: only the dark blue is dark enough to read."""
    at = {"x": {"value": "width"}, "y": {"value": place}}
    return [
        {
            "data": {"values": [{}]},
            "mark": {"type": "point", "size": 36, "xOffset": 10, "color": COLOURS[role]},
            "encoding": at,
        },
        {
            "data": {"values": [{"label": text}]},
            "mark": {
                "type": "text",
                "align": "left",
                "baseline": "middle",
                "lineHeight": _LABEL_HEIGHT - 2,
                "dx": 17,
                # Lines beyond the first would hang below the dot: lift the label by half of them.
                "dy": -(len(text) - 1) * (_LABEL_HEIGHT - 2) / 2,
                "fontWeight": "bold" if role is Role.HIGHLIGHTED else "normal",
                "color": COLOURS[role] if role is Role.HIGHLIGHTED else INK,
            },
            "encoding": {"text": {"field": "label"}, **at},
        },
    ]


def _table(
    title: str,
    measure: Measure,
    lines: Sequence[TrendLine],
    periods: Sequence[str],
    breaks: Sequence[SeriesBreak],
    marks: Sequence[SeriesMark],
) -> Table:
    columns = [Column("period", "Period")]
    rows: dict[str, dict[str, Cell]] = {period: {"period": period} for period in periods}
    for at, line in enumerate(lines):
        columns.append(measure.column(f"value-{at}", line.label))
        for point in line.points:
            rows[point.period][f"value-{at}"] = (
                point.value if point.value is not None else point.missing or Missing.BLANK
            )
        if any(point.lower is not None for point in line.points):
            columns += [
                measure.column(f"{edge}-{at}", f"{line.label}, {words} 95% limit")
                for edge, words in (("lower", "lower"), ("upper", "upper"))
            ]
            for point in line.points:
                rows[point.period] |= {f"lower-{at}": point.lower, f"upper-{at}": point.upper}
    notes = [f"Break in series at {one.period}: {one.reason}" for one in breaks]
    notes += [f"{one.said}." for one in marks]
    return Table(title, columns, list(rows.values()), notes)


def _words(
    measure: Measure,
    lines: Sequence[TrendLine],
    breaks: Sequence[SeriesBreak],
    marks: Sequence[SeriesMark],
) -> str:
    main = lines[0]
    held = sorted((point for point in main.points if point.value is not None), key=lambda point: point.end)
    if not held:
        return f"No figure of {measure.name} is held for {main.label}."
    first, last = held[0], held[-1]
    said = [
        f"{main.label}: {measure.name} was {_with_interval(last, measure)} in {last.period}"
        + (f" and {_with_interval(first, measure)} in {first.period}." if len(held) > 1 else ".")
    ]
    others = [
        f"{line.label} {measure.show(point.value)}"
        for line in lines[1:]
        for point in line.points
        if point.period == last.period and point.value is not None
    ]
    if others:
        said.append(f"In {last.period}: {listed(others)}.")
    missing = [point.period for point in main.points if point.value is None]
    if missing:
        said.append(f"{counted(len(missing), 'period has', 'periods have')} no figure: {listed(missing)}.")
    said += [
        f"Figures before {one.period} cannot be compared with later ones: {one.reason}." for one in breaks
    ]
    said += [f"{one.said}." for one in marks]
    return " ".join(said)
