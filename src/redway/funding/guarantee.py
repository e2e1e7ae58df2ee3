"""The minimum funding guarantee of today: a school's budget a pupil against last year's.

Source: the School and Early Years Finance (England) Regulations 2024 (SI 2024/66), schedule 3, and the
department's own template, whose figures are reproduced. This year's lump sum and sparsity come off both
sides, so a change in them passes straight through to the school.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np
import numpy.typing as npt

from redway.funding.rounding import PARTS, PERCENT_PARTS, Whole, divided, rounded_ratio
from redway.funding.schools import Baseline

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Amounts:
    """What the guarantee leaves out this year, in pence; the lump sum with its fringe."""

    lump_sum: Whole
    sparsity: Whole
    rates: Whole
    exclusions: Whole

    @cached_property
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
class Level:
    """Last year's budget a pupil, raised by a percentage, for this year's pupils.

    It is ``pence`` and ``share / of`` of a penny.
    """

    pence: Whole
    share: Whole
    of: Whole

    def at(self, rows: Rows) -> Level:
        return Level(self.pence[rows], self.share[rows], self.of[rows])


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


def beyond(level: Level, now: Whole, now_parts: Whole) -> Difference:
    """This year's budget, without what the guarantee leaves out, less a level."""
    units = now_parts * level.of - level.share * PARTS
    borrowed = units < 0
    of = level.of * PARTS
    return Difference(now - level.pence - borrowed, units + borrowed * of, of)


def lacking(level: Level, now: Whole, now_parts: Whole) -> Difference:
    """The same the other way round: what this year's budget lacks to a level."""
    units = level.share * PARTS - now_parts * level.of
    borrowed = units < 0
    of = level.of * PARTS
    return Difference(level.pence - now - borrowed, units + borrowed * of, of)


def raised(base: Whole, base_pupils: Whole, pupils: Whole, percent: Decimal) -> Level:
    """Base / base pupils x pupils, raised by a percentage of three decimals. Exact."""
    of = np.maximum(base_pupils, 1) * PERCENT_PARTS
    pence, share = divided(base * (PERCENT_PARTS + parts_of_percent(percent)) * pupils, of)
    return Level(pence, share, of)


def raised_by_rounded_unit(base: Whole, base_pupils: Whole, pupils: Whole, percent: Decimal) -> Whole:
    """The level as statements print it: the unit to the penny, raised, to the penny again, times pupils."""
    unit = rounded_ratio(base, np.maximum(base_pupils, 1))
    guaranteed = rounded_ratio(unit * (PERCENT_PARTS + parts_of_percent(percent)), PERCENT_PARTS)
    level: Whole = guaranteed * pupils
    return level


def parts_of_percent(percent: Decimal) -> int:
    """-0.25 -> -250: a percentage in hundred-thousandths of the whole."""
    return int(percent * (PERCENT_PARTS // 100))


def protection(baseline: Baseline, level: Level, now: Whole, now_parts: Whole) -> Whole:
    """What each school is given so that it keeps its guarantee, in pence; without a base year nothing.

    ``level`` is the guaranteed one, ``now`` with its parts this year's budget without what is left out.
    """
    given = np.zeros(len(now), dtype=np.int64)
    rows = (baseline.is_used & (level.pence >= now)).nonzero()[0]
    given[rows] = lacking(level.at(rows), now[rows], now_parts[rows]).rounded()
    return given
