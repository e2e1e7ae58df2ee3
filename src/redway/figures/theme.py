"""The one look of all charts: palette, typeface, sizes, and the frame every specification starts from.

Colours are the UK Government Analysis Function palette, told apart by most colour-blind readers; each
role keeps its colour everywhere, and is always named beside its mark as well.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

INK = "#0b0c0c"
QUIET = "#505a5f"
LINE = "#d5d8da"
CROWD = "#bfbfbf"
BACKGROUND = "#ffffff"
FONT = "Arial, Helvetica, Liberation Sans, sans-serif"
TEXT_SIZE = 12
TITLE_SIZE = 15
_LETTER = 0.56
"""Mean width of a letter of this typeface, as a share of its size: generous, so labels never overlap."""

PHONE, PAGE = 320, 600
"""The two widths, in pixels, at which charts are drawn and looked at."""


class Role(StrEnum):
    """What a line, bar or point stands for."""

    HIGHLIGHTED = "highlighted"
    ENGLAND = "england"
    NEIGHBOURS = "neighbours"
    AUTHORITY = "authority"
    SIMILAR = "similar"
    REGION = "region"
    CROWD = "crowd"


COLOURS = {
    Role.HIGHLIGHTED: "#12436d",
    Role.ENGLAND: "#3d3d3d",
    Role.NEIGHBOURS: "#28a197",
    Role.AUTHORITY: "#f46a25",
    Role.SIMILAR: "#801650",
    Role.REGION: "#a285d1",
    Role.CROWD: CROWD,
}

SHADES = ("#dce6ef", "#a9c1d7", "#6f95b7", "#3f6b94", "#12436d")
"""One hue from little to much, for shaded maps."""


def role_colour(field: str = "role") -> dict[str, Any]:
    """The colour encoding of a field that holds roles; no legend, as marks are labelled directly."""
    return {
        "field": field,
        "type": "nominal",
        "scale": {"domain": [role.value for role in COLOURS], "range": list(COLOURS.values())},
        "legend": None,
    }


def text_width(text: str, size: int = TEXT_SIZE) -> float:
    """About how wide a text is in pixels; rather too much than too little."""
    return len(text) * size * _LETTER


def wrapped(text: str, width: float, size: int = TEXT_SIZE) -> list[str]:
    """The text in lines no wider than ``width`` pixels."""
    return textwrap.wrap(text, max(int(width / (size * _LETTER)), 8), break_long_words=False) or [""]


def named_ticks(names: Mapping[int, str]) -> dict[str, Any]:
    """Axis properties that put ticks at these values, with these names."""
    lookup = json.dumps({str(at): name for at, name in names.items()})
    return {"values": list(names), "labelExpr": f"({lookup})[datum.value]"}


def framed(
    title: str, layers: Sequence[dict[str, Any]], width: int, height: int, **more: Any
) -> dict[str, Any]:
    """A whole specification of ``width`` pixels with labels counted in, ``height`` without axis and title."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": {"text": wrapped(title, width - 16, TITLE_SIZE)},
        "width": width,
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "padding": 8,
        "layer": list(layers),
        "config": CONFIG,
        **more,
    }


CONFIG: dict[str, Any] = {
    # The picture is described as a whole; a description of each mark would only be noise.
    "aria": False,
    "background": BACKGROUND,
    "font": FONT,
    "title": {
        "anchor": "start",
        "frame": "bounds",
        "fontSize": TITLE_SIZE,
        "fontWeight": "bold",
        "color": INK,
        "offset": 12,
        "lineHeight": 19,
    },
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": TEXT_SIZE,
        "titleFontSize": TEXT_SIZE,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK,
        "gridColor": "#ebedee",
        "domainColor": QUIET,
        "tickColor": QUIET,
        "labelPadding": 5,
        "titlePadding": 8,
    },
    "axisY": {"domain": False, "ticks": False, "titleAnchor": "end"},
    "axisX": {"grid": False},
    "text": {"fontSize": TEXT_SIZE, "color": INK},
    "line": {"strokeWidth": 2.5},
    "point": {"filled": True, "opacity": 1},
    "legend": {
        "labelFontSize": TEXT_SIZE,
        "titleFontSize": TEXT_SIZE,
        "titleFontWeight": "normal",
        "titleLimit": 1000,
    },
}
