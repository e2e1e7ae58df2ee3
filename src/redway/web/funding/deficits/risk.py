"""Schools at risk: what becomes of every balance in the years ahead, in three cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from redway.core.money import Money
from redway.funding import projection
from redway.funding.local_values import InForce
from redway.funding.projection import NEVER, Case, Projection
from redway.funding.recovery import year_after
from redway.web.funding.deficits.models import PupilForecast, SchoolBalance
from redway.web.funding.deficits.values_of import values_for
from redway.web.register.models import Authority, School


@dataclass(frozen=True)
class Ahead:
    """One school in the years ahead."""

    school: School
    known: SchoolBalance
    years: tuple[str, ...]
    balances: dict[Case, tuple[Money, ...]]
    first: dict[Case, str]
    """Year that first ends in deficit in each case; empty where none does."""
    forecast: bool
    """Whether pupil forecasts of every year are held; where not, the roll is taken as unchanged."""
    pupils: tuple[int, ...]

    @property
    def words(self) -> str:
        """In which cases it falls into deficit."""
        if self.known.closing_pence < 0:
            return "In deficit now"
        if self.first[Case.LOW]:
            return "In every case"
        if self.first[Case.CENTRAL]:
            return "In the central and the high case"
        return "In the high case only" if self.first[Case.HIGH] else "In no case"

    @property
    def rating(self) -> str:
        if self.known.closing_pence < 0 or self.first[Case.LOW]:
            return "Red"
        return "Amber" if self.first[Case.HIGH] else "Green"


@dataclass(frozen=True)
class Risk:
    """All schools of an authority in the years ahead."""

    year: str
    """The year that is known; empty when no balance is held."""
    years: tuple[str, ...]
    schools: tuple[Ahead, ...]
    assumed: InForce
    left_out: tuple[str, ...] = ()
    """Names of schools of which nothing can be said, because no pupils are held for them."""


def risk_in(authority: Authority, on: date, school: str = "") -> Risk:
    """The years ahead of an authority's schools, from the newest year of balances; or of one school."""
    assumed = values_for(authority.number, projection.SUBJECT, on)
    held = SchoolBalance.objects.filter(authority=authority.number)
    if school:
        held = held.filter(school=school)
    newest = held.order_by("-year").values_list("year", flat=True).first()
    if newest is None:
        return Risk("", (), (), assumed)
    schools = School.objects.filter(authority=authority.number).in_bulk(
        list(held.filter(year=newest).values_list("school", flat=True))
    )
    rows = [one for one in held.filter(year=newest) if one.school in schools]
    counted = sorted(
        (one for one in rows if one.pupils), key=lambda one: (schools[one.school].sort_name, one.school)
    )
    years = _years_after(newest, assumed.whole("years-ahead"))
    left_out = tuple(schools[one.school].shown_name for one in rows if not one.pupils)
    if not counted:
        return Risk(newest, years, (), assumed, left_out)
    return Risk(newest, years, _ahead(counted, schools, years, assumed), assumed, left_out)


def _years_after(year: str, count: int) -> tuple[str, ...]:
    found = []
    for _ in range(count):
        year = year_after(year)
        found.append(year)
    return tuple(found)


def _ahead(
    rows: list[SchoolBalance], schools: dict[str, School], years: tuple[str, ...], assumed: InForce
) -> tuple[Ahead, ...]:
    expected = {
        (one.school, one.year): one.pupils
        for one in PupilForecast.objects.filter(year__in=years, school__in=[row.school for row in rows])
    }
    pupils = [[row.pupils for row in rows]]
    for year in years:
        pupils.append([expected.get((row.school, year), pupils[-1][at]) for at, row in enumerate(rows)])
    roll = np.array(pupils, dtype=np.int64)
    income = np.array([row.income_pence for row in rows], dtype=np.int64)
    fixed = Money.of(assumed.number("funding-fixed")).pence
    found = projection.project(
        balance=np.array([row.closing_pence for row in rows], dtype=np.int64),
        spending=np.array([row.spending_pence for row in rows], dtype=np.int64),
        pupils=roll,
        funding=projection.funding_per_pupil(income, roll[0], assumed.percent_parts("funding-rises"), fixed),
        pressures={case: projection.pressure(case, assumed) for case in Case},
    )
    return tuple(
        Ahead(
            schools[row.school],
            row,
            years,
            {case: _balances(one, at) for case, one in found.items()},
            {case: _first(one, at, years) for case, one in found.items()},
            all((row.school, year) in expected for year in years),
            tuple(int(one) for one in roll[:, at]),
        )
        for at, row in enumerate(rows)
    )


def _balances(found: Projection, at: int) -> tuple[Money, ...]:
    return tuple(Money(int(pence)) for pence in found.balance[:, at])


def _first(found: Projection, at: int, years: tuple[str, ...]) -> str:
    place = int(found.first_deficit[at])
    return "" if place == NEVER else years[place]
