"""What is held of schools as the official rules ask for it; what is not held stays unknown.

Figures come from the series, grades from the record of inspections in it, balances from the room of deficits.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from redway.core.periods import PeriodKind, parse_period
from redway.improvement.statutory_triggers import Results, SchoolFacts
from redway.web.funding.deficits.models import SchoolBalance
from redway.web.measures.showing import Figure, by_indicator, figures_of, store
from redway.web.register.models import Establishment, School

_KS2 = {
    "expected": "ks2-reading-writing-maths",
    "reading": "ks2-progress-reading",
    "writing": "ks2-progress-writing",
    "maths": "ks2-progress-maths",
}
_PROGRESS8, _GRADE = "ks4-progress8", "inspection-grade"
_DISADVANTAGED = "ks2-reading-writing-maths-disadvantaged"
_MEASURES = (*_KS2.values(), _PROGRESS8, _GRADE, _DISADVANTAGED)
INADEQUATE = 4
_GRADE_DAYS = 5 * 365
"""A school whose last inspection held is older than this has had another that is not held."""
_NEWEST_DAYS = 730
"""Results older than this say nothing of where a school lies in the country now."""


def facts_of(schools: Sequence[School], day: date) -> dict[str, SchoolFacts]:
    """School key -> facts as known on a day. One look at the series, whatever the number of schools."""
    lines = _establishments(schools)
    urns = [urn for found in lines.values() for urn in found]
    held: dict[str, list[Figure]] = {}
    for figure in figures_of(store().figures("school", urns, _MEASURES)) if urns else ():
        if figure.period_end <= day:
            held.setdefault(figure.entity, []).append(figure)
    balances = _balances(schools, day)
    order: dict[tuple[str, str], list[float]] = {}
    return {
        school.key: _facts(
            school,
            by_indicator(one for urn in lines.get(school.key, ()) for one in held.get(urn, ())),
            balances.get(school.key, []),
            day,
            order,
        )
        for school in schools
    }


def _facts(
    school: School,
    held: Mapping[str, Sequence[Figure]],
    shares: Sequence[float | None],
    day: date,
    order: dict[tuple[str, str], list[float]],
) -> SchoolFacts:
    grades = sorted(
        (one for one in held.get(_GRADE, ()) if one.value is not None), key=lambda one: one.period_end
    )
    grades.reverse()
    newest = grades[0] if grades else None
    recent = newest is not None and (day - newest.period_end).days <= _GRADE_DAYS
    return SchoolFacts(
        school.phase,
        _results(held),
        tuple(round(one.value or 0) for one in grades) if recent else (),
        newest.period_end if newest else None,
        round(newest.value or 0) == INADEQUATE if newest and recent else None,
        None,
        _centile(held.get(_KS2["expected"] if school.phase == "Primary" else _PROGRESS8, ()), day, order),
        _centile(held.get(_DISADVANTAGED, ()), day, order),
        shares,
    )


def _results(held: Mapping[str, Sequence[Figure]]) -> tuple[Results, ...]:
    """The years with any result, newest first."""
    years: dict[tuple[date, str], dict[str, Any]] = {}
    for name, measure in (*_KS2.items(), ("progress8", _PROGRESS8)):
        for one in held.get(measure, ()):
            year = years.setdefault((one.period_end, one.period), {})
            year[name] = one.value
            if name == "progress8":
                year["progress8_upper"] = one.upper
    return tuple(
        Results(period, end, **values)
        for (end, period), values in sorted(years.items(), reverse=True)
        if any(value is not None for value in values.values())
    )


def _centile(figures: Sequence[Figure], day: date, order: dict[tuple[str, str], list[float]]) -> float | None:
    """The share of schools in the data held with a lower result, where the result is recent."""
    recent = [one for one in figures if (day - one.period_end).days <= _NEWEST_DAYS]
    if not recent or (newest := max(recent, key=lambda one: one.period_end)).value is None:
        return None
    key = (newest.indicator, newest.period)
    if key not in order:
        values = store().across("school", *key)["value"].drop_nulls()
        order[key] = sorted(values.to_list())
    return 100 * bisect_left(order[key], newest.value) / len(order[key])


def _establishments(schools: Sequence[School]) -> dict[str, list[str]]:
    """School key -> the numbers under which figures are its own."""
    found: dict[str, list[str]] = {}
    wanted = Establishment.objects.filter(school__in=[school.key for school in schools], on_stem=True)
    for urn, key in wanted.values_list("urn", "school_id"):
        found.setdefault(key, []).append(urn)
    return found


def _balances(schools: Sequence[School], day: date) -> dict[str, list[float | None]]:
    """School key -> closing balances as percent of income, the newest year first, years without one as
    None."""
    held: dict[str, dict[str, SchoolBalance]] = {}
    for one in SchoolBalance.objects.filter(school__in=[school.key for school in schools]):
        if parse_period(one.year, PeriodKind.FINANCIAL).end <= day:
            held.setdefault(one.school, {})[one.year] = one
    return {school: _shares(years) for school, years in held.items()}


def _shares(years: Mapping[str, SchoolBalance]) -> list[float | None]:
    newest = max(int(year[:4]) for year in years)
    found: list[float | None] = []
    for start in range(newest, min(int(year[:4]) for year in years) - 1, -1):
        one = years.get(f"{start}-{(start + 1) % 100:02d}")
        known = one is not None and one.income_pence > 0
        found.append(100 * one.closing_pence / one.income_pence if one is not None and known else None)
    return found
