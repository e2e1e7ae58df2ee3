"""Everybody on one measure as a table, by name; those without a figure keep their line and say why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from redway.core.missing import Missing
from redway.figures.disclosure import Share
from redway.figures.provenance import Provenance
from redway.figures.table import Cell, Column, Kind, Row, Table
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.measures.everyone import Everyone

_KINDS = {"percent": Kind.PERCENT, "pounds": Kind.MONEY}


def everyone_view(
    shown: Everyone,
    query: QueryDict,
    on: date,
    highlighted: str = "",
    localities: Mapping[str, str] | None = None,
) -> TableView:
    """The table behind the funnel or distribution.

    ``localities`` says in which locality the schools are, by URN; the column is there to be chosen.
    """
    placed = localities if localities and shown.level == "school" else {}
    positions = (
        {point.entity: point.position.value for point in shown.funnel.points} if shown.has_funnel else {}
    )
    rows: list[dict[str, Cell]] = [
        {
            "entity": figure.entity,
            "name": shown.name(figure.entity),
            "value": shown.indicator.show(figure.value)
            if shown.indicator.is_grade and figure.value is not None
            else figure.cell,
            "lower": figure.lower if figure.lower is not None else Missing.NOT_AVAILABLE,
            "upper": figure.upper if figure.upper is not None else Missing.NOT_AVAILABLE,
            "size": figure.denominator if figure.denominator is not None else Missing.NOT_AVAILABLE,
            "position": positions.get(figure.entity, ""),
            "locality": placed.get(figure.entity, ""),
            "edition": figure.edition,
            "lineage": figure.lineage,
            **figure.counts(shown.indicator),
        }
        for figure in shown.figures
    ]
    kind = Kind.TEXT if shown.indicator.is_grade else _KINDS.get(shown.indicator.unit, Kind.NUMBER)
    places = shown.indicator.decimals
    columns = [
        Column("name", "Authority" if shown.level == "authority" else "School"),
        Column("value", shown.indicator.short, kind, places),
    ]
    if any(figure.lower is not None for figure in shown.figures):
        columns += [
            Column("lower", "Lower 95% limit", kind, places),
            Column("upper", "Upper 95% limit", kind, places),
        ]
    if any(figure.denominator is not None for figure in shown.figures):
        columns.append(Column("size", shown.indicator.denominator.capitalize() or "Pupils", Kind.NUMBER))
    if positions:
        columns.append(Column("position", "Against the limits"))
    first_shown = [column.key for column in columns]
    if placed:
        columns.append(Column("locality", "Locality"))
    table = Table(f"{shown.indicator.title}, {shown.period}", columns, rows, _notes(shown))
    source = Provenance(shown.period, (), (f"{shown.indicator.publisher}, Open Government Licence v3.0",), on)
    address = reverse("measures:everyone_table", args=[shown.indicator.code, "csv"]).removesuffix(".csv")
    return TableView(
        table,
        TableState.read(query),
        address=address,
        kept=group_parameters(shown),
        first_shown=first_shown,
        links={"name": _to_profile(shown), "value": lambda row: str(row["lineage"])},
        highlight=lambda row: bool(highlighted) and row["entity"] == highlighted,
        shares=[Share("value", "counted", "of", also=("lower", "upper", "position"))],
        provenance=source,
    )


def group_parameters(shown: Everyone) -> tuple[tuple[str, str], ...]:
    """What says which group is shown: a link or a file of it must keep them."""
    pairs = (
        ("level", shown.level),
        ("period", shown.period),
        ("phase", shown.phase),
        ("authority", shown.authority),
    )
    return tuple(pair for pair in pairs if pair[1])


def chart_address(shown: Everyone, highlighted: str) -> str:
    """Query of the chart of this group."""
    return urlencode([*group_parameters(shown), *([("highlight", highlighted)] if highlighted else [])])


def _to_profile(shown: Everyone):  # type: ignore[no-untyped-def]
    name = "authorities:profile" if shown.level == "authority" else "schools:profile"

    def link(row: Row) -> str:
        return reverse(name, args=[row["entity"]])

    return link


def _notes(shown: Everyone) -> list[str]:
    notes = ["In order of name. A place in an order of figures would say more than the figures can."]
    if shown.has_funnel:
        funnel = shown.funnel
        notes.append(
            f"Limits around {funnel.standard * 100:.1f}% ({funnel.standard_name.lower()})"
            + (
                f", widened {funnel.phi**0.5:.1f} times because schools differ by more than chance."
                if funnel.phi > 1
                else "."
            )
        )
        notes.append(
            f"Chance alone would put about {funnel.expected_by_chance:.0f} of {len(funnel.points):,} "
            "beyond the 95% limits."
        )
    reason = shown.indicator.why_not_produced(shown.period)
    return [*notes, reason] if reason else notes
