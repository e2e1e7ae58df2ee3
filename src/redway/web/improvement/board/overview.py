"""What a member of the board with ten minutes needs, and what whoever chairs it has to see to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from redway.core.words import counted, listed
from redway.improvement.escalation import Escalation, Rung
from redway.improvement.rating import Colour
from redway.web.improvement.board.measured import Measured
from redway.web.improvement.board.models import Action, Decision, Evidence, Meeting, Task
from redway.web.improvement.board.plan_read import ActionRead, ObjectiveRead, PlanRead
from redway.web.people.models import Person

_MOST = 5


@dataclass(frozen=True)
class ForBoard:
    """Page one: what to ask, how near the targets, and what was decided."""

    plan: PlanRead
    person: Person | None = None

    @property
    def in_one_sentence(self) -> str:
        """'4 objectives and 9 actions: 1 Red, 3 Amber, 4 Green and 1 not rated.'"""
        count = Counter(one.colour for one in self.plan.actions)
        order = [Colour.RED, Colour.AMBER, Colour.GREEN, Colour.BLUE]
        parts = [f"{count[colour]} {colour}" for colour in order if count[colour]]
        if count[None]:
            parts.append(f"{count[None]} not rated")
        objectives = counted(len(self.plan.objectives), "objective")
        actions = counted(len(self.plan.actions), "action")
        return f"{objectives} and {actions}: {listed(parts)}." if parts else f"{objectives} and {actions}."

    @property
    def next_meeting(self) -> Meeting | None:
        found = Meeting.objects.filter(authority=self.plan.number, held_on__gte=self.plan.today)
        return found.defer("pack", "public_pack").order_by("held_on").first()

    @property
    def last_meeting(self) -> Meeting | None:
        found = Meeting.objects.filter(authority=self.plan.number, held_on__lt=self.plan.today)
        return found.defer("pack", "public_pack").order_by("-held_on").first()

    @property
    def pack(self) -> Meeting | None:
        """The meeting whose pack is to be read: the next one's when it is frozen, else the last one's."""
        if self.next_meeting is not None and self.next_meeting.frozen_at:
            return self.next_meeting
        return self.plan.meetings[-1] if self.plan.meetings else None

    @property
    def measures(self) -> list[tuple[ObjectiveRead, Measured]]:
        """Every measure, the one furthest from its target first."""
        found = [(one, each) for one in self.plan.objectives for each in one.measures]
        return sorted(found, key=lambda one: (one[1].way_done is None, one[1].way_done or 0))

    @property
    def for_board(self) -> list[tuple[ActionRead, Escalation]]:
        return [one for one in self.plan.escalated if one[1].rung is Rung.BOARD]

    @property
    def moved(self) -> list[ActionRead]:
        """Actions whose date moved, the furthest first."""
        found = [
            one for one in self.plan.actions if one.due and one.due.steps and not one.action.completed_on
        ]
        return sorted(found, key=lambda one: -(one.due.days if one.due else 0))[:_MOST]

    @property
    def decisions(self) -> list[Decision]:
        last = self.last_meeting
        return list(last.decisions.select_related("objective", "meeting")) if last else []

    @property
    def own_tasks(self) -> list[Task]:
        found = Task.objects.filter(meeting__authority=self.plan.number, owner=self.person, done_on=None)
        return list(found)

    @property
    def nothing_to_ask(self) -> bool:
        return not (self.plan.watermelons or self.for_board or self.moved)


@dataclass(frozen=True)
class ForDirector(ForBoard):
    """Before the next meeting: what goes up, what waits, what is missing."""

    @property
    def for_sponsors(self) -> list[tuple[ActionRead, Escalation]]:
        return [one for one in self.plan.escalated if one[1].rung is Rung.SPONSOR]

    @cached_property
    def unrated(self) -> list[ActionRead]:
        """Not complete, and not rated since the last pack was frozen."""
        last = self.plan.meetings[-1].frozen_at if self.plan.meetings else None
        return [
            one
            for one in self.plan.actions
            if one.action.completed_on is None
            and (one.rating is None or (last is not None and one.rating.at <= last))
        ]

    @property
    def lowered(self) -> list[ActionRead]:
        """Where the computed floor overrules the owner."""
        return [one for one in self.plan.actions if one.shown.is_lowered]

    @property
    def unsure(self) -> list[ActionRead]:
        """Called Green by an owner who is not confident: a colour to talk about."""
        return [
            one
            for one in self.plan.actions
            if one.colour is Colour.GREEN and one.rating and one.rating.confidence == "low"
        ]

    @property
    def evidence(self) -> list[Evidence]:
        found = Evidence.objects.filter(action__objective__authority=self.plan.number, accepted=None)
        return list(found.filter(action__state="approved").select_related("action__objective"))

    @property
    def drafts(self) -> list[ActionRead]:
        return [
            one
            for each in self.plan.objectives
            for one in each.actions
            if one.action.state == Action.State.DRAFT
        ]

    @property
    def late_tasks(self) -> list[Task]:
        found = Task.objects.filter(meeting__authority=self.plan.number, done_on=None)
        return list(found.filter(due_on__lt=self.plan.today).select_related("owner", "meeting"))

    @property
    def without_measure(self) -> list[ObjectiveRead]:
        return [one for one in self.plan.objectives if not one.measures]
