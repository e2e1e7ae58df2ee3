"""Pupil-led lines: a rate times the pupils, or the share of pupils, of each school. All lines at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
            line = self.add_line(rate, int(row), rounding, whole, parts)
            added += line
            lines.append(line)
        return WorkedOut(tuple(lines), whole, parts, added)

    def moved(
        self, held: Sequence[Whole], was: Whole, pence: Whole, rows: Rows, rounding: Rounding
    ) -> WorkedOut:
        """These lines once their rates are ``pence`` and no longer ``was``; the sums are what that adds.

        ``held`` are all pupil-led lines at the former rates, rounded the same way. Where pupils are counted
        nothing is rounded, so that such a line adds the same before rounding and after.
        """
        lines = []
        whole, parts, added = (np.zeros(self.whole.shape[1], dtype=np.int64) for _ in range(3))
        for old, rate, row in zip(was, pence, rows, strict=True):
            units = self.whole[row]
            if self._on_shares[row] or rounding is Rounding.WHOLE_POUNDS:
                line = self.add_line(rate, int(row), rounding, whole, parts)
                whole -= old * units
                parts -= old * self.parts[row]
                added += line - held[row]
            else:
                more = (rate - old) * units
                line = held[row] + more
                whole += more
                added += more
            lines.append(line)
        return WorkedOut(tuple(lines), whole, parts, added)

    def is_on_shares(self, rows: Rows) -> bool:
        """Whether any of these lines is paid on a share of pupils, so that it has parts of a penny."""
        return bool(self._on_shares[rows].any())

    def add_line(
        self, rate: np.int64 | Whole, row: int, rounding: Rounding, whole: Whole, parts: Whole
    ) -> Whole:
        """One line, rounded half away from zero; before rounding it is added to ``whole`` and ``parts``.

        ``rate`` is one rate, or a column of them for a row of schools each.
        """
        line: Whole = rate * self.whole[row]
        whole += line
        if self._on_shares[row]:
            shared = rate * self.parts[row]
            parts += shared
            if rounding is not Rounding.WHOLE_POUNDS:
                shared += PARTS // 2
            shared //= PARTS
            line += shared
        return to_the_pound(line) if rounding is Rounding.WHOLE_POUNDS else line

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
