"""What a grade means under which framework, and which grades may be put in one question.

Ofsted's overall grade was Outstanding, Good, Satisfactory or Inadequate until August 2012; Satisfactory then
became Requires improvement. Overall grades of state-funded schools ended in September 2024, and report cards
of November 2025 have five grades in six areas. Only a named mapping brings two frameworks together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

from redway.core.errors import NotFound
from redway.core.words import listed
from redway.improvement.errors import GradesNotComparable


class Framework(StrEnum):
    """The set of grades an inspection was held under."""

    SATISFACTORY = "overall grade, with satisfactory"
    REQUIRES_IMPROVEMENT = "overall grade, with requires improvement"
    NO_OVERALL_GRADE = "key judgements only"
    REPORT_CARD = "report card"


_STARTS = (
    (date(2025, 11, 10), Framework.REPORT_CARD),
    (date(2024, 9, 2), Framework.NO_OVERALL_GRADE),
    (date(2012, 9, 1), Framework.REQUIRES_IMPROVEMENT),
    (date(2005, 9, 1), Framework.SATISFACTORY),
)


class Grade(IntEnum):
    """Overall grades by their number. Three is Satisfactory or, from September 2012, Requires improvement."""

    OUTSTANDING = 1
    GOOD = 2
    THREE = 3
    INADEQUATE = 4


GRADE_OF = {
    "Outstanding": Grade.OUTSTANDING,
    "Good": Grade.GOOD,
    "Satisfactory": Grade.THREE,
    "Requires improvement": Grade.THREE,
    "Satisfactory or requires improvement": Grade.THREE,
    "Inadequate": Grade.INADEQUATE,
}
"""The words of the committed files."""


@dataclass(frozen=True)
class GradeMapping:
    """A decision about which grades of which frameworks count as the same."""

    code: str
    frameworks: frozenset[Framework]
    below_good: frozenset[int]
    says: str


MAPPINGS: Mapping[str, GradeMapping] = {
    "below-good-2005-2024": GradeMapping(
        "below-good-2005-2024",
        frozenset({Framework.SATISFACTORY, Framework.REQUIRES_IMPROVEMENT}),
        frozenset({Grade.THREE, Grade.INADEQUATE}),
        "Satisfactory and Requires improvement both count as below Good.",
    )
}


def framework_on(day: date) -> Framework:
    """The framework of an inspection that starts on a day. Raises NotFound before September 2005."""
    for start, framework in _STARTS:
        if day >= start:
            return framework
    raise NotFound("Inspections before September 2005 are of another kind.", "Leave them out.")


def one_mapping(days: Iterable[date], code: str | None) -> GradeMapping:
    """The mapping under which inspections of these days may be put in one question.

    Raises GradesNotComparable when there is none, or when it does not cover every framework met.
    """
    met = {framework_on(day) for day in days}
    if code is None:
        raise GradesNotComparable(
            f"These inspections are of {listed(sorted(met))}, and no mapping is named.",
            f"Name one: {listed(sorted(MAPPINGS))}.",
        )
    if code not in MAPPINGS:
        raise NotFound(f"There is no mapping '{code}'.", f"There is {listed(sorted(MAPPINGS))}.")
    mapping = MAPPINGS[code]
    outside = sorted(met - mapping.frameworks)
    if outside:
        raise GradesNotComparable(
            f"'{code}' does not say what a grade under '{outside[0]}' corresponds to.",
            "Ask the question of one framework only, or decide on a mapping and give it a name.",
        )
    return mapping
