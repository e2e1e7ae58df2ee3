"""Inspection-readiness by framework: areas, grades, what evidence is asked for, and what a school has.

Frameworks lie in ``values/inspection-frameworks`` with their days, source and how far they may be trusted. A
grade belongs to the framework it was given under and cannot be carried into another. Nothing here predicts a
grade: it says what is prepared and what is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from redway.core.dated_values import DatedValues, Status
from redway.core.errors import NotFound
from redway.core.values import load_values
from redway.core.words import counted, listed, plural
from redway.improvement.errors import GradesNotComparable

_AREAS = ".areas"


@dataclass(frozen=True)
class Area:
    """One area that is judged: what is asked for, and which measures of the catalogue speak to it."""

    code: str
    name: str
    evidence: tuple[str, ...]
    figures: tuple[str, ...]


@dataclass(frozen=True)
class InspectionFramework:
    """A framework with its days; ``last_day`` None while it is in force. Grades run from best to worst."""

    code: str
    title: str
    first_day: date
    last_day: date | None
    grades: tuple[str, ...]
    met_or_not: tuple[str, ...]
    areas: tuple[Area, ...]
    source: str
    status: Status
    note: str

    def area(self, code: str) -> Area:
        """One of its areas. Raises NotFound."""
        found = next((one for one in self.areas if one.code == code), None)
        if found is None:
            raise NotFound(
                f"'{code}' is no area of {self.title}.", f"It has {listed(a.name for a in self.areas)}."
            )
        return found

    def holds_on(self, day: date) -> bool:
        """Whether it was in force."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@cache
def _values() -> DatedValues:
    return load_values(resources.files("redway.improvement") / "values" / "inspection-frameworks")


@cache
def frameworks() -> tuple[InspectionFramework, ...]:
    """Every framework held, the newest first."""
    codes = [name.removesuffix(_AREAS) for name in _values().names() if name.endswith(_AREAS)]
    return tuple(sorted((_read(code) for code in codes), key=lambda one: one.first_day, reverse=True))


def framework(code: str) -> InspectionFramework:
    """A framework by its code. Raises NotFound."""
    found = next((one for one in frameworks() if one.code == code), None)
    if found is None:
        raise NotFound(
            f"There is no inspection framework '{code}'.", f"Held: {listed(f.code for f in frameworks())}."
        )
    return found


def framework_on(day: date) -> InspectionFramework:
    """The framework in force on a day. Raises NotFound where none is held for it."""
    found = next((one for one in frameworks() if one.holds_on(day)), None)
    if found is None:
        raise NotFound("No inspection framework is held for that day.", "Choose one of those held.")
    return found


def _read(code: str) -> InspectionFramework:
    stated = _values().entries[f"{code}{_AREAS}"][0]
    areas = []
    for text in _texts(f"{code}{_AREAS}"):
        area, _, name = text.partition(" ")
        evidence, figures = f"{code}.evidence.{area}", f"{code}.figures.{area}"
        areas.append(Area(area, name, _texts(evidence), _texts(figures)))
    return InspectionFramework(
        code,
        _texts(f"{code}.title")[0],
        stated.start,
        stated.end,
        _texts(f"{code}.grades"),
        _texts(f"{code}.met-or-not"),
        tuple(areas),
        stated.source,
        stated.status,
        stated.note,
    )


def _texts(name: str) -> tuple[str, ...]:
    held = _values().entries.get(name)
    if held is None:
        return ()
    value = held[0].value
    return tuple(str(one) for one in value) if isinstance(value, tuple) else (str(value),)


def refuse_other_grade(held: InspectionFramework, grade: str) -> None:
    """A grade must be one of the framework's own. Raises GradesNotComparable."""
    if grade not in held.grades:
        raise GradesNotComparable(
            f"'{grade}' is no grade of {held.title}.", f"Its grades are {listed(held.grades)}."
        )


@dataclass(frozen=True)
class Prepared:
    """How far a school is prepared in one area: its own judgement, and evidence kept for it."""

    area: Area
    grade: str
    evidence: int

    @property
    def words(self) -> str:
        """What is missing, or that nothing is."""
        if not self.grade:
            return "Not judged yet"
        return "Judged, without evidence" if not self.evidence else "Judged, with evidence"

    @property
    def is_ready(self) -> bool:
        """Judged, and evidence is kept with the judgement."""
        return bool(self.grade) and self.evidence > 0


def prepared(
    held: InspectionFramework, grades: Mapping[str, str], evidence: Mapping[str, int]
) -> tuple[Prepared, ...]:
    """Each area with the school's own grade (area code -> grade) and the number of things kept for it.

    Raises GradesNotComparable for a grade of another framework.
    """
    for grade in grades.values():
        refuse_other_grade(held, grade)
    return tuple(Prepared(a, grades.get(a.code, ""), evidence.get(a.code, 0)) for a in held.areas)


def readiness_words(areas: Sequence[Prepared]) -> str:
    """'4 of 6 areas are judged with evidence. Not judged: Inclusion.'"""
    ready = sum(one.is_ready for one in areas)
    told = f"{ready} of {counted(len(areas), 'area')} {plural(ready, 'is', 'are')} judged with evidence."
    missing = [one.area.name for one in areas if not one.grade]
    bare = [one.area.name for one in areas if one.grade and not one.evidence]
    if missing:
        told += f" Not judged: {listed(missing)}."
    if bare:
        told += f" Without evidence: {listed(bare)}."
    return told
