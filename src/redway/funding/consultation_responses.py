"""What schools answered: counted by schools and by their pupils, in all and by phase, status and locality."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from redway.core.words import counted, listed, percent
from redway.funding.consultation import Answer, ConsultationRefused, Question, QuestionKind
from redway.funding.consultation_groups import grouping

NO_LOCALITY = "In no locality"


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
