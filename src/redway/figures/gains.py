"""Gains and losses: how many gain, lose or stay as they are; whoever moves is a mark beside nought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redway.core.words import counted, plural
from redway.figures.chart import Chart, Measure
from redway.figures.table import Column, Row, Table
from redway.figures.theme import COLOURS, INK, PAGE, QUIET, Role, framed

GAINING, UNCHANGED, LOSING = "gaining", "unchanged", "losing"
COLOUR_OF = {GAINING: COLOURS[Role.HIGHLIGHTED], UNCHANGED: "#bfbfbf", LOSING: COLOURS[Role.AUTHORITY]}
SHAPE_OF = {GAINING: "triangle-up", UNCHANGED: "circle", LOSING: "triangle-down"}
"""Told apart by shape as well as by colour, in charts and on maps."""
_DOT = 8
_TALLEST = 200


@dataclass(frozen=True)
class Gain:
    """One school's change: below nought is a loss."""

    label: str
    change: float


def kind_of(change: float) -> str:
    """Which of the three a change is."""
    return GAINING if change > 0 else LOSING if change < 0 else UNCHANGED


def gains_chart(
    title: str,
    measure: Measure,
    gains: Sequence[Gain],
    width: int = PAGE,
    one: str = "school",
    many: str = "schools",
) -> Chart:
    """Dots piled where changes agree; losses point down on the left of nought, gains up on its right.

    Those that stay as they are are counted and not drawn: they are often most, and would flatten the rest.
    """
    counts = Counter(kind_of(gain.change) for gain in gains)
    reach = max((abs(gain.change) for gain in gains), default=0.0) or 1.0
    low = min(0.0, *(gain.change for gain in gains)) if gains else 0.0
    high = max(0.0, *(gain.change for gain in gains)) if gains else 0.0
    # Both sides keep room for their words, however few lie there.
    low, high = min(low, -reach * 0.35) * 1.06, max(high, reach * 0.35) * 1.06
    piled = _piled(gains, low, high, max((width - 40) // _DOT, 20))
    tallest = max((place["pile"] for place in piled), default=1)
    height = min(max(tallest * _DOT + 34, 90), _TALLEST)
    x = {
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "axis": {"title": measure.axis_title, "tickCount": max(width // 90, 3), **measure.axis_format},
    }
    y_scale = {"domain": [0, max(tallest * 1.12, (height - 34) / _DOT) + 2], "nice": False}
    layers = [
        {
            "data": {"values": [{"at": 0}]},
            "mark": {"type": "rule", "color": QUIET},
            "encoding": {"x": {"field": "at", **x}},
        },
        {
            "data": {"values": piled},
            "mark": {"type": "point", "size": 30},
            "encoding": {
                "x": {"field": "at", **x},
                "y": {"field": "pile", "type": "quantitative", "axis": None, "scale": y_scale},
                "shape": _by_kind(SHAPE_OF),
                "color": _by_kind(COLOUR_OF),
                "tooltip": {"field": "said", "title": " "},
            },
        },
        *_named(counts, x, one, many),
    ]
    columns = [Column("label", one[:1].upper() + one[1:]), measure.column("change", measure.heading)]
    rows: list[Row] = [
        {"label": gain.label, "change": gain.change} for gain in sorted(gains, key=lambda gain: gain.change)
    ]
    words = _words(counts, measure, gains, one, many)
    return Chart(framed(title, layers, width, height), title, words, Table(title, columns, rows))


def _by_kind(of: dict[str, str]) -> dict[str, Any]:
    return {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": list(of), "range": list(of.values())},
        "legend": None,
    }


def _piled(gains: Sequence[Gain], low: float, high: float, bins: int) -> list[dict[str, Any]]:
    """Each gain and loss put on the pile of its narrow bin; no bin holds both."""
    width = (high - low) / bins
    piles: Counter[float] = Counter()
    placed = []
    moved = [gain for gain in gains if gain.change]
    for gain in sorted(moved, key=lambda one: abs(one.change)):
        kind = kind_of(gain.change)
        away = (int(abs(gain.change) / width) + 0.8) * width
        at = away if kind == GAINING else -away
        piles[at] += 1
        placed.append({"at": round(at, 6), "pile": piles[at], "kind": kind, "said": gain.label})
    return placed


def _named(counts: Counter[str], x: dict[str, Any], one: str, many: str) -> list[dict[str, Any]]:
    """How many lose on the left, how many gain on the right, how many stay in the middle."""
    domain = x["scale"]["domain"]
    places = [
        (domain[0], "left", LOSING, f"▼ {counted(counts[LOSING], f'{one} loses', f'{many} lose')}"),
        (domain[1], "right", GAINING, f"▲ {counted(counts[GAINING], f'{one} gains', f'{many} gain')}"),
    ]
    layers = [
        {
            "data": {"values": [{"at": at, "text": text}]},
            "mark": {
                "type": "text",
                "align": align,
                "baseline": "top",
                "fontWeight": "bold",
                "color": COLOUR_OF[kind] if kind == GAINING else INK,
                "y": 2,
            },
            "encoding": {"x": {"field": "at", **x}, "text": {"field": "text"}},
        }
        for at, align, kind, text in places
    ]
    if counts[UNCHANGED]:
        layers.append(
            {
                "data": {"values": [{"at": 0, "text": f"● {counts[UNCHANGED]} unchanged"}]},
                "mark": {"type": "text", "align": "left", "dx": 6, "baseline": "top", "color": INK, "y": 18},
                "encoding": {"x": {"field": "at", **x}, "text": {"field": "text"}},
            }
        )
    return layers


def _words(counts: Counter[str], measure: Measure, gains: Sequence[Gain], one: str, many: str) -> str:
    if not gains:
        return f"There is no {one} to show."
    said = (
        f"Of {counted(len(gains), one, many)} {counts[GAINING]} {plural(counts[GAINING], 'gains', 'gain')}, "
        f"{counts[LOSING]} {plural(counts[LOSING], 'loses', 'lose')} and {counts[UNCHANGED]} "
        f"{plural(counts[UNCHANGED], 'stays as it is', 'stay as they are')}."
    )
    ordered = sorted(gains, key=lambda gain: gain.change)
    if ordered[-1].change > 0:
        said += f" The largest gain is {measure.show(ordered[-1].change)} ({ordered[-1].label})."
    if ordered[0].change < 0:
        said += f" The largest loss is {measure.show(-ordered[0].change)} ({ordered[0].label})."
    return said
