"""Pupil-led lines: a rate times the pupils, or the share of pupils, of each school. All lines at once."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from redway.funding.factors import PUPIL_LED
from redway.funding.rates import Rates
from redway.funding.rounding import PARTS, Rounding, Whole, divided, to_the_pound
from redway.funding.schools import Schools, Units

_ROW = {factor.name: row for row, factor in enumerate(PUPIL_LED)}
Rows = npt.NDArray[np.intp]


class PupilLed:
    """Units of every pupil-led line of some schools: a block of lines by schools.

    ``rows`` are the lines that are used, in the order of PUPIL_LED; ``used`` says so for each of them.
    """

    def __init__(self, schools: Schools, mobility_threshold: Decimal) -> None:
        units = [_units(schools, factor.name, factor.pupils, mobility_threshold) for factor in PUPIL_LED]
        self.used = tuple(held is not None for held in units)
        self.rows: Rows = np.flatnonzero(self.used)
        none = schools.nothing()
        self.whole: Whole = np.stack([none if held is None else held.whole for held in units])
        self.parts: Whole = np.stack([none if held is None else held.parts for held in units])
        self._on_shares = np.array([bool(line.any()) for line in self.parts], dtype=np.bool_)

    def rows_of(self, names: Iterable[str]) -> Rows:
        """The lines among these names, of those that are used."""
        rows = sorted(_ROW[name] for name in names if name in _ROW and self.used[_ROW[name]])
        return np.array(rows, dtype=np.intp)

    def pence(self, rates: Rates, rows: Rows) -> Whole:
        """The rate of each of these lines."""
        return np.array([rates.pence(PUPIL_LED[row].name) for row in rows], dtype=np.int64)

    def rounded(self, pence: Whole, rows: Rows, rounding: Rounding) -> Whole:
        """Each line of these to the penny (or the pound), half away from zero."""
        lines: Whole = pence[:, None] * self.whole[rows]
        on_shares = self._on_shares[rows]
        if on_shares.any():
            shared = pence[on_shares, None] * self.parts[rows[on_shares]]
            lines[on_shares] += (shared + PARTS // 2) // PARTS if _to_the_penny(rounding) else shared // PARTS
        return lines if _to_the_penny(rounding) else to_the_pound(lines)

    def unrounded(self, pence: Whole, rows: Rows) -> tuple[Whole, Whole]:
        """These lines added up before rounding: whole pence, and parts of a penny not yet carried.

        ``pence`` may have a row for each of several scenarios; then so has each result.
        """
        on_shares = self._on_shares[rows]
        whole: Whole = pence @ self.whole[rows]
        parts: Whole = pence[..., on_shares] @ self.parts[rows[on_shares]]
        return whole, parts

    def units(self, row: int, school: int) -> Decimal:
        """The units of one line of one school, exactly."""
        return int(self.whole[row, school]) + Decimal(int(self.parts[row, school])) / PARTS


def row_of(name: str) -> int:
    """The row of a pupil-led factor. Raises KeyError for any other."""
    return _ROW[name]


def _to_the_penny(rounding: Rounding) -> bool:
    return rounding is not Rounding.WHOLE_POUNDS


def _units(schools: Schools, name: str, roll: str, mobility_threshold: Decimal) -> Units | None:
    if name.startswith("basic_entitlement"):
        return Units.counted(schools.roll(roll))
    held = schools.needs.get(name)
    if held is None or not name.startswith("mobility"):
        return held
    return _above(held, schools.roll(roll), mobility_threshold)


def _above(units: Units, pupils: Whole, threshold: Decimal) -> Units:
    """Mobile pupils beyond a share of the roll (in percent): only they are paid for."""
    allowed = pupils * int(threshold * (PARTS // 100))
    beyond = np.maximum(units.whole * PARTS + units.parts - allowed, 0)
    whole, parts = divided(beyond, PARTS)
    return Units(whole, parts)
