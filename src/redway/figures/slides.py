"""Slides: a title, sentences, charts as pictures with their words, and tables that stay text.

So a figure can be copied out of them.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.enum.text import PP_ALIGN
from pptx.util import Cm, Pt

from redway.figures.chart import Chart
from redway.figures.table import Table

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_ROWS_ON_A_SLIDE = 12
_SENTENCES_ON_A_SLIDE = 6
_CHART_ROOM = (Cm(30.8), Cm(14.8))
"""Width and height that a chart may take below the heading."""
_TITLE, _WORDS, _BARE = 0, 1, 5
"""Places of the layouts in the usual template."""


@dataclass(frozen=True)
class Slide:
    """What one heading holds: sentences, then a chart, then a table. Long ones go on over further slides."""

    heading: str
    sentences: Sequence[str] = ()
    table: Table | None = None
    chart: Chart | None = None


def slides_bytes(
    title: str, subtitle: str, author: str, slides: Sequence[Slide], pictures: Path | None = None
) -> bytes:
    """A deck of slides as a file; the same slides give the same bytes.

    Notes under a table, and the words of a chart, become the notes of its slide. ``pictures`` is a folder
    that keeps drawn charts.
    """
    deck = Presentation()
    deck.slide_width, deck.slide_height = Cm(33.87), Cm(19.05)
    deck.core_properties.title, deck.core_properties.author = title, author
    first = deck.slides.add_slide(deck.slide_layouts[_TITLE])
    first.shapes.title.text, first.placeholders[1].text = title, subtitle
    _fit(first.shapes.title, 2, 5, 29.8, 4)
    _fit(first.placeholders[1], 2, 10, 29.8, 4)
    for one in slides:
        _add_sentences(deck, one)
        if one.chart is not None:
            _add_chart(deck, one.heading, one.chart, pictures)
        if one.table is not None:
            _add_table(deck, one.heading, one.table)
    held = io.BytesIO()
    deck.save(held)
    return _without_clock(held.getvalue())


def _without_clock(deck: bytes) -> bytes:
    """The same file without the time it was written at: the same slides always give the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(deck)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _add_sentences(deck: Any, slide: Slide) -> None:
    for start in range(0, len(slide.sentences), _SENTENCES_ON_A_SLIDE):
        made = deck.slides.add_slide(deck.slide_layouts[_WORDS])
        made.shapes.title.text = slide.heading
        made.placeholders[1].text = "\n".join(slide.sentences[start : start + _SENTENCES_ON_A_SLIDE])
        for paragraph in made.placeholders[1].text_frame.paragraphs:
            paragraph.font.size = Pt(20)
        _fit(made.shapes.title, 1.5, 0.8, 30.8, 2)
        _fit(made.placeholders[1], 1.5, 3.5, 30.8, 13)


def _add_chart(deck: Any, heading: str, chart: Chart, pictures: Path | None) -> None:
    # Imported when a picture is first wanted: the drawing engine takes half a second and 90 MB.
    from redway.figures.render import render_png

    made = deck.slides.add_slide(deck.slide_layouts[_BARE])
    made.shapes.title.text = heading
    made.shapes.title.text_frame.paragraphs[0].font.size = Pt(24)
    _fit(made.shapes.title, 1.5, 0.8, 30.8, 2)
    picture = made.shapes.add_picture(io.BytesIO(render_png(chart, 2.0, pictures)), 0, 0)
    share = min(_CHART_ROOM[0] / picture.width, _CHART_ROOM[1] / picture.height)
    picture.width, picture.height = int(picture.width * share), int(picture.height * share)
    picture.left, picture.top = Cm(1.5) + (_CHART_ROOM[0] - picture.width) // 2, Cm(3.2)
    # Read aloud in place of the picture; the name of the file it came from would be noise.
    told = picture._element.nvPicPr.cNvPr
    told.set("name", chart.title)
    told.set("descr", chart.text_alternative)
    made.notes_slide.notes_text_frame.text = "\n".join([chart.text_alternative, *chart.table.notes])


def _add_table(deck: Any, heading: str, table: Table) -> None:
    shown = table.shown()
    for start in range(0, len(shown), _ROWS_ON_A_SLIDE):
        rows = shown[start : start + _ROWS_ON_A_SLIDE]
        made = deck.slides.add_slide(deck.slide_layouts[_BARE])
        made.shapes.title.text = heading
        made.shapes.title.text_frame.paragraphs[0].font.size = Pt(24)
        _fit(made.shapes.title, 1.5, 0.8, 30.8, 2)
        grid = made.shapes.add_table(
            len(rows) + 1, len(table.columns), Cm(1.5), Cm(3.2), Cm(30.8), Cm(1 + len(rows))
        ).table
        for at, column in enumerate(table.columns):
            _write(grid.cell(0, at), column.heading, column.is_numeric)
            for line, row in enumerate(rows, 1):
                _write(grid.cell(line, at), row[at], column.is_numeric)
        if table.notes:
            made.notes_slide.notes_text_frame.text = "\n".join(table.notes)


def _fit(shape: Any, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = Cm(left), Cm(top), Cm(width), Cm(height)


def _write(cell: Any, text: str, numeric: bool) -> None:
    cell.text = text
    paragraph = cell.text_frame.paragraphs[0]
    paragraph.font.size = Pt(14)
    if numeric:
        paragraph.alignment = PP_ALIGN.RIGHT
