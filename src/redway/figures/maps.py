"""Maps: schools as points on the outline of their area, and areas shaded in one hue.

Everything is in metres of the British National Grid, which is how the register holds schools. There
are no tiles and no other server. A shaded map has at most five steps, each named with its range, and
areas without a figure are left white and said to be so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from redway.core.missing import Missing
from redway.core.words import counted
from redway.figures.areas import ATTRIBUTION, Area
from redway.figures.chart import Chart, Measure
from redway.figures.gains import COLOUR_OF, GAINING, LOSING, SHAPE_OF, UNCHANGED
from redway.figures.table import Column, Kind, Row, Table
from redway.figures.theme import BACKGROUND, COLOURS, CROWD, PAGE, QUIET, SHADES, Role, framed, wrapped

_NO_FIGURE = "No figure"
_LAND = "#f3f2f1"
_BORDER = "#b1b4b6"


@dataclass(frozen=True)
class Place:
    """One school on the map, in metres of the British National Grid."""

    label: str
    easting: float
    northing: float
    note: str = ""
    """What is said of it: its phase, its rating in words."""
    kind: str = ""
    """Whether it is gaining, losing or unchanged, on a map of changes (see ``gains``); else nothing."""


def points_map(
    title: str, areas: Sequence[Area], places: Sequence[Place], highlighted: str = "", width: int = PAGE
) -> Chart:
    """Schools as points; ``highlighted`` is the label of the one the map is about, if any."""
    chosen = [place for place in places if place.label == highlighted]
    others = [place for place in places if place.label != highlighted]
    layers = [
        {
            "data": {"values": [_feature(area) for area in areas]},
            "mark": {"type": "geoshape", "fill": _LAND, "stroke": _BORDER, "strokeWidth": 0.8},
        },
        *_crowd_layers(others, CROWD if chosen else COLOURS[Role.HIGHLIGHTED]),
        *_chosen_layers(chosen, places, width),
    ]
    columns = [
        Column("label", "School"),
        Column("note", "Note"),
        Column("easting", "Easting in metres", Kind.NUMBER),
        Column("northing", "Northing in metres", Kind.NUMBER),
    ]
    rows: list[Row] = [
        {"label": p.label, "note": p.note, "easting": p.easting, "northing": p.northing}
        for p in sorted(places, key=lambda place: place.label)
    ]
    said = [f"{counted(len(places), 'school')} on a map of {counted(len(areas), 'area')}."]
    said += [f"{place.label} is marked." for place in chosen]
    said += _kinds_in_words(places)
    table = Table(title, columns, rows, [ATTRIBUTION] if areas else [])
    return Chart(_mapped(title, layers, _height(areas, places, width), width), title, " ".join(said), table)


def shaded_map(
    title: str,
    measure: Measure,
    areas: Sequence[Area],
    values: Mapping[str, float | Missing],
    width: int = PAGE,
) -> Chart:
    """Areas shaded by ``values``: area code -> figure, or the reason there is none.

    Each step of the key holds about equally many areas. An area left out of ``values`` has no figure.
    """
    held = {code: value for code, value in values.items() if not isinstance(value, Missing)}
    steps = _steps([held[area.code] for area in areas if area.code in held], measure)
    key = [step.label for step in steps]
    if any(area.code not in held for area in areas):
        key.append(_NO_FIGURE)
    features = [
        {
            **_feature(area),
            "step": _step_of(held.get(area.code), steps),
            "said": f"{area.name}: {_shown(values.get(area.code, Missing.BLANK), measure)}",
        }
        for area in areas
    ]
    layer = {
        "data": {"values": features},
        "mark": {"type": "geoshape", "stroke": QUIET, "strokeWidth": 0.4},
        "encoding": {
            "color": {
                "field": "step",
                "type": "nominal",
                "scale": {"domain": key, "range": [*_shades(len(steps)), BACKGROUND]},
                "legend": {
                    "title": wrapped(measure.axis_title, width - 32),
                    "orient": "bottom",
                    "columns": max(width // 150, 1),
                    "symbolType": "square",
                    "symbolStrokeColor": QUIET,
                    "symbolStrokeWidth": 0.4,
                    "symbolSize": 160,
                },
            },
            "tooltip": {"field": "said", "title": " "},
        },
    }
    table = Table(
        title,
        [Column("code", "Code"), Column("name", "Area"), measure.column("value", measure.heading)],
        [
            {"code": area.code, "name": area.name, "value": values.get(area.code, Missing.BLANK)}
            for area in areas
        ],
        [ATTRIBUTION],
    )
    words = _words(measure, areas, held)
    return Chart(_mapped(title, [layer], _height(areas, (), width), width), title, words, table)


def _mapped(title: str, layers: Sequence[dict[str, Any]], height: int, width: int) -> dict[str, Any]:
    # The coordinates are already flat metres: "identity" draws them as they are, north upwards.
    return framed(title, layers, width, height, projection={"type": "identity", "reflectY": True})


def _feature(area: Area) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": area.polygons}}


def _height(areas: Sequence[Area], places: Sequence[Place], width: int) -> int:
    """The height at which the map fills the width, but no taller than a page can show."""
    points: list[Sequence[float]] = [
        point for area in areas for polygon in area.polygons for point in polygon[0]
    ]
    points += [(place.easting, place.northing) for place in places]
    if not points:
        return width // 2
    across = max(x for x, _ in points) - min(x for x, _ in points) or 1
    up = max(y for _, y in points) - min(y for _, y in points)
    return round(min(up / across, 1.2) * (width - 16))


def _crowd_layers(places: Sequence[Place], colour: str) -> list[dict[str, Any]]:
    """All alike, or by kind: those that stay as they are lie below those that move."""
    if not any(place.kind for place in places):
        return [_place_layer(places, {"size": 34, "color": colour})]
    return [
        _place_layer(
            [place for place in places if place.kind == kind],
            {"size": 30 if kind == UNCHANGED else 64, "color": COLOUR_OF[kind], "shape": SHAPE_OF[kind]},
        )
        for kind in (UNCHANGED, GAINING, LOSING)
    ]


def _kinds_in_words(places: Sequence[Place]) -> list[str]:
    counts = Counter(place.kind for place in places if place.kind)
    if not counts:
        return []
    said = (
        f"Triangles upwards are the {counts[GAINING]} that gain, triangles downwards the {counts[LOSING]} "
        f"that lose, dots the {counts[UNCHANGED]} that stay as they are."
    )
    return [said]


def _place_layer(places: Sequence[Place], look: dict[str, Any]) -> dict[str, Any]:
    return {
        "data": {
            "values": [
                {"e": p.easting, "n": p.northing, "said": f"{p.label}. {p.note}" if p.note else p.label}
                for p in places
            ]
        },
        "mark": {"type": "point", "stroke": QUIET, "strokeWidth": 0.6, **look},
        "encoding": {
            "longitude": {"field": "e"},
            "latitude": {"field": "n"},
            "tooltip": {"field": "said", "title": " "},
        },
    }


def _chosen_layers(chosen: Sequence[Place], places: Sequence[Place], width: int) -> list[dict[str, Any]]:
    """The school the map is about, with its name on the side where there is more room."""
    if not chosen:
        return []
    one = chosen[0]
    eastings = [place.easting for place in places]
    left = one.easting > (min(eastings) + max(eastings)) / 2
    text = {
        "type": "text",
        "align": "right" if left else "left",
        "dx": -9 if left else 9,
        "baseline": "middle",
        "lineHeight": 13,
        "fontWeight": "bold",
    }
    halo = {"stroke": BACKGROUND, "strokeWidth": 4, "strokeJoin": "round", "color": BACKGROUND}
    named = {
        "data": {"values": [{"e": one.easting, "n": one.northing, "name": wrapped(one.label, width * 0.35)}]},
        "encoding": {
            "longitude": {"field": "e"},
            "latitude": {"field": "n"},
            "text": {"field": "name"},
        },
    }
    return [
        _place_layer(chosen, {"size": 130, "color": COLOURS[Role.HIGHLIGHTED], "stroke": BACKGROUND}),
        {**named, "mark": {**text, **halo}},
        {**named, "mark": {**text, "color": COLOURS[Role.HIGHLIGHTED]}},
    ]


@dataclass(frozen=True)
class _Step:
    """One step of the key: the values up to ``most`` that no earlier step holds."""

    most: float
    label: str


def _steps(values: Sequence[float], measure: Measure) -> list[_Step]:
    """At most five steps of about equally many values, named by the least and the most they hold."""
    ordered = sorted(values)
    if not ordered:
        return []
    places = (len(ordered) * n // len(SHADES) for n in range(1, len(SHADES) + 1))
    cuts = sorted({ordered[max(place, 1) - 1] for place in places})
    steps, before = [], float("-inf")
    for most in cuts:
        least = min(value for value in ordered if value > before)
        span = f"{measure.short(least)} to {measure.short(most)}" if least < most else measure.short(most)
        steps.append(_Step(most, span))
        before = most
    return steps


def _step_of(value: float | None, steps: Sequence[_Step]) -> str:
    if value is None:
        return _NO_FIGURE
    return next(step.label for step in steps if value <= step.most)


def _shades(count: int) -> list[str]:
    """The darkest is always the most; few steps are spread over the whole range."""
    if count < 2:
        return list(SHADES[-1:])
    return [SHADES[round(at * (len(SHADES) - 1) / (count - 1))] for at in range(count)]


def _shown(value: float | Missing, measure: Measure) -> str:
    return value.label if isinstance(value, Missing) else measure.show(value)


def _words(measure: Measure, areas: Sequence[Area], held: Mapping[str, float]) -> str:
    shown = sorted((held[area.code], area.name) for area in areas if area.code in held)
    if not shown:
        return f"No figure of {measure.name} is held for these areas."
    (least, lowest), (most, highest) = shown[0], shown[-1]
    said = (
        f"{measure.axis_title} in {counted(len(shown), 'area')}: from {measure.show(least)} ({lowest}) "
        f"to {measure.show(most)} ({highest})."
    )
    without = len(areas) - len(shown)
    return f"{said} {counted(without, 'area has', 'areas have')} no figure." if without else said
