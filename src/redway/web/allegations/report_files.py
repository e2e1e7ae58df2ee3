"""The report of a period as a paper (PDF), a workbook, a slide deck, and plain rows (CSV, JSON)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from redway.allegations.annual_report import TITLES, Report
from redway.allegations.editions import edition_in_words
from redway.figures.chart import Chart
from redway.figures.documents import Document, Section, write_pdf
from redway.figures.provenance import Provenance
from redway.figures.sheets import csv_lines, workbook_bytes
from redway.figures.table import Column, Table
from redway.web.allegations.statistics_period import Counted
from redway.web.design.exports import XLSX, json_value

OWN_RECORDS = "The authority's own records of allegations"
MEDIA = {
    "pdf": "application/pdf",
    "xlsx": XLSX,
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
}
SINCE_LAST = "What has changed since the last report"
HOW_COUNTED = "How the figures are counted"


def report_title(report: Report) -> str:
    """What the report is called."""
    return "Allegations against people who work with children"


def provenance_of(report: Report, counted: Counted) -> Provenance:
    """Where its figures come from: nobody is named."""
    return Provenance(report.period, (), (OWN_RECORDS, *counted.source_of_targets), report.now.as_at)


def how_counted(counted: Counted) -> tuple[str, ...]:
    """What a reader must know of how the figures came about."""
    said = [
        "Each case is counted once, on the day on which it reached the designated officer.",
        "Counted are the cases that whoever makes the report may count.",
        "What was handed over to another authority is counted there.",
        "A case of several allegations is counted under its gravest finding.",
        "What was not written down is counted as not recorded, so every table adds up to all cases.",
    ]
    if counted.edition:
        sources = f" ({'; '.join(counted.source_of_targets)})" if counted.source_of_targets else ""
        said.append(
            f"Targets are those of {edition_in_words(counted.edition)}, in force at the end of the period"
            f"{sources}."
        )
    if counted.report.published:
        said.append("Publish one period at a time: of two that overlap, one can be taken from the other.")
    return tuple(said)


def tables_of(report: Report) -> dict[str, Table]:
    """Its tables by name, those without a row left out; what was revised last."""
    held = {name: table for name, table in report.tables.items() if table.rows}
    return held | ({"revised": report.revised} if report.revised else {})


def as_file(
    counted: Counted,
    authority_name: str,
    extension: str,
    charts: Mapping[str, Chart] | None = None,
    pictures: Path | None = None,
) -> bytes:
    """The report as the bytes of a file; ``charts`` by the name of their table.

    Raises KeyError for an extension that is not in MEDIA.
    """
    return {"pdf": _pdf, "xlsx": _xlsx, "pptx": _pptx, "csv": _csv, "json": _json}[extension](
        counted, authority_name, charts or {}, pictures
    )


def as_plain(counted: Counted) -> dict[str, Any]:
    """The report for programs."""
    report = counted.report
    return {
        "title": report_title(report),
        "from": report.now.start.isoformat(),
        "to": report.now.end.isoformat(),
        "as_at": report.now.as_at.isoformat(),
        "edition": counted.edition,
        "published": report.published,
        "cases": None if report.published and not report.tables else report.now.cases,
        "sentences": list(report.paragraphs),
        "since_last_report": report.since_last,
        "how_counted": list(how_counted(counted)),
        "tables": {
            name: {
                "title": table.title,
                "rows": [
                    {column.key: json_value(row.get(column.key)) for column in table.columns}
                    for row in table.rows
                ],
                "notes": list(table.notes),
            }
            for name, table in tables_of(report).items()
        },
    }


def document_of(counted: Counted, authority_name: str, charts: Mapping[str, Chart] | None = None) -> Document:
    """The report as a paper."""
    report, drawn = counted.report, charts or {}
    sections = [
        Section(
            TITLES[name],
            charts=[drawn[name]] if name in drawn else [],
            tables=[table],
        )
        for name, table in tables_of(report).items()
        if name in TITLES
    ]
    if report.since_last:
        revised = [report.revised] if report.revised else []
        sections.append(Section(SINCE_LAST, [report.since_last], tables=revised))
    sections.append(Section(HOW_COUNTED, how_counted(counted)))
    return Document(
        title=report_title(report),
        subtitle=report.period,
        organisation=authority_name,
        provenance=provenance_of(report, counted),
        paragraphs=report.paragraphs,
        sections=sections,
    )


def _pdf(counted: Counted, authority_name: str, charts: Mapping[str, Chart], pictures: Path | None) -> bytes:
    return write_pdf(document_of(counted, authority_name, charts), pictures)


def _xlsx(counted: Counted, authority_name: str, charts: Mapping[str, Chart], pictures: Path | None) -> bytes:
    report = counted.report
    summary = Table(
        f"{report_title(report)}, {authority_name}",
        (Column("text", "What the period came to"),),
        [{"text": text} for text in (*report.paragraphs, report.since_last, *how_counted(counted)) if text],
    )
    sheets = {"Summary": summary, **{name.capitalize(): table for name, table in tables_of(report).items()}}
    return workbook_bytes(sheets, provenance_of(report, counted))


def _csv(counted: Counted, authority_name: str, charts: Mapping[str, Chart], pictures: Path | None) -> bytes:
    """Every table below another, each with its title."""
    source = provenance_of(counted.report, counted)
    parts = ["".join(csv_lines(table, source)) for table in tables_of(counted.report).values()]
    mark = "\ufeff"
    return (mark + "\r\n".join(part.removeprefix(mark) for part in parts)).encode()


def _json(counted: Counted, authority_name: str, charts: Mapping[str, Chart], pictures: Path | None) -> bytes:
    import json

    return json.dumps(as_plain(counted), indent=2, ensure_ascii=False).encode()


def _pptx(counted: Counted, authority_name: str, charts: Mapping[str, Chart], pictures: Path | None) -> bytes:
    """One slide for the title, then the sentences, then each table. Figures stay text."""
    # Imported when slides are first wanted: the library is slow to load.
    from redway.figures.slides import Slide, slides_bytes

    report = counted.report
    told = [text for text in (*report.paragraphs, report.since_last) if text]
    slides = [
        Slide("What the period came to", told),
        *(Slide(table.title, table=table) for table in tables_of(report).values()),
    ]
    return slides_bytes(report_title(report), f"{authority_name}\n{report.period}", authority_name, slides)


def file_name(start: date, end: date, extension: str, published: bool) -> str:
    """Name of the file: the period, and whether it may be published."""
    return f"allegations-{start}-to-{end}{'-for-publication' if published else ''}.{extension}"
