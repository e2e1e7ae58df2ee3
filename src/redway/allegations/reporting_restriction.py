"""Section 141F of the Education Act 2002: when nothing may be published that identifies the teacher.

In force since 1 October 2012. It covers teachers at a school accused of an offence by or on behalf of a
registered pupil of that school, until a charge, or until it is lifted or waived.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from redway.core.words import day_in_words

IN_FORCE = date(2012, 10, 1)


@dataclass(frozen=True)
class Restriction:
    """Whether the restriction holds on a day, and the sentence for the banner."""

    holds: bool
    sentence: str


def restriction_on(
    day: date,
    *,
    teacher_at_school: bool,
    offence_alleged: bool,
    by_or_for_registered_pupil: bool,
    charged_on: date | None = None,
    lifted_on: date | None = None,
    waived_on: date | None = None,
) -> Restriction:
    """Does the restriction hold? From the day of charge, lifting or waiver it no longer does."""
    if day < IN_FORCE:
        return Restriction(False, f"Section 141F has been in force since {day_in_words(IN_FORCE)} only.")
    if not teacher_at_school:
        return Restriction(False, "Section 141F covers teachers at a school only.")
    if not offence_alleged:
        return Restriction(False, "Section 141F covers allegations of an offence only.")
    if not by_or_for_registered_pupil:
        return Restriction(False, "Section 141F covers allegations by or for a pupil of the school only.")
    ends = [
        (when, why)
        for when, why in (
            (charged_on, "a charge"),
            (lifted_on, "a court's order"),
            (waived_on, "written consent"),
        )
        if when is not None and when <= day
    ]
    if ends:
        when, why = min(ends)
        return Restriction(False, f"The restriction ended with {why} on {day_in_words(when)}.")
    return Restriction(
        True,
        "Nothing may be published that could identify this teacher (Education Act 2002, section 141F). "
        "That includes what parents post.",
    )
