import re
import zlib
from dataclasses import replace
from datetime import date

import pytest

from figures.cast import ABSENCE
from redway.core.missing import Missing
from redway.figures.documents import Document, Section, write_pages, write_pdf
from redway.figures.provenance import Provenance
from redway.figures.table import Column, Hidden, Kind, Table
from redway.figures.trend import TrendLine, trend_chart


@pytest.fixture
def profile(absence_lines: list[TrendLine]) -> Document:
    return Document(
        title="Oak Hill School: profile",
        subtitle="Secondary academy, Milton Keynes",
        organisation="Milton Keynes City Council",
        provenance=Provenance("2016-17 to 2021-22", ["Absence, version 3"], ["OGL v3.0"], date(2026, 4, 2)),
        paragraphs=["Absence rose with England's."],
        headline=Table(
            "Headline measures",
            [Column("measure", "Measure"), Column("value", "Oak Hill School", Kind.PERCENT)],
            [
                {"measure": "Absence", "value": 9.8},
                {"measure": "Disadvantaged", "value": Missing.SUPPRESSED},
                {"measure": "Excluded", "value": Hidden("Hidden: 1 to 5")},
            ],
        ),
        sections=[
            Section("Absence", charts=[trend_chart("Is absence above England?", ABSENCE, absence_lines)])
        ],
    )


def unpacked(pdf: bytes) -> bytes:
    """The PDF with its compressed streams laid open."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    opened = []
    for stream in streams:
        try:
            opened.append(zlib.decompress(stream))
        except zlib.error:
            opened.append(stream)
    return pdf + b"\n".join(opened)


def test_the_paper_is_a_tagged_pdf_in_english_with_its_title(profile: Document) -> None:
    whole = unpacked(write_pdf(profile))
    assert b"pdfuaid:part" in whole
    assert b"Oak Hill School: profile" in whole
    assert re.search(rb"/Lang ?\(en-GB\)", whole)
    assert b"/MarkInfo" in whole
    assert b"/TH" in whole


def test_the_words_of_a_chart_are_its_alternative_text(profile: Document) -> None:
    chart = profile.sections[0].charts[0]
    whole = unpacked(write_pdf(profile))
    words = f"{chart.title} {chart.text_alternative}"
    assert words.encode() in whole or words.encode("utf-16-be") in whole


def test_the_same_document_gives_the_same_bytes(profile: Document) -> None:
    assert write_pdf(profile) == write_pdf(profile)


def test_what_a_name_says_is_never_read_as_layout(profile: Document) -> None:
    tricky = replace(
        profile, title='#panic("no") $x$ \\ *bold* @ref <label> `raw`', paragraphs=["#sys.inputs"]
    )
    assert b'#panic("no")' in unpacked(write_pdf(tricky)).replace(b"\\(", b"(").replace(b"\\)", b")")


def test_a_sign_the_typeface_lacks_does_not_cost_the_paper(profile: Document) -> None:
    assert write_pdf(replace(profile, paragraphs=["学校 😀"])).startswith(b"%PDF")


def test_a_long_table_runs_over_pages_that_are_counted(profile: Document) -> None:
    rows = [{"measure": f"Measure {n}", "value": float(n)} for n in range(120)]
    assert profile.headline
    pages = write_pages(replace(profile, headline=replace(profile.headline, rows=rows)))
    assert len(pages) > 2
    assert all(page.startswith(b"\x89PNG") for page in pages)
