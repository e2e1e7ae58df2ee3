"""Schools like this one, by intake only: never by results, never by inspection.

The distance is the square root of a weighted mean of squared differences, each as a share of the
variable's range (the form the Department for Education's financial benchmarking uses). A variable that
is missing for either school is left out and said so; it is never filled in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from redway.core.errors import NotEnoughData, RedwayError
from redway.core.values import DatedValues, load_values

RESULT_WORDS = (
    "attainment",
    "progress",
    "ks1",
    "ks2",
    "ks4",
    "ks5",
    "inspection",
    "absence",
    "ofsted",
    "exclusion",
)
"""A variable whose name holds one of these describes how a school does, not whom it serves."""


class SimilarSetError(RedwayError):
    """A set of similar schools that contains the school itself, a school twice, or a forbidden variable."""


@dataclass(frozen=True)
class Weights:
    """Variables with weights and ranges, in force from a day. Ranges put every variable on one scale."""

    name: str
    from_day: date
    weights: Mapping[str, float]
    ranges: Mapping[str, float]

    def __post_init__(self) -> None:
        for variable, weight in self.weights.items():
            if any(word in variable.split("-") for word in RESULT_WORDS):
                raise SimilarSetError(
                    f"'{variable}' says how a school does, not whom it serves.", "Use intake variables only."
                )
            if weight <= 0 or self.ranges.get(variable, 0) <= 0:
                raise SimilarSetError(
                    f"'{variable}' needs a weight and a range above zero.", "Correct the weights."
                )


@cache
def _values() -> DatedValues:
    return load_values(resources.files("redway.indicators") / "values")


def variables() -> tuple[str, ...]:
    """Codes of the measures of intake that have a weight, heaviest first."""
    entries = _values().entries
    return tuple(sorted(entries, key=lambda name: (-float(str(entries[name][-1].value)), name)))


def weights_on(day: date, ranges: Mapping[str, float]) -> Weights:
    """The weights in force on a day, over the given ranges (variable -> largest less smallest value).

    Raises ValuesError before the first day for which weights are held.
    """
    held = {name: _values().value_on(name, day) for name in variables()}
    first = next(iter(held.values()))
    weights = {name: float(_values().number_on(name, day)) for name in held}
    return Weights(first.source, max(value.start for value in held.values()), weights, ranges)


@dataclass(frozen=True)
class School:
    """The intake of one school: variable -> value, None when missing."""

    urn: str
    phase: str
    intake: Mapping[str, float | None]


@dataclass(frozen=True)
class Distance:
    """How far one school's intake is from the target's, and what it rests on."""

    urn: str
    distance: float
    parts: Mapping[str, float]
    """Variable -> its share of the squared distance (adds up to 1, or is empty when the distance is 0)."""
    used: int
    of: int

    @property
    def words(self) -> str:
        return f"distance on {self.used} of {self.of} variables"


@dataclass(frozen=True)
class SimilarSet:
    """The nearest schools, frozen: kept with the report that used it and never redrawn behind its back."""

    target: str
    phase: str
    year: str
    weights: str
    nearest: tuple[Distance, ...]
    not_placed: tuple[str, ...]
    """URNs of schools with too few variables to place."""

    @property
    def urns(self) -> tuple[str, ...]:
        return tuple(one.urn for one in self.nearest)


def distance(target: School, other: School, weights: Weights) -> Distance:
    """Distance between two intakes. Raises NotEnoughData when less than half of the weight can be used.

    With some variables missing the rest are weighted up, so that distances stay on one scale.
    """
    squares: dict[str, float] = {}
    used_weight = 0.0
    for variable, weight in weights.weights.items():
        mine, theirs = target.intake.get(variable), other.intake.get(variable)
        if mine is None or theirs is None:
            continue
        squares[variable] = weight * ((mine - theirs) / weights.ranges[variable]) ** 2
        used_weight += weight
    if used_weight < sum(weights.weights.values()) / 2:
        raise NotEnoughData(
            f"{other.urn} and {target.urn} share only {len(squares)} of {len(weights.weights)} variables.",
            "See the data gaps of both schools.",
        )
    total = sum(squares.values())
    parts = {variable: square / total for variable, square in squares.items()} if total else {}
    scale = sum(weights.weights.values()) / used_weight
    return Distance(other.urn, (total * scale) ** 0.5, parts, len(squares), len(weights.weights))


def nearest(
    target: School, others: Sequence[School], weights: Weights, year: str, size: int = 50
) -> SimilarSet:
    """The ``size`` nearest schools of the same phase. Equal distances are ordered by URN.

    Raises SimilarSetError when the target or a school twice is among ``others``.
    """
    urns = [school.urn for school in others]
    check_set(target.urn, urns)
    placed, not_placed = [], []
    for school in others:
        if school.phase != target.phase:
            continue
        try:
            placed.append(distance(target, school, weights))
        except NotEnoughData:
            not_placed.append(school.urn)
    placed.sort(key=lambda one: (round(one.distance, 12), one.urn))
    return SimilarSet(
        target.urn, target.phase, year, weights.name, tuple(placed[:size]), tuple(sorted(not_placed))
    )


def check_set(target: str, members: Sequence[str]) -> None:
    """Refuse a comparison set that holds the target or a member twice. Raises SimilarSetError."""
    if target in members:
        raise SimilarSetError(f"{target} is in its own comparison set.", "Take it out.")
    if doubled := sorted({urn for urn in members if list(members).count(urn) > 1}):
        raise SimilarSetError(f"The comparison set holds {', '.join(doubled)} twice.", "Take the copies out.")


def leaving_one_out(values: Mapping[str, float]) -> Mapping[str, float]:
    """How the mean of a set changes when each member is left out: member -> change. Needs two members."""
    if len(values) < 2:
        raise NotEnoughData("Leaving one out needs at least two schools.", "Use a larger set.")
    total, n = sum(values.values()), len(values)
    return {urn: (total - value) / (n - 1) - total / n for urn, value in values.items()}


def change_of_set(old: SimilarSet, new: SimilarSet) -> str:
    """The note a chart carries where the set was renewed; empty when the members are the same."""
    left, joined = set(old.urns) - set(new.urns), set(new.urns) - set(old.urns)
    if not left and not joined:
        return ""
    return (
        f"Break in {new.year}: {len(left)} of {len(old.urns)} similar schools of {old.year} were replaced; "
        f"earlier figures keep the earlier set."
    )
