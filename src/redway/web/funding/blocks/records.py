"""Where every page of the room begins: the formula in force, its schools, and how the forum voted."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from redway.core.words import day_in_words
from redway.funding.calculation import Budgets
from redway.funding.dedelegation import PRIMARY, SECONDARY
from redway.funding.forum_powers import Matter, Voters
from redway.web.funding.blocks.models import Criteria, Fund, Income, ServiceKind, SharedService, VotedOn
from redway.web.funding.forum.models import Item
from redway.web.funding.ground import Ground, ground_under
from redway.web.funding.models import BlockOfYear, Scenario
from redway.web.funding.rate_fields import label_of
from redway.web.funding.scenarios import current_formula

ALL = "all"
"""Stands for a vote that is not taken by phase."""
_BALLOTS = {PRIMARY: Voters.MAINTAINED_PRIMARY.value, SECONDARY: Voters.MAINTAINED_SECONDARY.value}


@dataclass(frozen=True)
class Formula:
    """The formula in force for a year, and what every school gets under it."""

    scenario: Scenario
    ground: Ground
    budgets: Budgets

    @property
    def unconfirmed(self) -> list[str]:
        """The rates it rests on that nobody has confirmed, as they are called."""
        return [label_of(name) for name in self.budgets.unconfirmed]

    @property
    def source(self) -> str:
        """Where its figures come from, in words."""
        table = self.ground.table
        return f"{self.scenario.name}, schools of version {table.number} ({table.file})"


def formula_of(authority: str, year: str) -> Formula | None:
    """The formula in force; None where none is. Raises what the rates of the year are refused for."""
    scenario = current_formula(authority, year)
    ground = ground_under(scenario) if scenario else None
    if scenario is None or ground is None:
        return None
    return Formula(scenario, ground, ground.of(scenario))


@dataclass(frozen=True)
class Answer:
    """How the forum voted on something: where, in words, and what that means for each phase."""

    words: str
    agreed: dict[str, bool | None]
    """PRIMARY, SECONDARY and ALL -> what was decided; None where nothing is."""
    item: Item | None = None

    @property
    def is_open(self) -> bool:
        return all(held is None for held in self.agreed.values())


def answer_to(one: VotedOn | None) -> Answer:
    """The forum's answer: the decision recorded in the forum's room, or what was written down by hand."""
    if one is None:
        return Answer("Not voted on yet", dict.fromkeys((PRIMARY, SECONDARY, ALL)))
    if one.item is not None:
        return _recorded(one.item)
    primary = one.is_agreed
    secondary = one.is_agreed_by_secondary if isinstance(one, SharedService) else primary
    agreed = {PRIMARY: primary, SECONDARY: secondary, ALL: primary}
    if primary is None and secondary is None:
        return Answer("Not voted on yet", agreed)
    return Answer(one.decided_in, agreed)


def _recorded(item: Item) -> Answer:
    decision = getattr(item, "decision", None)
    when = f"Forum of {day_in_words(item.meeting.held_on)}, item {item.number}"
    if decision is None:
        return Answer(f"{when}: not decided yet", dict.fromkeys((PRIMARY, SECONDARY, ALL)), item)
    votes = {str(one["code"]): one for one in decision.tallies}
    by_phase = {
        phase: bool(votes[ballot]["carried"]) if ballot in votes else decision.agreed
        for phase, ballot in _BALLOTS.items()
    }
    told = [f"{one['ballot']}: {one['words']}" for one in decision.tallies]
    return Answer(f"{when}. {'; '.join(told)}", {**by_phase, ALL: decision.agreed}, item)


def items_on(authority: str, *matters: Matter) -> list[Item]:
    """The items of the forum's agendas on a matter, the latest meeting first."""
    found = Item.objects.filter(meeting__authority=authority, matter__in=[one.value for one in matters])
    return list(found.select_related("meeting", "decision").order_by("-meeting__held_on", "number"))


def item_on_transfer(held: BlockOfYear) -> Item | None:
    """The item of the forum's agendas on exactly this transfer out of exactly this block, if there is one."""
    found = items_on(held.authority, Matter.BLOCK_TRANSFER, Matter.BLOCK_TRANSFER_ABOVE)
    same = (held.transfer_pence, held.block_pence)
    return next((one for one in found if (one.amount_pence, one.block_pence) == same), None)


def services_of(authority: str, year: str) -> QuerySet[SharedService]:
    """The services of a year that were not taken out."""
    found = SharedService.objects.filter(authority=authority, year=year, withdrawn_at__isnull=True)
    return found.select_related("item__meeting", "item__decision")


def income_of(authority: str, year: str) -> Income | None:
    """What the schools block is made of, as last set down."""
    return Income.objects.filter(authority=authority, year=year).first()


def criteria_of(authority: str, year: str, fund: str) -> Criteria | None:
    """The criteria of a fund, as last set down."""
    held = Criteria.objects.filter(authority=authority, year=year, fund=fund)
    return held.select_related("item__meeting", "item__decision").first()


MATTERS = {
    ServiceKind.DE_DELEGATION.value: (Matter.DE_DELEGATION,),
    ServiceKind.EDUCATION_FUNCTIONS.value: (Matter.EDUCATION_FUNCTIONS,),
    Fund.GROWTH.value: (Matter.GROWTH_FUND,),
    Fund.FALLING_ROLLS.value: (Matter.GROWTH_FUND,),
}
"""What is voted on -> the matters of the forum's powers that it comes under."""
