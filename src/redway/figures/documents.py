"""Papers: an overview as a PDF that can be read aloud, with its figures frozen and its versions named.

Typst lays the paper out from one template. Content goes in as JSON and is never part of the template,
so no name or note can change the layout. The PDF follows PDF/UA-1: tagged, titled, with headings,
table headers and the words of each chart. Fonts are bundled, so a paper looks the same on any machine.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import typst

from redway.core.words import day_in_words
from redway.figures.chart import Chart
from redway.figures.provenance import Provenance
from redway.figures.render import render_svg
from redway.figures.table import Table
from redway.figures.theme import PAGE

_HERE = Path(str(resources.files("redway.figures")))


def template_named(name: str) -> Path:
    """A template of papers, by its file name."""
    return _HERE / "templates" / name


_TEMPLATE = template_named("profile.typ")


@dataclass(frozen=True)
class Section:
    """One part of a paper: words, then charts, then tables."""

    heading: str
    paragraphs: Sequence[str] = ()
    charts: Sequence[Chart] = ()
    tables: Sequence[Table] = ()


@dataclass(frozen=True)
class Document:
    """A whole paper. What it shows must have passed the disclosure rule before it comes here."""

    title: str
    provenance: Provenance
    subtitle: str = ""
    organisation: str = ""
    """Whose paper it is: an authority puts its own name here."""
    paragraphs: Sequence[str] = ()
    headline: Table | None = None
    sections: Sequence[Section] = ()


def write_pdf(document: Document, pictures: Path | None = None) -> bytes:
    """The paper as PDF/UA-1. The same document always gives the same bytes.

    A sign that the bundled typeface lacks (an emoji, Chinese) costs the paper its PDF/UA mark, for the
    standard forbids signs that cannot be shown; the paper still comes, tagged as before.
    ``pictures`` is a folder that keeps drawn charts (see ``render_svg``).
    """
    how: dict[str, Any] = {
        "format": "pdf",
        "timestamp": datetime.combine(document.provenance.as_at, time(), UTC),
    }
    try:
        pdf: bytes = _compiled(document, pictures, pdf_standards="ua-1", **how)
    except typst.TypstError:
        pdf = _compiled(document, pictures, **how)
    return pdf


def write_pages(document: Document, pictures: Path | None = None) -> list[bytes]:
    """The pages of the paper as PNG, for a preview."""
    pages = _compiled(document, pictures, format="png", ppi=96.0)
    return pages if isinstance(pages, list) else [pages]


def _compiled(document: Document, pictures: Path | None, **how: Any) -> Any:
    content = json.dumps(_content(document, pictures), ensure_ascii=False)
    return typst.compile(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        font_paths=bundled_fonts(),
        sys_inputs={"document": content},
        **how,
    )


@cache
def bundled_fonts() -> typst.Fonts:
    """The typefaces that come with Redway, and none of the machine."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(_HERE / "fonts")])


def _content(document: Document, pictures: Path | None) -> dict[str, Any]:
    as_at = day_in_words(document.provenance.as_at)
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "organisation": document.organisation,
        "footer": ", ".join(filter(None, [document.organisation, f"as at {as_at}"])),
        "paragraphs": list(document.paragraphs),
        "headline": _table(document.headline) if document.headline else None,
        "sections": [
            {
                "heading": section.heading,
                "paragraphs": list(section.paragraphs),
                "charts": [_chart(chart, pictures) for chart in section.charts],
                "tables": [_table(table) for table in section.tables],
            }
            for section in document.sections
        ],
        "provenance": document.provenance.lines(),
    }


def _chart(chart: Chart, pictures: Path | None) -> dict[str, Any]:
    return {
        "svg": render_svg(chart, pictures),
        "alt": f"{chart.title} {chart.text_alternative}",
        "words": chart.text_alternative,
        "share": chart.spec["width"] / PAGE,
        "notes": list(chart.table.notes),
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": table.title,
        "columns": [{"heading": column.heading, "align": column.align} for column in table.columns],
        "rows": table.shown(),
        "notes": list(table.notes),
    }
