"""Who decides what at a Schools Forum: the authority, the forum or the Department; and which members vote.

The powers are dated values (``values/forum-powers``), each with its source and how far it may be trusted. A
matter that did not exist on a day has no power on it: asking raises ValuesError.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources

from redway.core.values import DatedValue, DatedValues, Status, load_values
from redway.core.words import listed


class Matter(StrEnum):
    """What may come before a forum."""

    FORMULA_CHANGE = "formula-change"
    FORMULA_EXCEPTIONS = "formula-exceptions"
    BLOCK_TRANSFER = "block-transfer"
    BLOCK_TRANSFER_ABOVE = "block-transfer-above"
    DE_DELEGATION = "de-delegation"
    EDUCATION_FUNCTIONS = "education-functions"
    GROWTH_FUND = "growth-fund"
    CENTRAL_BUDGETS = "central-budgets"
    PLACES_AND_CONTRACTS = "places-and-contracts"
    SCHEME = "scheme"
    MEMBERSHIP = "membership"
    VOTING_RULES = "voting-rules"
    CHAIR = "chair"
    GUARANTEE_VARIATION = "guarantee-variation"


class Category(StrEnum):
    """Whom a member of the forum represents."""

    MAINTAINED_PRIMARY = "maintained-primary"
    MAINTAINED_SECONDARY = "maintained-secondary"
    MAINTAINED_SPECIAL = "maintained-special"
    MAINTAINED_NURSERY = "maintained-nursery"
    PUPIL_REFERRAL_UNIT = "pupil-referral-unit"
    ACADEMY = "academy"
    ACADEMY_SPECIAL = "academy-special"
    ACADEMY_ALTERNATIVE = "academy-alternative"
    PRIVATE_NURSERY = "private-nursery"
    SIXTEEN_TO_NINETEEN = "sixteen-to-nineteen"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _CATEGORIES[self]


_CATEGORIES = {
    Category.MAINTAINED_PRIMARY: "Maintained primary schools",
    Category.MAINTAINED_SECONDARY: "Maintained secondary schools",
    Category.MAINTAINED_SPECIAL: "Maintained special schools",
    Category.MAINTAINED_NURSERY: "Maintained nursery schools",
    Category.PUPIL_REFERRAL_UNIT: "Pupil referral units",
    Category.ACADEMY: "Mainstream academies",
    Category.ACADEMY_SPECIAL: "Special academies",
    Category.ACADEMY_ALTERNATIVE: "Alternative provision academies",
    Category.PRIVATE_NURSERY: "Private, voluntary and independent nurseries",
    Category.SIXTEEN_TO_NINETEEN: "Providers of 16 to 19 education",
    Category.OTHER: "Other bodies: dioceses, trade unions and others",
}
_MAINTAINED = frozenset(
    {
        Category.MAINTAINED_PRIMARY,
        Category.MAINTAINED_SECONDARY,
        Category.MAINTAINED_SPECIAL,
        Category.MAINTAINED_NURSERY,
        Category.PUPIL_REFERRAL_UNIT,
    }
)
_SCHOOLS = _MAINTAINED | {Category.ACADEMY, Category.ACADEMY_SPECIAL, Category.ACADEMY_ALTERNATIVE}


class Voters(StrEnum):
    """A group of members who vote on a matter."""

    ALL = "all"
    SCHOOLS = "schools"
    PRIVATE_NURSERIES = "private-nurseries"
    MAINTAINED = "maintained"
    MAINTAINED_PRIMARY = "maintained-primary"
    MAINTAINED_SECONDARY = "maintained-secondary"

    @property
    def label(self) -> str:
        return _VOTERS[self][0]

    @property
    def categories(self) -> frozenset[Category]:
        """The categories of members in the group."""
        return _VOTERS[self][1]


_VOTERS: dict[Voters, tuple[str, frozenset[Category]]] = {
    Voters.ALL: ("all members", frozenset(Category)),
    Voters.SCHOOLS: ("members for schools and academies", _SCHOOLS),
    Voters.PRIVATE_NURSERIES: ("members for private nurseries", frozenset({Category.PRIVATE_NURSERY})),
    Voters.MAINTAINED: ("members for maintained schools of all types", _MAINTAINED),
    Voters.MAINTAINED_PRIMARY: (
        "members for maintained primary schools",
        frozenset({Category.MAINTAINED_PRIMARY}),
    ),
    Voters.MAINTAINED_SECONDARY: (
        "members for maintained secondary schools",
        frozenset({Category.MAINTAINED_SECONDARY}),
    ),
}
_APART = frozenset({Voters.MAINTAINED_PRIMARY, Voters.MAINTAINED_SECONDARY})
"""Groups that decide apart, each for itself."""


@dataclass(frozen=True)
class Ballot:
    """One count of votes: of everybody who votes together. ``code`` is empty where there is only one."""

    code: str
    title: str
    groups: tuple[Voters, ...]

    @property
    def categories(self) -> frozenset[Category]:
        """The categories whose members vote in it."""
        return frozenset(one for group in self.groups for one in group.categories)


class Body(StrEnum):
    """Who has the last word on a matter."""

    AUTHORITY = "authority"
    FORUM = "forum"
    DEPARTMENT = "department"

    @property
    def label(self) -> str:
        return {
            Body.AUTHORITY: "The authority",
            Body.FORUM: "The Schools Forum",
            Body.DEPARTMENT: "The Department for Education",
        }[self]


@dataclass(frozen=True)
class Power:
    """What each may do about one matter on one day."""

    matter: Matter
    title: str
    authority: str
    """'proposes', 'proposes and decides', 'decides' or 'has no part'."""
    forum: str
    """'is consulted', 'decides', 'elects' or 'has no part'."""
    department: str
    """'checks compliance', 'approves', 'decides', 'adjudicates' and so on, or 'has no part'."""
    voters: tuple[Voters, ...]
    sources: tuple[str, ...]
    unconfirmed: tuple[str, ...]
    """Which of its parts were not read in a publication: 'who votes', 'what the forum does'."""

    @property
    def is_unconfirmed(self) -> bool:
        """Whether nothing of it was read in a publication."""
        return len(self.unconfirmed) == len(_PARTS)

    @property
    def decider(self) -> Body:
        """Who decides when nobody refuses."""
        if self.forum in ("decides", "elects"):
            return Body.FORUM
        if self.department in ("decides", "approves"):
            return Body.DEPARTMENT
        return Body.AUTHORITY

    @property
    def may_go_to_department(self) -> bool:
        """Whether the authority may take a refusal, or the matter itself, to the Department."""
        return self.department not in ("has no part", "checks compliance")

    @property
    def ballots(self) -> tuple[Ballot, ...]:
        """The votes that are counted: groups that decide apart have one each, all others vote together."""
        if not self.voters:
            return ()
        if set(self.voters) <= _APART and len(self.voters) > 1:
            return tuple(Ballot(one.value, _capital(one.label), (one,)) for one in self.voters)
        return (Ballot("", _capital(listed(one.label for one in self.voters)), self.voters),)

    def ballot_of(self, category: Category) -> Ballot | None:
        """The vote in which a member of this category takes part; None where they have no vote."""
        return next((one for one in self.ballots if category in one.categories), None)

    def refusal(self, category: Category) -> str:
        """Why a member of this category has no vote on the matter; empty where they have one."""
        if self.ballot_of(category) is not None:
            return ""
        if not self.voters:
            return f"Nobody votes on this: {self.title.lower()}."
        voting = listed(one.label for one in self.voters)
        return f"On this only {voting} vote; this member represents {category.label.lower()}."


def power(matter: Matter, day: date) -> Power:
    """Who decides on a matter on a day. Raises ValuesError when nothing is held for that day."""
    held = forum_values()
    parts = {part: held.value_on(f"{matter}.{part}", day) for part in _PARTS}
    voters = parts["voters"].value
    return Power(
        matter,
        title=str(parts["title"].value),
        authority=str(parts["authority"].value),
        forum=str(parts["forum"].value),
        department=str(parts["dfe"].value),
        voters=tuple(Voters(str(one)) for one in voters) if isinstance(voters, tuple) else (),
        sources=tuple(dict.fromkeys(one.source for one in parts.values())),
        unconfirmed=tuple(words for part, words in _PARTS.items() if _is_unconfirmed(parts[part])),
    )


def _is_unconfirmed(one: DatedValue) -> bool:
    return one.status is Status.UNCONFIRMED


_PARTS = {
    "title": "the matter itself",
    "authority": "what the authority does",
    "forum": "what the forum does",
    "dfe": "what the Department does",
    "voters": "who votes",
}


def powers_on(day: date) -> tuple[Power, ...]:
    """Every power held for a day, in the order of the table."""
    held = forum_values()
    return tuple(
        power(matter, day)
        for matter in Matter
        if any(one.holds_on(day) for one in held.entries.get(f"{matter}.title", ()))
    )


def transfer_limit(day: date) -> Decimal:
    """The share of the schools block, in percent, that may leave it with the forum's approval."""
    return forum_values().number_on("block-transfer.limit", day)


@dataclass(frozen=True)
class Proceedings:
    """When a meeting may decide and what a vote comes to, on one day."""

    quorum: Decimal
    """In percent of the members in office."""
    tie_carries: bool
    smallest_group: int
    """A smaller group of schools that answered is not shown by itself."""
    unconfirmed: tuple[str, ...]
    """What was not read in a publication, in words for a page."""

    def is_quorate(self, present: int, members: int) -> bool:
        """Whether enough members are present."""
        return members > 0 and present * 100 >= self.quorum * members

    def needed(self, members: int) -> int:
        """How many members must be present."""
        return next(count for count in range(members + 1) if members == 0 or self.is_quorate(count, members))


def proceedings(day: date) -> Proceedings:
    """The rules of meetings on a day. Raises ValuesError when none are held for it."""
    held = forum_values()
    rules = [held.value_on(name, day) for name in ("quorum", "majority", "tie", "smallest-group")]
    return Proceedings(
        held.number_on("quorum", day),
        held.text_on("tie", day) == "carried",
        held.whole_number_on("smallest-group", day),
        tuple(_in_words(one) for one in rules if _is_unconfirmed(one)),
    )


def _in_words(one: DatedValue) -> str:
    unit = f" {one.unit}" if one.unit else ""
    return f"{_capital(one.name.replace('-', ' '))}: {one.value}{unit}. {one.source}."


@cache
def forum_values() -> DatedValues:
    """The dated values of the forum."""
    return load_values(resources.files("redway.funding") / "values" / "forum-powers")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
