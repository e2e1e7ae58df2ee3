"""An authority's own rates of 2008-09: a file in TOML, and rates typed over one by one.

The rates that come with Redway are made up to show the factors and marked unconfirmed; a file lies over them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from redway.core.dated_values import DatedValue, Status
from redway.core.errors import ValuesError
from redway.core.values import read_values
from redway.core.words import listed
from redway.funding.errors import RatesRefused
from redway.funding.local_formula_2008 import SUBJECT
from redway.funding.local_values import InForce, national_values
from redway.funding.years import first_day

YEARS_2008 = ("2008-09", "2009-10", "2010-11")
"""The years of one set of regulations (SI 2008/228), before national factors."""


def is_2008(year: str) -> bool:
    """Whether a year is paid by a local formula of 2008."""
    return year in YEARS_2008


def rates_2008(
    year: str, text: str = "", file: str = "", changes: Mapping[str, str] | None = None
) -> InForce:
    """The rates and parameters of a year: a file of local ones over those held, and ``changes`` over both.

    Raises RatesRefused naming the file and the entry, or saying that nobody states the rates of the year.
    """
    day, known = first_day(year), national_values(SUBJECT)
    own = _stated(known.names(), text, file, year) if text else {}
    held = InForce(known, day, own)
    for name, typed in (changes or {}).items():
        own = {**own, name: _typed(held, name, typed)}
    held = InForce(known, day, own)
    if not any(one.name.startswith("age-weighted") for one in held.entries()):
        raise RatesRefused(
            f"No rates are held for {year}: a local formula of one year says nothing of another.",
            "Give a file of the authority's own rates of the year.",
        )
    return held


def _stated(known: tuple[str, ...], text: str, file: str, year: str) -> dict[str, DatedValue]:
    try:
        stated = read_values(file, {file: text})
    except ValuesError as error:
        raise RatesRefused(error.message, error.next_step) from None
    if unknown := sorted(set(stated.names()) - set(known)):
        raise RatesRefused(
            f"{file} holds {listed(unknown)}, which no factor of 2008 uses.",
            f"The names are {listed(known)}.",
        )
    day = first_day(year)
    found = {}
    for name in stated.names():
        try:
            entry = stated.value_on(name, day)
        except ValuesError:
            raise RatesRefused(
                f"{file} holds {name}, but not for {year}.", f"State from = {day.isoformat()} in the file."
            ) from None
        _require_amount(name, entry.value, file)
        found[name] = entry
    return found


def _typed(held: InForce, name: str, typed: str) -> DatedValue:
    if name not in held.held.names():
        raise RatesRefused(f"'{name}' is no rate of 2008.", f"The names are {listed(held.held.names())}.")
    try:
        value = Decimal(typed)
    except InvalidOperation:
        value = Decimal("NaN")
    _require_amount(name, value, typed)
    before = held.entry(name)
    return replace(
        before, value=value, source="Typed as an option", status=Status.PUBLISHED, file="option", note=""
    )


def _require_amount(name: str, value: object, said: str) -> None:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    if not is_number or not Decimal(str(value)).is_finite() or Decimal(str(value)) < 0:
        raise RatesRefused(f"{said}: {name} is no number from 0 on.", "Write it as 2050.00.")
