"""The tables of deficits: each is shown on a page and can be taken away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.http import QueryDict
from django.urls import reverse

from redway.core.money import Money
from redway.figures.table import Column, Kind, Row, Table
from redway.funding.projection import Case
from redway.funding.recovery import RecoveryPlan
from redway.web.design.table_state import TableState
from redway.web.design.tables import TableView
from redway.web.funding.deficits.models import Licence, Meeting, MeetingAction, SchoolBalance
from redway.web.funding.deficits.queries import Overview
from redway.web.funding.deficits.records import ReturnLine
from redway.web.funding.deficits.risk import Ahead, Risk
from redway.web.register.models import Authority, School

_NAME = Column("school", "School")
_PHASE = Column("phase", "Phase")


def overview_view(authority: Authority, held: Overview, query: QueryDict) -> TableView:
    """Every school with its balance and how its deficit stands."""
    rows: list[Row] = [
        {
            "urn": one.school.current_urn,
            "school": one.school.shown_name,
            "phase": one.school.phase,
            "closing": one.closing,
            "share": one.share,
            "deficit": one.words,
            "returns": one.returns,
        }
        for one in held.standings
    ]
    columns = (
        _NAME,
        _PHASE,
        Column("closing", f"Balance at the end of {held.year}", Kind.MONEY),
        Column("share", "Of income", Kind.PERCENT),
        Column("deficit", "Deficit"),
        Column("returns", "Monthly returns"),
        Column("urn", "URN"),
    )
    return TableView(
        Table(f"Balances of schools in {authority.name}", columns, rows),
        TableState.read(query),
        _base("deficits:authority_table", authority.number),
        links={"school": _school_link},
        first_shown=("school", "phase", "closing", "share", "deficit", "returns"),
        totals=("closing",),
    )


def risk_view(authority: Authority, risk: Risk, query: QueryDict) -> TableView:
    """Every school in the years ahead, in three cases."""
    last = risk.years[-1] if risk.years else ""
    rows: list[Row] = [
        {
            "urn": one.school.current_urn,
            "school": one.school.shown_name,
            "phase": one.school.phase,
            "rating": one.rating,
            "words": one.words,
            "closing": Money(one.known.closing_pence).pounds,
            **{f"first_{case.value}": one.first[case] or "Not by then" for case in Case},
            **{f"last_{case.value}": one.balances[case][-1].pounds for case in Case},
            "pupils_now": one.pupils[0],
            "pupils_then": one.pupils[-1],
            "forecast": "Held" if one.forecast else "Roll taken as unchanged",
        }
        for one in sorted(risk.schools, key=lambda one: _ORDER[one.rating])
    ]
    columns = (
        _NAME,
        _PHASE,
        Column("rating", "Risk"),
        Column("words", "Falls into deficit"),
        Column("closing", f"Balance at the end of {risk.year}", Kind.MONEY, 0),
        Column("first_central", "First year in deficit, central"),
        Column("first_low", "First year in deficit, low pressure"),
        Column("first_high", "First year in deficit, high pressure"),
        Column("last_central", f"Balance at the end of {last}, central", Kind.MONEY, 0),
        Column("last_low", f"Balance at the end of {last}, low pressure", Kind.MONEY, 0),
        Column("last_high", f"Balance at the end of {last}, high pressure", Kind.MONEY, 0),
        Column("pupils_now", f"Pupils in {risk.year}", Kind.NUMBER),
        Column("pupils_then", f"Pupils in {last}", Kind.NUMBER),
        Column("forecast", "Pupil forecast"),
        Column("urn", "URN"),
    )
    return TableView(
        Table(f"Schools at risk in {authority.name}", columns, rows),
        TableState.read(query),
        _base("deficits:at_risk_table", authority.number),
        links={"school": _school_link},
        first_shown=(
            "school",
            "rating",
            "words",
            "closing",
            "first_central",
            "last_low",
            "last_central",
            "last_high",
        ),
        ratings=("rating",),
    )


def balances_view(
    school: School, held: Sequence[SchoolBalance], query: QueryDict, *, edit: bool
) -> TableView:
    """The years of one school."""
    rows: list[Row] = [
        {
            "year": one.year,
            "income": Money(one.income_pence),
            "spending": Money(one.spending_pence),
            "closing": Money(one.closing_pence),
            "pupils": one.pupils,
            "source": one.source,
        }
        for one in held
    ]
    columns = (
        Column("year", "Year"),
        Column("income", "Income", Kind.MONEY),
        Column("spending", "Spending", Kind.MONEY),
        Column("closing", "Closing balance", Kind.MONEY),
        Column("pupils", "Pupils", Kind.NUMBER),
        Column("source", "Source"),
    )

    def link(row: Row) -> str:
        return reverse("deficits:balance", args=[school.current_urn, row["year"]])

    return TableView(
        Table(f"Balances of {school.shown_name}", columns, rows),
        TableState.read(query),
        _base("deficits:school_table", school.current_urn),
        links={"year": link} if edit else {},
    )


def plan_view(plan: RecoveryPlan) -> TableView:
    """A recovery plan year by year, from the balance brought forward."""
    rows: list[Row] = [{"year": "Brought forward", "balance": plan.brought_forward}]
    for year, balance in zip(plan.years, plan.balances, strict=True):
        rows.append(
            {
                "year": year.year,
                "income": year.income,
                "spending": year.spending,
                "in_year": year.in_year,
                "balance": balance,
                "savings": year.savings,
            }
        )
    columns = (
        Column("year", "Year"),
        Column("income", "Income", Kind.MONEY),
        Column("spending", "Spending", Kind.MONEY),
        Column("in_year", "In the year", Kind.MONEY),
        Column("balance", "Balance", Kind.MONEY),
        Column("savings", "What will be done"),
    )
    return TableView(Table("Recovery plan", columns, rows), TableState("plan"), nothing=" ")


def ahead_view(ahead: Ahead) -> TableView:
    """One school's balance in the years ahead, in three cases."""
    rows: list[Row] = [
        {
            "year": year,
            "pupils": ahead.pupils[at + 1],
            **{case.value: ahead.balances[case][at].pounds for case in Case},
        }
        for at, year in enumerate(ahead.years)
    ]
    columns = (
        Column("year", "Year"),
        Column("pupils", "Pupils", Kind.NUMBER),
        Column("low", "Low pressure", Kind.MONEY, 0),
        Column("central", "Central", Kind.MONEY, 0),
        Column("high", "High pressure", Kind.MONEY, 0),
    )
    return TableView(Table("Balance at the end of each year ahead", columns, rows), TableState("ahead"))


def returns_view(licence: Licence, lines: Sequence[ReturnLine], query: QueryDict, *, send: bool) -> TableView:
    """The monthly returns beside the plan, the newest first."""
    rows: list[Row] = []
    for one in reversed(lines):
        sent = one.sent
        rows.append(
            {
                "month": one.due.label,
                "state": one.due.state.value,
                "due": one.due.due,
                "planned_income": one.planned_income,
                "income": Money(sent.income_pence) if sent else None,
                "planned_spending": one.planned_spending,
                "spending": Money(sent.spending_pence) if sent else None,
                "planned_balance": one.planned_balance,
                "forecast": Money(sent.forecast_pence) if sent else None,
                "rating": one.rating or "Not returned",
                "words": sent.words if sent else "",
                "key": f"{one.due.month:%Y-%m}",
            }
        )
    columns = (
        Column("month", "Month"),
        Column("state", "Return"),
        Column("due", "Due by", Kind.DATE),
        Column("rating", "Against the plan"),
        Column("planned_balance", "Planned balance at year end", Kind.MONEY),
        Column("forecast", "Forecast balance at year end", Kind.MONEY),
        Column("planned_income", "Planned income to date", Kind.MONEY),
        Column("income", "Actual income to date", Kind.MONEY),
        Column("planned_spending", "Planned spending to date", Kind.MONEY),
        Column("spending", "Actual spending to date", Kind.MONEY),
        Column("words", "In the school's words"),
    )

    def link(row: Row) -> str:
        return reverse("deficits:return", args=[licence.pk, row["key"]])

    return TableView(
        Table(
            "Monthly returns", columns, rows, ["The plan of a year is spread evenly over its twelve months."]
        ),
        TableState.read(query),
        _base("deficits:returns_table", licence.pk),
        links={"month": link} if send else {},
        ratings=("rating",),
        nothing="Not returned",
        wide=True,
    )


def meetings_view(
    authority: Authority, meetings: Sequence[Meeting], schools: dict[str, School], on: date, query: QueryDict
) -> TableView:
    """The register of meetings, the newest first."""
    rows: list[Row] = []
    for one in meetings:
        school = schools.get(one.school)
        actions: list[MeetingAction] = list(one.actions.all())
        left = [action for action in actions if action.done_on is None]
        rows.append(
            {
                "on": one.on,
                "school": school.shown_name if school else one.school,
                "about": one.about,
                "agreed": one.agreed,
                "actions": len(actions),
                "open": len(left),
                "late": sum(action.due_on < on for action in left),
                "key": str(one.pk),
            }
        )
    columns = (
        Column("on", "Day", Kind.DATE),
        _NAME,
        Column("about", "About"),
        Column("agreed", "What was agreed"),
        Column("actions", "Actions", Kind.NUMBER),
        Column("open", "Not done", Kind.NUMBER),
        Column("late", "Late", Kind.NUMBER),
    )

    def link(row: Row) -> str:
        return reverse("deficits:meeting", args=[row["key"]])

    return TableView(
        Table(f"Meetings with schools in difficulty in {authority.name}", columns, rows),
        TableState.read(query),
        _base("deficits:meetings_table", authority.number),
        links={"on": link},
    )


_ORDER = {"Red": 0, "Amber": 1, "Green": 2}


def _school_link(row: Row) -> str:
    return reverse("deficits:school", args=[row["urn"]])


def _base(name: str, key: object) -> str:
    """Address of a table without its extension."""
    return reverse(name, args=[key, "csv"]).removesuffix(".csv")
