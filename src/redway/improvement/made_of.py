"""How a score adds up: from the chance before anything of the school is known, figure by figure, to its own.

The score is a sum of log-odds, which nobody reads. Said as chances the same sum is a walk: each figure takes
the chance from where the one before it left it. How far a step reaches depends on where it begins, so the
order is part of what is said; the way it points does not depend on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from scipy.special import expit

from redway.core.words import percent
from redway.improvement.kept_scores import KeptContribution, KeptSchool


@dataclass(frozen=True)
class Step:
    """One figure, the chance before and after it, and its part in all that moves the score, 0 to 1."""

    figure: KeptContribution
    before: float
    after: float
    share: float

    @property
    def words(self) -> str:
        """'Raises the chance from 4.1% to 6.2%'."""
        return moved(self.before, self.after, self.figure.way)

    @property
    def words_without_chances(self) -> str:
        """The same where chances may not be shown: 'Raises the score; 12% of all that moves it'."""
        if self.figure.way == "does not change":
            return "Does not change the score"
        return (
            f"{self.figure.way.capitalize()} the score; {percent(100 * self.share, 0)} of all that moves it"
        )


def moved(before: float, after: float, way: str) -> str:
    """A step in words, chances to a tenth of a per cent."""
    first, last = chance_words(before), chance_words(after)
    if way == "does not change":
        return f"Does not change the chance of {last}"
    if first == last:
        return f"{way.capitalize()} the chance of {last} by less than is shown"
    return f"{way.capitalize()} the chance from {first} to {last}"


def chance_words(chance: float) -> str:
    """'4.1%'."""
    return percent(100 * chance, 1)


def steps(school: KeptSchool) -> tuple[Step, ...]:
    """The walk from the chance before anything of the school is known to its own, the largest step first."""
    ordered: Sequence[KeptContribution] = sorted(school.contributions, key=lambda one: -abs(one.adds))
    whole = fsum(abs(one.adds) for one in ordered)
    # Every place is added up from the start: what rounding leaves does not grow along the way.
    places = [
        float(expit(fsum([school.base, *(one.adds for one in ordered[:count])])))
        for count in range(len(ordered) + 1)
    ]
    return tuple(
        Step(one, before, after, abs(one.adds) / whole if whole else 0.0)
        for one, before, after in zip(ordered, places, places[1:], strict=False)
    )
