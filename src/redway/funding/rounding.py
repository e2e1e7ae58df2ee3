"""Rounding half away from zero in whole numbers, so that no result depends on how a fraction is held.

Amounts are whole pence. What lies between two pence is a whole number of ``PARTS`` of a penny.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]

PARTS = 10_000_000_000
"""A share is kept to ten decimals, so a line is exact in ten-thousand-millionths of a penny."""
PERCENT_PARTS = 100_000
"""A percentage is kept to three decimals: this many parts are 100%."""
_POUND = 100


class Rounding(StrEnum):
    """Where a calculation rounds."""

    DFE_LINES = "dfe-lines"
    """Every line to the penny, and the rounded lines are added: as the Department for Education pays."""
    WORKBOOK = "workbook"
    """Rates, then core with its top-up, the guarantee and the cap; no line: as a spreadsheet adds up."""
    WHOLE_POUNDS = "whole-pounds"
    """Every line to the pound: as local formulas were printed before 2013."""


def rounded_ratio(numerator: Whole, denominator: Whole | int) -> Whole:
    """``numerator / denominator`` to the nearest whole number, half away from zero.

    ``denominator`` is above zero. Exact as long as the numerator fits in 63 bits.

    >>> rounded_ratio(np.array([5, -5, 4]), 2).tolist()
    [3, -3, 2]
    """
    quotient, rest = divided(np.abs(numerator), denominator)
    up = rest >= denominator - rest
    signed: Whole = np.where(numerator < 0, -1, 1) * (quotient + up)
    return signed


def rounded_parts(whole: Whole, parts: Whole, to: int = 1) -> Whole:
    """An amount of ``whole`` pence and ``parts`` (of PARTS, at least none), to the nearest ``to`` pence.

    The parts are never negative, so an amount of -0.4 pence is -1 whole and 0.6 in parts.
    """
    if to == 1:
        half = PARTS // 2
        up = np.where(whole < 0, parts > half, parts >= half)
        nearest: Whole = whole + up
        return nearest
    return rounded_ratio(whole, to) * to


def to_the_pound(pence: Whole) -> Whole:
    """Whole pence to the nearest pound, still in pence."""
    return rounded_ratio(pence, _POUND) * _POUND


def carried(whole: Whole, parts: Whole) -> tuple[Whole, Whole]:
    """The same amount with at least no parts and fewer than a penny of them."""
    more, left = divided(parts, PARTS)
    return whole + more, left


def divided(numerator: Whole, denominator: Whole | int) -> tuple[Whole, Whole]:
    """(quotient rounded down, rest): as ``divmod``, which is far slower where one number divides all."""
    quotient: Whole = numerator // denominator
    rest: Whole = numerator - quotient * denominator
    return quotient, rest
