"""The officers' own list beside the system's: written and sealed before the other is shown.

Whoever has seen a ranking cannot unsee it. The own list is therefore closed first, with a hash that shows
it was not changed afterwards; only then are the two laid side by side. What only one side saw is the most
useful part.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from redway.core.errors import RedwayError
from redway.core.words import counted

MOST_NAMED = 40
FEWEST_NAMED = 1


class TriageRefused(RedwayError):  # noqa: N818 - says what is wrong in the words of the domain
    """A step of a triage meeting that cannot be taken as things stand."""


class Outcome(StrEnum):
    """What a triage meeting decides about a school."""

    VISIT = "visit"
    CATEGORY = "category"
    ASK = "ask"
    WATCH = "watch"
    NOTHING = "nothing"

    @property
    def words(self) -> str:
        return {
            "visit": "Visit the school",
            "category": "Propose a category",
            "ask": "Ask for more information",
            "watch": "Look again next time",
            "nothing": "Nothing to do",
        }[self.value]


class Side(StrEnum):
    """Who put a school on a list."""

    BOTH = "Both"
    OFFICERS = "Officers only"
    SYSTEM = "System only"


@dataclass(frozen=True)
class Agreement:
    """Two lists laid side by side. Schools are continuing keys, in the order of the list they come from."""

    both: tuple[str, ...]
    only_officers: tuple[str, ...]
    only_system: tuple[str, ...]
    without_score: tuple[str, ...]
    """Of the officers' own: schools the system has no score for, so that it could not have agreed."""
    schools: int
    by_luck: float
    """How many would be on both if one of the lists were drawn by lot."""

    @property
    def sentence(self) -> str:
        """How far the two agree, and how far luck would."""
        officers = len(self.both) + len(self.only_officers)
        return (
            f"{counted(len(self.both), 'school')} of the officers' {officers} "
            f"{'is' if len(self.both) == 1 else 'are'} also on the system's list; "
            f"a list drawn by lot would share about {self.by_luck:.1f}."
        )

    def side(self, school: str) -> Side:
        """Which list a school is on."""
        if school in self.both:
            return Side.BOTH
        return Side.OFFICERS if school in self.only_officers else Side.SYSTEM


def side_by_side(
    own: Sequence[str], systems: Sequence[str], scored: Sequence[str] | set[str], schools: int
) -> Agreement:
    """Lay the officers' own list beside the first of the system's.

    ``scored`` are all schools with a score, ``schools`` how many the authority has. Raises TriageRefused
    when a list names a school twice.
    """
    for name, listed in (("The officers' own list", own), ("The system's list", systems)):
        if len(set(listed)) < len(listed):
            raise TriageRefused(f"{name} names a school twice.", "Name each school once.")
    on_system, on_own, known = set(systems), set(own), set(scored)
    return Agreement(
        tuple(one for one in own if one in on_system),
        tuple(one for one in own if one not in on_system),
        tuple(one for one in systems if one not in on_own),
        tuple(one for one in own if one not in known),
        schools,
        len(own) * len(systems) / schools if schools else 0.0,
    )


def check_own_list(own: Sequence[str]) -> None:
    """Raise TriageRefused unless the list names schools, each once, and not the whole authority."""
    if not FEWEST_NAMED <= len(own) <= MOST_NAMED:
        raise TriageRefused(
            f"{counted(len(own), 'school')} are on the list.",
            f"Name between {FEWEST_NAMED} and {MOST_NAMED}: those you would visit first.",
        )
    if len(set(own)) < len(own):
        raise TriageRefused("The list names a school twice.", "Name each school once.")


def seal(content: Mapping[str, Any]) -> str:
    """The SHA-256 of what is sealed, the same for the same content whatever its order of writing.

    >>> seal({"own": ["1"], "day": "2026-04-02"}) == seal({"day": "2026-04-02", "own": ["1"]})
    True
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
