"""What every page of the room is made of: sections with a table each, figures with source and standing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.urls import reverse

from redway.core.dated_values import DatedValue, Status
from redway.core.money import Money
from redway.figures.table import Column, Kind, Row, Table
from redway.web.design.charts import ChartView
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.funding.blocks.models import OfYear
from redway.web.funding.blocks.records import Formula
from redway.web.funding.forum.models import Item
from redway.web.register.models import Authority

WORKED_OUT = "Worked out"
STANDINGS = {
    Status.PUBLISHED: "Published",
    Status.MATCHED: "Matched",
    Status.UNCONFIRMED: "Not confirmed",
}
NOT_CONFIRMED = STANDINGS[Status.UNCONFIRMED]


@dataclass(frozen=True)
class Asked:
    """What a page is asked for: whose money, of which year, looked at how, and whether it may be changed."""

    authority: Authority
    year: str
    query: QueryDict
    may_edit: bool
    formula: Formula | None

    @property
    def key(self) -> tuple[str, str]:
        """The arguments of every address of the year."""
        return self.authority.number, self.year

    def address(self, name: str, *more: object) -> str:
        """An address of the room for this authority and year."""
        return reverse(f"blocks:{name}", args=[*self.key, *more])


@dataclass(frozen=True)
class Section:
    """One table of a page with what is said above it. ``name`` is the last part of its export's address."""

    name: str
    table: Table
    said: Sequence[str] = ()
    empty: str = ""
    look: dict[str, object] = field(default_factory=dict)
    """How the table is shown: see ``TableView``."""

    def view(self, asked: Asked, page: str) -> TableView:
        """The table as it is looked at now."""
        return TableView(
            self.table,
            TableState.read(asked.query, self.name),
            asked.address("table", page, self.name, "x").removesuffix(".x"),
            **self.look,  # type: ignore[arg-type]
        )


@dataclass(frozen=True)
class Shown:
    """One page: its title, what is said at its top, its tables, and what can be done from it."""

    title: str
    lead: str
    sections: Sequence[Section]
    said: Sequence[str] = ()
    warning: str = ""
    actions: Sequence[tuple[str, str]] = ()
    charts: Sequence[ChartView] = ()
    form: object | None = None
    """A form that is sent by GET: what is assumed on the page."""


@dataclass(frozen=True)
class Figure:
    """One figure of a page: what it is, how and from where it came about, how far it is to be trusted."""

    what: str
    amount: Money | None
    how: str = ""
    source: str = ""
    standing: str = WORKED_OUT
    is_total: bool = False
    item: Item | None = None
    """The item of the forum's agenda on which it was decided."""


def figures_table(title: str, figures: Sequence[Figure], notes: Sequence[str] = ()) -> Table:
    """Figures below one another, as a page and a sheet show them."""
    rows: list[Row] = [
        {
            "what": one.what,
            "amount": one.amount,
            "how": one.how,
            "source": one.source,
            "standing": one.standing,
            "total": "yes" if one.is_total else "",
            "meeting": str(one.item.meeting_id) if one.item else "",
        }
        for one in figures
    ]
    return Table(
        title,
        [
            Column("what", "What"),
            Column("amount", "Amount", Kind.MONEY),
            Column("how", "How it comes about"),
            Column("source", "Source"),
            Column("standing", "Standing"),
        ],
        rows,
        notes,
    )


def meeting_of(row: Row) -> str:
    """The address of the meeting of the forum that a row tells of; empty where it tells of none."""
    return reverse("forum:meeting", args=[row["meeting"]]) if row.get("meeting") else ""


FIGURES_LOOK: dict[str, object] = {
    "highlight": lambda row: bool(row["total"]),
    "links": {"how": meeting_of},
    "nothing": "–",
}


def standing_of(one: OfYear | None) -> str:
    """How far what an authority set down may be trusted."""
    if one is None:
        return "Not set down"
    return "Confirmed" if one.is_confirmed else NOT_CONFIRMED


def standing_of_value(one: DatedValue) -> str:
    """How far a dated value may be trusted, and whether it is the authority's own."""
    return "The authority's own" if one.file == "own" else STANDINGS[one.status]


def values_table(title: str, values: Sequence[DatedValue]) -> Table:
    """Dated values with unit, source and standing."""
    return Table(
        title,
        [
            Column("name", "What"),
            Column("value", "Value"),
            Column("unit", "Unit"),
            Column("source", "Source"),
            Column("standing", "Standing"),
            Column("note", "Note"),
        ],
        [
            {
                "name": one.name.replace("-", " ").capitalize(),
                "value": f"{one.value:,}" if isinstance(one.value, int) else str(one.value),
                "unit": one.unit,
                "source": one.source,
                "standing": standing_of_value(one),
                "note": one.note,
            }
            for one in values
        ],
    )
