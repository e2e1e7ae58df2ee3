"""Low-level concerns: several about one person, or about different staff of one place, are worth a look.

A pattern is a note to a person. It is never a score, and never a label on somebody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from redway.allegations.spans import months_after


@dataclass(frozen=True)
class Concern:
    """One concern, by keys that name nobody."""

    person: str
    place: str
    on: date


@dataclass(frozen=True)
class Pattern:
    """Why a person should look: about whom or where, how many, from and to which day."""

    about: str
    """'person' or 'place'."""
    key: str
    concerns: int
    people: int
    first: date
    last: date


def patterns(concerns: Iterable[Concern], on: date, at_least: int, months: int) -> tuple[Pattern, ...]:
    """Patterns among the concerns of the ``months`` months up to ``on``.

    About a person: so many concerns. About a place: concerns about so many different people. Costs one pass.
    """
    from_day = months_after(on, -months)
    by_person: dict[str, list[Concern]] = defaultdict(list)
    by_place: dict[str, list[Concern]] = defaultdict(list)
    for concern in concerns:
        if from_day < concern.on <= on:
            by_person[concern.person].append(concern)
            by_place[concern.place].append(concern)
    found = [_pattern("person", key, held) for key, held in by_person.items() if len(held) >= at_least]
    found += [
        _pattern("place", key, held)
        for key, held in by_place.items()
        if len({concern.person for concern in held}) >= at_least
    ]
    return tuple(sorted(found, key=lambda pattern: (pattern.about, pattern.key)))


def _pattern(about: str, key: str, held: list[Concern]) -> Pattern:
    days = [concern.on for concern in held]
    return Pattern(about, key, len(held), len({concern.person for concern in held}), min(days), max(days))
