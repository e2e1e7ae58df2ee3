"""Pupil-led lines: a rate times the pupils, or the share of pupils, of each school. All lines at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from redway.funding.factors import PUPIL_LED
from redway.funding.rates import Rates
from redway.funding.rounding import PARTS, Rounding, Whole, divided, to_the_pound
from redway.funding.schools import Schools, Units

_ROW = {factor.name: row for row, factor in enumerate(PUPIL_LED)}
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class WorkedOut:
    """Some lines: rounded, and their sum before rounding (whole pence, parts not yet carried) and after."""

    lines: tuple[Whole, ...]
    whole: Whole
    parts: Whole
    rounded: Whole


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

    def worked_out(self, pence: Whole, rows: Rows, rounding: Rounding) -> WorkedOut:
        """These lines at these rates, and their sums.

        Line by line, so that what is worked on lies in the processor's cache however many schools there are.
        """
        lines = []
        whole, parts, added = (np.zeros(self.whole.shape[1], dtype=np.int64) for _ in range(3))
        for rate, row in zip(pence, rows, strict=True):
            line, paid, shared = self.line(rate, int(row), rounding)
            whole += paid
            if shared is not None:
                parts += shared
            added += line
            lines.append(line)
        return WorkedOut(tuple(lines), whole, parts, added)

    def unrounded(self, pence: Whole, rows: Rows) -> tuple[Whole, Whole]:
        """These lines added up before rounding: whole pence, and parts of a penny not yet carried.

        ``pence`` has a rate for each line, or rows of them.
        """
        whole: Whole = pence @ self.whole[rows]
        on_shares = self._on_shares[rows]
        if not on_shares.any():
            return whole, np.zeros_like(whole)
        parts: Whole = pence[..., on_shares] @ self.parts[rows[on_shares]]
        return whole, parts

    def line(self, rate: np.int64 | Whole, row: int, rounding: Rounding) -> tuple[Whole, Whole, Whole | None]:
        """(to the penny or pound half away from zero, whole pence, parts): one line, rounded and before it.

        ``rate`` is one rate, or a column of them for a row of schools each; no parts for a line on counts.
        """
        paid: Whole = rate * self.whole[row]
        if not self._on_shares[row]:
            return (to_the_pound(paid) if rounding is Rounding.WHOLE_POUNDS else paid), paid, None
        shared: Whole = rate * self.parts[row]
        if rounding is Rounding.WHOLE_POUNDS:
            return to_the_pound(paid + shared // PARTS), paid, shared
        return paid + (shared + PARTS // 2) // PARTS, paid, shared

    def units(self, row: int, school: int) -> Decimal:
        """The units of one line of one school, exactly."""
        return int(self.whole[row, school]) + Decimal(int(self.parts[row, school])) / PARTS


def row_of(name: str) -> int:
    """The row of a pupil-led factor. Raises KeyError for any other."""
    return _ROW[name]


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
