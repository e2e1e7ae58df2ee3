"""A consultation and its meetings as they are shown: read once for pages, papers and packs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from redway.core.money import Money
from redway.core.words import day_in_words, listed
from redway.figures.chart import Chart, Measure
from redway.figures.comparison import Compared, comparison_chart
from redway.figures.table import Column, Row, Table
from redway.figures.theme import PAGE, Role
from redway.funding.consultation_responses import Analysis, analyse
from redway.funding.forum_powers import Body, Matter, Power, power, proceedings
from redway.funding.transfers import route_of
from redway.web.funding.forum.asking import from_json
from redway.web.funding.forum.consultation_services import is_open, questions_of
from redway.web.funding.forum.frozen import thaw
from redway.web.funding.forum.meeting_services import power_of, tallies_of
from redway.web.funding.forum.models import Action, Consultation, Decision, Item
from redway.web.funding.forum.tables import Shown, change_per_pupil_by_phase
from redway.web.register.models import School


@dataclass(frozen=True)
class Read:
    """One consultation with everything in it, as it stands on a day."""

    consultation: Consultation
    today: date

    @cached_property
    def options(self) -> list[Shown]:
        return [Shown(one.title, one.about, thaw(one.frozen)) for one in self.consultation.options.all()]

    @property
    def paragraphs(self) -> list[str]:
        """The paper, paragraph by paragraph."""
        return [" ".join(part.split()) for part in self.consultation.paper.split("\n\n") if part.strip()]

    @property
    def made_up(self) -> bool:
        """Whether an option stands on made-up rolls."""
        return any(option.frozen.made_up for option in self.options)

    @property
    def is_open(self) -> bool:
        return is_open(self.consultation, self.today)

    @cached_property
    def power(self) -> Power:
        return power(Matter(self.consultation.matter), self.consultation.closes_on)

    @cached_property
    def items(self) -> list[Item]:
        """The agenda items on it, latest meeting first."""
        found = self.consultation.items.select_related("meeting", "decision", "consultation")
        return list(found.order_by("-meeting__held_on", "number"))

    @property
    def standing(self) -> tuple[str, str]:
        """(word, colour of its tag)."""
        State = Consultation.State  # noqa: N806 - a class
        match self.consultation.state:
            case State.DRAFT:
                return "Draft", "grey"
            case State.WITHDRAWN:
                return "Withdrawn", "red"
            case State.ANALYSED:
                decided = any(hasattr(one, "decision") for one in self.items)
                return ("Decided", "green") if decided else ("Responses published", "blue")
        return ("Open", "yellow") if self.is_open else ("Closed", "grey")

    def analysis(self, *, to_publish: bool) -> Analysis:
        """The responses sent so far, counted; ``to_publish`` without what would tell a school apart."""
        held = {one.school: one.sent for one in self.consultation.responses.filter(sent_at__isnull=False)}
        smallest = proceedings(self.consultation.closes_on).smallest_group
        return analyse(
            questions_of(self.consultation),
            from_json(self.consultation.asked),
            held,
            smallest,
            to_publish=to_publish,
            held_back=[(school, code) for school, code in self.consultation.held_back],
        )

    def charts(self, width: int = PAGE) -> list[Chart]:
        """One for each option: the change a pupil, by phase."""
        measure = Measure("change a pupil", "pounds", 0)
        return [
            comparison_chart(
                f"{option.title}: how much more or less does each phase get for a pupil?",
                measure,
                [
                    Compared(phase, change, role=Role.HIGHLIGHTED)
                    for phase, change in change_per_pupil_by_phase(option.frozen)
                ],
                width=width,
            )
            for option in self.options
            if change_per_pupil_by_phase(option.frozen)
        ]


def urns_of(school: School) -> list[str]:
    """The numbers a school has or had."""
    return list(school.establishments.values_list("urn", flat=True))


def who_decides(held: Power) -> str:
    """One sentence: who decides, and what the others do.

    'The Schools Forum decides. The authority proposes; the Department adjudicates.'
    """
    parts = []
    if held.decider is not Body.AUTHORITY and held.authority != "has no part":
        parts.append(f"the authority {held.authority}")
    if held.decider is not Body.FORUM and held.forum != "has no part":
        parts.append(f"the forum {held.forum}")
    if held.decider is not Body.DEPARTMENT and held.department != "has no part":
        parts.append(f"the Department {held.department}")
    rest = listed(parts)
    told = f" {rest[:1].upper()}{rest[1:]}." if rest else ""
    return f"{held.decider.label} decides.{told}"


def transfer_words(item: Item) -> str:
    """Why a transfer is decided by whom it is; empty for anything else."""
    if item.amount_pence is None or item.block_pence is None:
        return ""
    return route_of(Money(item.block_pence), Money(item.amount_pence), item.meeting.held_on).why


def decision_of(item: Item) -> Decision | None:
    """The decision on an item, if one is recorded."""
    return Decision.objects.filter(item=item).first() if not hasattr(item, "decision") else item.decision


def decision_rows(decision: Decision, today: date) -> list[tuple[str, str]]:
    """A decision as a list to read."""
    outcome = {True: "Agreed", False: "Not agreed", None: "Waits for the Department"}[decision.agreed]
    rows = [
        ("Outcome", outcome),
        ("Decided by", Body(decision.decided_by).label),
        ("In words", decision.words),
    ]
    rows += [(str(one["ballot"]), str(one["words"])) for one in decision.tallies]
    if decision.against_view:
        rows.append(("The authority decides against the forum's view, because", decision.because))
    if decision.asked_department_on:
        rows.append(("The Department was asked", day_in_words(decision.asked_department_on)))
        if decision.department_answered_on:
            said = f"{day_in_words(decision.department_answered_on)}. {decision.department_words}".strip()
            rows.append(("It answered", said))
        elif decision.answer_due_on:
            late = " It is late." if decision.answer_due_on < today else ""
            rows.append(("Its answer is needed by", f"{day_in_words(decision.answer_due_on)}.{late}"))
    return rows


def decisions_table(items: Sequence[Item]) -> Table:
    """What is to be decided or was, and who decides."""
    columns = [
        Column("meeting", "Meeting"),
        Column("item", "Item"),
        Column("proposal", "Proposal"),
        Column("decides", "Who decides"),
        Column("votes", "Votes"),
        Column("outcome", "Decision"),
    ]
    rows: list[Row] = []
    for item in items:
        held = power_of(item)
        if held is None:
            continue
        decision = decision_of(item)
        votes = (
            [f"{one['ballot']}: {one['words']}" for one in decision.tallies]
            if decision
            else [f"{one.ballot.title}: {one.words}" for one in tallies_of(item)]
            if item.votes.exists()
            else []
        )
        rows.append(
            {
                "meeting": day_in_words(item.meeting.held_on),
                "item": item.title,
                "proposal": item.proposal,
                "decides": who_decides(held),
                "votes": "; ".join(votes) or "No vote yet",
                "outcome": decision.words if decision else "To be decided",
            }
        )
    return Table("Decisions", columns, rows)


def actions_of(consultation: Consultation) -> list[Action]:
    """The actions of the meetings at which a consultation was on the agenda."""
    return list(Action.objects.filter(meeting__items__consultation=consultation).distinct())
