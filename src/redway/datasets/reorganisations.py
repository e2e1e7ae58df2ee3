"""Authorities that were reorganised: which numbers were retired, when, and which took over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from redway.core.values import load_values


@dataclass(frozen=True)
class Reorganisation:
    """One retired authority number. ``on`` is the first day of the authorities that took over."""

    old: str
    new: tuple[str, ...]
    on: date
    note: str


@cache
def reorganisations() -> tuple[Reorganisation, ...]:
    """Every reorganisation known, earliest first. Source: ``values/reorganisations``."""
    held = load_values(resources.files("redway.datasets") / "values" / "reorganisations")
    found = [
        Reorganisation(entry.name, tuple(str(number) for number in entry.value), entry.start, entry.note)
        for entries in held.entries.values()
        for entry in entries
        if isinstance(entry.value, tuple)
    ]
    return tuple(sorted(found, key=lambda each: (each.on, each.old)))


def number_on(la_code: str, on: date) -> tuple[str, ...]:
    """The numbers that stand for ``la_code`` on a day: itself, or those that took over by then.

    >>> number_on("837", date(2019, 4, 1))
    ('839',)
    >>> number_on("837", date(2019, 3, 31))
    ('837',)
    """
    for each in reorganisations():
        if each.old == la_code and each.on <= on:
            return tuple(number for new in each.new for number in number_on(new, on))
    return (la_code,)


def former_numbers() -> dict[str, tuple[str, ...]]:
    """Present number -> retired numbers whose area it took over, at least in part.

    >>> former_numbers()["839"]
    ('835', '836', '837')
    """
    former: dict[str, list[str]] = {}
    for each in reorganisations():
        for new in each.new:
            former.setdefault(new, []).append(each.old)
    return {new: tuple(sorted(old)) for new, old in former.items()}
