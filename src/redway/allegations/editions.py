"""Editions: the rules in force when a case was opened, national ones with an authority's own on top.

A case keeps its edition to its end, whatever is published later. Values lie in ``values/``: one folder for
the national editions, one for each local profile, each with its source and how far it is confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from redway.core.dated_values import DatedValue, DatedValues
from redway.core.errors import NotFound, ValuesError
from redway.core.values import load_values
from redway.core.words import listed

NATIONAL = "national"
_STARTS = {"2006": date(2006, 4, 1), "2010": date(2010, 4, 1), "2020": date(2020, 9, 1)}
"""First day of each national edition, as ``values/national`` says; a test keeps the two together."""


@dataclass(frozen=True)
class Edition:
    """A set of rules: a local profile, or none, on top of a national edition."""

    profile: str
    year: str

    @property
    def name(self) -> str:
        """How a case writes down its edition, such as ``sefton-2020``."""
        return f"{self.profile}-{self.year}"

    @property
    def first_day(self) -> date:
        """First day of the national edition."""
        return _STARTS[self.year]

    def find(self, name: str) -> DatedValue | None:
        """The value of this edition under a name: the profile's own, else the national one, else None."""
        for held in _layers(self.profile):
            for entry in held.entries.get(name, ()):
                if entry.holds_on(self.first_day):
                    return entry
        return None

    def value(self, name: str) -> DatedValue:
        """The same, for rules that cannot do without. Raises ValuesError when the edition has none."""
        found = self.find(name)
        if found is None:
            raise ValuesError(
                f"The edition {self.name} holds no '{name}'.",
                "Choose a local profile that sets it, or add it to the profile of your authority.",
            )
        return found

    def words(self, name: str) -> tuple[str, ...]:
        """A value that is a list of words. Raises ValuesError when it is absent or no list."""
        value = self.value(name).value
        if not isinstance(value, tuple):
            raise ValuesError(f"'{name}' of the edition {self.name} is not a list.")
        return tuple(str(word) for word in value)


def edition_in_words(name: str) -> str:
    """What an edition is called in a sentence.

    >>> edition_in_words("north-west-2020")
    'the national rules of 2020 with the local rules of North West'
    """
    profile, _, year = name.rpartition("-")
    local = "" if profile == NATIONAL else f" with the local rules of {place_in_words(profile)}"
    return f"the national rules of {year}{local}"


def place_in_words(profile: str) -> str:
    """A local profile as its place is written: small words stay small.

    >>> place_in_words("city-of-london")
    'City of London'
    """
    return " ".join(word if word == "of" else word.capitalize() for word in profile.split("-"))


def edition_named(name: str) -> Edition:
    """The edition a case or a command names. Raises NotFound listing those there are.

    >>> edition_named("sefton-2020").value("report-within").unit
    'hours'
    """
    profile, _, year = name.rpartition("-")
    if profile not in profiles() or year not in _STARTS:
        raise NotFound(
            f"There is no edition called '{name}'.",
            f"A name is a profile and a year: the profiles are {listed(profiles())}; "
            f"the years {listed(tuple(_STARTS))}. For example {NATIONAL}-2020.",
        )
    return Edition(profile, year)


def edition_on(opened: date, profile: str = NATIONAL) -> Edition:
    """The edition that a case opened on a day keeps.

    Raises NotFound for an unknown profile and ValuesError for a day before the first edition.

    >>> edition_on(date(2016, 3, 1)).name
    'national-2010'
    """
    begun = [year for year, start in _STARTS.items() if start <= opened]
    if not begun:
        raise ValuesError(
            f"No rules are held for {opened.isoformat()}: the first edition is of 2006.",
            "Check the day on which the case was opened.",
        )
    return edition_named(f"{profile}-{max(begun)}")


def values_of() -> list[tuple[str, DatedValue]]:
    """Every value held, for people to check: (name of the national edition or local profile, value)."""
    years = {start: year for year, start in _STARTS.items()}
    return [
        (f"{NATIONAL}-{years[entry.start]}" if profile == NATIONAL else profile, entry)
        for profile in profiles()
        for entries in load_values(_folder() / profile).entries.values()
        for entry in entries
    ]


@cache
def profiles() -> tuple[str, ...]:
    """The national rules and every local profile, by name."""
    return tuple(sorted(folder.name for folder in _folder().iterdir() if _has_values(folder)))


def _has_values(folder: Traversable) -> bool:
    return folder.is_dir() and any(file.name.endswith(".toml") for file in folder.iterdir())


@cache
def _layers(profile: str) -> tuple[DatedValues, ...]:
    """What is asked in turn: the profile's own values, then the national ones."""
    names = (NATIONAL,) if profile == NATIONAL else (profile, NATIONAL)
    return tuple(load_values(_folder() / name) for name in names)


def _folder() -> Traversable:
    return resources.files("redway.allegations") / "values"
