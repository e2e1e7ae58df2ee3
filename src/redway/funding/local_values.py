"""Values in force for one authority on one day: its own over the national ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources

from redway.core.dated_values import DatedValue, DatedValues, Status
from redway.core.values import load_values
from redway.funding.errors import RulesRefused

_PARTS_OF_A_PERCENT = 1000


@dataclass(frozen=True)
class InForce:
    """The values of one subject that hold for an authority on a day. ``own`` are those it has settled."""

    held: DatedValues
    on: date
    own: Mapping[str, DatedValue] = field(default_factory=dict)

    def entry(self, name: str) -> DatedValue:
        """The value with its unit, source and status. Raises ValuesError where nothing holds on the day."""
        return self.own.get(name) or self.held.value_on(name, self.on)

    def entries(self) -> tuple[DatedValue, ...]:
        """Every value in force, in alphabetical order of their names."""
        return tuple(self.entry(name) for name in self.held.names() if self._holds(name))

    @property
    def unconfirmed(self) -> tuple[DatedValue, ...]:
        """Those that a page must mark as not confirmed."""
        return tuple(one for one in self.entries() if one.status is Status.UNCONFIRMED)

    def number(self, name: str) -> Decimal:
        """A number, exactly. Raises ValuesError and RulesRefused."""
        value = self.entry(name).value
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise RulesRefused(f"'{name}' is not a number.", "Mend the value.")
        return Decimal(value)

    def whole(self, name: str) -> int:
        """A whole number of years, days or pupils. Raises ValuesError and RulesRefused."""
        value = self.number(name)
        if value != int(value):
            raise RulesRefused(f"'{name}' is {value}; it must be a whole number.", "Mend the value.")
        return int(value)

    def percent_parts(self, name: str) -> int:
        """A percentage in thousandths of a percent, as whole-number arithmetic takes it."""
        return int(self.number(name) * _PARTS_OF_A_PERCENT)

    def is_so(self, name: str) -> bool:
        """A yes or no. Raises ValuesError."""
        return self.entry(name).value is True

    def _holds(self, name: str) -> bool:
        return name in self.own or any(one.holds_on(self.on) for one in self.held.entries[name])


def values_in_force(subject: str, on: date, own: Mapping[str, Decimal] | None = None) -> InForce:
    """The values of a folder of ``values`` on a day, with an authority's own numbers over them.

    Raises ValuesError when there is no value to lie over, RulesRefused for a number that is below zero.

    >>> values_in_force("deficits", date(2026, 11, 24)).whole("recovery-years")
    3
    """
    held = national_values(subject)
    return InForce(held, on, {name: own_value(held, name, value, on) for name, value in (own or {}).items()})


def own_value(held: DatedValues, name: str, value: Decimal, on: date) -> DatedValue:
    """An authority's own number in place of a national one, in its unit. Raises ValuesError, RulesRefused."""
    national = held.value_on(name, on)
    if isinstance(national.value, bool) or not isinstance(national.value, int | Decimal):
        raise RulesRefused(f"'{name}' is not a number and cannot be set.", "Leave it as it is.")
    if not value.is_finite() or value < 0:
        raise RulesRefused(f"{value} is not a value for '{name}'.", "Give a number that is not below zero.")
    if isinstance(national.value, int) and national.unit.startswith(_COUNTED) and value != int(value):
        raise RulesRefused(
            f"'{name}' counts {national.unit}: {value} is no whole number of them.", "Mend it."
        )
    return DatedValue(
        name, value, national.unit, on, None, "Settled by the authority", Status.PUBLISHED, "own"
    )


_COUNTED = ("years", "working days", "days", "full-time-equivalent pupils")


@cache
def national_values(subject: str) -> DatedValues:
    """The values bundled for a subject, such as ``deficits``."""
    return load_values(resources.files("redway.funding") / "values" / subject)
