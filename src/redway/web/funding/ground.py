"""What every scenario of a year stands on: schools, rates in force, money; and results kept in memory.

A table of schools and a file of rates never change, so a calculation made over them once serves everybody.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from threading import Lock
from typing import Any

from redway.core.money import Money
from redway.funding.calculation import Budgets, Calculation
from redway.funding.errors import FundingError
from redway.funding.factor_ranges import FactorRange, factor_ranges
from redway.funding.rates import Rates
from redway.funding.rounding import Rounding
from redway.funding.rules import Rules
from redway.funding.years import local_rates, national_rates, year_without_values, years_with_values
from redway.web.funding.models import BlockOfYear, LocalRates, Scenario, SchoolsTable
from redway.web.funding.money_fields import year_before
from redway.web.funding.schools_tables import schools_of, tables_of

MOST_CALCULATIONS = 24
MOST_RESULTS = 200


@dataclass(frozen=True)
class LastYear:
    """The rates that were paid last year, and what tells them from others."""

    rates: Rates
    key: Hashable


@dataclass(frozen=True)
class Ground:
    """The schools and rates of one year.

    ``block`` is the money, ``last`` the rates of last year's formula in force; None where there is none.
    """

    authority: str
    year: str
    table: SchoolsTable
    rates: Rates
    local: LocalRates | None
    block: BlockOfYear | None
    last: LastYear | None

    @property
    def calculation(self) -> Calculation:
        made: Calculation = _CALCULATIONS.get(
            (self.table.pk, self.table.sha256), lambda: Calculation(schools_of(self.table))
        )
        return made

    @property
    def key(self) -> Hashable:
        """What tells results on this ground from results on another."""
        return self.table.pk, self.table.sha256, self.local.sha256 if self.local else "", self.year

    @property
    def for_schools(self) -> Money | None:
        """What all budgets together may come to; None while nobody has set the money down."""
        return self.block.as_block.for_schools if self.block else None

    @cached_property
    def ranges(self) -> Mapping[str, FactorRange]:
        """What the rules of the year allow, by name of the rate; empty in a year without the rule."""
        last = self.last.rates if self.last else None
        ranges: Mapping[str, FactorRange] = _RANGES.get(
            (self.key, self.last.key if self.last else None), lambda: factor_ranges(self.rates, last)
        )
        return ranges

    def budgets(self, changes: Mapping[str, Decimal], rules: Rules) -> Budgets:
        """What every school gets with these rates typed over. Raises RatesRefused.

        The first result on a ground is worked out whole; every other from it, by the lines that change.
        """

        def make() -> Budgets:
            rates = self.rates.over(changes)
            return self.calculation.changed(self._first(), rates, rules)

        found: Budgets = _RESULTS.get((self.key, tuple(sorted(changes.items())), rules), make)
        return found

    def of(self, scenario: Scenario) -> Budgets:
        """What every school gets under a scenario as it was saved."""
        return self.budgets(changes_of(scenario), rules_of(scenario))

    def _first(self) -> Budgets:
        found: Budgets = _RESULTS.get((self.key, "first"), lambda: self.calculation.budgets(self.rates))
        return found


def ground_of(authority: str, year: str) -> Ground | None:
    """What scenarios of a year stand on today; None while there is no table of schools.

    Six queries at most. Raises YearWithoutValues for a year whose rates nobody has loaded.
    """
    table = tables_of(authority, year).defer("rows").first()
    if table is None:
        return None
    return _ground(authority, year, table, newest_rates(authority, year))


def ground_under(scenario: Scenario) -> Ground | None:
    """What a scenario stands on: what it was published with, else what is newest."""
    if scenario.frozen_table is None:
        return ground_of(scenario.authority, scenario.year)
    return _ground(scenario.authority, scenario.year, scenario.frozen_table, scenario.frozen_rates)


def _ground(authority: str, year: str, table: SchoolsTable, local: LocalRates | None) -> Ground:
    return Ground(
        authority,
        year,
        table,
        rates_of(year, local),
        local,
        block_of(authority, year),
        last_year(authority, year),
    )


def last_year(authority: str, year: str) -> LastYear | None:
    """The rates of the formula that was in force the year before; None where none is held."""
    before = Scenario.objects.filter(authority=authority, year=year_before(year), is_current=True)
    found = before.select_related("frozen_rates").first()
    if found is None:
        return None
    local = found.frozen_rates if found.is_frozen else newest_rates(authority, found.year)
    try:
        rates = rates_of(found.year, local).over(changes_of(found))
    except FundingError:
        return None
    return LastYear(rates, (found.pk, found.revision, local.sha256 if local else ""))


def newest_rates(authority: str, year: str) -> LocalRates | None:
    """The local rates in force, if the authority has any of its own."""
    return LocalRates.objects.filter(authority=authority, year=year).order_by("-number").first()


def block_of(authority: str, year: str) -> BlockOfYear | None:
    """The money of a year, as last set down."""
    return BlockOfYear.objects.filter(authority=authority, year=year).first()


def rates_of(year: str, local: LocalRates | None) -> Rates:
    """Local rates over national ones. Raises YearWithoutValues where there are neither."""
    if local is None:
        if year not in years_with_values():
            raise year_without_values(year)
        return national_rates(year)
    found: Rates = _RATES.get((local.pk, local.sha256), lambda: local_rates(year, local.text, local.file))
    return found


def changes_of(scenario: Scenario) -> dict[str, Decimal]:
    """The rates a scenario types over."""
    return {name: Decimal(value) for name, value in scenario.changes.items()}


def rules_of(scenario: Scenario) -> Rules:
    """The rules a scenario sets."""
    return Rules(
        guarantee=_plain(scenario.guarantee),
        cap=_plain(scenario.cap),
        scale=_plain(scenario.scale) or Decimal(0),
        rounding=Rounding(scenario.rounding),
    )


def _plain(value: Decimal | None) -> Decimal | None:
    """-0.500 as -0.5: as it was typed."""
    if value is None:
        return None
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


class Kept:
    """Results by key, the least recently used dropped first. Safe between threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
        made = make()
        with self._lock:
            self._held[key] = made
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return made


_CALCULATIONS, _RATES, _RANGES = (Kept(MOST_CALCULATIONS) for _ in range(3))
_RESULTS = Kept(MOST_RESULTS)
