"""The years ahead: every school's budget by the formula, and the balances of those whose balance is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from redway.funding import projection
from redway.funding.formula_ahead import budgets_ahead
from redway.funding.local_values import InForce
from redway.funding.projection import NEVER, Case, Projection
from redway.funding.recovery import year_after
from redway.funding.rounding import PERCENT_PARTS, Whole, rounded_ratio
from redway.funding.schools import Schools
from redway.web.funding.blocks.records import Formula
from redway.web.funding.deficits.models import PupilForecast, SchoolBalance
from redway.web.funding.deficits.values_of import values_for
from redway.web.register.models import Establishment


@dataclass(frozen=True)
class Rolls:
    """Pupils of every school in the known year (first row) and each year ahead."""

    pupils: Whole
    is_forecast: tuple[bool, ...]
    """For each school whether forecasts of every year are held; the others move as is assumed."""


@dataclass(frozen=True)
class Ahead:
    """The years ahead of an authority. ``budgets`` has years down and schools across, in whole pence.

    ``rows`` are the places of the schools whose balance is held, in the order of ``projections``.
    """

    formula: Formula
    years: tuple[str, ...]
    assumed: InForce
    rolls: Rolls
    budgets: Whole
    rows: tuple[int, ...]
    balances: tuple[SchoolBalance, ...]
    projections: Mapping[Case, Projection]

    @property
    def schools(self) -> Schools:
        return self.formula.budgets.schools

    def first_deficit(self, case: Case, place: int) -> str:
        """The first year that ends in deficit for a school whose balance is held; empty where none does."""
        first = int(self.projections[case].first_deficit[place])
        return "" if first == NEVER else self.years[first]

    def when(self, place: int) -> str:
        """In which cases a school falls into deficit."""
        if self.balances[place].closing_pence < 0:
            return "In deficit now"
        for case, words in (
            (Case.LOW, "In every case"),
            (Case.CENTRAL, "In the central and the high case"),
            (Case.HIGH, "In the high case only"),
        ):
            if self.first_deficit(case, place):
                return words
        return "In no case"


def years_ahead(
    authority: str, formula: Formula, on: date, moves: Mapping[str, Decimal] | None = None
) -> Ahead:
    """The years after that of the formula, by the assumptions that hold on a day.

    ``moves`` says by how many percent a year rolls of ``primary`` and ``secondary`` schools are taken to move
    where no forecast is held. Raises NotEnoughData when a school of the table has no pupils.
    """
    assumed = values_for(authority, projection.SUBJECT, on)
    budgets, years = formula.budgets, _years_after(formula.scenario.year, assumed.whole("years-ahead"))
    keys = dict(Establishment.objects.filter(urn__in=budgets.schools.urn).values_list("urn", "school_id"))
    held = {
        one.school: one
        for one in SchoolBalance.objects.filter(school__in=keys.values(), year=formula.scenario.year)
    }
    rolls = _rolls(budgets.schools, keys, held, years, moves or {})
    rise = assumed.percent_parts("funding-rises")
    ahead = budgets_ahead(budgets, rolls.pupils[1:], rise)
    rows = tuple(row for row, urn in enumerate(budgets.schools.urn) if keys.get(urn) in held)
    balances = tuple(held[keys[budgets.schools.urn[row]]] for row in rows)
    return Ahead(
        formula,
        years,
        assumed,
        rolls,
        ahead,
        rows,
        balances,
        _projected(formula, rolls, ahead, rows, balances, assumed) if rows else {},
    )


def _projected(
    formula: Formula,
    rolls: Rolls,
    ahead: Whole,
    rows: Sequence[int],
    balances: Sequence[SchoolBalance],
    assumed: InForce,
) -> dict[Case, Projection]:
    at = list(rows)
    # What a school has beside the formula (grants, top-ups, lettings) is taken to stay as it is in pounds.
    beside = _pence(balances, "income_pence") - formula.budgets.total[at]
    return projection.project(
        balance=_pence(balances, "closing_pence"),
        spending=_pence(balances, "spending_pence"),
        pupils=rolls.pupils[:, at],
        funding=lambda year, _: ahead[year - 1][at] + beside,
        pressures={case: projection.pressure(case, assumed) for case in Case},
    )


def _pence(balances: Sequence[SchoolBalance], name: str) -> Whole:
    return np.array([getattr(one, name) for one in balances], dtype=np.int64)


def _rolls(
    schools: Schools,
    keys: Mapping[str, str],
    held: Mapping[str, SchoolBalance],
    years: Sequence[str],
    moves: Mapping[str, Decimal],
) -> Rolls:
    """A forecast moves the formula's pupils as it moves the roll: sixth forms and nurseries are in rolls."""
    found = PupilForecast.objects.filter(year__in=years, school__in=keys.values())
    expected = {(one.school, one.year): one.pupils for one in found}
    parts = _moves(schools, moves)
    rows, forecast = [schools.pupils], np.ones(len(schools), dtype=bool)
    for year in years:
        moved = rounded_ratio(rows[-1] * (PERCENT_PARTS + parts), PERCENT_PARTS)
        for row, urn in enumerate(schools.urn):
            key = keys.get(urn, "")
            roll = expected.get((key, year))
            if roll is None:
                forecast[row] = False
                continue
            of = held[key].pupils if key in held and held[key].pupils else int(schools.pupils[row])
            moved[row] = round(Decimal(int(schools.pupils[row]) * roll) / of)
        rows.append(moved)
    return Rolls(np.array(rows, dtype=np.int64), tuple(bool(one) for one in forecast))


def _moves(schools: Schools, moves: Mapping[str, Decimal]) -> Whole:
    parts = {phase: int(moves.get(phase, Decimal(0)) * 1000) for phase in ("primary", "secondary")}
    return np.array(
        [parts["primary" if phase.value == "primary" else "secondary"] for phase in schools.phase],
        dtype=np.int64,
    )


def _years_after(year: str, count: int) -> tuple[str, ...]:
    found = []
    for _ in range(count):
        year = year_after(year)
        found.append(year)
    return tuple(found)
