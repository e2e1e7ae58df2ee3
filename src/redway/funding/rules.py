"""The rules a scenario sets beside its rates: guarantee, cap, scale and how it rounds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from redway.funding.errors import RulesRefused
from redway.funding.rates import Rates
from redway.funding.rounding import Rounding

_ALL = Decimal(100)
_THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True)
class Rules:
    """Percentages are of three decimals at most: ``guarantee`` -0.5 is -0.5%. None is not used.

    ``scale`` is the share of a gain beyond the cap that is taken. Raises RulesRefused for what cannot be.
    """

    guarantee: Decimal | None = None
    cap: Decimal | None = None
    scale: Decimal = _ALL
    rounding: Rounding = Rounding.DFE_LINES

    def __post_init__(self) -> None:
        for name, percent in (("guarantee", self.guarantee), ("cap", self.cap), ("scale", self.scale)):
            if percent is None:
                continue
            if not percent.is_finite() or percent != percent.quantize(_THOUSANDTH):
                raise RulesRefused(
                    f"A {name} of {percent}% cannot be used.", "Write a percentage of three decimals at most."
                )
            if name != "scale" and not -_ALL < percent <= _ALL:
                raise RulesRefused(f"A {name} of {percent}% is out of all measure.", "Write -0.5 for -0.5%.")
        if not 0 <= self.scale <= _ALL:
            raise RulesRefused(
                f"A scale of {self.scale}% cannot be.", "It is the share of a gain that is taken: 0 to 100."
            )
        if self.cap is not None and self.guarantee is not None and self.cap < self.guarantee:
            raise RulesRefused(
                f"A cap of {self.cap}% lies below the guarantee of {self.guarantee}%: "
                "it would take back what the guarantee gives.",
                f"Set the cap at {self.guarantee}% or more.",
            )


def in_range(rules: Rules, rates: Rates) -> None:
    """Refuse a guarantee outside the range of the year: RulesRefused names the range and its source."""
    if rules.guarantee is None:
        return
    lowest, highest = rates.value("guarantee_lowest"), rates.value("guarantee_highest")
    if not lowest <= rules.guarantee <= highest:
        raise RulesRefused(
            f"A guarantee of {rules.guarantee:+}% is not allowed in {rates.year}: "
            f"the range is {lowest}% to {highest}% ({rates.origin('guarantee_lowest')}).",
            "Choose a percentage inside the range; outside it the Secretary of State decides.",
        )
