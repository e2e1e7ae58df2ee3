"""The early-years and high-needs blocks, as sums for the whole authority."""

from __future__ import annotations

import numpy as np

from redway.core.errors import RedwayError
from redway.core.money import NOTHING, Money
from redway.core.words import number
from redway.figures.table import Column, Row, Table
from redway.funding.blocks import (
    SUBJECT,
    Age,
    EarlyYears,
    HighNeeds,
    Places,
    block_values,
    early_years,
    high_needs,
)
from redway.funding.local_values import InForce
from redway.funding.rounding import Whole
from redway.web.funding.blocks.models import EarlyYearsPlan, HighNeedsPlan
from redway.web.funding.blocks.shown import (
    FIGURES_LOOK,
    WORKED_OUT,
    Asked,
    Figure,
    Section,
    Shown,
    figures_table,
    standing_of,
    values_table,
)
from redway.web.funding.deficits.values_of import own_numbers
from redway.web.funding.money_fields import first_day

_AGES = {
    Age.UNDER_TWO: ("under_two", "Under two"),
    Age.TWO: ("two", "Two"),
    Age.THREE_AND_FOUR: ("three_and_four", "Three and four"),
}


def other_shown(asked: Asked) -> Shown:
    """The page of the two blocks. A year whose rates are not held says so."""
    actions = []
    if asked.may_edit:
        actions = [
            ("Set down the early-years block", asked.address("set_down", "early-years")),
            ("Set down the high-needs block", asked.address("set_down", "high-needs")),
        ]
    on = first_day(asked.year)
    lead = "What comes in for early years and for high needs, and what is planned to be paid from it."
    title = "Early-years and high-needs blocks"
    try:
        values = block_values(on, own_numbers(asked.authority.number, SUBJECT, on))
        entries = values.entries()
        values.number("place-special")
    except RedwayError as error:
        return Shown(title, lead, (), [f"{error.message} {error.next_step}".strip()], actions=actions)
    said: list[str] = []
    sections = [*_early(asked, values, said), *_high(asked, values, said)]
    sections.append(Section("values", values_table("Rates and limits of the year", entries)))
    if unconfirmed := [one.name.replace("-", " ") for one in values.unconfirmed]:
        said.append(f"Not confirmed: {', '.join(unconfirmed)}.")
    return Shown(title, lead, sections, said, actions=actions)


def early_years_of(plan: EarlyYearsPlan, values: InForce) -> EarlyYears:
    """The block of a plan. Raises NotEnoughData without hours."""
    return early_years(
        {age: int(getattr(plan, f"hours_{field}")) for age, (field, _) in _AGES.items()},
        {age: Money(getattr(plan, f"rate_{field}_pence")) for age, (field, _) in _AGES.items()},
        {age: Money(getattr(plan, f"base_{field}_pence")) for age, (field, _) in _AGES.items()},
        {"deprivation": Money(plan.deprivation_pence), "other": Money(plan.other_supplements_pence)},
        values,
    )


def high_needs_of(plan: HighNeedsPlan, values: InForce) -> HighNeeds:
    """The block of a plan."""
    return high_needs(Money(plan.income_pence), _places(plan), Money(plan.other_pence), values)


def _places(plan: HighNeedsPlan) -> Places:
    def one(count: int) -> Whole:
        return np.array([count], dtype=np.int64)

    return Places(
        one(plan.special_places),
        one(plan.unit_places_occupied),
        one(plan.unit_places_unoccupied),
        one(plan.top_ups_pence),
    )


def _early(asked: Asked, values: InForce, said: list[str]) -> list[Section]:
    plan = EarlyYearsPlan.objects.filter(authority=asked.authority.number, year=asked.year).first()
    title = f"Early-years block, {asked.year}"
    if plan is None:
        return [Section("early-years", figures_table(title, []), empty="It is not set down yet.")]
    standing = standing_of(plan)
    figures = []
    for field, label in _AGES.values():
        hours, rate = int(getattr(plan, f"hours_{field}")), Money(getattr(plan, f"rate_{field}_pence"))
        how = f"{number(hours)} hours a year at {rate}"
        figures.append(Figure(f"{label}: comes in", rate.times(hours), how, plan.source, standing))
    try:
        found = early_years_of(plan, values)
    except RedwayError as error:
        said.append(f"Early years: {error.message} {error.next_step}")
        return [Section("early-years", figures_table(title, figures), look=FIGURES_LOOK)]
    figures += [
        Figure("Comes in", found.income, "The sum", "", WORKED_OUT, is_total=True),
        Figure(
            "Base rates to providers",
            -(found.providers - found.supplements),
            "Hours at base rates",
            plan.source,
            standing,
        ),
        Figure(
            "Supplements to providers", -found.supplements, "Deprivation and others", plan.source, standing
        ),
        Figure("Kept for central services", found.kept, "What is left", "", WORKED_OUT, is_total=True),
    ]
    checks: list[Row] = [
        {"what": one.name, "answer": one.answer.value.capitalize(), "words": one.words}
        for one in found.checks
    ]
    return [
        Section("early-years", figures_table(title, figures), look=FIGURES_LOOK),
        Section(
            "early-years-checks",
            Table(
                "Checks of the early-years block",
                [Column("what", "Check"), Column("answer", "Answer"), Column("words", "Why")],
                checks,
            ),
        ),
    ]


def _high(asked: Asked, values: InForce, said: list[str]) -> list[Section]:
    plan = HighNeedsPlan.objects.filter(authority=asked.authority.number, year=asked.year).first()
    title = f"High-needs block, {asked.year}"
    if plan is None:
        return [Section("high-needs", figures_table(title, []), empty="It is not set down yet.")]
    found, standing = high_needs_of(plan, values), standing_of(plan)
    figures = [Figure("Comes in", found.income, "", plan.source, standing)]
    for count, name, label in (
        (plan.special_places, "place-special", "Places in special schools and alternative provision"),
        (plan.unit_places_occupied, "place-unit-occupied", "Places in units, filled by a pupil on roll"),
        (plan.unit_places_unoccupied, "place-unit-unoccupied", "Other places in units"),
    ):
        rate = Money.of(values.number(name))
        source = f"{plan.source}; {values.entry(name).source}"
        figures.append(Figure(label, -rate.times(count), f"{number(count)} at {rate}", source, standing))
    top_ups = Money(plan.top_ups_pence)
    figures += [
        Figure("Top-ups", -top_ups, "", plan.source, standing),
        Figure("All else", -found.other, "Independent schools, support services", plan.source, standing),
        Figure("Left, or lacking", found.balance, "", "", WORKED_OUT, is_total=True),
    ]
    if found.balance < NOTHING:
        said.append(f"High needs: {-found.balance} more is planned than comes in.")
    return [Section("high-needs", figures_table(title, figures), look=FIGURES_LOOK)]
