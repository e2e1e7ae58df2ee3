"""A table taken away: CSV and XLSX for people, JSON for programs. What is shown is what is exported."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify

from redway.core.missing import Missing
from redway.core.money import Money
from redway.figures.sheets import csv_lines, xlsx_bytes
from redway.figures.table import Cell, Hidden
from redway.web.design.tables import TableView

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(view: TableView, extension: str) -> HttpResponseBase:
    """The table as a file. Raises Http404 for an extension other than csv, xlsx and json."""
    table = view.to_leave(timezone.localdate())
    name = f"{slugify(table.title)}.{extension}"
    match extension:
        case "csv":
            lines = csv_lines(table, view.provenance)
            response: HttpResponseBase = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
        case "xlsx":
            response = HttpResponse(xlsx_bytes(table, view.provenance), content_type=XLSX)
        case "json":
            return JsonResponse(as_json(view), json_dumps_params={"ensure_ascii": False})
        case _:
            raise Http404
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def as_json(view: TableView) -> dict[str, Any]:
    """The table for programs: every column unless some were chosen.

    A figure that is not there is an object that says why, never a number.
    """
    table = view.to_leave(timezone.localdate())
    if not view.state.columns:
        table = replace(table, columns=view.table.columns)
    return {
        "title": table.title,
        "columns": [
            {"key": column.key, "heading": column.heading, "kind": column.kind.value}
            for column in table.columns
        ],
        "rows": [
            {column.key: json_value(row.get(column.key)) for column in table.columns} for row in table.rows
        ],
        "notes": list(table.notes),
        "source": dict(view.provenance.lines()) if view.provenance else {},
    }


def json_value(cell: Cell) -> Any:
    """A cell as JSON: numbers and texts as they are, money in pounds, dates as 2026-04-02."""
    match cell:
        case Missing():
            return {"missing": cell.value, "label": cell.label}
        case Hidden():
            return {"missing": "hidden", "label": cell.label}
        case Money():
            return float(cell.pounds)
        case Decimal():
            return float(cell)
        case date():
            return cell.isoformat()
    return cell
