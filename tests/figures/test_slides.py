"""Slides hold the same figures as the table they show."""

from __future__ import annotations

import io
from datetime import date

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.util import Cm

from redway.figures.chart import Measure
from redway.figures.slides import Slide, slides_bytes
from redway.figures.table import Column, Kind, Table
from redway.figures.theme import Role
from redway.figures.trend import TrendLine, TrendPoint, trend_chart

TABLE = Table(
    "Cases by month",
    [Column("month", "Month"), Column("cases", "Cases", Kind.NUMBER)],
    [{"month": f"Month {number}", "cases": number * 1000} for number in range(1, 15)],
    ["Counted on the first day of the month."],
)


def test_long_tables_and_long_texts_go_on_over_further_slides() -> None:
    told = [f"Sentence {number}." for number in range(1, 8)]
    slides = [Slide("What it came to", told), Slide(TABLE.title, table=TABLE)]
    deck = Presentation(io.BytesIO(slides_bytes("Report", "Milton Keynes\n2025", "Milton Keynes", slides)))
    assert [slide.shapes.title.text for slide in deck.slides] == [
        "Report",
        "What it came to",
        "What it came to",
        "Cases by month",
        "Cases by month",
    ]
    assert deck.slides[2].placeholders[1].text == "Sentence 7."
    grids = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    cells = [[cell.text for cell in row.cells] for grid in grids for row in grid.rows]
    assert cells[0] == cells[13] == ["Month", "Cases"]
    assert cells[1:3] == [["Month 1", "1,000"], ["Month 2", "2,000"]]
    assert cells[-1] == ["Month 14", "14,000"]
    assert deck.slides[3].notes_slide.notes_text_frame.text == "Counted on the first day of the month."
    assert deck.core_properties.author == "Milton Keynes"


def test_a_chart_is_a_picture_with_its_words_and_the_same_to_the_byte() -> None:
    points = [TrendPoint(f"20{year}", date(2000 + year, 8, 31), float(year)) for year in (23, 24, 25)]
    drawn = trend_chart("Has it risen?", Measure("absence"), [TrendLine("Here", points, Role.HIGHLIGHTED)])
    made = [slides_bytes("Report", "", "", [Slide("Absence", chart=drawn)]) for _ in range(2)]
    assert made[0] == made[1]
    slide = Presentation(io.BytesIO(made[0])).slides[1]
    (picture,) = [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert picture._element.nvPicPr.cNvPr.get("descr") == drawn.text_alternative
    assert slide.notes_slide.notes_text_frame.text == drawn.text_alternative
    # Within the slide, and not distorted.
    assert picture.left + picture.width <= Cm(33.87)
    assert picture.top + picture.height <= Cm(19.05)
    width, height = picture.image.size
    assert abs(picture.width / picture.height - width / height) < 0.01
