"""What a vote of the forum came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from redway.core.words import counted
from redway.funding.consultation import ConsultationRefused
from redway.funding.forum_powers import Ballot, Category, Power, Proceedings


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
