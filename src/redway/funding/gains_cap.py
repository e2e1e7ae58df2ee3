"""Capping and scaling: part of a gain beyond the cap is taken back, never below the minimum per-pupil level.

Source: the department's template. The excess is this year's budget less the capped one, in that order:
taken as a percentage first and multiplied back, half-pennies are lost.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import numpy.typing as npt

from redway.funding.guarantee import Difference, Level, beyond, parts_of_percent
from redway.funding.rounding import PARTS, PERCENT_PARTS, Whole, divided
from redway.funding.schools import Schools


def deduction(
    schools: Schools, level: Level, now: Whole, now_parts: Whole, scale: Decimal, above_minimum: Whole
) -> Whole:
    """What is taken from each school, in pence.

    ``level`` is the capped one, ``now`` with its parts this year's budget without what is left out, and
    ``above_minimum`` is what a school may lose before it falls under its minimum per-pupil level. Growing
    schools, and schools without a base year, are outside the cap.
    """
    taken = np.zeros(len(now), dtype=np.int64)
    baseline = schools.baseline
    if baseline is None:
        return taken
    inside = baseline.is_used & (now >= level.pence) & (above_minimum > 0)
    if schools.growing is not None:
        inside &= ~schools.growing
    rows = (inside).nonzero()[0]
    excess = beyond(level.at(rows), now[rows], now_parts[rows])
    taken[rows] = np.minimum(_scaled(excess, parts_of_percent(scale)), above_minimum[rows])
    return taken


def _scaled(excess: Difference, scale: int) -> Whole:
    """A share of the excess to the penny. The few that lie on a half are settled with unlimited integers."""
    if scale == PERCENT_PARTS:
        return excess.rounded()
    pence, left = divided(excess.whole * scale, PERCENT_PARTS)
    fraction = (left + excess.share / excess.of * scale) / PERCENT_PARTS
    taken: Whole = np.maximum(pence + np.floor(fraction + 0.5).astype(np.int64), 0)
    for row in np.flatnonzero(_near_a_half(fraction)):
        whole, share, of = (int(column[row]) for column in (excess.whole, excess.share, excess.of))
        exact = 2 * scale * (whole * of + share) + PERCENT_PARTS * of
        taken[row] = exact // (2 * PERCENT_PARTS * of)
    return taken


def _near_a_half(fraction: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    near: npt.NDArray[np.bool_] = np.abs(fraction - np.floor(fraction) - 0.5) < 100_000 / PARTS
    return near
