"""The list of measures as a table."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import QueryDict
from django.urls import reverse

from redway.figures.table import Cell, Column, Table
from redway.indicators.catalogue import Indicator
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView

_LEVELS = {"school": "schools", "authority": "authorities", "region": "regions", "england": "England"}


def catalogue_view(indicators: Sequence[Indicator], query: QueryDict) -> TableView:
    """Measures a person may see, by subject and title."""
    rows: list[dict[str, Cell]] = [
        {
            "code": one.code,
            "measure": one.title,
            "topic": one.topic,
            "outcome": one.outcome.value.capitalize(),
            "levels": ", ".join(_LEVELS[level] for level in _LEVELS if level in one.levels),
            "publisher": one.publisher,
            "definition": one.definition,
        }
        for one in indicators
    ]
    columns = (
        Column("measure", "Measure"),
        Column("topic", "Subject"),
        Column("outcome", "Every Child Matters outcome"),
        Column("levels", "Held for"),
        Column("publisher", "Publisher"),
        Column("definition", "Definition"),
        Column("code", "Code"),
    )
    return TableView(
        Table("Measures", columns, rows),
        TableState.read(query),
        address=reverse("measures:index_table", args=["csv"]).removesuffix(".csv"),
        links={"measure": lambda row: reverse("measures:measure", args=[row["code"]])},
        first_shown=("measure", "topic", "outcome", "levels"),
        per_page=100,
    )
