"""How often reservations about an authority's targets were right, over all its schools and years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from redway.attainment.reservations import Became, Looked, Reservation, Tally, look_back, tally
from redway.attainment.target_record import Decision
from redway.figures.provenance import Provenance
from redway.figures.table import Cell, Column, Kind, Row, Table
from redway.web.attainment.made_up import NOTICE
from redway.web.attainment.models import Target, TargetEntry
from redway.web.attainment.targets.frozen import thaw
from redway.web.attainment.targets.records import record_of, targets
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.register.models import Authority
from redway.web.register.queries import schools_of_authority


@dataclass(frozen=True)
class LookedBack:
    """What became of the reservations of an authority."""

    authority: Authority
    tally: Tally
    reservations: tuple[Reservation, ...]


def looked_back(authority: Authority) -> LookedBack:
    """Every reservation about targets of the authority's schools. Six queries."""
    schools = {one.key for one in schools_of_authority(authority.number, open_only=False)}
    held = [_look(one) for one in targets().filter(school__in=schools)]
    made = tuple(one for each in held for one in each.reservations)
    return LookedBack(authority, tally(held), made)


def _look(target: Target) -> Looked:
    versions = list(target.versions.all())
    decisions = sorted(
        (one for each in versions for one in each.entries.all() if one.kind == TargetEntry.Kind.DECISION),
        key=lambda one: one.pk,
    )
    days = [timezone.localdate(one.at) for one in decisions]
    return look_back(record_of(target), target.year, days, thaw(versions[-1].frozen).chance_alone)


_COLUMNS = {
    "right": Became.RIGHT,
    "wrong": Became.WRONG,
    "cannot_tell": Became.CANNOT_TELL,
    "not_yet": Became.NOT_YET,
    "changed": Became.CHANGED,
    "hindsight": Became.HINDSIGHT,
}


def years_view(held: LookedBack, query: QueryDict, on: date, *, made_up: bool) -> TableView:
    """What became of the reservations of each year, by what was said and which way it pointed."""
    kinds = sorted(
        {(one.year, one.decision, one.concern) for one in held.reservations},
        key=lambda kind: (kind[0], list(Decision).index(kind[1]), kind[2]),
        reverse=True,
    )
    rows: list[Row] = []
    for year, decision, concern in kinds:
        these = [
            one
            for one in held.reservations
            if (one.year, one.decision, one.concern) == (year, decision, concern)
        ]
        counts: Mapping[str, Cell] = {
            name: sum(one.became is became for one in these) for name, became in _COLUMNS.items()
        }
        rows.append({"year": year, "said": decision.label, "concern": concern.label, **counts})
    columns = (
        Column("year", "Results of"),
        Column("said", "What was recorded"),
        Column("concern", "Which way it pointed"),
        *(Column(name, became.value, Kind.NUMBER) for name, became in _COLUMNS.items()),
    )
    title = f"{held.authority.name}: what became of reservations about targets"
    address = reverse("attainment:authority_reservations_table", args=[held.authority.number, "csv"])
    return TableView(
        Table(title, columns, rows, [NOTICE] if made_up else []),
        TableState.read(query, "years"),
        address=address.removesuffix(".csv"),
        provenance=Provenance("targets of all years", (), (), on),
        totals=tuple(_COLUMNS),
    )


def beside_view(held: LookedBack) -> TableView:
    """Reservations beside targets agreed without one, each way."""
    rows: list[Row] = [
        {"what": one.what, "words": one.words}
        for one in (held.tally.right, *(share for pair in held.tally.beside for share in pair))
    ]
    columns = (Column("what", "Counted"), Column("words", "Share, with its 95% range"))
    return TableView(Table("How often reservations were right", columns, rows), TableState("beside"))
