"""The list of authorities a person may look at."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from redway.figures.table import Column, Table
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.people import permission
from redway.web.register.queries import authorities_present


def authorities_view(request: HttpRequest) -> TableView:
    """Authorities that exist today, by name."""
    seen = permission.visible(request, "authority.view")
    found = authorities_present()
    if not seen.everywhere:
        found = found.filter(number__in=seen.authorities)
    rows = [
        {"number": one.number, "name": one.name, "region": one.region, "ons": one.ons_code} for one in found
    ]
    columns = (
        Column("name", "Authority"),
        Column("number", "Number"),
        Column("region", "Region"),
        Column("ons", "ONS code"),
    )
    return TableView(
        Table("Local authorities of England", columns, rows),
        TableState.read(request.GET),
        address=reverse("authorities:index_table", args=["csv"]).removesuffix(".csv"),
        links={"name": lambda row: reverse("authorities:profile", args=[row["number"]])},
        per_page=200,
    )
