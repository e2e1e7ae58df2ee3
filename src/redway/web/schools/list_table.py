"""The schools found, as a table to take away: the whole list, not only the page shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.http import QueryDict
from django.urls import reverse

from redway.figures.provenance import Provenance
from redway.figures.table import Cell, Column, Table
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.register.models import Locality, School
from redway.web.schools.finding import SchoolSearch

_LICENCE = "Department for Education, Get Information about Schools, Open Government Licence v3.0"
_COLUMNS = (
    Column("name", "School"),
    Column("current_urn", "URN"),
    Column("authority", "Authority number"),
    Column("authority_name", "Authority"),
    Column("phase", "Phase"),
    Column("kind", "Type"),
    Column("status", "Status"),
    Column("town", "Town"),
    Column("postcode", "Postcode"),
    Column("locality", "Locality"),
)


def list_view(search: SchoolSearch, query: QueryDict, on: date) -> TableView:
    """One row for each school found, open ones first; without words or filters, every school there is."""
    localities: dict[int | None, str] = dict(Locality.objects.values_list("pk", "name"))
    rows = (_row(school, localities) for school in search.everything)
    return TableView(
        Table("Schools", _COLUMNS, rows),
        TableState.read(query),
        address=reverse("schools:list_table", args=["csv"]).removesuffix(".csv"),
        provenance=Provenance("as the register stands", (), (_LICENCE,), on),
    )


def _row(school: School, localities: Mapping[int | None, str]) -> dict[str, Cell]:
    row: dict[str, Cell] = {
        column.key: getattr(school, column.key) for column in _COLUMNS if column.key != "locality"
    }
    row["locality"] = localities.get(school.locality_id, "")
    return row
