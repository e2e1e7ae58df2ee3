"""The table of schools as a file and as a page: columns named as they are taken in."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django import forms
from django.urls import reverse

from redway.figures.table import Cell, Column, Kind, Row, Table
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.design.uploaded_table import TableField
from redway.web.funding.models import SchoolsTable

_TEXTS = frozenset(
    {"urn", "name", "phase", "status", "locality", "growing", "no_baseline_reason", "predecessor_urn"}
)
_MONEY = frozenset(
    {"rates", "pfi", "exceptional", "exclusions"}
    | {f"baseline_{part}" for part in ("budget", "rates", "exclusions", "grants")}
)
_FIRST_SHOWN = (
    "urn",
    "name",
    "phase",
    "status",
    "pupils_primary",
    "pupils_ks3",
    "pupils_ks4",
    "baseline_budget",
)


class SchoolsFileForm(forms.Form):
    """A file of schools."""

    file = TableField(
        "File of schools",
        "CSV or Excel (.xlsx), headings in the first row. Take away the schools of a year to see the shape.",
    )


def file_view(table: SchoolsTable) -> TableView:
    """The whole table, without a title above its headings, so that it can be taken in again."""
    return TableView(Table("", [_column(name) for name in table.columns], _rows(table)), nothing=" ")


def page_view(table: SchoolsTable, state: TableState) -> TableView:
    """The table as a page shows it."""
    columns = [_column(name) for name in table.columns]
    return TableView(
        Table(f"Schools of {table.year}, version {table.number}", columns, _rows(table)),
        state,
        reverse("funding:schools_table", args=[table.authority, table.year, "x"]).removesuffix(".x"),
        heading="name",
        links={"name": lambda row: reverse("funding:statement", args=[row["urn"], table.year])},
        first_shown=[name for name in _FIRST_SHOWN if name in table.columns],
        nothing="",
        per_page=25,
    )


def _column(name: str) -> Column:
    if name in _TEXTS:
        return Column(name, name)
    if name.endswith("_share"):
        return Column(name, name, Kind.NUMBER, 10)
    if name in _MONEY:
        return Column(name, name, Kind.NUMBER, 2)
    places = 3 if name == "sparsity_miles" else 10 if name == "split_sites_distant" else 0
    return Column(name, name, Kind.NUMBER, places)


def _rows(table: SchoolsTable) -> list[Row]:
    return [
        {name: _cell(name, text) for name, text in zip(table.columns, cells, strict=True)}
        for cells in table.rows
    ]


def _cell(name: str, text: str) -> Cell:
    if name in _TEXTS or not text:
        return text
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
