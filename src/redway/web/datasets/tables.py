"""The tables of the dataset pages: the timetable, what is held, versions, and what is wrong with a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import QueryDict
from django.urls import reverse

from redway.core.words import day_in_words
from redway.datasets.confidential import is_confidential
from redway.datasets.format import load_formats
from redway.datasets.ledger import LONDON, Version
from redway.datasets.timetable import Line
from redway.figures.table import Cell, Column, Kind, Table
from redway.web.datasets.models import FileOutcome
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView

STATES = {
    "current": "In force",
    "superseded": "Superseded",
    "held": "Held",
    "withdrawn": "Withdrawn",
}


def timetable_view(lines: Sequence[Line], query: QueryDict, *, to_change: bool = False) -> TableView:
    """Which dataset is due when, from whom, and what has come; ``to_change`` for who may agree its lines."""
    rows: list[dict[str, Cell]] = [
        {
            "dataset": line.entry.dataset,
            "title": line.entry.title,
            "rating": line.rating.value,
            "words": line.words,
            "due": line.due,
            "next": line.next_due,
            "supplier": line.entry.supplier,
            "answers": line.entry.answers,
            "terms": _terms(line),
            "code": line.entry.code,
            "change": "Change",
        }
        for line in lines
    ]
    columns = (
        Column("title", "Dataset"),
        Column("rating", "Rating"),
        Column("words", "What has come"),
        Column("due", "Last due", Kind.DATE),
        Column("next", "Next due", Kind.DATE),
        Column("supplier", "From"),
        Column("answers", "Who answers for it"),
        Column("terms", "Terms"),
        *([Column("change", "Change")] if to_change else []),
    )
    return TableView(
        Table("Timetable", columns, rows),
        TableState.read(query, "timetable"),
        address=_address("datasets:timetable_table"),
        links={
            "title": lambda row: reverse("datasets:dataset", args=[row["dataset"]]),
            "change": lambda row: reverse("datasets:agree", args=[row["code"]]),
        },
        first_shown=("title", "rating", "words", "next", "answers", "terms", "change"),
        ratings=("rating",),
        per_page=100,
    )


def _terms(line: Line) -> str:
    agreed = line.entry.agreed_on
    return f"agreed {day_in_words(agreed)}" if agreed else "proposed"


def datasets_view(versions: Iterable[Version], query: QueryDict) -> TableView:
    """Every dataset with what is held of it."""
    titles = titles_of_datasets()
    held: dict[str, list[Version]] = {}
    for version in versions:
        held.setdefault(version.dataset, []).append(version)
    rows: list[dict[str, Cell]] = [
        {
            "dataset": dataset,
            "title": titles.get(dataset, dataset.capitalize()),
            "versions": len(found),
            "in_force": sum(one.state == "current" for one in found),
            "newest": max((one.period_end for one in found if one.state == "current"), default=None),
            "received": max(one.received_at for one in found).astimezone(LONDON).date(),
        }
        for dataset, found in held.items()
    ]
    rows.sort(key=lambda row: str(row["title"]))
    columns = (
        Column("title", "Dataset"),
        Column("in_force", "Files in force", Kind.NUMBER),
        Column("versions", "Versions kept", Kind.NUMBER),
        Column("newest", "Newest period ends", Kind.DATE),
        Column("received", "Last received", Kind.DATE),
    )
    return TableView(
        Table("What is held", columns, rows),
        TableState.read(query, "held"),
        address=_address("datasets:held_table"),
        links={"title": lambda row: reverse("datasets:dataset", args=[row["dataset"]])},
        per_page=100,
    )


def versions_view(dataset: str, versions: Iterable[Version], query: QueryDict, title: str) -> TableView:
    """Versions of one dataset, the newest first."""
    formats = {known.code: known.title for known in load_formats()}
    rows: list[dict[str, Cell]] = [
        {
            "id": one.id,
            "format": formats.get(one.format, one.format),
            "period": one.period,
            "number": one.number,
            "state": STATES[one.state.value],
            "edition": one.edition,
            "rows": one.rows_loaded,
            "rejected": one.rows_rejected,
            "received": one.received_at.astimezone(LONDON).date(),
            "file": one.file_name.rpartition("/")[2],
        }
        for one in versions
    ]
    columns = (
        Column("period", "Period"),
        Column("format", "Kind of file"),
        Column("number", "Version", Kind.NUMBER),
        Column("state", "State"),
        Column("edition", "Edition"),
        Column("rows", "Rows", Kind.NUMBER),
        Column("rejected", "Rows rejected", Kind.NUMBER),
        Column("received", "Received", Kind.DATE),
        Column("file", "File"),
    )
    return TableView(
        Table(title, columns, rows),
        TableState.read(query),
        address=_address("datasets:versions_table", dataset),
        links={"period": lambda row: reverse("datasets:version", args=[row["id"]])},
        first_shown=("period", "format", "number", "state", "rows", "received", "file"),
        kept=[(name, query.get(name, "")) for name in ("day_day", "day_month", "day_year") if name in query],
    )


def problems_view(outcome: FileOutcome, query: QueryDict) -> TableView:
    """The first thousand errors of a file."""
    rows: list[dict[str, Cell]] = [
        {
            "row": error.get("row"),
            "column": error.get("column") or "",
            "value": error.get("value") or "",
            "message": error.get("message") or "",
        }
        for error in outcome.errors
    ]
    # Of a file of pupils no cell is quoted: row and column are enough to find it.
    quoted = () if is_confidential(outcome.format) else (Column("value", "Value"),)
    columns = (
        Column("row", "Row", Kind.NUMBER),
        Column("column", "Column"),
        *quoted,
        Column("message", "What to do"),
    )
    shown = f"the first {len(rows):,} of {outcome.errors_total:,}" if outcome.errors_total > len(rows) else ""
    return TableView(
        Table(f"Errors{', ' + shown if shown else ''}", columns, rows),
        TableState.read(query, f"errors-{outcome.pk}"),
        nothing="–",
    )


def titles_of_datasets() -> dict[str, str]:
    """Dataset -> how it is called: its own word with spaces; a dataset of pupils as its only format is."""
    return {
        known.dataset: known.title if known.confidential else known.dataset.replace("-", " ").capitalize()
        for known in load_formats()
    }


def _address(name: str, *args: str) -> str:
    return reverse(name, args=[*args, "csv"]).removesuffix(".csv")
