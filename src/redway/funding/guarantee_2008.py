"""The minimum funding guarantee of 2008-09 to 2010-11: last year's budget raised, part of it by pupils.

    level = B x (1 + rise) x (1 + m x (N1 - N0) / N0)

B is last year's adjusted budget, N0 and N1 are the relevant pupils of both years, and m is what a pupil more
or less is worth: less than a whole budget a pupil, so that a school that shrinks keeps its fixed costs.
The marginal rates and the rule for small primary schools are parameters that nobody has confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from redway.funding.errors import FundingError
from redway.funding.local_values import InForce
from redway.funding.rounding import PERCENT_PARTS, Whole, rounded_ratio
from redway.funding.schools import MOST_PUPILS, Flags

_HIGHEST_BUDGET = 4_000_000_000
"""Pence. Up to here, and up to MOST_PUPILS, the level is exact in 63 bits."""


class Kind(StrEnum):
    """Kinds of schools in 2008."""

    NURSERY = "nursery"
    PRIMARY = "primary"
    SECONDARY = "secondary"
    SPECIAL = "special"


@dataclass(frozen=True)
class Guarantee2008:
    """One entry a school, in pence. ``level`` is nothing where ``covered`` is false: a special school, or one
    without pupils last year, whose guarantee goes another way. ``small`` are primary schools whose own rule
    was not read."""

    level: Whole
    added: Whole
    """What brings the adjusted budget up to the level."""
    covered: Flags
    small: Flags
    unconfirmed: tuple[str, ...]


def relevant_pupils(pupils: Whole, sixth_form: Whole, reserved_places: Whole, nursery_places: Whole) -> Whole:
    """Pupils as the guarantee counts them: without those whom the sixth-form grant pays for, and with places
    reserved for special educational needs and in nursery classes, where the local formula leaves them out."""
    counted: Whole = pupils - sixth_form + reserved_places + nursery_places
    return counted


def guarantee_2008(
    kinds: tuple[Kind, ...],
    base: Whole,
    pupils_before: Whole,
    pupils_now: Whole,
    adjusted: Whole,
    values: InForce,
) -> Guarantee2008:
    """The guarantee of every school. ``base`` and ``adjusted`` are last year's and this year's adjusted
    budgets in pence, pupils are relevant pupils. Raises FundingError for what cannot be."""
    _require_sound(base, pupils_before, pupils_now)
    kind = np.array([held.value for held in kinds])
    primary = (kind == Kind.NURSERY) | (kind == Kind.PRIMARY)
    small = (kind == Kind.PRIMARY) & (
        np.minimum(pupils_before, pupils_now) <= values.whole("small-primary-pupils")
    )
    covered = (kind != Kind.SPECIAL) & (pupils_before > 0)
    marginal = np.where(
        small,
        values.percent_parts("marginal-small-primary"),
        np.where(
            primary, values.percent_parts("marginal-primary"), values.percent_parts("marginal-secondary")
        ),
    )
    rise = values.percent_parts("guarantee-rise")
    level = np.where(covered, guaranteed_level(base, pupils_before, pupils_now, marginal, rise), 0)
    return Guarantee2008(
        level,
        np.where(covered, np.maximum(level - adjusted, 0), 0),
        covered,
        small & covered,
        tuple(name for name in _PARAMETERS if values.entry(name) in values.unconfirmed),
    )


_PARAMETERS = (
    "guarantee-rise",
    "marginal-primary",
    "marginal-secondary",
    "small-primary-pupils",
    "marginal-small-primary",
)


def guaranteed_level(base: Whole, before: Whole, now: Whole, marginal: Whole, rise: int) -> Whole:
    """The level in pence, half away from zero. ``marginal`` and ``rise`` are in thousandths of a percent.

    >>> guaranteed_level(*(np.array([n]) for n in (50_000_000, 200, 190, 80_000)), 2_100).tolist()
    [49008000]
    """
    of = np.maximum(before, 1) * PERCENT_PARTS
    follows = of + marginal * (now - before)
    # Two steps, because base x pupils x rise would not fit into 63 bits; each keeps its remainder.
    level, left = np.divmod(base * follows, of)
    raised, over = np.divmod(level * (PERCENT_PARTS + rise), PERCENT_PARTS)
    exact: Whole = raised + rounded_ratio(over * of + left * (PERCENT_PARTS + rise), of * PERCENT_PARTS)
    return exact


def _require_sound(base: Whole, before: Whole, now: Whole) -> None:
    for name, held, most in (
        ("last year's budget", base, _HIGHEST_BUDGET),
        ("last year's pupils", before, MOST_PUPILS),
        ("this year's pupils", now, MOST_PUPILS),
    ):
        if (held < 0).any() or (held > most).any():
            row = int(np.flatnonzero((held < 0) | (held > most))[0])
            raise FundingError(
                f"In row {row + 1}, {name} is {held[row]:,}, which cannot be.", "Mend the file."
            )
