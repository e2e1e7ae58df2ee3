"""The questions of a consultation with schools, and which answers can be taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from redway.funding.errors import FundingError


class ConsultationRefused(FundingError):  # noqa: N818 - says what is wrong in the words of the domain
    """A question, an answer or a vote that cannot be taken."""


class QuestionKind(StrEnum):
    """How a question is answered."""

    OPTION = "option"
    """One of the options attached to the consultation."""
    YES_NO = "yes-no"
    AGREEMENT = "agreement"
    ONE = "one"
    """One of its own choices."""
    SEVERAL = "several"
    """Any number of its own choices."""
    TEXT = "text"

    @property
    def label(self) -> str:
        return {
            QuestionKind.OPTION: "Which option",
            QuestionKind.YES_NO: "Yes, no or not sure",
            QuestionKind.AGREEMENT: "How far they agree",
            QuestionKind.ONE: "One of several choices",
            QuestionKind.SEVERAL: "Any of several choices",
            QuestionKind.TEXT: "In their own words",
        }[self]

    @property
    def has_own_choices(self) -> bool:
        return self in (QuestionKind.ONE, QuestionKind.SEVERAL)


YES_NO = ("Yes", "No", "Not sure")
AGREEMENT = ("Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "Strongly disagree")
_FEWEST_CHOICES = 2


@dataclass(frozen=True)
class Question:
    """One question. ``choices`` are what may be answered; none for a question answered in words."""

    code: str
    words: str
    kind: QuestionKind
    choices: tuple[str, ...] = ()
    must: bool = False
    """A response without an answer to it cannot be sent."""

    def answer_refusal(self, answer: Answer) -> str:
        """Why an answer cannot be taken; empty when it can."""
        if not answer:
            return f"Answer this question: {self.words}" if self.must else ""
        if self.kind is QuestionKind.TEXT:
            return ""
        given = [answer] if isinstance(answer, str) else list(answer)
        if len(given) > 1 and self.kind is not QuestionKind.SEVERAL:
            return f"Choose one answer: {self.words}"
        strange = [one for one in given if one not in self.choices]
        return f"'{strange[0]}' is not one of the answers to: {self.words}" if strange else ""


Answer = str | Sequence[str]
"""The words of the choice, or a text; for several choices, a list of them. Empty: not answered."""


def question(
    code: str, words: str, kind: QuestionKind, choices: Sequence[str] = (), must: bool = False
) -> Question:
    """A sound question; ``choices`` only for the kinds that have their own, and for the options.

    Raises ConsultationRefused when it has no words, or too few or repeated choices.
    """
    if not words.strip():
        raise ConsultationRefused("A question has no words.", "Write what is asked.")
    given = tuple(one.strip() for one in choices if one.strip())
    if kind is QuestionKind.YES_NO:
        given = YES_NO
    elif kind is QuestionKind.AGREEMENT:
        given = AGREEMENT
    elif kind is QuestionKind.TEXT:
        given = ()
    elif len(given) < _FEWEST_CHOICES:
        what = "options are attached" if kind is QuestionKind.OPTION else "choices are given"
        raise ConsultationRefused(
            f"Too few {what} for: {words}", "A school must be able to choose between two or more."
        )
    if len(set(given)) < len(given):
        raise ConsultationRefused(f"A choice is given twice for: {words}", "Word each choice differently.")
    return Question(code, words.strip(), kind, given, must)
