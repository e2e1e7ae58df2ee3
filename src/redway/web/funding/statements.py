"""What one school gets: every line, beside last year and beside a scenario, and why they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.urls import reverse

from redway.core.errors import RedwayError
from redway.core.money import NOTHING, Money
from redway.core.words import number, rounded
from redway.figures.table import Column, Kind, Row, Table
from redway.funding.calculation import Budgets
from redway.funding.difference import Cause, Difference, difference_explained
from redway.funding.result import units_in_words
from redway.funding.trail import RESULTS, explain, lines_of
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.funding.ground import ground_under
from redway.web.funding.models import Scenario, SchoolsTable
from redway.web.funding.money_fields import year_before
from redway.web.funding.scenarios import current_formula
from redway.web.register.models import School
from redway.web.register.queries import urns_of

_SIGN = {"minimum_per_pupil": 1, "guarantee": 1, "gains_cap": -1, "total": 1}
CAUSES = {
    Cause.PUPILS: "More or fewer pupils",
    Cause.NEEDS: "Needs of the pupils",
    Cause.RATE: "What the formula pays for each pupil and school",
    Cause.SCHOOL: "The school itself: distance, sites, premises",
    Cause.MINIMUM_PER_PUPIL: "Minimum per-pupil level",
    Cause.GUARANTEE: "Minimum funding guarantee",
    Cause.GAINS_CAP: "Cap on gains",
    Cause.ROUNDING: "Rounding",
}
"""Why an amount changed, in the words of a statement."""


@dataclass(frozen=True)
class OneSchool:
    """One school in one result."""

    label: str
    scenario: Scenario
    table: SchoolsTable
    budgets: Budgets
    row: int

    @property
    def urn(self) -> str:
        return self.budgets.schools.urn[self.row]

    @property
    def total(self) -> Money:
        return Money(int(self.budgets.total[self.row]))

    @property
    def pupils(self) -> int:
        return int(self.budgets.schools.pupils[self.row])

    @property
    def a_pupil(self) -> Money | None:
        return self.total.divided_by(self.pupils) if self.pupils else None

    @cached_property
    def amounts(self) -> Mapping[str, Money]:
        """Every line and result of the school by name; the cap is below nothing."""
        lines = {line.name: line.amount for line in lines_of(self.budgets, self.row)}
        results = {
            name: Money(sign * int(getattr(self.budgets, name)[self.row])) for name, sign in _SIGN.items()
        }
        return {**lines, **results}


@dataclass(frozen=True)
class Statement:
    """A school's statement of one year. ``before`` and ``other`` are None where there is nothing to show."""

    school: School
    year: str
    now: OneSchool
    before: OneSchool | None
    other: OneSchool | None

    @property
    def columns(self) -> list[OneSchool]:
        return [one for one in (self.before, self.now, self.other) if one is not None]

    @property
    def since_last_year(self) -> Difference | None:
        return self._difference(self.before, self.now)

    @property
    def under_other(self) -> Difference | None:
        return self._difference(self.now, self.other)

    @staticmethod
    def _difference(before: OneSchool | None, after: OneSchool | None) -> Difference | None:
        if before is None or after is None:
            return None
        return difference_explained(before.budgets, after.budgets, after.row, before.row)


def years_of(authority: str) -> list[str]:
    """The years with a formula in force, the newest first."""
    found = Scenario.objects.filter(authority=authority, is_current=True).values_list("year", flat=True)
    return sorted(found, reverse=True)


def statement_of(school: School, year: str, other: Scenario | None) -> Statement | None:
    """The statement under the formula in force; None where none is in force or the school is not in it."""
    urns = urns_of(school.key)
    current = current_formula(school.authority, year)
    now = _one(f"{year}", current, urns)
    if now is None:
        return None
    before = _one(year_before(year), current_formula(school.authority, year_before(year)), urns)
    shown = None if other is None or other.pk == now.scenario.pk else _one(other.name, other, urns)
    return Statement(school, year, now, before, shown)


def scenarios_for_schools(authority: str, year: str, everything: bool) -> list[Scenario]:
    """What a statement can be set beside: for schools the published ones, for officers all."""
    found = (
        Scenario.objects.filter(authority=authority, year=year, is_current=False, withdrawn_at__isnull=True)
        .select_related("frozen_table", "frozen_rates")
        .defer("frozen_table__rows")
    )
    return list(found if everything else found.filter(frozen_at__isnull=False))


def _one(label: str, scenario: Scenario | None, urns: Sequence[str]) -> OneSchool | None:
    if scenario is None:
        return None
    try:
        ground = ground_under(scenario)
        budgets = ground.of(scenario) if ground else None
    except RedwayError:
        return None
    if ground is None or budgets is None:
        return None
    rows = [row for row, urn in enumerate(budgets.schools.urn) if urn in urns]
    return OneSchool(label, scenario, ground.table, budgets, rows[0]) if rows else None


def unconfirmed_of(one: OneSchool) -> list[str]:
    """Names of the rates that nobody has confirmed, of the lines the school is paid on."""
    paid = [name for name, amount in one.amounts.items() if amount.pence and name != "total"]
    found = [name for line in paid for name in explain(one.budgets, one.urn, line).unconfirmed]
    return list(dict.fromkeys(found))


def statement_table(statement: Statement) -> Table:
    """Every line: units, rate, amount, beside the other columns. Amounts add up to the total."""
    now = statement.now
    lines = {line.name: line for line in lines_of(now.budgets, now.row)}
    labels = {
        **{line.name: line.label for one in statement.columns for line in lines_of(one.budgets, one.row)},
        **RESULTS,
    }
    rows: list[Row] = []
    for name, label in labels.items():
        # By place and not by label: a scenario may be called what a year is called.
        amounts = [one.amounts.get(name, NOTHING) for one in statement.columns]
        if name != "total" and not any(amount.pence for amount in amounts):
            continue
        line = lines.get(name)
        rows.append(
            {
                "name": name,
                "line": label,
                "units": "" if line is None or line.units is None else _units(line.units),
                "rate": "" if line is None or line.rate is None else str(line.rate),
                **{f"amount-{place}": amount for place, amount in enumerate(amounts)},
                **({"change": amounts[1] - amounts[0]} if statement.before is not None else {}),
            }
        )
    columns = [
        Column("line", "Line"),
        Column("units", f"Units {statement.year}"),
        Column("rate", f"Rate {statement.year}"),
        *(Column(f"amount-{place}", one.label, Kind.MONEY) for place, one in enumerate(statement.columns)),
        *([Column("change", "Change in a year", Kind.MONEY)] if statement.before is not None else []),
    ]
    return Table(f"{statement.school.shown_name}, {statement.year}", columns, rows)


def statement_view(statement: Statement, state: TableState) -> TableView:
    """The statement as a page shows it: each line leads to how it came about."""
    urn, year = statement.school.current_urn, statement.year
    return TableView(
        statement_table(statement),
        state,
        reverse("funding:statement_table", args=[urn, year, "x"]).removesuffix(".x"),
        kept=[("scenario", str(statement.other.scenario.pk))] if statement.other else (),
        links={"line": lambda row: reverse("funding:why", args=[urn, year, row["name"]])},
        highlight=lambda row: row["name"] == "total",
    )


def difference_table(found: Difference, title: str, before: str, after: str) -> Table:
    """What makes the difference, line by line; the lines add up to it."""
    rows: list[Row] = [
        {
            "line": line.label,
            "before": line.before,
            "after": line.after,
            "change": line.change,
            "because": "; ".join(
                f"{CAUSES[cause].lower()} {_signed(amount)}" for cause, amount in line.parts
            ),
        }
        for line in found.lines
    ]
    rows.append(
        {"line": "Total", "before": found.before, "after": found.after, "change": found.change, "because": ""}
    )
    columns = [
        Column("line", "Line"),
        Column("before", before, Kind.MONEY),
        Column("after", after, Kind.MONEY),
        Column("change", "Change", Kind.MONEY),
        Column("because", "Because of"),
    ]
    return Table(title, columns, rows)


def causes_of(found: Difference) -> list[tuple[str, str]]:
    """What makes the difference, over all lines; they add up to it."""
    return [(CAUSES[cause], _signed(amount)) for cause, amount in found.by_cause().items()]


def difference_words(found: Difference, after: str, before: str) -> str:
    """The difference in one sentence, with what makes most of it."""
    if not found.change.pence:
        return f"{after} gives exactly what {before} gave: {found.after}."
    way = "more" if found.change.pence > 0 else "less"
    causes = found.by_cause()
    same_way = {
        cause: amount for cause, amount in causes.items() if (amount.pence > 0) == (found.change.pence > 0)
    }
    largest = max(same_way, key=lambda cause: abs(same_way[cause].pence), default=None)
    because = f" Most of it: {CAUSES[largest].lower()} ({_signed(same_way[largest])})." if largest else ""
    amounts = f"{found.after} instead of {found.before}"
    return f"{after} gives {abs(found.change)} {way} than {before}: {amounts}.{because}"


def _signed(amount: Money) -> str:
    return f"+{amount}" if amount.pence > 0 else str(amount)


def _units(units: Decimal) -> str:
    """Units to four decimals; the trail has them all."""
    text = units_in_words(rounded(units, 4))
    whole, _, parts = text.partition(".")
    return f"{number(int(whole))}{f'.{parts}' if parts else ''}"
