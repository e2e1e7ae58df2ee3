"""The schools block of one year: what comes in, what is set aside, and what is left for schools."""

from __future__ import annotations

from dataclasses import dataclass

from redway.core.money import NOTHING, Money


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
