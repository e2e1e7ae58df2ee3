"""Every value of a year in one table: national and local, with source and status."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse

from redway.core.dated_values import DatedValue
from redway.core.money import Money
from redway.figures.table import Column, Row, Table
from redway.funding.rates import Rates
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.funding.rate_fields import label_of, plain


def rates_view(number: str, rates: Rates, state: TableState) -> TableView:
    """The values of a year as a page shows them."""
    table = Table(
        f"Rates of {rates.year}",
        [
            Column("label", "Rate"),
            Column("name", "Name in files"),
            Column("value", "Value in force"),
            Column("national", "National value"),
            Column("unit", "Unit"),
            Column("status", "Status"),
            Column("source", "Source"),
            Column("note", "Note"),
        ],
        [_row(rates, name) for name in rates.names()],
        [
            "Published: read in the source named.",
            "Matched: not read, but it reproduces published results to the penny.",
            "Unconfirmed: derived or from memory; compare it with the published table before you rely on it.",
        ],
    )
    return TableView(
        table,
        state,
        reverse("funding:rates_table", args=[number, rates.year, "x"]).removesuffix(".x"),
        first_shown=("label", "value", "national", "unit", "status", "source"),
        per_page=50,
    )


def _row(rates: Rates, name: str) -> Row:
    held, national = rates.held(name), rates.national.get(name)
    return {
        "label": label_of(name),
        "name": name,
        "value": _shown(held),
        "national": _shown(national) if national is not None else "None",
        "unit": held.unit,
        "status": f"{held.status.value.capitalize()}{', local' if name in rates.local else ''}",
        "source": held.source,
        "note": held.note,
    }


def _shown(held: DatedValue) -> str:
    if isinstance(held.value, bool):
        return "yes" if held.value else "no"
    if isinstance(held.value, int | Decimal):
        value = Decimal(held.value)
        return str(Money.of(value)) if held.unit.startswith("pounds") else plain(value)
    return str(held.value)
