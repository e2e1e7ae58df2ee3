"""Up to four scenarios side by side: the rates that differ, the totals, groups of schools, every school."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.http import QueryDict
from django.urls import reverse

from redway.core.money import Money
from redway.figures.provenance import Provenance
from redway.figures.sheets import workbook_bytes
from redway.figures.table import Cell, Column, Kind, Row, Table
from redway.funding.calculation import Budgets
from redway.funding.impact import By, GroupChange, Impact, impact
from redway.funding.rounding import Whole
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.funding.asked import shown_value, typed_of, what_is_typed
from redway.web.funding.ground import Ground, ground_under
from redway.web.funding.models import Scenario
from redway.web.funding.rate_fields import RateField, fields_of, groups_of
from redway.web.funding.scenarios import content_of

MOST = 4
GROUPED_BY = (By.PHASE, By.SIZE, By.DEPRIVATION, By.LOCALITY, By.STATUS)


@dataclass(frozen=True)
class Compared:
    """One scenario of a comparison; ``beside`` is its effect against the first one."""

    scenario: Scenario
    ground: Ground
    budgets: Budgets
    beside: Impact


@dataclass(frozen=True)
class Comparison:
    """The scenarios chosen; the others are set against the first."""

    columns: Sequence[Compared]

    @property
    def first(self) -> Compared:
        return self.columns[0]

    @property
    def others(self) -> Sequence[Compared]:
        return self.columns[1:]

    @cached_property
    def fields(self) -> Mapping[str, RateField]:
        ground = self.first.ground
        return fields_of(groups_of(ground.rates, ground.calculation.schools, ground.ranges))

    def rates(self) -> Table:
        """Rates and rules that are not the same in all of them."""
        typed = [typed_of(content_of(one.scenario), self.fields) for one in self.columns]
        rows: list[Row] = [
            {
                "what": what_is_typed(name, self.fields),
                **{f"s{n}": shown_value(name, one[name], self.fields) for n, one in enumerate(typed)},
            }
            for name in typed[0]
            if len({one[name] for one in typed}) > 1
        ]
        columns = [
            Column("what", "Rate or rule"),
            *(Column(f"s{n}", c.scenario.name) for n, c in enumerate(self.columns)),
        ]
        return Table("What differs", columns, rows)

    def totals(self) -> Table:
        """What each comes to, and whom it reaches."""
        rows: list[Row] = []
        for one in self.columns:
            whole, money = one.beside.whole(), one.ground.for_schools
            total = Money(one.budgets.authority_total)
            is_first = one is self.first
            rows.append(
                {
                    "name": one.scenario.name,
                    "total": total,
                    "headroom": None if money is None else money - total,
                    "change": None if is_first else whole.change,
                    "gain": None if is_first else whole.gain,
                    "lose": None if is_first else whole.lose,
                    "unchanged": None if is_first else whole.unchanged,
                    "minimum": _paid(one.budgets.minimum_per_pupil),
                    "guarantee": _paid(one.budgets.guarantee),
                    "cap": Money(-int(one.budgets.gains_cap.sum())),
                }
            )
        return Table(
            "Totals",
            [
                Column("name", "Scenario"),
                Column("total", "All schools together", Kind.MONEY),
                Column("headroom", "Headroom", Kind.MONEY),
                Column("change", f"Change from {self.first.scenario.name}", Kind.MONEY),
                Column("gain", "Gain", Kind.NUMBER),
                Column("lose", "Lose", Kind.NUMBER),
                Column("unchanged", "Unchanged", Kind.NUMBER),
                Column("minimum", "Minimum per-pupil level", Kind.MONEY),
                Column("guarantee", "Guarantee", Kind.MONEY),
                Column("cap", "Cap", Kind.MONEY),
            ],
            rows,
        )

    def groups(self, by: By) -> Table:
        """Groups of schools of one kind: what they get under the first, and how the others change it."""
        grouped = {n: {g.label: g for g in one.beside.groups(by)} for n, one in enumerate(self.columns)}
        rows: list[Row] = [
            {
                "group": label,
                "schools": group.schools,
                "first": group.after,
                **{
                    key: cell
                    for n in range(1, len(self.columns))
                    for key, cell in _group_cells(n, grouped[n].get(label))
                },
            }
            for label, group in grouped[0].items()
        ]
        columns = [
            Column("group", by.label),
            Column("schools", "Schools", Kind.NUMBER),
            Column("first", self.first.scenario.name, Kind.MONEY),
        ]
        for n, one in enumerate(self.others, 1):
            columns += [
                Column(f"change{n}", f"{one.scenario.name}: change", Kind.MONEY),
                Column(f"percent{n}", f"{one.scenario.name}: percent", Kind.PERCENT, 2),
            ]
        return Table(by.label, columns, rows)

    def schools(self) -> Table:
        """Every school under each of them."""
        held = self.first.budgets.schools
        totals = [
            dict(zip(one.budgets.schools.urn, one.budgets.total.tolist(), strict=True))
            for one in self.columns
        ]
        rows: list[Row] = []
        for row, urn in enumerate(held.urn):
            cells: dict[str, Cell] = {
                "urn": urn,
                "name": held.name[row],
                "phase": held.phase[row].value.replace("_", "-"),
                "locality": held.locality[row],
                "status": held.status[row].value,
                "pupils": int(held.pupils[row]),
            }
            was = totals[0][urn]
            for n, total in enumerate(totals):
                if urn not in total:
                    continue
                cells[f"total{n}"] = Money(total[urn])
                if n:
                    cells[f"change{n}"] = Money(total[urn] - was)
                    cells[f"percent{n}"] = (total[urn] - was) / was * 100 if was else None
            rows.append(cells)
        columns = [
            Column("name", "School"),
            Column("urn", "URN"),
            Column("phase", "Phase"),
            Column("locality", "Locality"),
            Column("status", "Status"),
            Column("pupils", "Pupils", Kind.NUMBER),
            Column("total0", self.first.scenario.name, Kind.MONEY),
        ]
        for n, one in enumerate(self.others, 1):
            columns += [
                Column(f"total{n}", one.scenario.name, Kind.MONEY),
                Column(f"change{n}", f"{one.scenario.name}: change", Kind.MONEY),
                Column(f"percent{n}", f"{one.scenario.name}: percent", Kind.PERCENT, 2),
            ]
        return Table("Every school", columns, rows)


def comparison_of(chosen: Sequence[Scenario]) -> Comparison | None:
    """Scenarios side by side, in the order given; None where none can be worked out.

    Raises YearWithoutValues, RatesRefused, FundingError.
    """
    worked: list[tuple[Scenario, Ground, Budgets]] = []
    for one in chosen[:MOST]:
        ground = ground_under(one)
        if ground is not None:
            worked.append((one, ground, ground.of(one)))
    if not worked:
        return None
    first = worked[0][2]
    return Comparison([Compared(one, ground, found, impact(first, found)) for one, ground, found in worked])


def chosen_of(asked: Sequence[str], offered: Sequence[Scenario]) -> list[Scenario]:
    """The scenarios asked for, in that order, at most four; without a choice the first four."""
    by_key = {str(one.pk): one for one in offered}
    found = [by_key[key] for key in dict.fromkeys(asked) if key in by_key]
    if len(found) == 1 and (current := next((one for one in offered if one.is_current), None)) not in (
        None,
        found[0],
    ):
        found = [current, *found]
    return (found or list(offered))[:MOST]


def schools_view(found: Comparison, number: str, year: str, query: QueryDict) -> TableView:
    """Every school of a comparison as a page shows it."""
    kept = [("scenario", str(one.scenario.pk)) for one in found.columns]
    state = replace(TableState.read(query, "schools"), others=tuple(kept))
    shown = [
        "name",
        "total0",
        *(f"{part}{n}" for n in range(1, len(found.columns)) for part in ("change", "percent")),
    ]
    return TableView(
        found.schools(),
        state,
        reverse("funding:compare_table", args=[number, year, "x"]).removesuffix(".x"),
        kept=kept,
        heading="name",
        per_page=25,
        wide=True,
        links={"name": lambda row: reverse("funding:statement", args=[row["urn"], year])},
        first_shown=shown,
        totals=[
            "pupils",
            "total0",
            *(f"{part}{n}" for n in range(1, len(found.columns)) for part in ("total", "change")),
        ],
        nothing="–",
    )


def comparison_workbook(found: Comparison, provenance: Provenance) -> bytes:
    """The whole comparison as a workbook, a sheet for each table."""
    tables = {
        "Totals": found.totals(),
        "What differs": found.rates(),
        **{_sheet(by): found.groups(by) for by in GROUPED_BY},
        "Every school": found.schools(),
    }
    return workbook_bytes(tables, provenance)


def _sheet(by: By) -> str:
    return f"By {by.value}"


def _paid(amounts: Whole) -> Money:
    return Money(int(amounts.sum()))


def _group_cells(n: int, group: GroupChange | None) -> list[tuple[str, Cell]]:
    if group is None:
        return []
    return [(f"change{n}", group.change), (f"percent{n}", group.percent)]
