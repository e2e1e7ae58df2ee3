"""The years ahead as they are shown: sums of the authority, every school, and a chart of the balances."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from django import forms
from django.urls import reverse

from redway.core.errors import RedwayError
from redway.core.money import Money
from redway.core.words import counted
from redway.figures.chart import Chart, Measure
from redway.figures.table import Cell, Column, Kind, Row, Table
from redway.figures.theme import PAGE, Role
from redway.figures.trend import TrendLine, TrendPoint, trend_chart
from redway.funding.projection import Case
from redway.web.design.charts import ChartView
from redway.web.funding.blocks.shown import NOT_CONFIRMED, Asked, Section, Shown, values_table
from redway.web.funding.blocks.years_ahead import Ahead, years_ahead
from redway.web.funding.money_fields import last_day
from redway.web.people import permission

CASES = {Case.LOW: "Low pressure", Case.CENTRAL: "Central", Case.HIGH: "High pressure"}
_ROLES = {Case.CENTRAL: Role.HIGHLIGHTED, Case.LOW: Role.NEIGHBOURS, Case.HIGH: Role.AUTHORITY}
_MOST = 20


def _percent(whose: str) -> forms.DecimalField:
    label = f"{whose} rolls, percent a year"
    between = f"{label} must be between -{_MOST} and {_MOST}"
    return forms.DecimalField(
        label=label,
        help_text="Such as -1.5 or 2; empty: they stay as they are",
        required=False,
        min_value=-_MOST,
        max_value=_MOST,
        widget=forms.TextInput({"class": "govuk-input--width-4", "autocomplete": "off"}),
        error_messages={
            "invalid": f"{label} must be a number, such as -1.5",
            "min_value": between,
            "max_value": between,
        },
    )


class MovesForm(forms.Form):
    """How rolls are taken to move where no forecast is held."""

    primary = _percent("Primary schools'")
    secondary = _percent("All other schools'")


def read_moves(asked: Asked) -> tuple[MovesForm, dict[str, Decimal]]:
    """The form as it was sent, and what it says where it is sound."""
    given = {name: asked.query[name] for name in ("primary", "secondary") if name in asked.query}
    form = MovesForm(given or None)
    if not given or not form.is_valid():
        return form, {}
    return form, {name: value for name, value in form.cleaned_data.items() if value is not None}


def ahead_shown(asked: Asked) -> Shown:
    """The page of the years ahead."""
    title = "The years ahead"
    lead = (
        "What the formula would pay in the years ahead, what becomes of schools' balances, and which fall "
        "into deficit when. Nobody knows the future: low, central and high pressure of costs are counted."
    )
    form, moves = read_moves(asked)
    if asked.formula is None:
        return Shown(
            title, lead, (), [f"No formula is in force for {asked.year}, so nothing can be carried on."]
        )
    try:
        ahead = years_ahead(asked.authority.number, asked.formula, permission.today(), moves)
    except RedwayError as error:
        return Shown(title, lead, (), [f"{error.message} {error.next_step}"], form=form)
    kept = [(name, str(value)) for name, value in moves.items()]
    sections = [Section("years", _years_table(asked, ahead), look=_kept(kept))]
    charts = []
    if ahead.rows:
        sections.append(_schools_section(asked, ahead, kept))
        drawn = balance_chart(ahead)
        query = "&".join(f"{name}={value}" for name, value in kept)
        address = asked.address("chart", "x").removesuffix(".x")
        charts.append(ChartView("balance", drawn, address, drawn.key[:12], "", query))
    sections.append(Section("assumed", values_table("What is assumed", ahead.assumed.entries())))
    actions = [
        ("Schools at risk, without the formula", reverse("deficits:at_risk", args=[asked.authority.number])),
        ("Rules and assumptions", reverse("deficits:rules", args=[asked.authority.number])),
    ]
    if asked.may_edit:
        upload = reverse("deficits:upload", args=[asked.authority.number])
        actions.append(("Upload pupil forecasts or balances", upload))
    return Shown(title, lead, sections, _said(asked, ahead, moves), actions=actions, charts=charts, form=form)


def _kept(kept: list[tuple[str, str]]) -> dict[str, object]:
    return {"kept": kept, "nothing": "–"}


def _said(asked: Asked, ahead: Ahead, moves: dict[str, Decimal]) -> list[str]:
    said = []
    without = [row for row, held in enumerate(ahead.rolls.is_forecast) if not held]
    if without:
        how = " and ".join(
            f"{'primary' if name == 'primary' else 'all other'} schools' rolls move by {value}% a year"
            for name, value in moves.items()
            if value
        )
        said.append(
            f"{counted(len(without), 'school has', 'schools have')} no pupil forecast for every year: "
            f"{how or 'their rolls are taken to stay as they are'}."
        )
    said.append(
        "Each year's budget comes from the formula in force with rates raised as assumed below: the "
        "guarantee protects what the year before gave. A forecast moves the formula's pupils as it moves "
        "the roll."
    )
    if ahead.rows:
        said.append(
            f"A balance for {asked.year} is held of {counted(len(ahead.rows), 'school')}; what they have "
            "beside the formula is taken to stay the same in pounds. Academies answer to their trusts and "
            "are not among them."
        )
    else:
        said.append(f"No school's balance is held for {asked.year}, so nothing can be said of balances.")
    if ahead.assumed.unconfirmed:
        count = counted(len(ahead.assumed.unconfirmed), "assumption")
        said.append(f"{count} below nobody has confirmed: settle your own with the Schools Forum.")
    if ahead.formula.unconfirmed:
        rates = counted(len(ahead.formula.unconfirmed), "rate")
        said.append(f"The formula rests on {rates} nobody has confirmed.")
    return said


def _years_table(asked: Asked, ahead: Ahead) -> Table:
    rows: list[Row] = [
        {
            "year": f"{asked.year}, known",
            "pupils": int(ahead.rolls.pupils[0].sum()),
            "total": Money(ahead.formula.budgets.authority_total),
            **_known(ahead),
        }
    ]
    for place, year in enumerate(ahead.years):
        row: dict[str, Cell] = {
            "year": year,
            "pupils": int(ahead.rolls.pupils[place + 1].sum()),
            "total": Money(int(ahead.budgets[place].sum())),
        }
        for case, found in ahead.projections.items():
            row[f"balance_{case.value}"] = Money(int(found.balance[place].sum()))
            row[f"deficit_{case.value}"] = int((found.balance[place] < 0).sum())
        rows.append(row)
    return Table(
        f"All schools in the years after {asked.year}",
        [
            Column("year", "Year"),
            Column("pupils", "Pupils of the formula", Kind.NUMBER),
            Column("total", "The formula's total", Kind.MONEY, 0),
            *(
                Column(f"balance_{one.value}", f"Balances, {label.lower()}", Kind.MONEY)
                for one, label in CASES.items()
            ),
            *(
                Column(f"deficit_{one.value}", f"Schools in deficit, {label.lower()}", Kind.NUMBER)
                for one, label in CASES.items()
            ),
        ],
        rows,
        [f"{ahead.formula.source}. The standing of what is assumed: {_standing(ahead)}."],
    )


def _known(ahead: Ahead) -> dict[str, Cell]:
    if not ahead.rows:
        return {}
    closing = [one.closing_pence for one in ahead.balances]
    known: dict[str, Cell] = {}
    for case in Case:
        known[f"balance_{case.value}"] = Money(sum(closing))
        known[f"deficit_{case.value}"] = sum(pence < 0 for pence in closing)
    return known


def _standing(ahead: Ahead) -> str:
    return NOT_CONFIRMED.lower() if ahead.assumed.unconfirmed else "settled by the authority"


def _schools_section(asked: Asked, ahead: Ahead, kept: list[tuple[str, str]]) -> Section:
    schools, last = ahead.schools, ahead.years[-1]
    rows: list[Row] = []
    for place, row in enumerate(ahead.rows):
        rows.append(
            {
                "urn": schools.urn[row],
                "name": schools.name[row],
                "phase": schools.phase[row].value.replace("_", "-").capitalize(),
                "when": ahead.when(place),
                "closing": Money(ahead.balances[place].closing_pence),
                **{f"first_{one.value}": ahead.first_deficit(one, place) or "Not by then" for one in CASES},
                **{
                    f"last_{one.value}": Money(int(ahead.projections[one].balance[-1][place]))
                    for one in CASES
                },
                "pupils": int(ahead.rolls.pupils[0][row]),
                "pupils_then": int(ahead.rolls.pupils[-1][row]),
                "forecast": "Held" if ahead.rolls.is_forecast[row] else "Assumed",
            }
        )
    order = {"In deficit now": 0, "In every case": 1, "In the central and the high case": 2}
    rows.sort(key=lambda one: order.get(str(one["when"]), 3 if one["when"] == "In the high case only" else 4))
    table = Table(
        f"Which schools fall into deficit after {asked.year}, and when",
        [
            Column("name", "School"),
            Column("urn", "URN"),
            Column("phase", "Phase"),
            Column("when", "Falls into deficit"),
            Column("closing", f"Balance at the end of {asked.year}", Kind.MONEY),
            *(Column(f"first_{one.value}", f"First year, {label.lower()}") for one, label in CASES.items()),
            *(
                Column(f"last_{one.value}", f"Balance at the end of {last}, {label.lower()}", Kind.MONEY)
                for one, label in CASES.items()
            ),
            Column("pupils", f"Pupils in {asked.year}", Kind.NUMBER),
            Column("pupils_then", f"Pupils in {last}", Kind.NUMBER),
            Column("forecast", "Pupil forecast"),
        ],
        rows,
    )
    falling = {
        case: sum(bool(ahead.first_deficit(case, at)) for at in range(len(ahead.rows))) for case in CASES
    }
    return Section(
        "schools",
        table,
        said=[
            (
                f"In deficit by {last}: {falling[Case.LOW]} in the low case, {falling[Case.CENTRAL]} in the "
                f"central one, {falling[Case.HIGH]} in the high one, of "
                f"{counted(len(ahead.rows), 'school')}."
            )
        ],
        look={
            "kept": kept,
            "links": {"name": lambda row: reverse("deficits:school", args=[row["urn"]])},
            "first_shown": (
                *("name", "when", "closing", "first_central"),
                *("last_low", "last_central", "last_high"),
            ),
            "totals": ("closing", "last_low", "last_central", "last_high"),
            "per_page": 25,
        },
    )


def balance_chart(ahead: Ahead, width: int = PAGE) -> Chart:
    """The balances of all schools together, through the years, in three cases; in thousands of pounds."""
    known = sum(one.closing_pence for one in ahead.balances)
    years = (ahead.formula.scenario.year, *ahead.years)
    lines = []
    for case in (Case.CENTRAL, Case.LOW, Case.HIGH):
        sums = [known, *(int(np.sum(row)) for row in ahead.projections[case].balance)]
        points = [
            TrendPoint(year, last_day(year), round(pence / 100_000))
            for year, pence in zip(years, sums, strict=True)
        ]
        lines.append(TrendLine(CASES[case], points, _ROLES[case]))
    return trend_chart(
        "What becomes of schools' balances together?",
        Measure("balances together", "thousand pounds", 0),
        lines,
        width=width,
    )
