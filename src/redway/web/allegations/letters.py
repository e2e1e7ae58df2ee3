"""What goes to the person a case is about, on paper: the outcome letter, and the record of what is held."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from redway.allegations.outcomes import Outcome
from redway.allegations.redaction import REDACTED, redact
from redway.core.words import counted, day_in_words, listed
from redway.figures.letters import Entry, Letter, Part
from redway.web.allegations.case_chronology import Entry as Event
from redway.web.allegations.case_chronology import chronology_of
from redway.web.allegations.models import Allegation
from redway.web.allegations.others_named import names_of_others, own_names
from redway.web.allegations.queries import CaseView
from redway.web.allegations.services.changing import ChangeRefusedError, refuse

MEANING = {
    Outcome.SUBSTANTIATED: "There is enough evidence to prove the allegation.",
    Outcome.MALICIOUS: "There is enough evidence to disprove the allegation, and it was meant to deceive.",
    Outcome.FALSE: "There is enough evidence to disprove the allegation.",
    Outcome.UNSUBSTANTIATED: "There is not enough evidence to prove or to disprove the allegation. "
    "It implies neither guilt nor innocence.",
    Outcome.UNFOUNDED: "There is no evidence or proper basis for the allegation.",
}
"""Outcome -> what it means, as the letter says it."""


_OPENING = (
    "This letter tells you the outcome of the allegations about you that were brought to the designated "
    "officer of the authority."
)
_KEPT = (
    "A record of the allegations and of what was found is kept, for as long as the rules on keeping such "
    "records say. You may ask the authority to see what is held about you, and to correct what is wrong."
)


@dataclass(frozen=True)
class Line:
    """One line of the chronology with a key by which it can be left out."""

    key: str
    when: str
    what: str
    words: str


@dataclass(frozen=True)
class Redaction:
    """What is taken out before a record goes to the person: names of others, and whole entries."""

    names: Collection[str]
    left_out: Collection[str] = ()


def first_wording(view: CaseView) -> dict[int, str]:
    """Number of each allegation that stands -> what is alleged, without the names of others."""
    others, own = names_of_others(view), own_names(view)
    return {one.number: redact(one.words, others, own) for one in view.facts.register}


def outcome_letter(view: CaseView, organisation: str, day: date, wording: Mapping[int, str]) -> Letter:
    """The letter that tells the person what was found.

    ``wording`` says for each allegation what is alleged. Raises ChangeRefusedError while an allegation has no
    finding, for one without words, and where a name of somebody else is left.
    """
    refuse(list(letter_problems(view)))
    others, own = names_of_others(view), own_names(view)
    refuse(
        [
            "" if wording.get(one.number, "").strip() else f"Say what allegation {one.number} is."
            for one in view.facts.register
        ]
    )
    refuse(
        [
            f"Allegation {number} still says {REDACTED}: say it without a name, such as 'a pupil'."
            for number, words in wording.items()
            if REDACTED in words
        ]
    )
    named = [number for number, words in wording.items() if redact(words, others, own) != words]
    if named:
        raise ChangeRefusedError(
            [f"Somebody else is named in allegation {listed(list(map(str, named)))}."],
            "Say it without their name: 'a pupil', 'a colleague'.",
        )
    return Letter(
        title="What was found",
        organisation=organisation,
        reference=_reference(view),
        day=day,
        to=own[:1],
        paragraphs=[_OPENING],
        sections=[
            Part(f"Allegation {one.number}", _finding(one, wording[one.number]))
            for one in view.facts.register
        ],
        ending=[
            *_onward(view),
            "Your employer tells you separately of any decision about your work.",
            _KEPT,
        ],
    )


def letter_problems(view: CaseView) -> list[str]:
    """Why the letter cannot be written yet; nothing when it can."""
    open_ones = [one.number for one in view.facts.register if not one.outcome]
    problems = [f"Allegation {number} has no finding yet." for number in open_ones]
    return problems if view.facts.register else ["No allegation is recorded."]


def chronology_lines(view: CaseView, names: Collection[str]) -> list[Line]:
    """Every line of the chronology without the names given."""
    own = own_names(view)
    return [
        Line(_key(one), one.when, redact(one.what, names, own), redact(one.words, names, own))
        for one in chronology_of(view)
    ]


def record_for_the_person(view: CaseView, organisation: str, day: date, redaction: Redaction) -> Letter:
    """What is held about the person, in order, without what is redacted; it says how much was left out."""
    every = chronology_lines(view, redaction.names)
    kept = [one for one in every if one.key not in redaction.left_out]
    left = len(every) - len(kept)
    missing = f" {counted(left, 'entry', 'entries')} about others left out." if left else ""
    return _chronology(
        view,
        organisation,
        day,
        "Record of what is held",
        f"This is what is recorded about you in this case, in order of time. Names of others are replaced "
        f"with [name].{missing}",
        kept,
    )


def chronology_letter(view: CaseView, organisation: str, day: date) -> Letter:
    """The chronology on paper, without the names of others that are known."""
    return _chronology(
        view,
        organisation,
        day,
        "Chronology",
        "Everything recorded that has a day, in order of time. Names of others are replaced with [name].",
        chronology_lines(view, names_of_others(view)),
    )


def _chronology(
    view: CaseView, organisation: str, day: date, title: str, lead: str, lines: Sequence[Line]
) -> Letter:
    entries = [Entry(one.when, one.what, one.words) for one in lines]
    return Letter(
        title=title,
        organisation=organisation,
        reference=_reference(view),
        day=day,
        to=own_names(view)[:1],
        paragraphs=[lead],
        sections=[Part("In order of time", entries=entries)] if entries else [],
    )


def _reference(view: CaseView) -> str:
    return f"Case {view.case.key}"


def _finding(one: Allegation, words: str) -> list[str]:
    outcome = Outcome(one.outcome)
    put = f"It was put to you on {day_in_words(one.put_on)}." if one.put_on else ""
    decided = f", decided on {day_in_words(one.decided_on)}" if one.decided_on else ""
    found = f"Outcome: {outcome.value}{decided}. {MEANING[outcome]}"
    return [words.strip(), *filter(None, [put]), found]


def _onward(view: CaseView) -> list[str]:
    sent = [one.body for one in view.facts.onward if one.decision == "referred"]
    return [f"A referral was made to: {listed(sent)}."] if sent else []


def _key(one: Event) -> str:
    written = "\0".join((one.when, one.what, one.words))
    return hashlib.sha256(written.encode()).hexdigest()[:12]
