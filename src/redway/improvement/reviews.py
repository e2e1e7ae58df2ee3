"""A review from its key foci to its recommendations: what must be there, and how far it is recorded.

A focus is a question; evidence is kept with where it came from; a finding answers a focus and stands on
evidence; a recommendation follows from findings and becomes an objective of a plan. A review with one
objective unrated is partly recorded, never recorded: the national system of its kind once showed otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from redway.core.words import counted, listed, plural

RATINGS = ("Red", "Amber", "Green")


class Recording(StrEnum):
    """How far the ratings of a review are recorded."""

    NOTHING = "Not recorded"
    PARTLY = "Partly recorded"
    RECORDED = "Recorded"


@dataclass(frozen=True)
class Focus:
    """A key focus, with its rating and the reason for it; both empty while it is not rated."""

    number: int
    title: str
    rating: str = ""
    reason: str = ""

    @property
    def is_rated(self) -> bool:
        """A rating without a reason is none."""
        return self.rating in RATINGS and bool(self.reason.strip())


@dataclass(frozen=True)
class Finding:
    """An answer to a focus, with the numbers of the evidence it stands on."""

    number: int
    focus: int
    evidence: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Recommendation:
    """What should be done, with the numbers of the findings it follows from."""

    number: int
    findings: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Content:
    """A review as it stands."""

    foci: Sequence[Focus] = field(default_factory=tuple)
    evidence: Sequence[int] = field(default_factory=tuple)
    findings: Sequence[Finding] = field(default_factory=tuple)
    recommendations: Sequence[Recommendation] = field(default_factory=tuple)


def recording(foci: Sequence[Focus]) -> Recording:
    """How far a review is recorded (case 53: one objective unrated is 'partly recorded').

    >>> recording([Focus(1, "Reading", "Green", "On course."), Focus(2, "Maths")]).value
    'Partly recorded'
    """
    rated = sum(one.is_rated for one in foci)
    if not rated:
        return Recording.NOTHING
    return Recording.RECORDED if rated == len(foci) else Recording.PARTLY


def recording_words(foci: Sequence[Focus]) -> str:
    """'Partly recorded: 1 of 2 foci is rated; Maths is not'."""
    found = recording(foci)
    rated = sum(one.is_rated for one in foci)
    if not foci:
        return f"{found.value}: it has no key focus yet"
    if found is Recording.RECORDED:
        return f"{found.value}: all of {counted(len(foci), 'key focus', 'key foci')} rated"
    missing = listed(one.title for one in foci if not one.is_rated)
    all_of_them = counted(len(foci), "key focus", "key foci")
    return f"{found.value}: {rated} of {all_of_them} {plural(rated, 'is', 'are')} rated; not rated: {missing}"


def problems(held: Content) -> tuple[str, ...]:
    """What keeps a review from being published, each a sentence; empty when nothing does."""
    found = []
    if not held.foci:
        found.append("It has no key focus: say what was looked at.")
    answered = {one.focus for one in held.findings}
    for focus in held.foci:
        if focus.number not in answered:
            found.append(f"Key focus {focus.number} has no finding.")
    for finding in held.findings:
        if not finding.evidence & set(held.evidence):
            found.append(f"Finding {finding.number} stands on no evidence.")
    numbers = {one.number for one in held.findings}
    for recommendation in held.recommendations:
        if not recommendation.findings & numbers:
            found.append(f"Recommendation {recommendation.number} follows from no finding.")
    return tuple(found)


def is_blank(text: str) -> bool:
    """Whether nothing was written."""
    return not text.strip()
