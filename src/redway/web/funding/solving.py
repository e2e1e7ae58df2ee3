"""Solving for a lever: which rates, typed in pence, fit the money, and what is left over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms

from redway.core.money import Money
from redway.funding.levers import SET_ASIDE, Lever, lawful_limits
from redway.funding.solver import Solution, solve
from redway.web.design.form_fields import some_of
from redway.web.funding.asked import WorkbenchForm, changes_in_words, typed_of
from redway.web.funding.ground import Ground
from redway.web.funding.money_fields import MoneyField
from redway.web.funding.scenarios import Content

LEVERS = {
    Lever.BASIC_ENTITLEMENT: "Basic entitlement, the three rates in proportion",
    Lever.ALL_PUPIL_LED: "All pupil-led rates in proportion",
    Lever.ALL_FACTORS: "All rates in proportion",
    Lever.GUARANTEE: "Minimum funding guarantee",
    Lever.CAP: "Cap on gains",
    Lever.SCALE: "Share of a gain above the cap that is taken",
}
"""What can be moved from the workbench. What is set aside is set down with the money of the year."""
assert not set(LEVERS) & set(SET_ASIDE)


class SolveForm(forms.Form):
    """Which lever, and how much money."""

    lever = some_of(
        "Levers to move",
        [(lever.value, label) for lever, label in LEVERS.items()],
        "Several are moved one after another, each as far as it may go.",
        missing="Choose at least one lever",
    )
    money = MoneyField(
        label="Money for schools' budgets",
        help_text="All budgets together come to no more than this",
        error_messages={"required": "Enter the money, for example 285,000,000"},
    )
    within = forms.BooleanField(
        label="Keep every rate within its allowed range of the year",
        required=False,
        initial=True,
    )


@dataclass(frozen=True)
class Solved:
    """What the solver found, and the words for it."""

    solution: Solution
    content: Content
    rows: list[tuple[str, str, str]]
    """(what, before, after) of everything to type."""
    query: dict[str, str]
    """Parameters that put it into the workbench."""

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Cost, headroom, and what the next step would cost."""
        found = self.solution
        left = "Headroom" if found.headroom.pence >= 0 else "Lacking"
        facts = [
            ("All schools together", str(Money(found.budgets.authority_total))),
            (left, str(abs(found.headroom))),
        ]
        if found.step is not None:
            facts.append(("The next step would cost", str(found.step)))
        return facts


def solve_for(ground: Ground, content: Content, form: WorkbenchForm, given: dict[str, Any]) -> Solved:
    """Move the chosen levers from what is typed. Raises LeverRefused."""
    rates = ground.rates.over(content.changes)
    money: Money = given["money"]
    limits = lawful_limits(rates, ground.last.rates if ground.last else None) if given["within"] else None
    levers = [Lever(name) for name in given["lever"]]
    found = solve(ground.calculation, rates, content.rules, levers, money, limits)
    moved = Content(dict(found.rates.changes), found.rules)
    fields = form.rate_fields
    saved = form.initial
    return Solved(
        found,
        moved,
        changes_in_words(content, moved, fields),
        {name: text for name, text in typed_of(moved, fields).items() if text != saved[name]},
    )
