"""The schools block of one year: what comes in, what is set aside, and what is left for schools."""

from __future__ import annotations

from dataclasses import dataclass

from redway.core.money import NOTHING, Money, total


@dataclass(frozen=True)
class BlockIncome:
    """How the department reckons a schools block: units of funding times pupils, premises, growth.

    A unit of funding is the authority's own money a pupil for the year, primary and secondary.
    """

    primary_unit: Money
    secondary_unit: Money
    primary_pupils: int
    secondary_pupils: int
    premises: Money
    growth: Money

    @property
    def primary(self) -> Money:
        return self.primary_unit.times(self.primary_pupils)

    @property
    def secondary(self) -> Money:
        return self.secondary_unit.times(self.secondary_pupils)

    @property
    def total(self) -> Money:
        """What comes in."""
        return total((self.primary, self.secondary, self.premises, self.growth))


@dataclass(frozen=True)
class SchoolsBlock:
    """``amount`` comes in. The growth fund, the falling-rolls fund and a transfer to other blocks go out
    before schools are paid; a transfer into the block is negative."""

    amount: Money
    growth_fund: Money = NOTHING
    falling_rolls: Money = NOTHING
    transfer: Money = NOTHING

    @property
    def set_aside(self) -> Money:
        return self.growth_fund + self.falling_rolls + self.transfer

    @property
    def for_schools(self) -> Money:
        """What the budgets of all schools may come to."""
        return self.amount - self.set_aside
