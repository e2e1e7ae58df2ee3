"""The questions of the referral form, section by section: what councils ask between them, in plain words.

Every question may be answered "I don't know", which is kept and shown as missing, except the three without
which there is no case: what is alleged, when it became known, and in which sector the person works.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from redway.allegations.outcomes import Category, Sector
from redway.web.allegations.answers import BASES, SOURCES

Choices = Sequence[tuple[str, str]]
YES_NO: Choices = (("yes", "Yes"), ("no", "No"))
_WHEN = (
    "A day, a month, a season, a term, a year or years: 2 April 2026, March 2019, summer 1998, 1998 to 2001"
)
_BORN = "A day, a month or a year: 10 June 1985, June 1985, 1985. For an age only, years: 1980 to 1985"


class Kind(StrEnum):
    """How a question is answered."""

    LINE = "line"
    WORDS = "words"
    CHOICE = "choice"
    LIST = "list"
    """One of many: a list that opens."""
    WHEN = "when"
    """A day or a range, as it is told."""
    DAY = "day"
    TIME = "time"


@dataclass(frozen=True)
class Question:
    """One question. ``name`` is that of its answer; see ``answers.NAMES``."""

    name: str
    label: str
    help: str = ""
    kind: Kind = Kind.LINE
    choices: Choices = ()
    missing: str = ""
    """What is said when it is left without an answer; empty where it may be left."""
    may_be_unknown: bool = True
    rows: int = 4

    def shown(self, answer: str) -> str:
        """An answer as it is read back."""
        return dict(self.choices).get(answer, answer)


@dataclass(frozen=True)
class Section:
    """One page of the form."""

    slug: str
    title: str
    questions: Sequence[Question] = ()
    about: str = ""


def _same(words: Sequence[str]) -> Choices:
    return [(str(word), str(word)[0].upper() + str(word)[1:]) for word in words]


_SECTORS: Choices = [
    (one.value, "Somewhere else, or I don’t know" if one is Sector.OTHER else one.value.capitalize())
    for one in Sector
]
_CATEGORIES: Choices = [(one.value, one.value.capitalize()) for one in Category]

PERSON = Section(
    "person",
    "The person it is about",
    (
        Question(
            "subject_name",
            "Full name",
            "Of the one person this referral is about",
            missing="Give the full name, or say that you don’t know it",
        ),
        Question("subject_other_names", "Other names they are known by", "With commas between them"),
        Question("subject_born", "Date of birth", _BORN, Kind.WHEN),
        Question("subject_sex", "Sex", "", Kind.CHOICE, _same(("female", "male"))),
        Question(
            "subject_ethnicity",
            "Ethnic group",
            "",
            Kind.CHOICE,
            _same(("Asian or Asian British", "Black or Black British", "mixed", "white", "another group")),
        ),
        Question("subject_address", "Home address", "", Kind.WORDS, rows=3),
        Question("home_authority", "Authority in which they live", "If it is not this one", Kind.LIST),
        Question(
            "subject_email",
            "Work email address",
            "If they have a Redway account under it, the case does not exist for that account",
        ),
        Question(
            "other_work",
            "Other work with children or adults at risk",
            "Paid or not: what they do, and for which organisation",
            Kind.WORDS,
        ),
        Question(
            "own_children",
            "Own children, and children they care for",
            "Names, ages, and how they are related",
            Kind.WORDS,
        ),
        Question(
            "previous_concerns",
            "Earlier allegations or concerns",
            "What, when, and what came of it",
            Kind.WORDS,
        ),
    ),
    "Fill in one form for each person. If the allegation is about two people, send two referrals.",
)
WORK = Section(
    "work",
    "Their work with children",
    (
        Question("school", "School", "If they work at a school of this authority", Kind.LIST),
        Question("works_here", "Do they work at your school?", "", Kind.LIST, YES_NO, may_be_unknown=False),
        Question(
            "sector",
            "Where do they work with children?",
            "",
            Kind.CHOICE,
            _SECTORS,
            missing="Choose where they work with children",
            may_be_unknown=False,
        ),
        Question(
            "employer",
            "Employer or organisation",
            "Who employs or engages them; for foster carers the fostering service",
            missing="Give the employer or organisation, or say that you don’t know it",
        ),
        Question("role", "Their role there", missing="Give their role, or say that you don’t know it"),
        Question(
            "basis",
            "On what basis?",
            "",
            Kind.CHOICE,
            _same(BASES),
            missing="Choose on what basis they work, or say that you don’t know it",
        ),
        Question("agency", "Agency", "If they come through an agency: its name and how to reach it"),
        Question("agency_authority", "Authority in which the agency is", "If it is not this one", Kind.LIST),
        Question("started", "When they started there", _WHEN, Kind.WHEN),
        Question("work_address", "Address of the workplace", "", Kind.WORDS, rows=3),
        Question("work_authority", "Authority in which they work", "If it is not this one", Kind.LIST),
        Question("teacher", "Are they employed or engaged as a teacher?", "", Kind.CHOICE, YES_NO),
        Question(
            "regulated_activity",
            "Is it regulated activity with children?",
            "For example teaching, caring for or supervising children often, or working in a school",
            Kind.CHOICE,
            YES_NO,
        ),
    ),
)
ALLEGATION = Section(
    "allegation",
    "What is alleged",
    (
        Question(
            "words",
            "What is alleged",
            "In the words in which it was told to you: what happened, who was there, who saw it",
            Kind.WORDS,
            missing="Say what is alleged, in the words in which it was told",
            may_be_unknown=False,
            rows=10,
        ),
        Question(
            "category",
            "What kind of harm is it mainly?",
            "",
            Kind.CHOICE,
            _CATEGORIES,
            missing="Choose the kind of harm, or say that you don’t know it",
        ),
        Question(
            "when",
            "When it happened",
            _WHEN,
            Kind.WHEN,
            missing="Say when it happened, or that you don’t know",
        ),
        Question("place", "Where it happened"),
        Question("several_incidents", "Did it happen more than once?", "", Kind.CHOICE, YES_NO),
        Question("after_restraint", "Did it follow an authorised restraint?", "", Kind.CHOICE, YES_NO),
        Question(
            "away_from_work",
            "Was it away from work, and was no child involved?",
            "",
            Kind.CHOICE,
            YES_NO,
        ),
    ),
    "Do not question the child, the person or witnesses to find out more.",
)
CHILD = Section(
    "child",
    "The child, and who said it",
    (
        Question("child_name", "Name of the child or children"),
        Question("child_born", "Date of birth of the child", _BORN, Kind.WHEN),
        Question("child_address", "Address of the child", "", Kind.WORDS, rows=3),
        Question("child_social_worker", "The child’s social worker", "Name and how to reach them"),
        Question("made_by", "Who made the allegation"),
        Question("made_by_relation", "How they are related to the child, and to the person"),
        Question(
            "made_by_pupil",
            "Was it made by a pupil of the school where the person works, or for one?",
            "",
            Kind.CHOICE,
            YES_NO,
        ),
    ),
)
KNOWN = Section(
    "known",
    "When it became known, and what was done",
    (
        Question(
            "known_on",
            "On which day did your organisation come to know of it?",
            "Such as 24 November 2026 or 24/11/2026. The time for referring it runs from then",
            Kind.DAY,
            missing="Say on which day it became known",
            may_be_unknown=False,
        ),
        Question("known_time", "At what time?", "On the 24-hour clock, such as 16:30", Kind.TIME),
        Question("immediate_risk", "Is a child in danger now?", "", Kind.CHOICE, YES_NO),
        Question(
            "actions_so_far",
            "What has been done so far",
            "Such as making a child safe, a call to the police, statements, suspension or other duties",
            Kind.WORDS,
        ),
        Question("subject_aware", "Does the person know of this referral?", "", Kind.CHOICE, YES_NO),
        Question(
            "mandatory_report",
            "Do you report it under a legal duty to report child sexual abuse?",
            "",
            Kind.CHOICE,
            YES_NO,
        ),
    ),
)
TOLD = Section(
    "told",
    "Who has been told",
    about="Tell the person, the child’s parents or others only as agreed with the designated officer.",
)
YOU = Section(
    "you",
    "You and your organisation",
    (
        Question(
            "source",
            "Who brings this to the designated officer?",
            "",
            Kind.CHOICE,
            _same(SOURCES),
            missing="Choose who brings it, or say that you don’t know it",
        ),
        Question("referrer_role", "Your role"),
        Question("referrer_organisation", "Your organisation"),
        Question("referrer_phone", "Your telephone number", "By which you can be reached today"),
        Question("case_manager", "Case manager", "Who will manage the case in your organisation, if not you"),
        Question("case_manager_contact", "How to reach the case manager"),
    ),
)
SECTIONS: Sequence[Section] = (PERSON, WORK, ALLEGATION, CHILD, KNOWN, TOLD, YOU)
WANTS: Choices = (
    ("referral", "Refer an allegation"),
    ("advice", "Ask for advice"),
)


def section_of(slug: str) -> Section | None:
    """The section under an address, if there is one."""
    return next((one for one in SECTIONS if one.slug == slug), None)


def after(section: Section) -> Section | None:
    """The section that follows; None after the last."""
    at = SECTIONS.index(section) + 1
    return SECTIONS[at] if at < len(SECTIONS) else None


def section_asking(name: str) -> Section | None:
    """The section that asks for an answer; ``told ...`` belongs to the list of who was told."""
    if name.startswith("told "):
        return TOLD
    return next((one for one in SECTIONS if any(asked.name == name for asked in one.questions)), None)
