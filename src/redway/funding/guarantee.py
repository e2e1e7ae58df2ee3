"""The minimum funding guarantee of today: a school's budget a pupil against last year's.

Source: the School and Early Years Finance (England) Regulations 2024 (SI 2024/66), schedule 3, and the
department's own template, whose figures are reproduced. This year's lump sum and sparsity come off both
sides, so a change in them passes straight through to the school.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from redway.funding.rounding import PARTS, PERCENT_PARTS, Whole, rounded_ratio
from redway.funding.schools import Baseline, Schools


@dataclass(frozen=True)
class Amounts:
    """What the guarantee leaves out this year, in pence; the lump sum with its fringe."""

    lump_sum: Whole
    sparsity: Whole
    rates: Whole
    exclusions: Whole

    @property
    def all(self) -> Whole:
        left_out: Whole = self.lump_sum + self.sparsity + self.rates + self.exclusions
        return left_out


def protected_base(baseline: Baseline, this_year: Amounts) -> Whole:
    """Last year's budget as the guarantee sees it, in pence: what a new school has is nothing."""
    base: Whole = (
        baseline.budget
        + baseline.grants
        - this_year.lump_sum
        - this_year.sparsity
        - baseline.rates
        - baseline.exclusions
    )
    return np.where(baseline.known, np.maximum(base, 0), 0)


@dataclass(frozen=True)
class Difference:
    """A difference of amounts: ``whole`` pence and ``share / of`` of a penny above it."""

    whole: Whole
    share: Whole
    of: Whole

    def rounded(self) -> Whole:
        """To the penny, half away from zero, and nothing where the difference is below nothing."""
        up = self.share >= self.of - self.share
        return np.maximum(self.whole + up, 0)


def above_guarantee(
    base: Whole, base_pupils: Whole, pupils: Whole, percent: Decimal, now: Whole, now_parts: Whole
) -> Difference:
    """This year's budget less last year's a pupil raised by ``percent`` for this year's pupils.

    ``now`` and ``now_parts`` are this year's budget without what the guarantee leaves out.
    """
    level, share, of = raised(base, base_pupils, pupils, percent)
    return _less(now, now_parts, level, share, of)


def below_guarantee(
    base: Whole, base_pupils: Whole, pupils: Whole, percent: Decimal, now: Whole, now_parts: Whole
) -> Difference:
    """The same the other way round: what this year's budget lacks."""
    level, share, of = raised(base, base_pupils, pupils, percent)
    units = share * PARTS - now_parts * of
    borrowed = units < 0
    return Difference(level - now - borrowed, units + borrowed * of * PARTS, of * PARTS)


def raised(base: Whole, base_pupils: Whole, pupils: Whole, percent: Decimal) -> tuple[Whole, Whole, Whole]:
    """(pence, numerator, denominator): base / base pupils x pupils, raised by a percentage."""
    of = np.maximum(base_pupils, 1) * PERCENT_PARTS
    level, share = np.divmod(base * (PERCENT_PARTS + parts_of_percent(percent)) * pupils, of)
    return level, share, of


def raised_by_rounded_unit(base: Whole, base_pupils: Whole, pupils: Whole, percent: Decimal) -> Whole:
    """The level as statements print it: the unit to the penny, raised, to the penny again, times pupils."""
    unit = rounded_ratio(base, np.maximum(base_pupils, 1))
    guaranteed = rounded_ratio(unit * (PERCENT_PARTS + parts_of_percent(percent)), PERCENT_PARTS)
    level: Whole = guaranteed * pupils
    return level


def parts_of_percent(percent: Decimal) -> int:
    """-0.25 -> -250: a percentage in hundred-thousandths of the whole."""
    return int(percent * (PERCENT_PARTS // 100))


def protection(
    schools: Schools, baseline: Baseline, base: Whole, now: Whole, now_parts: Whole, percent: Decimal
) -> Whole:
    """What each school is given so that it keeps its guarantee, in pence; without a base year nothing.

    ``base`` is the protected base, ``now`` with its parts this year's budget without what is left out.
    """
    lacking = below_guarantee(base, baseline.pupils, schools.pupils, percent, now, now_parts)
    return np.where(baseline.known & (baseline.pupils > 0), lacking.rounded(), 0)


def _less(whole: Whole, parts: Whole, level: Whole, share: Whole, of: Whole) -> Difference:
    units = parts * of - share * PARTS
    borrowed = units < 0
    return Difference(whole - level - borrowed, units + borrowed * of * PARTS, of * PARTS)
