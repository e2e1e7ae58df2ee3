"""Growth: what comes in for growing numbers, and what a growth or falling-rolls fund pays out.

Growth income is counted in small areas (middle layer super output areas) between two October censuses: an
area that grew counts, one that shrank takes nothing away. What is paid out follows criteria that the forum
agreed to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from redway.core.money import Money, total
from redway.core.values import DatedValues, load_values
from redway.core.words import counted
from redway.funding.errors import FundingError
from redway.funding.rounding import rounded_ratio

Heads = npt.NDArray[np.int64]
MONTHS_IN_A_YEAR = 12


class GrowthRefused(FundingError):  # noqa: N818 - says what is wrong in the words of the domain
    """Numbers or criteria that cannot be used."""


@dataclass(frozen=True)
class GrowthRates:
    """What one more pupil, and one new school, brings in."""

    primary: Money
    secondary: Money
    new_school: Money


def growth_rates(day: date) -> GrowthRates:
    """The published rates of a day. Raises ValuesError for a year whose rates are not held."""
    held = _values()
    return GrowthRates(
        primary=Money.of(held.number_on("growth-primary", day)),
        secondary=Money.of(held.number_on("growth-secondary", day)),
        new_school=Money.of(held.number_on("growth-new-school", day)),
    )


@dataclass(frozen=True)
class GrowthIncome:
    """What an authority receives for growth, with what it is made of."""

    extra_primary: int
    extra_secondary: int
    new_schools: int
    amount: Money


def extra_pupils(before: Heads, after: Heads) -> int:
    """Pupils more than a year ago in the areas that grew; areas that shrank are not set against them.

    >>> extra_pupils(np.array([100, 50, 80]), np.array([120, 40, 90]))
    30
    """
    if before.shape != after.shape:
        raise GrowthRefused(
            f"{before.size} areas are counted in the earlier census and {after.size} in the later one.",
            "Give both counts for the same areas, with 0 where nobody lives.",
        )
    if (before < 0).any() or (after < 0).any():
        raise GrowthRefused("A number of pupils is negative.", "Enter 0 or more.")
    return int(np.maximum(after - before, 0).sum())


def growth_income(
    extra_primary: int, extra_secondary: int, new_schools: int, rates: GrowthRates
) -> GrowthIncome:
    """What the extra pupils and new schools bring in."""
    if min(extra_primary, extra_secondary, new_schools) < 0:
        raise GrowthRefused("A number of extra pupils or new schools is negative.", "Enter 0 or more.")
    amount = total(
        [
            rates.primary.times(extra_primary),
            rates.secondary.times(extra_secondary),
            rates.new_school.times(new_schools),
        ]
    )
    return GrowthIncome(extra_primary, extra_secondary, new_schools, amount)


@dataclass(frozen=True)
class GrowthCriteria:
    """When a school is paid for growth. ``months`` is the part of the year for which it is paid."""

    least_extra: int
    """Fewer extra pupils than these are not paid for."""
    per_pupil: Money
    months: int
    at_request: bool = True
    """Only growth that the authority asked for."""


@dataclass(frozen=True)
class Claim:
    """One school's growth, or fall, as it is judged."""

    school: str
    """Its key."""
    before: int
    after: int
    asked_for: bool = False
    """The authority asked the school to take more pupils."""
    needed_again: bool = False
    """Planning data show that the places will be needed within three to five years."""


@dataclass(frozen=True)
class Award:
    """What a claim comes to, and why."""

    school: str
    amount: Money
    why: str


@dataclass(frozen=True)
class Fund:
    """A fund shared out. ``left`` is negative when the awards come to more than the fund holds."""

    held: Money
    awards: tuple[Award, ...]

    @property
    def paid(self) -> Money:
        return total(award.amount for award in self.awards)

    @property
    def left(self) -> Money:
        return self.held - self.paid


def growth_fund(held: Money, claims: Sequence[Claim], criteria: GrowthCriteria) -> Fund:
    """What each school is paid for growth: extra pupils times the rate, for its part of the year."""
    if not 0 < criteria.months <= MONTHS_IN_A_YEAR or criteria.per_pupil.pence < 0:
        raise GrowthRefused("The criteria name no part of a year, or a negative rate.", "Mend the criteria.")
    return Fund(held, tuple(_growth_award(one, criteria) for one in claims))


def _growth_award(claim: Claim, criteria: GrowthCriteria) -> Award:
    extra = claim.after - claim.before
    if criteria.at_request and not claim.asked_for:
        return Award(claim.school, Money(0), "The authority did not ask for this growth.")
    if extra < criteria.least_extra:
        least = counted(criteria.least_extra, "extra pupil")
        grew = "It did not grow" if extra <= 0 else f"It grew by {counted(extra, 'pupil')}"
        return Award(claim.school, Money(0), f"{grew}; the fund pays from {least} on.")
    pence = rounded_ratio(np.array([criteria.per_pupil.pence * extra * criteria.months]), MONTHS_IN_A_YEAR)
    months = f"{criteria.months} of {MONTHS_IN_A_YEAR} months"
    why = f"{counted(extra, 'extra pupil')} at {criteria.per_pupil}, for {months}."
    return Award(claim.school, Money(int(pence[0])), why)


@dataclass(frozen=True)
class FallingRollsCriteria:
    """When a school is paid for a fall that will pass."""

    least_fall: int
    """In percent of the earlier roll."""
    per_pupil: Money


def falling_rolls_fund(held: Money, claims: Sequence[Claim], criteria: FallingRollsCriteria) -> Fund:
    """What each school is paid for a fall, where the places will be needed again."""
    return Fund(held, tuple(_falling_award(one, criteria) for one in claims))


def _falling_award(claim: Claim, criteria: FallingRollsCriteria) -> Award:
    lost = claim.before - claim.after
    if lost <= 0:
        return Award(claim.school, Money(0), "Its roll did not fall.")
    if lost * 100 < criteria.least_fall * claim.before:
        return Award(
            claim.school, Money(0), f"Its roll fell by less than {criteria.least_fall}% of {claim.before}."
        )
    if not claim.needed_again:
        return Award(
            claim.school, Money(0), "Planning data do not show that the places will be needed again."
        )
    return Award(
        claim.school,
        criteria.per_pupil.times(lost),
        f"{counted(lost, 'pupil')} fewer at {criteria.per_pupil}; the places will be needed again.",
    )


@cache
def _values() -> DatedValues:
    return load_values(resources.files("redway.funding") / "values" / "growth")
