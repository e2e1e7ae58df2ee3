"""The national values of each financial year. A year nobody has loaded refuses; it borrows no other's."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources

from redway.core.dated_values import DatedValue
from redway.core.errors import InvalidPeriod, ValuesError
from redway.core.periods import PeriodKind, parse_period
from redway.core.values import read_values
from redway.core.words import listed
from redway.funding.errors import RatesRefused, YearWithoutValues
from redway.funding.rates import KNOWN, Rates

_FOLDER = resources.files("redway.funding") / "values" / "national"


@cache
def years_with_values() -> tuple[str, ...]:
    """The years that can run, earliest first."""
    return tuple(year for year in years_known() if _national(year))


@cache
def years_known() -> tuple[str, ...]:
    """The years that have a file, with or without values in it."""
    return tuple(sorted(f.name.removesuffix(".toml") for f in _FOLDER.iterdir() if f.name.endswith(".toml")))


def national_rates(year: str) -> Rates:
    """The national values of a year such as '2025-26'.

    Raises YearWithoutValues when nobody has loaded them, naming what to load.
    """
    held = _national(year) if year in years_known() else {}
    if not held:
        raise year_without_values(year)
    return Rates(year, held, {}, {})


def year_without_values(year: str) -> YearWithoutValues:
    return YearWithoutValues(
        f"No values are loaded for {year}; the years that can run are {listed(years_with_values())}.",
        f"Load the published table of {year} into values/national/{year}.toml, "
        f"or give a file of rates with every value of {year}. Last year's rates are not used in its place.",
    )


def local_rates(year: str, text: str, file: str) -> Rates:
    """A file of rates laid over the national values of its year.

    The file has the shape of the files of national values: ``[[value]]`` entries with name, value, unit,
    from, to, source and status. For a year without national values it must hold every value that is needed.
    Raises RatesRefused naming the file and the entry, or YearWithoutValues naming what is missing.
    """
    local = _entries(year, text, file)
    national = _national(year) if year in years_known() else {}
    if not national and (missing := sorted(set(_needed()) - set(local))):
        refused = year_without_values(year)
        raise YearWithoutValues(f"{refused.message} {file} lacks {listed(missing)}.", refused.next_step)
    rates = Rates(year, national, local, {})
    for name, entry in local.items():
        if isinstance(entry.value, bool | str):
            continue
        rates.over({name: str(entry.value)})
    return rates


def _entries(year: str, text: str, file: str) -> dict[str, DatedValue]:
    try:
        held = read_values(file, {file: text})
    except ValuesError as error:
        raise RatesRefused(error.message, error.next_step) from None
    unknown = sorted(set(held.names()) - KNOWN)
    if unknown:
        raise RatesRefused(
            f"{file} holds {listed(unknown)}, which no factor uses.",
            "Write names of the national file of the year.",
        )
    day = first_day(year)
    entries = {name: values for name in held.names() if (values := held.entries[name])}
    outside = sorted(name for name, values in entries.items() if not any(v.holds_on(day) for v in values))
    if outside:
        raise RatesRefused(
            f"{file} holds {listed(outside)}, but not for {year}.",
            f"State from = {day.isoformat()} in the file.",
        )
    return {name: held.value_on(name, day) for name in entries}


@cache
def _national(year: str) -> dict[str, DatedValue]:
    name = f"{year}.toml"
    held = read_values("values/national", {name: (_FOLDER / name).read_text(encoding="utf-8")})
    return {entry: held.value_on(entry, first_day(year)) for entry in held.names()}


def _needed() -> frozenset[str]:
    """What the latest year with values holds: an empty year needs as much."""
    return frozenset(_national(years_with_values()[-1]))


def first_day(year: str) -> date:
    """1 April of the financial year. Raises RatesRefused when the text is no financial year."""
    try:
        return parse_period(year, PeriodKind.FINANCIAL).start
    except InvalidPeriod:
        raise RatesRefused(f"'{year}' is not a financial year.", "Write it as 2025-26.") from None
