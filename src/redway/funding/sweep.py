"""Many scenarios at once: what each costs; how many schools are protected, capped, at their minimum, losing.

Scenarios under the same rules are laid end to end, as if their schools were those of one large authority,
and the formula is worked out for all of them together.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from redway.core.money import Money
from redway.funding.calculation import Budgets, Calculation, PupilLedNow
from redway.funding.errors import FundingError
from redway.funding.factors import PUPIL_LED
from redway.funding.minimum_per_pupil import minimum_level
from redway.funding.rates import PUPIL_LED_RATES, Rates
from redway.funding.rounding import Whole
from redway.funding.rules import Rules
from redway.funding.school_led import SchoolLed, lump_sum, split_sites
from redway.funding.schools import Baseline, Schools
from redway.funding.sparsity import sparsity

_AT_ONCE = 60_000
"""Schools times scenarios that are worked out together: more would not lie in the processor's cache."""
_LAID_ON_LINES = ("mobility_threshold", "london_fringe", "area_cost_adjustment")


@dataclass(frozen=True)
class Scenario:
    """A named set of rates and rules."""

    name: str
    rates: Rates
    rules: Rules


@dataclass(frozen=True)
class Summary:
    """One scenario of a sweep, for all schools together."""

    name: str
    total: Money
    protected: int
    capped: int
    at_minimum: int
    losers: int


@dataclass(frozen=True)
class Sweep:
    """One entry a scenario: the total in pence, and numbers of schools.

    ``protected`` have money from the guarantee, ``capped`` lose some to the cap, ``at_minimum`` are topped up
    to their minimum level, ``losers`` get less than in the result they are compared with.
    """

    scenarios: tuple[Scenario, ...]
    total: Whole
    protected: Whole
    capped: Whole
    at_minimum: Whole
    losers: Whole

    def summaries(self) -> tuple[Summary, ...]:
        columns = (self.total, self.protected, self.capped, self.at_minimum, self.losers)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return tuple(
            Summary(scenario.name, Money(total), *counts)
            for scenario, (total, *counts) in zip(self.scenarios, rows, strict=True)
        )


def sweep(calculation: Calculation, scenarios: Sequence[Scenario], against: Whole | None = None) -> Sweep:
    """Work out every scenario. ``against`` is what each school gets now, in pence; without it a school loses
    that gets less than in the first scenario. Raises FundingError without a scenario, RatesRefused as
    ``Calculation.budgets`` does."""
    if not scenarios:
        raise FundingError("There is no scenario to work out.", "Give at least one.")
    first = calculation.budgets(scenarios[0].rates, scenarios[0].rules)
    found = np.empty((5, len(scenarios)), dtype=np.int64)
    sheets = _Sheets(calculation)
    compared = first.total if against is None else against
    most = max(1, _AT_ONCE // max(1, len(calculation.schools)))
    for alike in _alike(scenarios):
        for start in range(0, len(alike), most):
            places = alike[start : start + most]
            budgets = _worked_out(calculation, sheets, first, [scenarios[place] for place in places])
            found[:, places] = _counts(budgets, len(places), compared)
    return Sweep(tuple(scenarios), *found)


def _alike(scenarios: Sequence[Scenario]) -> list[list[int]]:
    """Places of scenarios that differ only in rates of pupil-led lines, lump sums, levels and the like."""
    groups: dict[Hashable, list[int]] = {}
    for place, scenario in enumerate(scenarios):
        rates = scenario.rates
        laid_on = tuple(rates.changes.get(name) for name in _LAID_ON_LINES)
        key = (scenario.rules, id(rates.national), id(rates.local), laid_on)
        groups.setdefault(key, []).append(place)
    return list(groups.values())


def _worked_out(
    calculation: Calculation, sheets: _Sheets, first: Budgets, alike: Sequence[Scenario]
) -> Budgets:
    rates, rules = alike[0].rates, alike[0].rules
    before = calculation.changed(first, rates, rules)
    if len(alike) == 1:
        return before
    many = sheets.laid_out(len(alike))
    own = [sheets.of_school(scenario.rates) for scenario in alike]
    led = _pupil_led(before, [scenario.rates for scenario in alike])
    return many.settled(
        rates, rules, led, _end_to_end([one for one, _ in own]), np.concatenate([level for _, level in own])
    )


def _pupil_led(before: Budgets, rates: Sequence[Rates]) -> PupilLedNow:
    """Pupil-led lines of all scenarios, from those of the first by the lines that change."""
    lines, rounding = before.pupil_lines, before.rules.rounding
    rows = lines.rows_of({name for one in rates for name in one.changes})
    pence = _pence(rates, [PUPIL_LED[row].name for row in rows])
    first = lines.worked_out(pence[0], rows, rounding)
    whole, parts, added = (
        np.tile(column, (len(rates), 1))
        for column in (
            before.pupil_led - first.whole,
            before.pupil_led_parts - first.parts,
            before.pupil_led_rounded - first.rounded,
        )
    )
    for rate, row in zip(pence.T[:, :, None], rows, strict=True):
        added += lines.add_line(rate, int(row), rounding, whole, parts)
    return PupilLedNow(lines, (), whole.ravel(), parts.ravel(), added.ravel())


def _pence(rates: Sequence[Rates], names: Sequence[str]) -> Whole:
    """Rates of scenarios that share all but what is typed: what is typed is in whole pence already."""
    untyped = replace(rates[0], changes={n: v for n, v in rates[0].changes.items() if n in _LAID_ON_LINES})
    held = {name: untyped.pence(name) for name in names if untyped.has(name)}

    def of(one: Rates, name: str) -> int:
        if name in one.changes:
            return int(one.changes[name] * 100)
        return held[name] if name in held else one.pence(name)

    rows = [[of(one, name) for name in names] for one in rates]
    return np.array(rows, dtype=np.int64).reshape(len(rates), len(names))


def _counts(budgets: Budgets, scenarios: int, compared: Whole) -> Whole:
    """The five columns of a sweep for scenarios that lie end to end."""
    total = budgets.total.reshape(scenarios, -1)
    columns = [
        total.sum(axis=1),
        *(
            (amounts.reshape(scenarios, -1) > 0).sum(axis=1)
            for amounts in (budgets.guarantee, budgets.gains_cap, budgets.minimum_per_pupil)
        ),
        (total < compared).sum(axis=1),
    ]
    counted: Whole = np.stack(columns)
    return counted


class _Sheets:
    """What scenarios share: schools laid end to end, and what schools get for being schools."""

    def __init__(self, calculation: Calculation) -> None:
        self._calculation = calculation
        self._laid_out: dict[int, Calculation] = {}
        self._sparsity: dict[Hashable, tuple[Whole, Whole, Whole]] = {}
        self._of_school: dict[Hashable, tuple[SchoolLed, Whole]] = {}

    def laid_out(self, times: int) -> Calculation:
        """The same schools so many times, with what is needed once pupil-led lines are known."""
        if times not in self._laid_out:
            self._laid_out[times] = Calculation(_end_to_end_schools(self._calculation.schools, times))
        return self._laid_out[times]

    def of_school(self, rates: Rates) -> tuple[SchoolLed, Whole]:
        """Lump sum, sparsity and split sites, and the minimum level, under these rates."""
        others = frozenset(item for item in rates.changes.items() if item[0] not in PUPIL_LED_RATES)
        key = (id(rates.national), id(rates.local), others)
        if key not in self._of_school:
            schools = self._calculation.schools
            own = SchoolLed(lump_sum(schools, rates), *self._sparsity_of(rates), split_sites(schools, rates))
            self._of_school[key] = (own, minimum_level(schools, rates))
        return self._of_school[key]

    def _sparsity_of(self, rates: Rates) -> tuple[Whole, Whole, Whole]:
        """Sparsity costs most of what a school gets for being a school, and is seldom what is varied."""
        typed = frozenset(
            item
            for item in rates.changes.items()
            if item[0].startswith("sparsity") or item[0] in _LAID_ON_LINES
        )
        key = (id(rates.national), id(rates.local), typed)
        if key not in self._sparsity:
            self._sparsity[key] = sparsity(self._calculation.schools, rates)
        return self._sparsity[key]


def _end_to_end_schools(schools: Schools, times: int) -> Schools:
    """The columns that are looked at once the lines are known; what lines are made from is left as it is."""

    def again(column: Whole) -> Whole:
        return np.tile(column, times)

    baseline = schools.baseline
    return replace(
        schools,
        urn=schools.urn * times,
        pupils_primary=again(schools.pupils_primary),
        pupils_ks3=again(schools.pupils_ks3),
        pupils_ks4=again(schools.pupils_ks4),
        premises={name: again(amounts) for name, amounts in schools.premises.items()},
        baseline=None
        if baseline is None
        else Baseline(
            budget=again(baseline.budget),
            pupils=again(baseline.pupils),
            rates=again(baseline.rates),
            exclusions=again(baseline.exclusions),
            grants=again(baseline.grants),
            known=np.tile(baseline.known, times),
        ),
        exclusions=None if schools.exclusions is None else again(schools.exclusions),
        growing=None if schools.growing is None else np.tile(schools.growing, times),
    )


def _end_to_end(own: Sequence[SchoolLed]) -> SchoolLed:
    return SchoolLed(
        *(np.concatenate([getattr(one, column.name) for one in own]) for column in fields(SchoolLed))
    )
