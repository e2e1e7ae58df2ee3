"""Finding the indicator that feeds a success measure, by words: there are hundreds, too many for one list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from redway.core.words import counted
from redway.improvement.action_plan import Polarity
from redway.indicators import catalogue
from redway.indicators.catalogue import Indicator
from redway.web.measures.access import measures_visible
from redway.web.measures.showing import Figure, by_indicator, figures_of, latest, store

MOST_SHOWN = 20
LONGEST = 100
"""Letters of a search that are read."""
_BETTER = {catalogue.Polarity.HIGH: Polarity.HIGHER, catalogue.Polarity.LOW: Polarity.LOWER}


def matching(indicators: Iterable[Indicator], sought: str) -> list[Indicator]:
    """Those in which every word sought begins a word, by title first; the order of the catalogue else.

    A word is sought in title, short title, subject, definition and code. Nothing sought finds those that
    advisers and directors look at first.
    """
    wanted = _words(sought)
    if not wanted:
        return [one for one in indicators if one.featured]
    found = [
        (one, one.title)
        for one in indicators
        if _holds(f"{one.title} {one.short} {one.topic} {one.definition} {one.code}", wanted)
    ]
    return [one for one, title in sorted(found, key=lambda each: not _holds(each[1], wanted))]


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text.casefold()).split()


def _holds(text: str, wanted: Sequence[str]) -> bool:
    held = _words(text)
    return all(any(one.startswith(each) for one in held) for each in wanted)


@dataclass(frozen=True)
class Choice:
    """One indicator to choose, with the newest figure that the authority has of it."""

    indicator: Indicator
    newest: Figure | None

    @property
    def newest_words(self) -> str:
        if self.newest is None or self.newest.value is None:
            return "No figure of the authority is held."
        return f"Newest: {self.indicator.show(self.newest.value)} ({self.newest.period})."


@dataclass(frozen=True)
class IndicatorSearch:
    """What was sought, and what of it the person may see."""

    request: HttpRequest
    number: str
    """Of the authority whose figures are shown beside each."""

    @property
    def sought(self) -> str:
        return self.request.GET.get("q", "")[:LONGEST].strip()

    @cached_property
    def found(self) -> list[Indicator]:
        seen = [one for one in measures_visible(self.request) if "authority" in one.levels]
        return matching(seen, self.sought)

    @cached_property
    def choices(self) -> list[Choice]:
        shown = self.found[:MOST_SHOWN]
        newest = newest_of(self.number, [one.code for one in shown])
        return [Choice(one, newest.get(one.code)) for one in shown]

    @property
    def in_words(self) -> str:
        """How many there are, and what to do when they are too many or none."""
        if not self.sought:
            return "Measures that advisers and directors look at first:"
        if not self.found:
            return f"No measure of authorities has '{self.sought}' in it. Use fewer or other words."
        many = counted(len(self.found), "measure")
        if len(self.found) > MOST_SHOWN:
            return f"{many} match; the first {MOST_SHOWN} are shown. Add a word to see fewer."
        return f"{many} {'matches' if len(self.found) == 1 else 'match'}."


def newest_of(number: str, codes: Sequence[str]) -> dict[str, Figure]:
    """Code -> newest figure of the authority, for those that have one."""
    if not codes:
        return {}
    held = by_indicator(figures_of(store().figures("authority", [number], list(codes))))
    newest = {code: latest(figures) for code, figures in held.items()}
    return {code: one for code, one in newest.items() if one is not None}


def begun_with(indicator: Indicator, newest: Figure | None) -> dict[str, Any]:
    """What a success measure begins with when this indicator feeds it; the person may change it."""
    held: dict[str, Any] = {
        "indicator": indicator.code,
        "name": indicator.title[:200],
        "source": indicator.publisher[:200],
    }
    if indicator.polarity in _BETTER:
        held["polarity"] = _BETTER[indicator.polarity].value
    if newest is not None and newest.value is not None:
        held["baseline"] = Decimal(str(round(newest.value, indicator.decimals)))
        held["baseline_on"] = newest.period_end
    return held
