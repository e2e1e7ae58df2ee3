"""The schools most like one: read once for each build and phase, kept while the build is in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from statistics import median

from redway.indicators.bands import FEWEST_FOR_A_BAND
from redway.indicators.similar import Distance, School, SimilarSet, Weights, nearest, variables, weights_on
from redway.indicators.store import SeriesStore
from redway.web.measures.showing import Figure, by_indicator, figures_of
from redway.web.people import permission
from redway.web.register.models import Establishment, Rank
from redway.web.schools.access import Line

SIZE = 30
VARIABLES = variables()
FEWEST_SCHOOLS = 200
"""A school year for which fewer schools have an intake is not used."""


@dataclass(frozen=True)
class Intakes:
    """Whom the open schools of one phase serve, in one school year."""

    period: str
    schools: Mapping[str, School]
    weights: Weights
    names: Mapping[str, tuple[str, str]]
    """URN -> (name, authority number)."""


@dataclass(frozen=True)
class Likeness:
    """The set of schools that one school is compared with, and what it rests on."""

    period: str
    chosen: SimilarSet
    target: School
    intakes: Intakes

    def of(self, distance: Distance) -> School:
        return self.intakes.schools[distance.urn]

    def name(self, urn: str) -> str:
        return self.intakes.names[urn][0]

    def authority(self, urn: str) -> str:
        return self.intakes.names[urn][1]


def likeness_of(line: Line, store: SeriesStore) -> Likeness | None:
    """The schools like this one, or None where too little is known of its intake."""
    school = line.school
    intakes = _intakes(store, store.build, school.phase, permission.today())
    if intakes is None or school.current_urn not in intakes.schools:
        return None
    return _nearest(store, store.build, school.phase, school.current_urn, permission.today())


@lru_cache(maxsize=512)
def _nearest(store: SeriesStore, build: str, phase: str, urn: str, on: date) -> Likeness | None:
    intakes = _intakes(store, build, phase, on)
    assert intakes is not None
    target = intakes.schools[urn]
    if sum(value is not None for value in target.intake.values()) < 2:
        return None
    others = [school for other, school in intakes.schools.items() if other != urn]
    found = nearest(target, others, intakes.weights, intakes.period, SIZE)
    return Likeness(intakes.period, found, target, intakes)


@lru_cache(maxsize=8)
def _intakes(store: SeriesStore, build: str, phase: str, on: date) -> Intakes | None:
    """The latest school year in which enough open schools of the phase have an intake."""
    open_schools = Establishment.objects.filter(school__rank=Rank.OPEN, phase=phase, next_urn="")
    names = {
        urn: (name, number) for urn, name, number in open_schools.values_list("urn", "name", "authority")
    }
    held: dict[str, dict[str, dict[str, float]]] = {}
    for code in VARIABLES:
        for figure in figures_of(store.across("school", code)):
            if figure.value is not None and figure.entity in names:
                held.setdefault(figure.period, {}).setdefault(figure.entity, {})[code] = figure.value
    full = [period for period, schools in held.items() if len(schools) >= min(FEWEST_SCHOOLS, len(names) / 2)]
    complete = [
        period
        for period in full
        if all(any(code in one for one in held[period].values()) for code in VARIABLES)
    ]
    if not complete:
        return None
    period = max(complete)
    schools = {
        urn: School(urn, phase, {code: intake.get(code) for code in VARIABLES})
        for urn, intake in held[period].items()
    }
    ranges = {code: _range([one.intake[code] for one in schools.values()]) for code in VARIABLES}
    return Intakes(period, schools, weights_on(on, ranges), names)


def _range(values: Sequence[float | None]) -> float:
    held = [value for value in values if value is not None]
    return (max(held) - min(held)) or 1.0


def similar_figures(line: Line, codes: Sequence[str], store: SeriesStore) -> Mapping[str, Sequence[Figure]]:
    """Figures of the similar schools, by measure: one reading. Empty where too little is known."""
    likeness = likeness_of(line, store)
    if likeness is None:
        return {}
    return _figures(store, store.build, likeness.chosen.urns, tuple(codes))


@lru_cache(maxsize=512)
def _figures(
    store: SeriesStore, build: str, urns: tuple[str, ...], codes: tuple[str, ...]
) -> Mapping[str, Sequence[Figure]]:
    return by_indicator(figures_of(store.figures("school", urns, codes)))


def similar_median(figures: Sequence[Figure], period: str) -> float | None:
    """Median of the similar schools in a period; None where fewer than eight have a figure."""
    values = [figure.value for figure in figures if figure.period == period and figure.value is not None]
    return median(values) if len(values) >= FEWEST_FOR_A_BAND else None
