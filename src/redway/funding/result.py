"""A result as plain data: what the command prints as JSON, what a script reads, what results are compared by.

Amounts are decimal strings with two places. ``gains_cap`` is what is taken away.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from redway.core.money import Money
from redway.core.words import listed
from redway.funding.calculation import Budgets
from redway.funding.errors import FundingError
from redway.funding.factors import FACTORS
from redway.funding.rounding import Whole
from redway.funding.trail import Line, lines_of

AFTER_LINES = ("minimum_per_pupil", "guarantee", "gains_cap", "total")


def as_plain(budgets: Budgets) -> dict[str, Any]:
    """The whole result: every school with its lines, the authority's totals, and what it rests on."""
    schools, rules = budgets.schools, budgets.rules
    return {
        "year": budgets.rates.year,
        "rounding": rules.rounding.value,
        "guarantee_percent": _text(rules.guarantee),
        "cap_percent": _text(rules.cap),
        "scale_percent": _text(rules.scale) if rules.cap is not None else None,
        "unconfirmed": list(budgets.unconfirmed),
        "not_used": list(budgets.not_used),
        "rates": [_rate_as_plain(budgets, name) for name in budgets.rates_used],
        "totals": totals_as_plain(budgets),
        "schools": [school_as_plain(budgets, row) for row in range(len(schools))],
    }


def school_as_plain(budgets: Budgets, row: int) -> dict[str, Any]:
    """One school of a result."""
    schools = budgets.schools
    return {
        "urn": schools.urn[row],
        "name": schools.name[row],
        "phase": schools.phase[row].value,
        "status": schools.status[row].value,
        "locality": schools.locality[row],
        "pupils": int(schools.pupils[row]),
        "lines": [_line_as_plain(line) for line in lines_of(budgets, row)],
        **{name: amount(getattr(budgets, name)[row]) for name in AFTER_LINES},
    }


def totals_as_plain(budgets: Budgets) -> dict[str, Any]:
    """The authority's totals: each is the sum of its schools."""
    absent = set(budgets.not_used)
    return {
        "schools": len(budgets.schools),
        "pupils": int(budgets.schools.pupils.sum()),
        "lines": {
            factor.name: amount(budgets.line(factor.name).sum())
            for factor in FACTORS
            if factor.name not in absent
        },
        **{name: amount(getattr(budgets, name).sum()) for name in AFTER_LINES},
    }


def columns_as_plain(budgets: Budgets) -> dict[str, list[Any]]:
    """The same as a table: one row a school, one column for each line and what follows from the lines."""
    schools, absent = budgets.schools, set(budgets.not_used)
    lines = [factor.name for factor in FACTORS if factor.name not in absent]
    return {
        "urn": list(schools.urn),
        "name": list(schools.name),
        "phase": [phase.value for phase in schools.phase],
        "status": [status.value for status in schools.status],
        "locality": list(schools.locality),
        "pupils": [int(pupils) for pupils in schools.pupils],
        **{name: _amounts(budgets.line(name)) for name in lines},
        **{name: _amounts(getattr(budgets, name)) for name in AFTER_LINES},
    }


@dataclass(frozen=True)
class Changed:
    """One school in two results; amounts of the total."""

    urn: str
    name: str
    pupils: int
    before: Money
    after: Money

    @property
    def difference(self) -> Money:
        return self.after - self.before

    @property
    def percent(self) -> Decimal | None:
        return self.difference.pounds / self.before.pounds * 100 if self.before.pence else None

    @property
    def a_pupil(self) -> Money | None:
        return self.difference.divided_by(self.pupils) if self.pupils else None


@dataclass(frozen=True)
class Comparison:
    """Two results side by side: the schools in both, and those that are in one of them only."""

    schools: tuple[Changed, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    before: Money
    after: Money

    @property
    def gaining(self) -> int:
        return sum(school.difference.pence > 0 for school in self.schools)

    @property
    def losing(self) -> int:
        return sum(school.difference.pence < 0 for school in self.schools)


def compare_results(before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """Two results of ``as_plain``, school by school. Raises FundingError for what is not such a result."""
    old, new = _totals_by_urn(before), _totals_by_urn(after)
    both = [urn for urn in old if urn in new]
    if not both:
        raise FundingError(
            "The two results have no school in common.", "Compare results of the same authority."
        )
    return Comparison(
        tuple(
            Changed(urn, new[urn]["name"], int(new[urn]["pupils"]), _total(old[urn]), _total(new[urn]))
            for urn in both
        ),
        tuple(urn for urn in old if urn not in new),
        tuple(urn for urn in new if urn not in old),
        Money.of(before["totals"]["total"]),
        Money.of(after["totals"]["total"]),
    )


def amount(pence: int | Any) -> str:
    """Whole pence as a decimal string with two places."""
    return str(Money(int(pence)).pounds)


def _amounts(pence: Whole) -> list[Decimal]:
    return [Money(int(value)).pounds for value in pence]


def _line_as_plain(line: Line) -> dict[str, Any]:
    return {
        "name": line.name,
        "label": line.label,
        "rate": None if line.rate is None else str(line.rate.pounds),
        "units": None if line.units is None else units_in_words(line.units),
        "amount": str(line.amount.pounds),
    }


def units_in_words(units: Decimal) -> str:
    """Exactly, without noughts at the end: '20', '82.846003925'."""
    return f"{units.normalize():f}" if units else "0"


def _rate_as_plain(budgets: Budgets, name: str) -> dict[str, Any]:
    rates = budgets.rates
    status = "scenario" if name in rates.changes else rates.held(name).status.value
    return {
        "name": name,
        "value": str(rates.value(name)),
        "source": rates.origin(name),
        "status": status,
    }


def _text(percent: Decimal | None) -> str | None:
    return None if percent is None else str(percent)


def _totals_by_urn(result: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    schools = result.get("schools")
    wanted = {"urn", "name", "pupils", "total"}
    if not isinstance(schools, Sequence) or not all(
        isinstance(school, Mapping) and wanted <= set(school) for school in schools
    ):
        raise FundingError(
            f"This is not a result of 'funding calculate': it lacks schools with {listed(sorted(wanted))}.",
            "Make it with redway funding calculate --json FILE.",
        )
    return {str(school["urn"]): school for school in schools}


def _total(school: Mapping[str, Any]) -> Money:
    return Money.of(str(school["total"]))
