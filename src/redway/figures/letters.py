"""Letters and records of dated entries as PDF that can be read aloud, laid out like every paper of Redway.

Content goes in as JSON and is never part of the template, so nothing that somebody wrote can change the
layout or reach a file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import typst

from redway.core.words import day_in_words
from redway.figures.documents import bundled_fonts, template_named


@dataclass(frozen=True)
class Entry:
    """One dated line of a record."""

    when: str
    what: str
    words: str = ""


@dataclass(frozen=True)
class Part:
    """One part of a letter: words, then dated entries."""

    heading: str
    paragraphs: Sequence[str] = ()
    entries: Sequence[Entry] = ()


@dataclass(frozen=True)
class Letter:
    """A whole letter. ``to`` are the lines of who it goes to, ``reference`` says nothing about anybody."""

    title: str
    organisation: str
    reference: str
    day: date
    to: Sequence[str] = ()
    paragraphs: Sequence[str] = ()
    sections: Sequence[Part] = ()
    ending: Sequence[str] = ()


def write_letter(letter: Letter) -> bytes:
    """The letter as PDF/UA-1. The same letter always gives the same bytes.

    A sign that the bundled typeface lacks costs it the PDF/UA mark; it still comes, tagged as before.
    """
    content = asdict(letter) | {
        "day": day_in_words(letter.day),
        "footer": f"{letter.organisation}. Confidential. {letter.reference}",
    }
    template = template_named("letter.typ")
    how: dict[str, Any] = {
        "root": str(template.parent),
        "font_paths": bundled_fonts(),
        "sys_inputs": {"letter": json.dumps(content, ensure_ascii=False)},
        "format": "pdf",
        "timestamp": datetime.combine(letter.day, time(), UTC),
    }
    try:
        pdf: bytes = typst.compile(str(template), pdf_standards="ua-1", **how)
    except typst.TypstError:
        pdf = typst.compile(str(template), **how)
    return pdf
