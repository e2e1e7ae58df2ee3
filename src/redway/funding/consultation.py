"""A consultation with schools: who answered, what they said, and what a vote of the forum came to.

Responses are counted by schools and by the pupils they have, in all and by phase, status and locality. A
group of few respondents could be told apart, so in what is published small groups are put together until the
group is large enough; nothing is then left that could be worked out by taking away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from redway.core.words import counted, listed, percent
from redway.funding.errors import FundingError
from redway.funding.forum_powers import Ballot, Category, Power, Proceedings


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


@dataclass(frozen=True)
class Asked:
    """A school that was asked."""

    school: str
    """Its key."""
    name: str
    phase: str
    status: str
    """'maintained' or 'academy'."""
    locality: str
    pupils: int


@dataclass(frozen=True)
class Share:
    """How many of a group answered: schools, and the pupils they have."""

    group: str
    answered: int
    asked: int
    pupils_answered: int
    pupils_asked: int

    @property
    def of_schools(self) -> float:
        """In percent."""
        return 100 * self.answered / self.asked if self.asked else 0.0

    @property
    def of_pupils(self) -> float:
        """In percent."""
        return 100 * self.pupils_answered / self.pupils_asked if self.pupils_asked else 0.0


@dataclass(frozen=True)
class Counted:
    """One choice of one question: the schools that chose it, and their pupils, in all or of a group."""

    choice: str
    schools: int
    pupils: int
    of_schools: float
    """In percent of the schools that answered the question."""
    of_pupils: float
    """In percent of the pupils of the schools that answered the question."""


@dataclass(frozen=True)
class Comment:
    """Something said in words, with the group of whoever said it where that group is large enough."""

    school: str
    """Key of the school; empty in what is published."""
    group: str
    text: str


@dataclass(frozen=True)
class QuestionAnswered:
    """One question with its answers."""

    question: Question
    answered: int
    counts: tuple[Counted, ...]
    by_group: Mapping[str, tuple[Counted, ...]]
    """Phase (or phases together) -> the counts of that group."""
    comments: tuple[Comment, ...]

    @property
    def leading(self) -> str:
        """The choice most schools made, in a sentence; empty for a question answered in words."""
        if not self.counts or not self.answered:
            return ""
        most = max(one.schools for one in self.counts)
        first = [one for one in self.counts if one.schools == most]
        schools = counted(self.answered, "school")
        if len(first) > 1:
            names = listed(f"'{one.choice}'" for one in first)
            return f"{names} were chosen equally often: {most} of {schools} each."
        return (
            f"'{first[0].choice}' was chosen most: {most} of {schools} ({percent(first[0].of_schools, 0)}), "
            f"with {percent(first[0].of_pupils, 0)} of the pupils of those that answered."
        )


@dataclass(frozen=True)
class Analysis:
    """What a consultation came to."""

    overall: Share
    by_phase: tuple[Share, ...]
    by_status: tuple[Share, ...]
    by_locality: tuple[Share, ...]
    questions: tuple[QuestionAnswered, ...]
    not_answered: tuple[Asked, ...]
    """Schools that have not answered, by name; empty in what is published."""


def analyse(
    questions: Sequence[Question],
    asked: Sequence[Asked],
    responses: Mapping[str, Mapping[str, Answer]],
    smallest_group: int,
    *,
    to_publish: bool = False,
    held_back: Iterable[tuple[str, str]] = (),
) -> Analysis:
    """Count the responses (key of the school -> code of the question -> answer).

    With ``to_publish`` no group has fewer than ``smallest_group`` respondents, comments name no school and
    those of ``held_back`` (school, question) are left out. Raises ConsultationRefused for a response of a
    school that was not asked: it would raise the count above the number asked.
    """
    known = {one.school: one for one in asked}
    if strangers := sorted(set(responses) - set(known)):
        raise ConsultationRefused(
            f"{counted(len(strangers), 'response')} came from schools that were not asked.",
            "Take the schools into the consultation, or take their responses out.",
        )
    who = [one for one in asked if one.school in responses]
    least = smallest_group if to_publish else 0
    phases = grouping(who, lambda one: one.phase, least)
    held = frozenset(held_back) if to_publish else frozenset[tuple[str, str]]()
    return Analysis(
        overall=_share("All schools", asked, responses),
        by_phase=_shares(asked, responses, lambda one: one.phase, least),
        by_status=_shares(asked, responses, lambda one: one.status, least),
        by_locality=_shares(asked, responses, lambda one: one.locality or NO_LOCALITY, least),
        questions=tuple(_answered(one, who, responses, phases, least, held) for one in questions),
        not_answered=()
        if to_publish
        else tuple(sorted((one for one in asked if one.school not in responses), key=lambda one: one.name)),
    )


NO_LOCALITY = "In no locality"


def grouping(who: Sequence[Asked], group_of: Callable[[Asked], str], least: int) -> dict[str, str]:
    """Group -> the name under which it is shown, so that every name has ``least`` respondents or more.

    The smallest groups are put together until they are large enough. With too few respondents in all there is
    no group to show, and the answer is empty.

    >>> phases = ["Primary"] * 9 + ["Secondary", "Special"]
    >>> who = [Asked(str(at), "", phase, "academy", "", 1) for at, phase in enumerate(phases)]
    >>> grouping(who, lambda one: one.phase, 2)
    {'Primary': 'Primary', 'Secondary': 'Secondary and Special', 'Special': 'Secondary and Special'}
    """
    counts = Counter(map(group_of, who))
    if not counts or counts.total() < least:
        return {}
    ordered = sorted(counts, key=lambda group: (counts[group], group))
    together: list[str] = []
    size = 0
    for group in ordered:
        if counts[group] >= least and (not together or size >= least):
            break
        together.append(group)
        size += counts[group]
    name = listed(sorted(together))
    return {group: name if group in together else group for group in sorted(counts)}


def _shares(
    asked: Sequence[Asked],
    responses: Mapping[str, object],
    group_of: Callable[[Asked], str],
    least: int,
) -> tuple[Share, ...]:
    """One share for each group; in what is published, groups with few respondents are put together."""
    who = [one for one in asked if one.school in responses]
    names = grouping(who, group_of, least)
    if not least:
        names = {group: group for group in map(group_of, asked)}
    elif names:
        # A group in which nobody answered says nothing of anybody: it stands by itself.
        names |= {group: group for group in map(group_of, asked) if group not in names}
    shown: dict[str, list[Asked]] = {}
    for one in asked:
        if (name := names.get(group_of(one))) is not None:
            shown.setdefault(name, []).append(one)
    return tuple(_share(name, schools, responses) for name, schools in sorted(shown.items()))


def _share(group: str, asked: Sequence[Asked], responses: Mapping[str, object]) -> Share:
    who = [one for one in asked if one.school in responses]
    return Share(
        group, len(who), len(asked), sum(one.pupils for one in who), sum(one.pupils for one in asked)
    )


def _answered(
    asked: Question,
    who: Sequence[Asked],
    responses: Mapping[str, Mapping[str, Answer]],
    phases: Mapping[str, str],
    least: int,
    held: frozenset[tuple[str, str]],
) -> QuestionAnswered:
    """The answers to one question; ``least`` is 0 for the authority itself, which sees every school."""
    given = [(one, answer) for one in who if (answer := responses[one.school].get(asked.code))]
    if asked.kind is QuestionKind.TEXT:
        comments = tuple(
            Comment("" if least else one.school, phases.get(one.phase, ""), str(text).strip())
            for one, text in given
            if (one.school, asked.code) not in held
        )
        # By what was said and not by who said it: the order must not give a school away.
        ordered = sorted(comments, key=lambda one: (one.group, one.text.casefold()))
        return QuestionAnswered(asked, len(given), (), {}, tuple(ordered))
    if len(given) < least:
        return QuestionAnswered(asked, len(given), (), {}, ())
    # Fewer schools answer a question than respond: the groups are made of those that answered this one.
    names = grouping([one for one, _ in given], lambda one: one.phase, least)
    groups: dict[str, list[tuple[Asked, Answer]]] = {}
    for one, answer in given:
        groups.setdefault(names[one.phase], []).append((one, answer))
    return QuestionAnswered(
        asked,
        len(given),
        _counts(asked, given),
        {name: _counts(asked, one) for name, one in sorted(groups.items())},
        (),
    )


def _counts(asked: Question, given: Sequence[tuple[Asked, Answer]]) -> tuple[Counted, ...]:
    pupils = sum(one.pupils for one, _ in given)

    def count(choice: str) -> Counted:
        chose = [one for one, answer in given if choice == answer or _is_among(choice, answer)]
        theirs = sum(one.pupils for one in chose)
        return Counted(
            choice,
            len(chose),
            theirs,
            100 * len(chose) / len(given) if given else 0.0,
            100 * theirs / pupils if pupils else 0.0,
        )

    return tuple(count(choice) for choice in asked.choices)


def _is_among(choice: str, answer: Answer) -> bool:
    return not isinstance(answer, str) and choice in answer


# --- votes of the forum -------------------------------------------------------------------------------------


class Choice(StrEnum):
    """What a member votes."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"

    @property
    def label(self) -> str:
        return {Choice.FOR: "For", Choice.AGAINST: "Against", Choice.ABSTAIN: "Abstains"}[self]


class Outcome(StrEnum):
    """What a vote came to."""

    CARRIED = "carried"
    LOST = "lost"
    TIED = "tied"
    NO_VOTES = "no votes"
    NOT_QUORATE = "not quorate"

    @property
    def label(self) -> str:
        return {
            Outcome.CARRIED: "Carried",
            Outcome.LOST: "Not carried",
            Outcome.TIED: "Tied",
            Outcome.NO_VOTES: "No vote was cast",
            Outcome.NOT_QUORATE: "The meeting was not quorate",
        }[self]


@dataclass(frozen=True)
class Tally:
    """One count of votes."""

    ballot: Ballot
    entitled: int
    """Members in office who may vote in it."""
    in_favour: int
    against: int
    abstained: int
    outcome: Outcome

    @property
    def carried(self) -> bool:
        return self.outcome is Outcome.CARRIED

    @property
    def words(self) -> str:
        """'6 for, 1 against, 2 abstained: carried'."""
        said = f"{self.in_favour} for, {self.against} against"
        if self.abstained:
            said += f", {self.abstained} abstained"
        return f"{said}: {self.outcome.label[:1].lower()}{self.outcome.label[1:]}"


def tallies(
    power: Power,
    members: Sequence[Category],
    present: int,
    votes: Iterable[tuple[Category, Choice]],
    rules: Proceedings,
) -> tuple[Tally, ...]:
    """Count the votes on a matter, one count for each group that decides apart.

    ``members`` are the categories of all members in office, ``present`` how many of them came. Raises
    ConsultationRefused for a vote of a member who has none on the matter.
    """
    cast = list(votes)
    for category, _ in cast:
        if why := power.refusal(category):
            raise ConsultationRefused("A vote cannot be counted.", why)
    quorate = rules.is_quorate(present, len(members))
    return tuple(_tally(ballot, members, cast, quorate, rules) for ballot in power.ballots)


def _tally(
    ballot: Ballot,
    members: Sequence[Category],
    cast: Sequence[tuple[Category, Choice]],
    quorate: bool,
    rules: Proceedings,
) -> Tally:
    counts = Counter(choice for category, choice in cast if category in ballot.categories)
    entitled = sum(category in ballot.categories for category in members)
    if counts.total() > entitled:
        raise ConsultationRefused(
            f"{counted(counts.total(), 'vote')} were cast where {counted(entitled, 'member')} may vote.",
            "Look whether a member's office has ended, or a vote was entered twice.",
        )
    return Tally(
        ballot,
        entitled,
        counts[Choice.FOR],
        counts[Choice.AGAINST],
        counts[Choice.ABSTAIN],
        _outcome(counts, quorate, rules),
    )


def _outcome(counts: Mapping[Choice, int], quorate: bool, rules: Proceedings) -> Outcome:
    if not quorate:
        return Outcome.NOT_QUORATE
    in_favour, against = counts.get(Choice.FOR, 0), counts.get(Choice.AGAINST, 0)
    if in_favour == against == 0:
        return Outcome.NO_VOTES
    if in_favour == against:
        return Outcome.CARRIED if rules.tie_carries else Outcome.TIED
    return Outcome.CARRIED if in_favour > against else Outcome.LOST
