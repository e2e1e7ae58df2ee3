"""Charts as SVG and PNG, on the server, without a browser: they print and work without scripts.

The SVG carries its title and its words, and nothing that acts or is fetched: no script, no style, no
link, no image, so that it may be shown under the strictest content-security policy.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any
from uuid import uuid4

import vl_convert

from redway.core.errors import RedwayError
from redway.figures.chart import Chart

_VEGA_LITE = "6.4"
_OPENING = re.compile(r"<svg\b[^>]*>")
_SIZE = re.compile(r'\b(width|height|viewBox)="([^"]*)"')
_FORBIDDEN = re.compile(
    r"<(script|style|image|foreignObject|a)\b|\sstyle=|\son\w+=|href=|url\((?!#)", re.IGNORECASE
)
_KEPT_IN_MEMORY = 256


class UnsafePicture(RedwayError):  # noqa: N818
    """A drawing that holds something a page must not be sent."""


def render_svg(chart: Chart, cache: Path | None = None) -> str:
    """The chart as SVG text. With ``cache`` (a folder) a chart of the same content is drawn only once."""
    if cache is None:
        return _drawn(chart)
    return _kept(cache / f"{chart.key}.svg", lambda: _drawn(chart).encode()).decode()


def render_png(chart: Chart, scale: float = 2.0, cache: Path | None = None) -> bytes:
    """The chart as PNG, ``scale`` pixels for each pixel of its width."""
    if cache is None:
        return bytes(vl_convert.svg_to_png(_drawn(chart), scale=scale))
    return _kept(cache / f"{chart.key}@{scale:g}.png", lambda: render_png(chart, scale))


def warm_up() -> None:
    """Start the drawing engine (about half a second), so that the first page does not wait for it.

    The engine does not survive a fork: call this in each server process, after it was forked.
    """
    vl_convert.vegalite_to_svg({"data": {"values": []}, "mark": "point"}, vl_version=_VEGA_LITE)


class _Content:
    """A chart as the key of a memory: equal when the content is."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart

    def __hash__(self) -> int:
        return hash(self.chart.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and self.chart.key == other.chart.key


def _drawn(chart: Chart) -> str:
    return _drawn_once(_Content(chart))


@lru_cache(_KEPT_IN_MEMORY)
def _drawn_once(content: _Content) -> str:
    chart = content.chart
    # No address is allowed: a specification that names one is refused, not fetched.
    svg = vl_convert.vegalite_to_svg(chart.spec, vl_version=_VEGA_LITE, allowed_base_urls=[])
    opening = _OPENING.search(svg)
    if opening is None or _FORBIDDEN.search(svg):
        raise UnsafePicture(
            f"The chart '{chart.title}' holds something a page must not be sent.",
            "Build it without links, images and styles.",
        )
    return _described(chart, opening[0]) + svg[opening.end() :]


def _described(chart: Chart, opening: str) -> str:
    size = " ".join(f'{name}="{value}"' for name, value in _SIZE.findall(opening))
    title, words = f"title-{chart.key}", f"desc-{chart.key}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="{title} {words}">'
        f'<title id="{title}">{escape(chart.title)}</title>'
        f'<desc id="{words}">{escape(chart.text_alternative)}</desc>'
    )


def _kept(path: Path, make: Any) -> bytes:
    if path.exists():
        return path.read_bytes()
    made: bytes = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written beside and renamed, so that no reader ever meets half a picture.
    beside = path.with_name(f".{path.name}.{uuid4().hex}")
    beside.write_bytes(made)
    beside.replace(path)
    return made
