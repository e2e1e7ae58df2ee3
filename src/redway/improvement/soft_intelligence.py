"""What is known of a school beside its figures, in a form that has no room for what must not be kept.

A record says what kind of thing happened, when, who said so and how sure that is. There is no field for
words: names, health and the text of complaints belong to personnel, to the complaints procedure or to the
designated officer, and a record that brings them along is refused. Nothing of this enters the score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

from redway.core.errors import RedwayError
from redway.core.words import counted, day_in_words, listed

OLDEST_YEARS = 10
MOST_COMPLAINTS = 999


class IntelligenceRefused(RedwayError):  # noqa: N818 - says what is wrong in the words of the domain
    """A record that may not be kept as it is."""


class Kind(StrEnum):
    """What happened. The list is closed: what is not on it is said at the triage meeting, not written
    here."""

    NEW_HEAD = "new_head"
    ACTING_HEAD = "acting_head"
    NO_HEAD = "no_head"
    LEADERS_LEFT = "leaders_left"
    TEACHERS_LEFT = "teachers_left"
    GOVERNANCE = "governance"
    GOVERNOR_VACANCIES = "governor_vacancies"
    PLACES = "places"
    PREFERENCES = "preferences"
    COMPLAINTS = "complaints"
    FINANCE = "finance"
    EXCLUSIONS = "exclusions"
    SPECIAL_NEEDS = "special_needs"
    STAFFING = "staffing"
    MEDIA = "media"
    SAFEGUARDING_PASSED_ON = "safeguarding_passed_on"

    @property
    def words(self) -> str:
        return _WORDS[self]

    @property
    def is_number(self) -> bool:
        """Whether it is kept as a number, and only as a number."""
        return self is Kind.COMPLAINTS


_WORDS = {
    Kind.NEW_HEAD: "New headteacher",
    Kind.ACTING_HEAD: "Acting headteacher",
    Kind.NO_HEAD: "No headteacher in post",
    Kind.LEADERS_LEFT: "Senior leaders have left",
    Kind.TEACHERS_LEFT: "Many teachers have left",
    Kind.GOVERNANCE: "Concern about governance",
    Kind.GOVERNOR_VACANCIES: "Vacancies on the governing body",
    Kind.PLACES: "Pupil places change",
    Kind.PREFERENCES: "First preferences fall",
    Kind.COMPLAINTS: "Complaints received (number only)",
    Kind.FINANCE: "Financial concern",
    Kind.EXCLUSIONS: "Concern about exclusions",
    Kind.SPECIAL_NEEDS: "Concern about provision for special needs",
    Kind.STAFFING: "Concern raised by personnel services",
    Kind.MEDIA: "In the news",
    Kind.SAFEGUARDING_PASSED_ON: "Safeguarding: passed to the proper channel",
}


class Source(StrEnum):
    """Who said so: a part of the system, never a person."""

    HEAD = "head"
    GOVERNORS = "governors"
    VISIT = "visit"
    PERSONNEL = "personnel"
    FINANCE = "finance"
    ADMISSIONS = "admissions"
    SPECIAL_NEEDS = "special_needs"
    EXCLUSIONS = "exclusions"
    COMPLAINTS = "complaints"
    TRUST_OR_DIOCESE = "trust_or_diocese"
    REGISTER = "register"
    ELSEWHERE = "elsewhere"

    @property
    def words(self) -> str:
        return _SOURCES[self]


_SOURCES = {
    Source.HEAD: "The headteacher",
    Source.GOVERNORS: "The governing body",
    Source.VISIT: "A visit of the authority",
    Source.PERSONNEL: "Personnel services",
    Source.FINANCE: "Schools finance",
    Source.ADMISSIONS: "Admissions",
    Source.SPECIAL_NEEDS: "Special needs service",
    Source.EXCLUSIONS: "Exclusions team",
    Source.COMPLAINTS: "Register of complaints",
    Source.TRUST_OR_DIOCESE: "The trust or diocese",
    Source.REGISTER: "A public register",
    Source.ELSEWHERE: "Elsewhere",
}


class Certainty(StrEnum):
    """How sure it is."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    UNCONFIRMED = "unconfirmed"

    @property
    def words(self) -> str:
        return {"confirmed": "Confirmed", "likely": "Likely", "unconfirmed": "Not confirmed"}[self.value]


@dataclass(frozen=True)
class SoftIntelligence:
    """One thing known of a school. ``number`` is of complaints alone."""

    kind: Kind
    on: date
    source: Source
    certainty: Certainty
    number: int | None = None

    @property
    def sentence(self) -> str:
        """'Acting headteacher, 2 April 2026 (The governing body; confirmed)'."""
        what = f"{self.number} complaints received" if self.kind.is_number else self.kind.words
        if self.number == 1:
            what = "1 complaint received"
        return f"{what}, {day_in_words(self.on)} ({self.source.words}; {self.certainty.words.lower()})"


FIELDS = tuple(field.name for field in fields(SoftIntelligence))


def from_fields(given: Mapping[str, Any], today: date) -> SoftIntelligence:
    """A record from what was sent: ``kind, on, source, certainty`` and, of complaints, ``number``.

    Raises IntelligenceRefused for any other field (there is no place for words about people), for a day that
    has not come or is long past, and for a number where none belongs.
    """
    unknown = sorted(set(given) - set(FIELDS))
    if unknown:
        raise IntelligenceRefused(
            f"Soft intelligence has no place for {listed(unknown)}.",
            "It holds a kind, a day, a source and how sure it is. Names, health and the words of complaints "
            "belong to personnel, the complaints procedure or the designated officer.",
        )
    try:
        kind, source, certainty = (
            Kind(given["kind"]),
            Source(given["source"]),
            Certainty(given["certainty"]),
        )
    except (KeyError, ValueError):
        raise IntelligenceRefused(
            "A kind, a source or how sure it is is missing, or not on the list.", "Choose from the lists."
        ) from None
    on, number = given.get("on"), given.get("number")
    if not isinstance(on, date) or on > today:
        raise IntelligenceRefused("The day is missing or has not come yet.", "Enter the day it happened.")
    if on.year < today.year - OLDEST_YEARS:
        raise IntelligenceRefused(
            f"{day_in_words(on)} is more than {OLDEST_YEARS} years ago.", "It says nothing of the school now."
        )
    if kind.is_number and not (isinstance(number, int) and 0 < number <= MOST_COMPLAINTS):
        raise IntelligenceRefused(
            "Complaints are kept as a number.", f"Enter how many, from 1 to {MOST_COMPLAINTS}."
        )
    if not kind.is_number and number is not None:
        raise IntelligenceRefused(f"'{kind.words}' has no number.", "Leave the number empty.")
    return SoftIntelligence(kind, on, source, certainty, number)


def counting(held: Iterable[SoftIntelligence], day: date, months: int) -> list[SoftIntelligence]:
    """What counts as a concern on a day: of each kind the newest, confirmed or likely, of the last months.

    What was passed to the proper channel is dealt with there and is not counted; neither is a public figure
    of complaints, whose number says little (four immediate inspections came of 3,200 contacts in 2012-13).
    """
    newest: dict[Kind, SoftIntelligence] = {}
    for one in sorted(held, key=lambda one: one.on):
        recent = one.on <= day and _months_between(one.on, day) < months
        if recent and one.certainty is not Certainty.UNCONFIRMED and one.kind not in NOT_COUNTED:
            newest[one.kind] = one
    return list(newest.values())


NOT_COUNTED = frozenset({Kind.SAFEGUARDING_PASSED_ON, Kind.COMPLAINTS})


def counted_in_words(found: list[SoftIntelligence]) -> str:
    """'3 concerns: acting headteacher, financial concern and in the news'."""
    if not found:
        return "No concern counts now"
    return f"{counted(len(found), 'concern')}: {listed([one.kind.words.lower() for one in found])}"


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)
