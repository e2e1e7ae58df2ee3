"""Why a school gets more or less than before: the difference split into causes that add to it in pence.

Each line's difference is split in the order pupils, needs, rate: more pupils at the old share and old rate,
then the new share at the old rate, then the new rate. What rounding leaves is shown as rounding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from redway.core.money import NOTHING, Money, total
from redway.funding.calculation import Budgets
from redway.funding.errors import FundingError
from redway.funding.factors import FACTORS, LONDON_FRINGE, LUMP_SUM, PUPIL_LED, SPARSITY, SPLIT_SITES, Factor
from redway.funding.pupil_led import row_of
from redway.funding.rates import Rates
from redway.funding.rounding import Whole
from redway.funding.school_led import lump_sum, split_sites
from redway.funding.schools import Schools
from redway.funding.sparsity import sparsity
from redway.funding.trail import RESULTS


class Cause(StrEnum):
    """Why an amount changed."""

    PUPILS = "pupils"
    NEEDS = "needs of pupils"
    RATE = "rate"
    SCHOOL = "the school itself"
    """Its distance, sites, premises; for the fringe, the lines it is laid on."""
    MINIMUM_PER_PUPIL = "minimum per-pupil level"
    GUARANTEE = "guarantee"
    GAINS_CAP = "cap"
    ROUNDING = "rounding"


@dataclass(frozen=True)
class LineDifference:
    """One line of a statement before and after, and what the difference comes from."""

    line: str
    label: str
    before: Money
    after: Money
    parts: tuple[tuple[Cause, Money], ...]
    """Only causes that come to something; they add to the change."""

    @property
    def change(self) -> Money:
        return self.after - self.before


@dataclass(frozen=True)
class Difference:
    """A school's total before and after. Lines add to the change, and so do causes, to the penny."""

    urn: str
    name: str
    before: Money
    after: Money
    lines: tuple[LineDifference, ...]
    """Only lines with a difference, or with causes that cancel out."""

    @property
    def change(self) -> Money:
        return self.after - self.before

    def by_cause(self) -> dict[Cause, Money]:
        """Each cause over all lines, those that come to something, in the order of Cause."""
        sums = {
            cause: total(amount for line in self.lines for held, amount in line.parts if held is cause)
            for cause in Cause
        }
        return {cause: amount for cause, amount in sums.items() if amount != NOTHING}


def difference_explained(
    before: Budgets, after: Budgets, row: int, row_before: int | None = None
) -> Difference:
    """Split one school's change. ``row`` is its row in ``after``; ``row_before`` the one in ``before``, found
    by its number when it is not given. Raises FundingError when ``before`` does not have the school."""
    schools = after.schools
    if row_before is None:
        row_before = _row_before(before, schools.urn[row])
    rows = (row_before, row)
    lines = [_line(before, after, rows, held) for held in FACTORS]
    lines += [
        _result("minimum_per_pupil", Cause.MINIMUM_PER_PUPIL, 1, before, after, rows),
        _result("guarantee", Cause.GUARANTEE, 1, before, after, rows),
        _result("gains_cap", Cause.GAINS_CAP, -1, before, after, rows),
    ]
    was, now = Money(int(before.total[row_before])), Money(int(after.total[row]))
    # A total that is not the sum of rounded lines (as in a workbook) leaves something over.
    over = (was - total(line.before for line in lines), now - total(line.after for line in lines))
    lines.append(_split("rounding", "Lines added before they are rounded", *over, {}))
    return Difference(
        schools.urn[row], schools.name[row], was, now, tuple(line for line in lines if line.parts)
    )


def _row_before(before: Budgets, urn: str) -> int:
    try:
        return before.schools.row_of(urn)
    except KeyError:
        raise FundingError(
            f"School {urn} is not in the earlier result, so there is nothing to compare it with.",
            "Show its statement instead.",
        ) from None


Rows = tuple[int, int]


def _line(before: Budgets, after: Budgets, rows: Rows, held: Factor) -> LineDifference:
    was, now = (Money(int(b.line(held.name)[row])) for b, row in zip((before, after), rows, strict=True))
    if held in PUPIL_LED:
        causes = _pupil_led(before, after, rows, held)
    elif held in (LUMP_SUM, SPARSITY, SPLIT_SITES):
        causes = _of_school(before, after, rows, held, was, now)
    elif held is LONDON_FRINGE:
        causes = _fringe(before, after, rows, was, now)
    else:
        causes = {Cause.SCHOOL: now - was}
    return _split(held.name, held.label, was, now, causes)


def _pupil_led(before: Budgets, after: Budgets, rows: Rows, held: Factor) -> dict[Cause, Money]:
    """Pupils at the old share and rate, then the new share at the old rate, then the new rate."""
    place = row_of(held.name)
    units = [b.pupil_lines.units(place, row) for b, row in zip((before, after), rows, strict=True)]
    rates = [
        b.rates.rate(held.name).pounds if b.rates.has(held.name) else Decimal(0) for b in (before, after)
    ]
    rolls = [int(b.schools.roll(held.pupils)[row]) for b, row in zip((before, after), rows, strict=True)]
    at_old_share = units[0] * rolls[1] / rolls[0] if rolls[0] else units[1]
    return {
        Cause.PUPILS: Money.of((at_old_share - units[0]) * rates[0]),
        Cause.NEEDS: Money.of((units[1] - at_old_share) * rates[0]),
        Cause.RATE: Money.of((rates[1] - rates[0]) * units[1]),
    }


def _of_school(
    before: Budgets, after: Budgets, rows: Rows, held: Factor, was: Money, now: Money
) -> dict[Cause, Money]:
    """This year's school at last year's rates lies between the two."""
    if not any(before.rates.has(name) for name in held.rates):
        return {Cause.RATE: now - was}
    at_old_rates = Money(int(_AT_RATES[held](after.schools, before.rates)[rows[1]]))
    return {Cause.SCHOOL: at_old_rates - was, Cause.RATE: now - at_old_rates}


_AT_RATES: dict[Factor, Callable[[Schools, Rates], Whole]] = {
    LUMP_SUM: lump_sum,
    SPARSITY: lambda schools, rates: sparsity(schools, rates)[2],
    SPLIT_SITES: split_sites,
}


def _fringe(before: Budgets, after: Budgets, rows: Rows, was: Money, now: Money) -> dict[Cause, Money]:
    names = [*(factor.name for factor in PUPIL_LED), "lump_sum", "sparsity"]
    base = total(Money(int(after.line(name)[rows[1]])) for name in names)
    rate = base.times(after.rates.value("london_fringe") - before.rates.value("london_fringe"))
    return {Cause.RATE: rate, Cause.SCHOOL: now - was - rate}


def _result(
    name: str, cause: Cause, sign: int, before: Budgets, after: Budgets, rows: Rows
) -> LineDifference:
    was = Money(sign * int(getattr(before, name)[rows[0]]))
    now = Money(sign * int(getattr(after, name)[rows[1]]))
    return _split(name, RESULTS[name], was, now, {cause: now - was})


def _split(line: str, label: str, was: Money, now: Money, causes: dict[Cause, Money]) -> LineDifference:
    rounding = now - was - total(causes.values())
    parts: Sequence[tuple[Cause, Money]] = [*causes.items(), (Cause.ROUNDING, rounding)]
    return LineDifference(line, label, was, now, tuple(p for p in parts if p[1] != NOTHING))
