"""The rates of one year: national values, an authority's own over them, a scenario's over both."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from redway.core.dated_values import DatedValue, Status
from redway.core.money import Money
from redway.core.words import counted, listed
from redway.funding.errors import RatesRefused
from redway.funding.factors import FACTORS, PUPIL_LED

AREA_ADJUSTED = frozenset(
    name for factor in FACTORS for name in factor.rates if factor.name != "london_fringe"
)
"""Rates multiplied by the area cost adjustment: pupil-led, lump sum, sparsity, split sites.
The minimum per-pupil level is not (source: as remembered, and no published result contradicts it)."""
PUPIL_LED_RATES = frozenset(factor.name for factor in PUPIL_LED)
MINIMUM = ("minimum_per_pupil_primary", "minimum_per_pupil_ks3", "minimum_per_pupil_ks4")
SPARSITY_VALUES = ("sparsity", "sparsity_pupils", "sparsity_miles")
"""Stems of what sparsity needs for each phase: the amount, and the thresholds of size and distance."""
SPARSITY_METHODS = ("nff", "taper", "fixed")
_ADJUSTMENT = "area_cost_adjustment"
_HIGHEST = Decimal(10_000_000)
HIGHEST_A_PUPIL = Decimal(50_000)
"""No rate a pupil comes near it; up to here lines are exact in 63 bits."""
_WORDS = frozenset({"sparsity_method", "sparsity_distance_taper"})
"""What only a file of rates can state: it is not a number."""


@dataclass(frozen=True)
class _Range:
    """From where to where a value may lie, and to how many decimals it is kept."""

    lowest: Decimal
    highest: Decimal
    decimals: int


def _between(lowest: str, highest: str, decimals: int) -> _Range:
    return _Range(Decimal(lowest), Decimal(highest), decimals)


_PERCENTAGE = _between("0", "100", 3)
_NOT_POUNDS: Mapping[str, _Range] = {
    "area_cost_adjustment": _between("1", "2", 8),
    "london_fringe": _between("1", "2", 5),
    "mobility_threshold": _between("0", "100", 8),
    "eal_years": _between("1", "3", 0),
    "sparsity_pupils": _between("0.1", "1000", 1),
    "sparsity_miles": _between("0.001", "100", 3),
    "sparsity_taper_share": _between("1", "100", 0),
    "guarantee": _between("-100", "100", 3),
    **dict.fromkeys(("closer_percent", "mirroring_percent", "transfer_limit"), _PERCENTAGE),
}
"""What is not an amount of pounds, by the beginning of its name."""


@dataclass(frozen=True)
class Rates:
    """Values of one financial year by name. Local values are rates as typed: the area cost adjustment,
    which is part of a national rate, is not laid on them a second time."""

    year: str
    national: Mapping[str, DatedValue]
    local: Mapping[str, DatedValue]
    changes: Mapping[str, Decimal]

    def has(self, name: str) -> bool:
        return name in self.changes or name in self.local or name in self.national

    def names(self) -> tuple[str, ...]:
        """Every name that has a value."""
        return tuple(dict.fromkeys([*self.national, *self.local, *self.changes]))

    def value(self, name: str) -> Decimal:
        """The number in force, before any area cost adjustment. Raises RatesRefused when there is none."""
        if name in self.changes:
            return self.changes[name]
        held = self.held(name)
        if isinstance(held.value, bool) or not isinstance(held.value, int | Decimal):
            raise RatesRefused(f"'{name}' of {self.year} is not a number.", "Mend the file that states it.")
        return Decimal(held.value)

    def text(self, name: str) -> str:
        return str(self.held(name).value)

    def flag(self, name: str) -> bool:
        return self.held(name).value is True

    def held(self, name: str) -> DatedValue:
        """The local or national entry, with its source and status."""
        if name in self.local:
            return self.local[name]
        if name in self.national:
            return self.national[name]
        raise RatesRefused(
            f"{self.year} holds no '{name}'.",
            f"Add it to the file of rates{_near(name, self.names())}.",
        )

    def rate(self, name: str) -> Money:
        """What one unit is paid, to the penny: a national value times the area cost adjustment, rounded half
        away from zero; a local value or a change as it was typed."""
        value = self.value(name)
        if name in AREA_ADJUSTED and name not in self.local and name not in self.changes:
            value = value * self.value("area_cost_adjustment")
        return Money.of(value)

    def pence(self, name: str) -> int:
        """The rate in whole pence; worked out once."""
        found = self._pence.get(name)
        if found is None:
            found = self._pence[name] = self.rate(name).pence
        return found

    def over(self, changes: Mapping[str, Decimal | int | str | Money]) -> Rates:
        """The same year with these rates typed over. Raises RatesRefused naming what is unknown or wrong."""
        return replace(
            self, changes={**self.changes, **{name: self._checked(name, to) for name, to in changes.items()}}
        )

    def scaled(self, names: Iterable[str], by: Decimal) -> Rates:
        """These rates times a number, each rounded to the penny."""
        return self.over({name: Money.of(self.rate(name).pounds * by) for name in names if self.has(name)})

    def differing(self, other: Rates) -> tuple[str, ...]:
        """Names whose value in force is another one in ``other``."""
        adjustments = (self.changes.get(_ADJUSTMENT), other.changes.get(_ADJUSTMENT))
        same_ground = (
            self.national is other.national and self.local is other.local and adjustments[0] == adjustments[1]
        )
        asked = [*self.changes, *other.changes] if same_ground else [*self.names(), *other.names()]
        return tuple(name for name in dict.fromkeys(asked) if self._in_force(name) != other._in_force(name))

    @cached_property
    def unconfirmed(self) -> frozenset[str]:
        """Names whose value in force nobody has confirmed. A change is the authority's own and is not one."""
        return frozenset(
            name
            for name in self.names()
            if name not in self.changes and self.held(name).status is Status.UNCONFIRMED
        )

    def origin(self, name: str) -> str:
        """Where the value comes from, for a person who asks."""
        if name in self.changes:
            return "Set for this formula"
        return self.held(name).source

    def _in_force(self, name: str) -> object:
        if not self.has(name):
            return None
        if name in AREA_ADJUSTED:
            return self.pence(name)
        return self.changes[name] if name in self.changes else self.held(name).value

    @cached_property
    def _pence(self) -> dict[str, int]:
        return {}

    def _checked(self, name: str, to: Decimal | int | str | Money) -> Decimal:
        if name in _WORDS:
            raise RatesRefused(f"{name} is not a number.", "State it in a file of rates.")
        if name not in KNOWN and not self.has(name):
            raise RatesRefused(
                f"No rate is called '{name}'.", f"Write a name of the year{_near(name, KNOWN)}."
            )
        try:
            number = to.pounds if isinstance(to, Money) else Decimal(to)
        except ArithmeticError:
            number = Decimal("NaN")
        if not number.is_finite():
            raise RatesRefused(f"'{to}' is not a value for {name}.", "Write a number such as 3847.00.")
        _within(name, number)
        return number


KNOWN: frozenset[str] = frozenset({name for factor in FACTORS for name in factor.rates}) | frozenset(
    {
        *MINIMUM,
        *("growth_primary", "growth_secondary", "growth_new_school"),
        *("guarantee_lowest", "guarantee_highest", "closer_percent", "mirroring_percent", "transfer_limit"),
        *("mobility_threshold", "eal_years", "area_cost_adjustment"),
        *("sparsity_taper_share", "sparsity_distance_taper", "sparsity_method"),
        *(f"sparsity_pupils_{phase}" for phase in ("primary", "secondary", "middle", "all_through")),
        *(f"sparsity_miles_{phase}" for phase in ("primary", "secondary", "middle", "all_through")),
    }
)
"""Every name a file of rates may hold."""


def _within(name: str, number: Decimal) -> None:
    """Raise RatesRefused for a number that the name cannot hold: what it would come to is never guessed."""
    held = next((limits for stem, limits in _NOT_POUNDS.items() if name.startswith(stem)), None)
    if held is not None:
        if not held.lowest <= number <= held.highest:
            raise RatesRefused(
                f"{name} cannot be {number}.", f"It lies between {held.lowest} and {held.highest}."
            )
        if number != round(number, held.decimals):
            raise RatesRefused(
                f"{name} cannot be {number}.",
                f"It has {counted(held.decimals, 'decimal')} at most." if held.decimals else "It is whole.",
            )
        return
    if number < 0:
        raise RatesRefused(f"{name} cannot be {number}: a rate is not below nothing.", "Mend the sign.")
    highest = HIGHEST_A_PUPIL if name in PUPIL_LED_RATES or name in MINIMUM else _HIGHEST
    if number > highest:
        raise RatesRefused(f"{name} cannot be {number}.", f"It is at most £{highest:,}.")
    if number != Money.of(number).pounds:
        raise RatesRefused(
            f"{name} cannot be {number}: a rate is in whole pence.", f"Write {Money.of(number).pounds}."
        )


def _near(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, sorted(names), n=3)
    return f"; did you mean {listed(near, 'or')}?" if near else ""
