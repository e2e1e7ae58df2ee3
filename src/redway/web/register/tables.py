"""The table of an authority's localities."""

from __future__ import annotations

from django.db.models import Count
from django.http import QueryDict
from django.urls import reverse

from redway.figures.table import Cell, Column, Kind, Row, Table
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.register.models import Authority
from redway.web.register.queries import localities_of


def localities_view(authority: Authority, query: QueryDict) -> TableView:
    """The localities in use, with the number of their schools."""
    found = localities_of(authority.number).annotate(count=Count("schools"))
    rows: list[dict[str, Cell]] = [
        {
            "id": str(one.pk),
            "name": one.name,
            "schools": one.count,
            "put": "Choose schools",
            "rename": "Rename",
            "withdraw": "Withdraw",
        }
        for one in found
    ]

    def to(name: str):  # type: ignore[no-untyped-def]
        def link(row: Row) -> str:
            return reverse(f"register:{name}", args=[authority.number, row["id"]])

        return link

    columns = (
        Column("name", "Locality"),
        Column("schools", "Schools", Kind.NUMBER),
        Column("put", "Put in or take out"),
        Column("rename", "Name"),
        Column("withdraw", "Use"),
    )
    return TableView(
        Table("Localities in use", columns, rows),
        TableState.read(query),
        links={
            "name": lambda row: (
                f"{reverse('schools:find')}?authority={authority.number}&locality={row['id']}"
            ),
            "put": to("schools"),
            "rename": to("rename"),
            "withdraw": to("withdraw"),
        },
        per_page=200,
    )
