"""The answers of a referral form: what each is called, and reading them into what a case is made of.

Answers are texts by name, as a form has them; ``unknown`` lists the names answered "I don't know", which is
kept as "not known" and shown as missing. ``told`` holds a line of the grid for each party, ``limbs`` the
self-check of the threshold, ``concern`` the number of a low-level concern it is made of, ``works_here``
'yes' or 'no' to whether the person works at the school for which somebody refers. An answer that nobody
gave is simply not there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from redway.allegations import told
from redway.allegations.incidents import Incident, InvalidIncidentError, read_incident, refuse_future
from redway.allegations.outcomes import Category, Sector
from redway.allegations.threshold import Limb
from redway.core.errors import InvalidIdentifier, RedwayError
from redway.core.identifiers import la_code
from redway.core.words import day_in_words, listed

ABOUT_THE_PERSON = (
    "subject_name",
    "subject_other_names",
    "subject_born",
    "subject_sex",
    "subject_ethnicity",
    "subject_address",
    "subject_email",
    "other_work",
    "own_children",
    "previous_concerns",
    "home_authority",
)
ABOUT_THEIR_WORK = (
    "sector",
    "employer",
    "role",
    "basis",
    "started",
    "work_address",
    "work_authority",
    "school",
    "agency",
    "agency_authority",
    "teacher",
    "regulated_activity",
)
ABOUT_THE_ALLEGATION = (
    "words",
    "category",
    "when",
    "place",
    "several_incidents",
    "after_restraint",
    "child_name",
    "child_born",
    "child_address",
    "child_social_worker",
    "made_by",
    "made_by_relation",
    "made_by_pupil",
    "away_from_work",
)
ABOUT_THE_REFERRAL = (
    "known_on",
    "known_time",
    "immediate_risk",
    "actions_so_far",
    "subject_aware",
    "source",
    "wants",
    "mandatory_report",
    "referrer_role",
    "referrer_organisation",
    "referrer_phone",
    "case_manager",
    "case_manager_contact",
)
"""``wants`` is 'referral' or 'advice'; ``made_by_pupil``, ``teacher`` and others like them 'yes' or 'no'."""
NAMES = (*ABOUT_THE_PERSON, *ABOUT_THEIR_WORK, *ABOUT_THE_ALLEGATION, *ABOUT_THE_REFERRAL)
STRUCTURED = ("limbs", "told", "unknown", "authority", "concern", "works_here")
SOURCES = (
    "employer",
    "school",
    "agency",
    "police",
    "social care",
    "health",
    "Ofsted",
    "parent or carer",
    "child",
    "member of the public",
    "another designated officer",
    "self-referral",
    "other",
)
BASES = (
    "permanent",
    "temporary",
    "fixed term",
    "agency or supply",
    "contractor",
    "self-employed",
    "volunteer",
    "casual",
    "foster carer",
    "other",
)
_MUST_BE_KNOWN = {
    "words": "Say what is alleged, in the words in which it was told.",
    "known_on": "Say on which day it became known: the clocks start from it.",
    "sector": "Say in which sector the person works; choose 'other' when none fits.",
}


class ReferralRefusedError(RedwayError):
    """A referral that cannot be sent yet; ``by_answer`` holds a sentence for each answer at fault."""

    def __init__(self, by_answer: Mapping[str, str]) -> None:
        self.by_answer = dict(by_answer)
        self.problems = tuple(self.by_answer.values())
        super().__init__(
            " ".join(self.problems), "What you have written is kept. Put these right and send it."
        )


@dataclass(frozen=True)
class Referral:
    """A referral that may be sent."""

    names: tuple[str, ...]
    born: date | None
    sector: Sector
    category: Category | None
    incident: Incident | None
    known_at: datetime
    known_time_given: bool
    tellings: Mapping[told.Party, told.Telling]
    written: Mapping[str, Any] = field(repr=False)
    """The answers as they were written."""

    def text(self, name: str) -> str:
        """One answer; empty when it was not given or is not known."""
        return str(self.written.get(name, ""))

    def says_yes(self, name: str) -> bool | None:
        """A yes or no; None when it was not given or is not known."""
        return {"yes": True, "no": False}.get(self.text(name))

    def works_at(self, school: str, *, referred_for: bool) -> bool:
        """Whether the person works at a school: the one chosen from the list, or the one it is referred for.

        Who refers for their own school may refer somebody who works elsewhere. Where they do not say, what is
        not education is somewhere else.
        """
        if not (school and referred_for):
            return bool(school)
        return self.text("works_here") == "yes" or (
            self.text("works_here") != "no" and self.sector is Sector.EDUCATION
        )

    def about(self, names: Sequence[str]) -> dict[str, str]:
        """The answers given under these names."""
        return {name: self.text(name) for name in names if self.text(name)}


def tidied(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers without stray spaces, empty ones and names that no form has."""
    texts = {name: str(answers.get(name) or "").strip() for name in NAMES}
    kept: dict[str, Any] = {name: text for name, text in texts.items() if text}
    kept |= {name: answers[name] for name in STRUCTURED if answers.get(name)}
    unknown = [name for name in kept.get("unknown", []) if name in NAMES and name not in kept]
    return kept | ({"unknown": unknown} if "unknown" in kept else {})


def not_known(written: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of answers that are missing: not given, or said not to be known."""
    return tuple(name for name in NAMES if not written.get(name))


def read_referral(answers: Mapping[str, Any], at: datetime) -> Referral:
    """A referral from its answers, as sent at a moment. Raises ReferralRefusedError naming every fault."""
    written = tidied(answers)
    problems = {name: why for name, why in _MUST_BE_KNOWN.items() if name not in written}
    if "subject_name" not in written and "subject_name" not in written.get("unknown", []):
        problems["subject_name"] = "Give the person's name, or say that you do not know it."
    today = timezone.localdate(at)
    incident = _incident(written, today, problems)
    known_at, time_given = _known(written, at, problems)
    if incident and known_at and timezone.localdate(known_at) < incident.first:
        known = day_in_words(timezone.localdate(known_at))
        problems["known_on"] = f"It cannot have become known on {known}, before it happened: {incident.told}."
    tellings = read_tellings(written.get("told", {}), today, problems)
    _words_of(written, "sector", Sector, problems)
    _words_of(written, "category", Category, problems)
    _words_of(written, "source", SOURCES, problems)
    _words_of(written, "basis", BASES, problems)
    for name in ("work_authority", "agency_authority", "home_authority"):
        if name in written:
            written[name] = _authority(name, written[name], problems)
    for limb in written.get("limbs", []):
        if limb not in list(Limb):
            problems["limbs"] = f"'{limb}' is no limb of the threshold."
    if problems:
        raise ReferralRefusedError(problems)
    assert known_at is not None
    others = written.get("subject_other_names", "").replace(";", ",").split(",")
    names = (written.get("subject_name", ""), *others)
    return Referral(
        names=tuple(name.strip() for name in names if name.strip()),
        born=_born(written.get("subject_born", "")),
        sector=Sector(written["sector"]),
        category=Category(written["category"]) if "category" in written else None,
        incident=incident,
        known_at=known_at,
        known_time_given=time_given,
        tellings=tellings,
        written=written,
    )


def read_day(text: str) -> date:
    """A whole day as people write it. Raises InvalidIncidentError for what is no day."""
    found = read_incident(text)
    if not found.is_a_day:
        raise InvalidIncidentError(f"'{found.told}' is no day.", "Write it like 2 April 2026.")
    return found.first


def _incident(written: Mapping[str, Any], today: date, problems: dict[str, str]) -> Incident | None:
    if "when" not in written:
        return None
    try:
        found = read_incident(written["when"])
        refuse_future(found, today)
    except InvalidIncidentError as error:
        problems["when"] = str(error)
        return None
    return found


def _known(
    written: Mapping[str, Any], at: datetime, problems: dict[str, str]
) -> tuple[datetime | None, bool]:
    """When it became known, and whether the time of day was given."""
    if "known_on" not in written:
        return None, False
    try:
        day = read_day(written["known_on"])
    except InvalidIncidentError as error:
        problems["known_on"] = str(error)
        return None, False
    if day > timezone.localdate(at):
        problems["known_on"] = (
            f"It cannot have become known on {day_in_words(day)}, after it was referred on "
            f"{day_in_words(timezone.localdate(at))}."
        )
        return None, False
    if "known_time" not in written:
        return timezone.make_aware(datetime.combine(day, time(0))), False
    try:
        moment = timezone.make_aware(datetime.combine(day, time.fromisoformat(written["known_time"])))
    except ValueError:
        problems["known_time"] = f"'{written['known_time']}' is no time. Write it like 16:30."
        return None, False
    if moment > at:
        problems["known_time"] = "It cannot have become known after it was referred."
        return None, False
    return moment, True


def read_tellings(
    lines: Mapping[str, Mapping[str, str]], today: date, problems: dict[str, str]
) -> dict[told.Party, told.Telling]:
    found = {}
    for word, line in lines.items():
        try:
            party, answer = told.Party(word), told.Answer(line.get("answer") or told.Answer.UNANSWERED)
            on = read_day(line["on"]) if line.get("on") else None
        except InvalidIncidentError as error:
            problems[f"told {word}"] = str(error)
            continue
        except ValueError:
            problems[f"told {word}"] = f"'{word}' is nobody on the list of who is told."
            continue
        telling = told.Telling(answer, on, line.get("by", ""), line.get("because", ""))
        faults = told.problems(party, telling)
        if on is not None and on > today:
            faults = (*faults, f"{day_in_words(on)} has not come yet.")
        if faults:
            problems[f"told {word}"] = " ".join(faults)
        elif answer is not told.Answer.UNANSWERED:
            found[party] = telling
    return found


def _words_of(written: Mapping[str, Any], name: str, allowed: Any, problems: dict[str, str]) -> None:
    if name in written and written[name] not in list(allowed):
        offered = listed([str(word) for word in allowed], "or")
        problems[name] = f"'{written[name]}' is no {name}: choose {offered}."


def _authority(name: str, text: str, problems: dict[str, str]) -> str:
    try:
        return la_code(text)
    except InvalidIdentifier as error:
        problems[name] = str(error)
        return text


def _born(text: str) -> date | None:
    """The day of birth where it is known to the day. What is known less exactly stays as it was written."""
    try:
        return read_day(text)
    except InvalidIncidentError:
        return None
