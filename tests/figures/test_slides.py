"""Slides hold the same figures as the table they show."""

from __future__ import annotations

import io

from pptx import Presentation

from redway.figures.slides import Slide, slides_bytes
from redway.figures.table import Column, Kind, Table

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
