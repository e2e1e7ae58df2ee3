"""Checks of single schools: needs that fit the roll, a base year or a reason, rates like last year's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from redway.core.money import Money
from redway.core.words import number
from redway.funding.calculation import Budgets
from redway.funding.factors import ADDITIONAL_NEEDS, BANDS, Factor
from redway.funding.findings import Finding, error, query
from redway.funding.rounding import PARTS, Whole
from redway.funding.schools import Flags, Phase, Schools, Units

_EXCEPTIONAL_SHARE_OF_BUDGET = 1
_EXCEPTIONAL_SHARE_OF_SCHOOLS = 5
"""Percent. Exceptional premises: above 1% of a school's budget, for fewer than 5% of schools."""


@dataclass(frozen=True)
class PupilAdjustment:
    """Pupils added to (or taken from) the census count of a school, and why."""

    urn: str
    pupils: int
    reason: str


def school_findings(budgets: Budgets, adjustments: Sequence[PupilAdjustment] = ()) -> Iterator[Finding]:
    """Everything about single schools, check by check, in the order of the file of schools."""
    schools = budgets.schools
    yield from _needs(schools)
    yield from _rolls(schools)
    yield from _baselines(schools)
    yield from _rates(schools)
    yield from _exceptional(budgets)
    yield from _adjusted(schools, adjustments)


def _needs(schools: Schools) -> Iterator[Finding]:
    for held in ADDITIONAL_NEEDS:
        if held.name in schools.needs:
            yield from _need(schools, held, schools.needs[held.name])
    for roll in ("primary", "secondary"):
        bands = [schools.needs[n] for b in BANDS if (n := f"idaci_{b}_{roll}") in schools.needs]
        if not bands:
            continue
        together = sum((_parts(band) for band in bands), schools.nothing())
        for row in _rows(together > schools.roll(roll) * PARTS):
            yield error(
                "bands-above-roll",
                _named(schools, row),
                f"Deprivation bands A to F hold {_pupils(together[row])} {roll} pupils, "
                f"but {number(int(schools.roll(roll)[row]))} are on roll: a pupil is in at most one band.",
                "Mend the bands or the roll.",
            )
    yield from _meals(schools)


def _need(schools: Schools, held: Factor, units: Units) -> Iterator[Finding]:
    roll = schools.roll(held.pupils)
    for row in _rows(_parts(units) > roll * PARTS):
        yield error(
            "need-above-roll",
            _named(schools, row),
            f"{held.label}: {_pupils(_parts(units)[row])} pupils, "
            f"but {number(int(roll[row]))} are on roll in {held.pupils} years.",
            "Mend the count, the share or the roll.",
        )


def _meals(schools: Schools) -> Iterator[Finding]:
    for roll in ("primary", "secondary"):
        now, ever = (schools.needs.get(f"{stem}_{roll}") for stem in ("fsm", "fsm6"))
        if now is None or ever is None:
            continue
        for row in _rows(_parts(now) > _parts(ever)):
            yield query(
                "meals-above-six-years",
                _named(schools, row),
                f"More {roll} pupils have free school meals now ({_pupils(_parts(now)[row])}) "
                f"than in the last six years ({_pupils(_parts(ever)[row])}).",
                "Look whether the two columns are of different censuses.",
            )


def _rolls(schools: Schools) -> Iterator[Finding]:
    for row in _rows(schools.pupils == 0):
        yield query(
            "no-pupils",
            _named(schools, row),
            "It has no pupils.",
            "Say whether it opens or closes in the year.",
        )
    strangers = (schools.is_phase(Phase.PRIMARY) & (schools.pupils_secondary > 0)) | (
        schools.is_phase(Phase.SECONDARY) & (schools.pupils_primary > 0)
    )
    for row in _rows(strangers):
        yield query(
            "roll-of-another-phase",
            _named(schools, row),
            f"It is a {schools.phase[row].value} school with "
            f"{number(int(schools.pupils_primary[row]))} primary pupils "
            f"and {number(int(schools.pupils_secondary[row]))} secondary pupils.",
            "Mend the phase or the roll; a school with both is a middle or all-through school.",
        )


def _baselines(schools: Schools) -> Iterator[Finding]:
    baseline = schools.baseline
    if baseline is None:
        yield error(
            "no-baselines",
            "All schools",
            "No school has last year's budget, so nothing can be guaranteed or capped.",
            "Add the columns baseline_budget and baseline_pupils to the file of schools.",
        )
        return
    reasons = schools.no_baseline_because or ("",) * len(schools)
    without = ~(baseline.known & (baseline.pupils > 0))
    for row in _rows(without):
        if not reasons[row].strip():
            yield error(
                "no-baseline",
                _named(schools, row),
                "It has no budget and pupils of last year, and no reason is given.",
                "Enter them, or say why there are none: it opened, or schools were merged.",
            )


def _rates(schools: Schools) -> Iterator[Finding]:
    baseline, now = schools.baseline, schools.premises.get("rates")
    if baseline is None or now is None:
        return
    last = baseline.rates
    for row in _rows(baseline.known & (2 * np.abs(now - last) > last)):
        yield query(
            "rates-differ",
            _named(schools, row),
            f"Rates were {Money(int(last[row]))} and are {Money(int(now[row]))}: more than 50% apart.",
            "Look at the bill: a revaluation, a conversion to an academy or a typing mistake.",
        )


def _exceptional(budgets: Budgets) -> Iterator[Finding]:
    schools, amounts = budgets.schools, budgets.schools.premises.get("exceptional")
    if amounts is None or not amounts.any():
        return
    paid = amounts > 0
    for row in _rows(paid & (amounts * 100 <= _EXCEPTIONAL_SHARE_OF_BUDGET * budgets.total)):
        yield query(
            "exceptional-too-small",
            _named(schools, row),
            f"Exceptional premises of {Money(int(amounts[row]))} are not above "
            f"{_EXCEPTIONAL_SHARE_OF_BUDGET}% of its budget.",
            "Name the approval, or pay it by another factor.",
        )
    if int(paid.sum()) * 100 >= _EXCEPTIONAL_SHARE_OF_SCHOOLS * len(schools):
        yield query(
            "exceptional-too-many",
            "All schools",
            f"{int(paid.sum())} of {len(schools)} schools have exceptional premises; "
            f"the factor is for fewer than {_EXCEPTIONAL_SHARE_OF_SCHOOLS}%.",
            "Name the approval.",
        )


def _adjusted(schools: Schools, adjustments: Sequence[PupilAdjustment]) -> Iterator[Finding]:
    for one in adjustments:
        if one.urn not in schools.urn:
            yield error(
                "adjustment-of-unknown-school",
                one.urn,
                f"Pupils of {one.urn} are adjusted, which is not in the file of schools.",
                "Mend the number, or take the adjustment out.",
            )
        elif not one.reason.strip():
            yield error(
                "adjustment-without-reason",
                _named(schools, schools.row_of(one.urn)),
                f"Its pupils are adjusted by {one.pupils:+,} without a reason.",
                "Say why the census count does not hold: a change of age range, a closure, growth agreed.",
            )


def _parts(units: Units) -> Whole:
    """Units in ten-thousand-millionths, so that whole ones and shares compare exactly."""
    parts: Whole = units.whole * PARTS + units.parts
    return parts


def _pupils(parts: int) -> str:
    return f"{(Decimal(int(parts)) / PARTS).normalize():f}"


def _rows(flags: Flags) -> list[int]:
    rows: list[int] = np.flatnonzero(flags).tolist()
    return rows


def _named(schools: Schools, row: int) -> str:
    return f"{schools.urn[row]} {schools.name[row]}".strip()
