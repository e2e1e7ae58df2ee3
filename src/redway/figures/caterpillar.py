"""Caterpillar: what each school adds, lowest to highest, with the range that each of them could lie in.

It is not a league table: ranges are always drawn, a school's place in the order is itself uncertain, and the
words say how many schools can be told apart from the average and how many chance alone would set apart. Only
schools that the reader may know by name have one; the others are a grey crowd.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redway.core.words import counted, number, plural, signed
from redway.figures.chart import Chart, Measure
from redway.figures.table import Cell, Column, Kind, Table
from redway.figures.theme import COLOURS, CROWD, INK, PAGE, Role, framed, wrapped

BEYOND_BY_CHANCE = 0.05
"""Share of 95% ranges that leave the average out when no school differs from it."""
_TOLD_APART = "#7a7a7a"
_LINE = 14
_LEFT = 44
"""Room that the axis takes."""


@dataclass(frozen=True)
class Segment:
    """One school: its estimate and 95% range. ``name`` is empty where the reader may not know which it is.

    ``pairwise`` is the shorter range for comparing two schools: where two of them do not overlap, the two
    schools differ by more than chance explains.
    """

    name: str
    value: float
    lower: float
    upper: float
    pupils: int
    pairwise: tuple[float, float] | None = None

    @property
    def position(self) -> str:
        """'above', 'below' or 'not told apart from' the average."""
        if self.lower > 0:
            return "above"
        return "below" if self.upper < 0 else "not told apart from"


def caterpillar_chart(
    title: str,
    measure: Measure,
    schools: Sequence[Segment],
    average: str,
    highlighted: str = "",
    *,
    pairwise: bool = False,
    width: int = PAGE,
    height: int = 300,
) -> Chart:
    """A caterpillar of ``width`` pixels around nought: ``average``, as 'average school of Luton'.

    ``highlighted`` is the name of the school it is about, if any. With ``pairwise`` the shorter ranges for
    comparing two schools are drawn as well, on the schools that have them.
    """
    ordered = sorted(schools, key=lambda one: (one.value, one.name))
    low, high = _domain(ordered)
    records = [_record(place, one, measure) for place, one in enumerate(ordered)]
    crowd = [record for record, one in zip(records, ordered, strict=True) if not _is(one, highlighted)]
    chosen = [record for record, one in zip(records, ordered, strict=True) if _is(one, highlighted)]
    thick = max(min((width - _LEFT) / max(len(ordered), 1) * 0.35, 3.0), 0.8)
    x = {
        "field": "place",
        "type": "quantitative",
        "scale": {"domain": [-1, max(len(ordered), 1)], "nice": False, "zero": False},
        "axis": {
            "title": f"{counted(len(ordered), 'school')}, lowest estimate to highest",
            "labels": False,
            "ticks": False,
        },
    }
    y = {
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "axis": {"title": None, "tickCount": 6, **measure.axis_format},
    }
    layers = [
        _average_rule(y),
        _ranges(crowd, x, y, thick),
        *([_pairwise(crowd, CROWD, x, y, thick)] if pairwise else []),
        _points(crowd, x, y, thick),
        *_average_words(average, y, width),
    ]
    for one in chosen:
        right = one["place"] > len(ordered) / 2
        pixel = (high - low) / height
        layers += _chosen_layers(one, measure, x, y, pixel, width, right=right, pairwise=pairwise)
    spec = framed(title, layers, width, height)
    return Chart(
        spec,
        title,
        _words(measure, ordered, average, highlighted),
        _table(title, measure, ordered, average, pairwise=pairwise),
    )


def expected_by_chance(schools: int) -> int:
    """How many of so many schools a 95% range sets apart when none truly differs, rounded.

    >>> expected_by_chance(63)
    3
    """
    return round(schools * BEYOND_BY_CHANCE)


def _is(school: Segment, highlighted: str) -> bool:
    return bool(highlighted) and school.name == highlighted


def _record(place: int, school: Segment, measure: Measure) -> dict[str, Any]:
    low, high = school.pairwise or (None, None)
    return {
        "place": place,
        "value": school.value,
        "lower": school.lower,
        "upper": school.upper,
        "pair_low": low,
        "pair_high": high,
        "apart": school.position in ("above", "below"),
        "name": school.name,
        "said": f"{school.name or 'Another school'}: {_with_range(school, measure)}",
    }


def _domain(schools: Sequence[Segment]) -> tuple[float, float]:
    """From the lowest end of a range to the highest, nought always inside."""
    low = min([0.0, *(one.lower for one in schools)])
    high = max([0.0, *(one.upper for one in schools)])
    air = (high - low) * 0.06 or 1.0
    return low - air, high + air


def _average_rule(y: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": {"values": [{"average": 0}]},
        "mark": {"type": "rule", "color": COLOURS[Role.AUTHORITY], "strokeWidth": 1.5},
        "encoding": {"y": {"field": "average", **y}},
    }


def _ranges(
    records: Sequence[dict[str, Any]], x: dict[str, Any], y: dict[str, Any], thick: float
) -> dict[str, Any]:
    return {
        "data": {"values": list(records)},
        "mark": {"type": "rule", "strokeWidth": thick},
        "encoding": {
            "x": x,
            "y": {"field": "lower", **y},
            "y2": {"field": "upper"},
            "color": _grey(),
            "tooltip": {"field": "said", "title": " "},
        },
    }


def _points(
    records: Sequence[dict[str, Any]], x: dict[str, Any], y: dict[str, Any], thick: float
) -> dict[str, Any]:
    return {
        "data": {"values": list(records)},
        "mark": {"type": "point", "size": max(8 * thick, 8)},
        "encoding": {
            "x": x,
            "y": {"field": "value", **y},
            "color": _grey(),
            "tooltip": {"field": "said", "title": " "},
        },
    }


def _grey() -> dict[str, Any]:
    """Told apart from the average: darker. The words and the table say the same."""
    return {"condition": {"test": "datum.apart", "value": _TOLD_APART}, "value": CROWD}


def _pairwise(
    records: Sequence[dict[str, Any]], colour: str, x: dict[str, Any], y: dict[str, Any], thick: float
) -> dict[str, Any]:
    return {
        "data": {"values": [record for record in records if record["pair_low"] is not None]},
        "mark": {"type": "rule", "color": colour, "opacity": 0.6, "strokeWidth": thick * 2.4},
        "encoding": {"x": x, "y": {"field": "pair_low", **y}, "y2": {"field": "pair_high"}},
    }


def _average_words(average: str, y: dict[str, Any], width: int) -> list[dict[str, Any]]:
    """The name of the line, above it on the left: the lowest schools stand there, and hang below it."""
    lines = wrapped(average[:1].upper() + average[1:], width * 0.42)
    text = {
        "type": "text",
        "align": "left",
        "baseline": "bottom",
        "dx": 2,
        "dy": -5 - (len(lines) - 1) * _LINE,
        "lineHeight": _LINE,
    }
    data = {"values": [{"average": 0, "label": lines}]}
    at = {"x": {"value": 0}, "y": {"field": "average", **y}, "text": {"field": "label"}}
    return _over_ranges(data, text, at, INK)


def _over_ranges(
    data: dict[str, Any], text: dict[str, Any], encoding: dict[str, Any], colour: str
) -> list[dict[str, Any]]:
    """Words that can be read where they lie on ranges: on a white edge of their own."""
    halo = {**text, "stroke": "#ffffff", "strokeWidth": 4, "strokeJoin": "round", "color": "#ffffff"}
    return [
        {"data": data, "mark": halo, "encoding": encoding},
        {"data": data, "mark": {**text, "color": colour}, "encoding": encoding},
    ]


def _chosen_layers(
    chosen: dict[str, Any],
    measure: Measure,
    x: dict[str, Any],
    y: dict[str, Any],
    pixel: float,
    width: int,
    *,
    right: bool,
    pairwise: bool,
) -> list[dict[str, Any]]:
    """The school it is about, in front, with its name where the caterpillar leaves room.

    On the right there is room above and to the left, on the left below and to the right. ``pixel`` is the
    height of one in units of the measure: the name keeps clear of the line at nought and its words.
    """
    label = wrapped(f"{chosen['name']} {_signed(chosen['value'], measure)}", width * 0.45)
    at = max(chosen["upper"], 40 * pixel) if right else min(chosen["lower"], -10 * pixel)
    data = {"values": [{**chosen, "label": label, "label_at": at}]}
    colour = COLOURS[Role.HIGHLIGHTED]
    text = {
        "type": "text",
        "align": "right" if right else "left",
        "baseline": "middle",
        "dx": -8 if right else 8,
        "dy": 4 if right else -4 - (len(label) - 1) * _LINE,
        "lineHeight": _LINE,
        "fontWeight": "bold",
    }
    words = {"x": x, "y": {"field": "label_at", **y}, "text": {"field": "label"}}
    return [
        {
            "data": data,
            "mark": {"type": "rule", "color": colour, "strokeWidth": 3},
            "encoding": {"x": x, "y": {"field": "lower", **y}, "y2": {"field": "upper"}},
        },
        *([_pairwise([chosen], colour, x, y, 3.0)] if pairwise else []),
        {
            "data": data,
            "mark": {"type": "point", "size": 80, "color": colour, "stroke": "#ffffff"},
            "encoding": {"x": x, "y": {"field": "value", **y}, "tooltip": {"field": "said", "title": " "}},
        },
        *_over_ranges(data, text, words, colour),
    ]


def _signed(value: float, measure: Measure) -> str:
    """A value with its sign: it is a distance from the average."""
    return signed(value, measure.decimals)


def _with_range(school: Segment, measure: Measure) -> str:
    value = f"{_signed(school.value, measure)} {measure.unit}".strip()
    return f"{value} (95% range {_signed(school.lower, measure)} to {_signed(school.upper, measure)})"


def _words(measure: Measure, schools: Sequence[Segment], average: str, highlighted: str) -> str:
    if not schools:
        return "There is no school to show."
    above = sum(one.position == "above" for one in schools)
    below = sum(one.position == "below" for one in schools)
    apart = above + below
    said = [
        f"{highlighted}: {measure.name} {_with_range(one, measure)}, "
        + (
            f"{one.position} the {average} by more than chance explains."
            if one.position != "not told apart from"
            else f"which cannot be told apart from the {average}."
        )
        for one in schools
        if _is(one, highlighted)
    ]
    said.append(
        f"Of {counted(len(schools), 'school')}, {_some(apart)} "
        f"{plural(apart, 'differs', 'differ')} from the {average} by more than chance explains"
        + (f": {_some(above)} above and {_some(below)} below." if apart else ".")
    )
    chance = expected_by_chance(len(schools))
    said.append(
        f"If all schools were alike, chance alone would set about {number(chance)} apart."
        if chance
        else "If all schools were alike, chance alone would set hardly any apart."
    )
    return " ".join(said)


def _some(count: int) -> str:
    return number(count) if count else "none"


def _table(
    title: str, measure: Measure, schools: Sequence[Segment], average: str, *, pairwise: bool
) -> Table:
    """Named schools by name; those without a name only as the spread of their estimates."""
    columns = [
        Column("name", "School"),
        Column("pupils", "Pupils", Kind.NUMBER),
        measure.column("value", "More or less than the average"),
        measure.column("lower", "Lower 95% limit"),
        measure.column("upper", "Upper 95% limit"),
    ]
    if pairwise:
        columns += [
            measure.column("pair_low", "Lower limit for comparing two schools"),
            measure.column("pair_high", "Upper limit for comparing two schools"),
        ]
    columns.append(Column("position", f"Beside the {average}"))
    named = sorted((one for one in schools if one.name), key=lambda one: one.name.casefold())
    rows: list[dict[str, Cell]] = [
        {
            "name": one.name,
            "pupils": one.pupils,
            "value": one.value,
            "lower": one.lower,
            "upper": one.upper,
            "pair_low": one.pairwise[0] if one.pairwise else None,
            "pair_high": one.pairwise[1] if one.pairwise else None,
            "position": one.position.capitalize(),
        }
        for one in named
    ]
    return Table(title, columns, rows, _notes(measure, schools, average))


def _notes(measure: Measure, schools: Sequence[Segment], average: str) -> list[str]:
    notes = [f"The line at nought is the {average}. Darker ranges do not reach it."]
    unnamed = sorted(one.value for one in schools if not one.name)
    if unnamed:
        middle = unnamed[len(unnamed) // 4 : max(3 * len(unnamed) // 4, len(unnamed) // 4 + 1)]
        notes.append(
            f"The other {counted(len(unnamed), 'school is', 'schools are')} not named. Their estimates lie "
            f"between {_signed(unnamed[0], measure)} and {_signed(unnamed[-1], measure)}, the middle half of "
            f"them between {_signed(middle[0], measure)} and {_signed(middle[-1], measure)}."
        )
    return notes
