"""An option as it was when it was attached: its rates, and what every school gets. A paper never changes.

Amounts are whole pence here and decimal strings with two places in the stored copy. ``before`` is what a
school gets under the formula in force, so the effect of an option is ``total`` less ``before``; it is None
for a school that is not in the formula in force.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from redway.core.money import Money
from redway.funding.calculation import Budgets
from redway.funding.factors import FACTORS

_BESIDE = ("minimum_per_pupil", "guarantee", "gains_cap")
"""What a total is made of beside the lines of the factors; the cap is taken away."""
LABELS: Mapping[str, str] = {
    **{factor.name: factor.label for factor in FACTORS},
    "minimum_per_pupil": "Minimum per-pupil level",
    "guarantee": "Minimum funding guarantee",
    "gains_cap": "Cap on gains",
}
"""Name of a line -> what it is called."""


@dataclass(frozen=True)
class FrozenSchool:
    """One school under one option, in whole pence."""

    urn: str
    name: str
    phase: str
    status: str
    locality: str
    pupils: int
    lines: Mapping[str, int]
    """Name of the line -> amount; lines of nothing are left out, and the cap is negative."""
    total: int
    before: int | None

    @property
    def change(self) -> int | None:
        return None if self.before is None else self.total - self.before

    @property
    def change_percent(self) -> float | None:
        """In percent of what it gets now."""
        if self.change is None or not self.before:
            return None
        return 100 * self.change / self.before

    @property
    def change_per_pupil(self) -> Money | None:
        """Rounded to the penny."""
        if self.change is None or not self.pupils:
            return None
        return Money(self.change).divided_by(self.pupils)


@dataclass(frozen=True)
class Frozen:
    """One option with everything a paper says of it."""

    on: str
    """The day it was frozen, as 2026-11-24."""
    year: str
    """The year whose national rates it stands on."""
    rates: Mapping[str, str]
    """Name -> value in force, as a decimal string."""
    rules: Mapping[str, str]
    """'guarantee', 'cap', 'scale' in percent and 'rounding'; what is not used is left out."""
    unconfirmed: tuple[str, ...]
    """Names of the rates nobody has confirmed: said wherever the option is shown."""
    schools: tuple[FrozenSchool, ...]
    made_up: bool = False
    """Whether rolls and budgets are made up: said wherever the option is shown."""

    @property
    def total(self) -> int:
        return sum(one.total for one in self.schools)

    @property
    def before(self) -> int | None:
        """What the same schools get now; None unless it is known of every one."""
        known = [one.before for one in self.schools if one.before is not None]
        return sum(known) if known and len(known) == len(self.schools) else None

    def of(self, urns: Sequence[str]) -> FrozenSchool | None:
        """The line of a school that has, or had, one of these URNs."""
        return next((one for one in self.schools if one.urn in urns), None)

    def to_json(self) -> dict[str, Any]:
        """For keeping."""
        return {
            "on": self.on,
            "year": self.year,
            "rates": dict(self.rates),
            "rules": dict(self.rules),
            "unconfirmed": list(self.unconfirmed),
            "made_up": self.made_up,
            "schools": [
                {
                    "urn": one.urn,
                    "name": one.name,
                    "phase": one.phase,
                    "status": one.status,
                    "locality": one.locality,
                    "pupils": one.pupils,
                    "lines": {name: _text(pence) for name, pence in one.lines.items()},
                    "total": _text(one.total),
                    "before": None if one.before is None else _text(one.before),
                }
                for one in self.schools
            ],
        }


def freeze(budgets: Budgets, before: Mapping[str, int], on: date, *, made_up: bool = False) -> Frozen:
    """A scenario's results as they are today.

    ``before`` is what each school gets under the formula in force, URN -> whole pence.
    """
    schools, rates, rules = budgets.schools, budgets.rates, budgets.rules
    pupils, lines = schools.pupils.tolist(), _lines(budgets)
    totals = budgets.total.tolist()
    return Frozen(
        on=on.isoformat(),
        year=rates.year,
        rates={name: str(rates.value(name)) for name in rates.names() if _is_number(budgets, name)},
        rules={
            name: str(value)
            for name, value in (
                ("guarantee", rules.guarantee),
                ("cap", rules.cap),
                ("scale", rules.scale if rules.cap is not None else None),
                ("rounding", rules.rounding.value),
            )
            if value is not None
        },
        unconfirmed=tuple(sorted(rates.unconfirmed)),
        schools=tuple(
            FrozenSchool(
                urn=urn,
                name=schools.name[row],
                phase=schools.phase[row].value,
                status=schools.status[row].value,
                locality=schools.locality[row],
                pupils=pupils[row],
                lines={name: amounts[row] for name, amounts in lines.items() if amounts[row]},
                total=totals[row],
                before=before.get(urn),
            )
            for row, urn in enumerate(schools.urn)
        ),
        made_up=made_up,
    )


def thaw(kept: Mapping[str, Any]) -> Frozen:
    """What was kept, as it was."""
    return Frozen(
        on=kept["on"],
        year=kept["year"],
        rates=kept["rates"],
        rules=kept["rules"],
        unconfirmed=tuple(kept["unconfirmed"]),
        made_up=kept["made_up"],
        schools=tuple(
            FrozenSchool(
                **{key: one[key] for key in ("urn", "name", "phase", "status", "locality", "pupils")},
                lines={name: _pence(text) for name, text in one["lines"].items()},
                total=_pence(one["total"]),
                before=None if one["before"] is None else _pence(one["before"]),
            )
            for one in kept["schools"]
        ),
    )


def _lines(budgets: Budgets) -> dict[str, list[int]]:
    lines = {factor.name: budgets.line(factor.name).tolist() for factor in FACTORS}
    lines |= {name: getattr(budgets, name).tolist() for name in _BESIDE}
    lines["gains_cap"] = [-amount for amount in lines["gains_cap"]]
    return lines


def _is_number(budgets: Budgets, name: str) -> bool:
    if name in budgets.rates.changes:
        return True
    held = budgets.rates.held(name).value
    return isinstance(held, int | Decimal) and not isinstance(held, bool)


def _text(pence: int) -> str:
    return str(Money(pence).pounds)


def _pence(text: str) -> int:
    return Money.of(text).pence
