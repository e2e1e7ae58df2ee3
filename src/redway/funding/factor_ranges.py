"""What a local rate may be: within reach of the national value, or at least a tenth nearer than last year.

Since 2023-24 every factor moves at least 10% closer to its national value each year, unless it mirrors it
already, which is to lie within 2.5% of it (Norfolk County Council's account of the rule). How the range is
worked out is as remembered: compare with the department's file of allowable factor value ranges.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from redway.core.money import NOTHING, Money
from redway.funding.rates import AREA_ADJUSTED, Rates

_PENCE = Decimal("0.01")


@dataclass(frozen=True)
class FactorRange:
    """The lowest and the highest a rate may be, and the reason."""

    name: str
    lowest: Money
    highest: Money
    national: Money
    why: str

    def holds(self, rate: Money) -> bool:
        return self.lowest <= rate <= self.highest


def factor_ranges(rates: Rates, last: Rates | None = None) -> dict[str, FactorRange]:
    """The range of every rate the rule binds; none in a year without the rule.

    ``last`` are the rates of the year before, its national values and what the authority paid. Without them
    every rate has to mirror its national value.
    """
    if not (rates.has("closer_percent") and rates.has("mirroring_percent")):
        return {}
    names = (name for name in rates.names() if name in AREA_ADJUSTED and name in rates.national)
    return {name: _range(rates, name, last) for name in names}


def national_rate(rates: Rates, name: str) -> Money:
    """What the national value comes to here: times the area cost adjustment, to the penny."""
    return Rates(rates.year, rates.national, {}, _adjustment_of(rates)).rate(name)


def _range(rates: Rates, name: str, last: Rates | None) -> FactorRange:
    national = national_rate(rates, name)
    near = national.pounds * rates.value("mirroring_percent") / 100
    below = above = near
    why = f"within {rates.value('mirroring_percent'):f}% of the national value of {national}"
    if last is not None and last.has(name) and name in last.national:
        was = last.rate(name).pounds - national_rate(last, name).pounds
        reach = abs(was) * (100 - rates.value("closer_percent")) / 100
        if reach > near:
            below, above = (reach, near) if was < 0 else (near, reach)
            why = (
                f"at least {rates.value('closer_percent'):f}% nearer to the national value of {national} "
                f"than last year's {last.rate(name)}, which lay {abs(Money.of(was))} "
                f"{'below' if was < 0 else 'above'} it"
            )
    lowest = (national.pounds - below).quantize(_PENCE, ROUND_CEILING)
    highest = (national.pounds + above).quantize(_PENCE, ROUND_FLOOR)
    return FactorRange(name, max(Money.of(lowest), NOTHING), Money.of(highest), national, why)


def _adjustment_of(rates: Rates) -> dict[str, Decimal]:
    """An area cost adjustment that an authority states with its own rates is laid on national ones too."""
    name = "area_cost_adjustment"
    return {name: rates.value(name)} if rates.has(name) else {}
