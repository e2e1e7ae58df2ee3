"""Who has been told: each party yes with a day and by whom, not yet with a reason, or does not apply.

The person the allegation is about is told as soon as possible after the designated officer was consulted,
unless a strategy discussion, the police or social care must agree first. Being told late, or never, is
what the Ombudsman finds most often.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from redway.core.words import day_in_words


class Party(StrEnum):
    """Somebody who may have to be told."""

    SUBJECT = "the person it is about"
    CHILD = "the child"
    PARENTS = "the parents"
    POLICE = "the police"
    SOCIAL_CARE = "social care"
    REGULATOR = "Ofsted or another regulator"
    EMPLOYER = "the employer"
    AGENCY = "the agency"
    PLACING_AUTHORITY = "the placing authority"
    OTHER_OFFICER = "another designated officer"

    @property
    def was(self) -> str:
        """The party with the word that goes with it: 'the parents were'."""
        return f"{self} {'were' if self in (Party.PARENTS, Party.POLICE) else 'was'}"


class Answer(StrEnum):
    """Whether a party was told."""

    UNANSWERED = "not answered"
    YES = "told"
    NOT_YET = "not yet"
    NOT_APPLICABLE = "does not apply"


@dataclass(frozen=True)
class Telling:
    """One line of the grid."""

    answer: Answer = Answer.UNANSWERED
    on: date | None = None
    by: str = ""
    because: str = ""
    """Why not yet, or why it does not apply."""


Grid = Mapping[Party, Telling]


def problems(party: Party, telling: Telling) -> tuple[str, ...]:
    """What is missing in one line; nothing when it may be saved."""
    if telling.answer is Answer.YES:
        found = []
        if telling.on is None:
            found.append(f"Say when {party.was} told.")
        if not telling.by.strip():
            found.append(f"Say who told {party}.")
        return tuple(found)
    if telling.answer is Answer.NOT_YET and not telling.because.strip():
        return (f"Say why {party} has not been told yet.",)
    if telling.answer is Answer.NOT_APPLICABLE and not telling.because.strip():
        return (f"Say why {party} need not be told.",)
    return ()


def not_told(grid: Grid) -> tuple[Party, ...]:
    """Parties of whom a closing case still has to say something: not answered, or not yet told."""
    done = (Answer.YES, Answer.NOT_APPLICABLE)
    return tuple(party for party in Party if grid.get(party, Telling()).answer not in done)


def subject_told_late(grid: Grid, evaluated_on: date, today: date, days: int = 5) -> str:
    """The sentence for the designated officer's list when the person is told late; empty when not.

    It stands there from ``days`` calendar days after the evaluation, unless they were told or a reason for
    the delay is recorded.
    """
    telling = grid.get(Party.SUBJECT, Telling())
    if telling.answer is Answer.YES or telling.because.strip():
        return ""
    if today < evaluated_on + timedelta(days=days):
        return ""
    return (
        f"The person has not been told since the evaluation on {day_in_words(evaluated_on)}, "
        "and no reason is recorded."
    )
