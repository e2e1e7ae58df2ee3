"""How long a record is kept, by whom, and what happens then.

Rules differ between holders and areas and are dated data. A legal hold goes before every rule. 'Review'
asks a person and never deletes; 'dispose' may be done after the day; 'remove' takes a summary out of a
personnel file and leaves the designated officer's record as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from redway.allegations.editions import Edition, edition_in_words
from redway.allegations.outcomes import Outcome
from redway.allegations.spans import birthday, months_after
from redway.core.dated_values import DatedValue, Status
from redway.core.errors import ValuesError
from redway.core.words import day_in_words


class Holder(StrEnum):
    """Whose record it is."""

    OFFICER = "officer"
    EMPLOYER = "employer"


class Action(StrEnum):
    """What the rule asks for."""

    KEEP = "keep"
    """Not yet, or not at all: a hold, or a fact that is missing."""
    REVIEW = "review"
    DISPOSE = "dispose"
    REMOVE = "remove"


@dataclass(frozen=True)
class Facts:
    """What the rules ask about one record."""

    allegation_on: date
    closed_on: date | None
    born: date | None = None
    pension_age: int | None = None
    legal_hold: str = ""
    """Why nothing may be disposed of, such as an inquiry; empty when there is no hold."""


@dataclass(frozen=True)
class Retention:
    """What is asked of a record and from which day; ``due`` None means no day can be named."""

    action: Action
    due: date | None
    reason: str
    source: str = ""
    unconfirmed: bool = False

    def is_due(self, on: date) -> bool:
        """Whether something has to be done on a day."""
        return self.action is not Action.KEEP and self.due is not None and self.due <= on


def retention_of(edition: Edition, holder: Holder, outcome: Outcome | None, facts: Facts) -> Retention:
    """The rule for one record. ``outcome`` None is advice that never became a case.

    Where the edition has no rule, or a rule needs a fact that is not recorded, the record is kept and the
    reason says what is missing.
    """
    if facts.legal_hold:
        return Retention(Action.KEEP, None, f"A legal hold: {facts.legal_hold}.")
    name = f"keep-{holder}-{outcome or 'advice'}"
    value = edition.find(name)
    if value is None:
        return Retention(
            Action.KEEP,
            None,
            f"No rule for {outcome or 'advice'} in {edition_in_words(edition.name)}: "
            "choose local rules that have one.",
        )
    basis, years, action = _rule(value)
    due, why = _due(basis, years, facts)
    return Retention(
        Action(action) if due else Action.KEEP,
        due,
        why,
        value.source,
        value.status is Status.UNCONFIRMED,
    )


def _rule(value: DatedValue) -> tuple[str, int, str]:
    match value.value:
        case (str() as basis, int() as years, str() as action):
            return basis, years, action
    raise ValuesError(
        f"'{value.name}' is no rule of retention.", f"Mend {value.file}: basis, years and action."
    )


def _due(basis: str, years: int, facts: Facts) -> tuple[date | None, str]:
    match basis:
        case "closed":
            if facts.closed_on is None:
                return None, "The case is still open."
            return months_after(facts.closed_on, 12 * years), f"{years} years after it was closed."
        case "birth":
            if facts.born is None:
                return None, "The date of birth is not recorded, so no day can be named."
            return birthday(facts.born, years), f"The person's {years}th birthday."
        case "at-once":
            return facts.closed_on, "On closing: it is taken out of the personnel file."
        case "pension-or-allegation":
            return _pension_or(years, facts)
    raise ValuesError(f"'{basis}' is no basis for retention.")


def _pension_or(years: int, facts: Facts) -> tuple[date | None, str]:
    later = months_after(facts.allegation_on, 12 * years)
    if facts.born is None or facts.pension_age is None:
        return None, (
            f"To normal pension age, and not before {day_in_words(later)}. "
            "The date of birth or the pension age is not recorded, so no day can be named."
        )
    pension = birthday(facts.born, facts.pension_age)
    if pension >= later:
        return pension, f"Normal pension age ({facts.pension_age}), later than {day_in_words(later)}."
    return later, f"{years} years after the allegation, later than pension age on {day_in_words(pension)}."
