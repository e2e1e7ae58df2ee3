"""The scenarios of a year, side by side in one table; and the years an authority has anything of."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from redway.core.errors import RedwayError
from redway.core.missing import Missing
from redway.core.money import Money
from redway.figures.table import Cell, Column, Kind, Row, Table
from redway.funding.impact import impact
from redway.funding.years import years_known
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.funding.ground import Ground, ground_under
from redway.web.funding.models import Scenario, SchoolsTable
from redway.web.funding.scenarios import scenarios_of


def years_held(number: str) -> list[str]:
    """The years with national values, a table or a scenario, the newest first."""
    tables = SchoolsTable.objects.filter(authority=number).values_list("year", flat=True)
    scenarios = Scenario.objects.filter(authority=number).values_list("year", flat=True)
    return sorted({*years_known(), *tables, *scenarios}, reverse=True)


def standing_of(scenario: Scenario) -> str:
    """How a scenario stands, in words."""
    words = ["In force"] if scenario.is_current else []
    words += ["published"] if scenario.is_frozen else []
    return ", ".join(words).capitalize() or "Draft"


def year_view(number: str, year: str, ground: Ground | None, state: TableState) -> TableView:
    """Every scenario of a year with what it comes to."""
    found = list(scenarios_of(number, year))
    table = Table(
        f"Scenarios of {year}",
        [
            Column("name", "Scenario"),
            Column("standing", "Standing"),
            Column("total", "All schools together", Kind.MONEY),
            Column("headroom", "Headroom", Kind.MONEY),
            Column("gain", "Schools that gain", Kind.NUMBER),
            Column("lose", "Schools that lose", Kind.NUMBER),
            Column("changed", "Last changed", Kind.DATE),
        ],
        [_row(one, found, ground) for one in found],
    )
    return TableView(
        table,
        state,
        reverse("funding:year_table", args=[number, year, "x"]).removesuffix(".x"),
        links={"name": lambda row: reverse("funding:workbench", args=[row["key"]])},
        nothing="–",
    )


def _row(one: Scenario, others: list[Scenario], ground: Ground | None) -> Row:
    row: dict[str, Cell] = {
        "key": str(one.pk),
        "name": one.name,
        "standing": standing_of(one),
        "changed": timezone.localdate(one.changed_at),
        "total": Missing.NOT_AVAILABLE,
    }
    try:
        own = ground_under(one) if one.is_frozen else ground
        if own is None:
            return row
        budgets = own.of(one)
        current = next((held for held in others if held.is_current), None)
        row["total"] = Money(budgets.authority_total)
        if own.for_schools is not None:
            row["headroom"] = own.for_schools - Money(budgets.authority_total)
        if current is not None and current.pk != one.pk and ground is not None:
            whole = impact(ground.of(current), budgets).whole()
            row["gain"], row["lose"] = whole.gain, whole.lose
    except RedwayError:
        return row
    return row
