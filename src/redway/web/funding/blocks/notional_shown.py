"""Notional SEN of every school: a flag on its budget, and never more money."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from django.urls import reverse

from redway.core.errors import RedwayError
from redway.core.money import Money
from redway.core.words import percent
from redway.figures.table import Column, Kind, Row, Table
from redway.funding.local_values import InForce
from redway.funding.notional_sen import GROUPS, SUBJECT, lines_counted, notional_sen, usual_shares
from redway.funding.rounding import Whole
from redway.web.funding.blocks.records import Formula
from redway.web.funding.blocks.shown import Asked, Section, Shown, values_table
from redway.web.funding.deficits.values_of import own_numbers
from redway.web.funding.money_fields import first_day

_HEADINGS = {
    "basic-entitlement": "Of basic entitlement",
    "additional-needs": "Of additional needs",
    "lump-sum": "Of the lump sum",
    "minimum-per-pupil": "Of the minimum per-pupil top-up",
}

_TITLE = "Notional SEN"
_LEAD = (
    "How much of each school's budget is meant for pupils with special needs. It is a flag on money the "
    "school has already, and never more money."
)


def notional_shown(asked: Asked) -> Shown:
    """The page of notional SEN."""
    try:
        shares, held = usual_shares(first_day(asked.year), own_shares(asked))
    except RedwayError as error:
        return Shown(_TITLE, _LEAD, (), [f"{error.message} {error.next_step}".strip()])
    sections, said = [], []
    if asked.formula is None:
        said.append(f"No formula is in force for {asked.year}, so there are no lines to take shares of.")
    else:
        sections.append(_schools_section(asked, asked.formula, shares))
        said += _said(asked.formula, shares, held)
    sections.append(Section("shares", values_table("Percentages in force", held.entries())))
    actions = [("Settle a percentage", asked.address("settle"))] if asked.may_edit else []
    return Shown(
        _TITLE,
        _LEAD,
        sections,
        said,
        actions=actions,
    )


def own_shares(asked: Asked) -> dict[str, Decimal]:
    """The percentages the authority has settled itself for the first day of the year."""
    return own_numbers(asked.authority.number, SUBJECT, first_day(asked.year))


def by_group(formula: Formula, shares: dict[str, int]) -> dict[str, Whole]:
    """Name of a percentage -> what it comes to for each school, in whole pence."""
    lines = lines_counted(formula.budgets)
    nothing = formula.budgets.schools.nothing()
    found = {}
    for group, names in GROUPS.items():
        ours = {name: lines[name] for name in names if name in lines}
        found[group] = notional_sen(ours, {name: shares[name] for name in ours}) if ours else nothing
    return found


def _said(formula: Formula, shares: dict[str, int], held: InForce) -> list[str]:
    amounts = int(np.sum(list(by_group(formula, shares).values())))
    of = Decimal(amounts) * 100 / max(formula.budgets.authority_total, 1)
    said = [
        (
            f"Notional SEN comes to {Money(amounts)}, {percent(of, 2)} of all schools' budgets; the average "
            f"of England is {percent(held.number('average-of-england'), 1)} of the schools block."
        ),
        (
            f"A school pays up to {Money.of(held.number('school-pays-up-to'))} for a pupil's needs from it "
            "before it asks for a top-up."
        ),
    ]
    if own := sorted(held.own):
        said.append(f"The authority's own percentages: {', '.join(own)}.")
    if not set(GROUPS) <= set(held.own):
        said.append(
            "Percentages that are not the authority's own are those that reproduce one published "
            "calculation of 2021-22. Settle your own before you publish notional SEN."
        )
    if unconfirmed := [one.name for one in held.unconfirmed]:
        said.append(f"Not confirmed: {', '.join(unconfirmed)}.")
    if formula.unconfirmed:
        said.append(f"The lines rest on rates nobody has confirmed: {'; '.join(formula.unconfirmed)}.")
    return said


def _schools_section(asked: Asked, formula: Formula, shares: dict[str, int]) -> Section:
    budgets = formula.budgets
    schools, groups = budgets.schools, by_group(formula, shares)
    total = np.sum(list(groups.values()), axis=0)
    rows: list[Row] = [
        {
            "urn": schools.urn[row],
            "name": schools.name[row],
            "phase": schools.phase[row].value.replace("_", "-").capitalize(),
            "pupils": int(schools.pupils[row]),
            **{group: Money(int(amounts[row])) for group, amounts in groups.items()},
            "notional": Money(int(total[row])),
            "budget": Money(int(budgets.total[row])),
            "share": Decimal(int(total[row])) * 100 / max(int(budgets.total[row]), 1),
            "a_pupil": Money(int(total[row])).divided_by(int(schools.pupils[row]))
            if schools.pupils[row]
            else None,
        }
        for row in range(len(schools))
    ]
    table = Table(
        f"Notional SEN of schools, {asked.year}",
        [
            Column("name", "School"),
            Column("urn", "URN"),
            Column("phase", "Phase"),
            Column("pupils", "Pupils", Kind.NUMBER),
            *(Column(group, heading, Kind.MONEY) for group, heading in _HEADINGS.items()),
            Column("notional", "Notional SEN", Kind.MONEY),
            Column("budget", "Budget", Kind.MONEY),
            Column("share", "Of the budget", Kind.PERCENT, 2),
            Column("a_pupil", "A pupil", Kind.MONEY),
        ],
        rows,
        [f"Lines of {formula.source}. Each share of a line is rounded to the penny, then they are added."],
    )
    return Section(
        "schools",
        table,
        look={
            "totals": ("pupils", *_HEADINGS, "notional", "budget"),
            "first_shown": ("name", "phase", "pupils", "notional", "budget", "share", "a_pupil"),
            "links": {"name": lambda row: reverse("funding:statement", args=[row["urn"], asked.year])},
            "per_page": 25,
        },
    )
