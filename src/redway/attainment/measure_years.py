"""Which official measure was produced in which school year, and what became of it when it was not."""

from __future__ import annotations

from dataclasses import dataclass

from redway.attainment.measure_values import NotPublished, measure_values, school_year, why_not_held
from redway.core.errors import NotFound
from redway.core.values import Status
from redway.core.words import listed

_PREFIX = "produced/"

MEASURES = {
    "value-added-ks1-ks2": "value added from key stage 1 to key stage 2",
    "value-added-ks2-ks3": "value added from key stage 2 to key stage 3",
    "value-added-ks2-ks4": "value added from key stage 2 to key stage 4",
    "contextual-value-added-ks1-ks2": "contextual value added from key stage 1 to key stage 2",
    "contextual-value-added-ks2-ks4": "contextual value added from key stage 2 to key stage 4",
    "ks2-progress": "progress from key stage 1 to key stage 2",
    "reception-to-ks2-progress": "progress from the Reception Baseline to key stage 2",
    "attainment-8": "Attainment 8",
    "progress-8": "Progress 8",
}
"""Code of each measure -> its name as in a sentence."""


@dataclass(frozen=True)
class MeasureYear:
    """One measure in one school year."""

    measure: str
    year: str
    produced: bool
    """Whether it was produced, or has firmly been announced."""
    words: str
    """What was produced, or why nothing was and what took its place: whole sentences."""
    source: str
    """Where that is said; empty when it is told within the words."""


class NotProduced(NotPublished):
    """A measure that was not produced for a school year."""


def in_year(measure: str, year: str) -> MeasureYear:
    """What is known of a measure in a year. Raises NotFound for no such measure, InvalidPeriod for no year.

    >>> in_year("progress-8", "2018-19").produced
    True
    """
    name = name_of(measure)
    period = school_year(year)
    for entry in measure_values().entries[_PREFIX + measure]:
        if entry.holds_on(period.end):
            produced = entry.status is not Status.UNCONFIRMED
            return MeasureYear(measure, period.label, produced, str(entry.value), entry.source)
    why = why_not_held(_PREFIX + measure, period).replace("it is held", "it was produced")
    return MeasureYear(measure, period.label, False, f"No {name} was produced for {period}: {why}.", "")


def name_of(measure: str) -> str:
    """A measure as in a sentence. Raises NotFound."""
    if measure not in MEASURES:
        raise NotFound(f"There is no measure '{measure}'.", f"There are {listed(MEASURES)}.")
    return MEASURES[measure]


def require_produced(measure: str, year: str) -> MeasureYear:
    """The same. Raises NotProduced, which says why and what there is instead, for a year without."""
    found = in_year(measure, year)
    if not found.produced:
        told = f" ({found.source})" if found.source else ""
        raise NotProduced(
            f"{found.words.removesuffix('.')}{told}.",
            "Compare the pupils with one another instead, and say that it is no published measure.",
        )
    return found


def measures_in(year: str) -> list[MeasureYear]:
    """Every measure in one year, those produced first."""
    return sorted((in_year(measure, year) for measure in MEASURES), key=lambda one: not one.produced)
