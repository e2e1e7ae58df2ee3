"""The plan as it is shown on a day: read once for pages, packs and the lines of the first page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import Prefetch

from redway.core.words import counted
from redway.improvement.action_plan import lacking
from redway.improvement.board_pack import read_pack
from redway.improvement.dates_moved import Moved
from redway.improvement.escalation import Escalation, escalation
from redway.improvement.rating import (
    Colour,
    RatingRules,
    Shown,
    floor_of,
    prior_words,
    rating_rules,
    recorded_words,
    shown,
    worst,
)
from redway.improvement.travel import Travel, travel
from redway.improvement.watermelon import watermelon
from redway.web.improvement.board.action_services import Doing, drafted, standing_of
from redway.web.improvement.board.measured import Measured, series_of
from redway.web.improvement.board.models import Action, Measure, Meeting, Milestone, Objective, Rating, Risk
from redway.web.measures.showing import Figure

History = Mapping[str, Sequence[tuple[date, Colour | None]]]
"""Key of an action or objective -> (meeting, colour shown in its pack), oldest first."""
_OF_MEASURES = ("measures__readings", "measures__changes__by")


@dataclass(frozen=True)
class ActionRead:
    """One action as it stands on a day."""

    action: Action
    today: date
    rules: RatingRules
    history: Sequence[tuple[date, Colour | None]] = ()

    @property
    def number(self) -> str:
        return f"{self.action.objective.number}.{self.action.number}"

    @property
    def is_pursued(self) -> bool:
        return self.action.state == Action.State.APPROVED

    @cached_property
    def rating(self) -> Rating | None:
        """The owner's newest view."""
        found = list(self.action.ratings.all())
        return found[-1] if found else None

    @cached_property
    def shown(self) -> Shown:
        if not self.is_pursued:
            return Shown(None, None, ())
        view = Colour(self.rating.colour) if self.rating else None
        return shown(view, floor_of(standing_of(self.action, self.today), self.today, self.rules))

    @property
    def colour(self) -> Colour | None:
        return self.shown.colour

    @property
    def prior(self) -> list[tuple[date, Colour]]:
        """The colours it had in frozen packs, oldest first."""
        return [(day, colour) for day, colour in self.history if colour is not None]

    @property
    def prior_words(self) -> str:
        return prior_words(self.prior)

    @property
    def travel(self) -> Travel:
        return travel(self.history)

    @property
    def escalation(self) -> Escalation | None:
        done = self.action.completed_on is not None or not self.is_pursued
        return None if done else escalation(self.history, self.rules, self.today)

    def at_meeting(self, held_on: date) -> ActionRead:
        """The same with its colour of today as that of a meeting: how the pack of that meeting shows it."""
        return replace(self, history=(*self.history, (held_on, self.colour)))

    @property
    def due(self) -> Moved | None:
        """The due date and how it came there."""
        if self.action.due_on is None:
            return None
        first = self.action.first_due_on or self.action.due_on
        steps = [one.after for one in self.action.moves.all() if one.milestone_id is None]
        return Moved(first, steps)

    @property
    def lacks(self) -> tuple[str, ...]:
        """What keeps a draft from being approved."""
        one = self.action
        return lacking(drafted(one.title, Doing(one.title, one.owner, one.sponsor, one.measure, one.due_on)))

    @property
    def is_overdue(self) -> bool:
        one = self.action
        return self.is_pursued and one.completed_on is None and bool(one.due_on and one.due_on < self.today)

    @property
    def waits_for(self) -> list[Action]:
        """Actions it needs that are not complete."""
        return [one for one in self.action.needs.all() if one.completed_on is None]

    def milestone_due(self, milestone: Milestone) -> Moved:
        """The day of a step and how it came there."""
        steps = [one.after for one in self.action.moves.all() if one.milestone_id == milestone.pk]
        return Moved(milestone.first_due_on, steps)


@dataclass(frozen=True)
class ObjectiveRead:
    """One objective as it stands on a day."""

    objective: Objective
    actions: Sequence[ActionRead]
    measures: Sequence[Measured]
    risks: Sequence[Risk]
    rules: RatingRules
    history: Sequence[tuple[date, Colour | None]] = ()

    @property
    def pursued(self) -> list[ActionRead]:
        return [one for one in self.actions if one.is_pursued]

    @property
    def colour(self) -> Colour | None:
        """The worst colour of its actions: nobody chooses it."""
        return worst([one.colour for one in self.pursued if one.colour is not None])

    def at_meeting(self, held_on: date) -> ObjectiveRead:
        """The same with its colours of today as those of a meeting."""
        return replace(
            self,
            actions=[one.at_meeting(held_on) for one in self.actions],
            history=(*self.history, (held_on, self.colour)),
        )

    @property
    def unrated(self) -> int:
        return sum(one.rating is None for one in self.pursued)

    @property
    def travel(self) -> Travel:
        return travel(self.history)

    @property
    def watermelon(self) -> str:
        behind = {one.measure.name: one.run for one in self.measures}
        return watermelon([one.colour for one in self.pursued], behind, self.rules)

    @property
    def colour_words(self) -> str:
        """'Amber: the worst of 3 actions; 1 is not rated'."""
        held = counted(len(self.pursued), "approved action")
        rest = f"; {self.unrated} not rated by the owner" if self.unrated else ""
        return f"the worst of {held}{rest}" if self.pursued else "no action is approved yet"


@dataclass(frozen=True)
class PlanRead:
    """The plan of an authority on a day."""

    number: str
    today: date
    only: Any = None
    """Key of one objective, to read no more than is shown."""

    @cached_property
    def rules(self) -> RatingRules:
        return rating_rules(self.today)

    @cached_property
    def meetings(self) -> list[Meeting]:
        """Meetings whose pack is frozen, oldest first, without the packs themselves."""
        found = Meeting.objects.filter(authority=self.number, frozen_at__isnull=False)
        return list(found.defer("pack", "public_pack").order_by("held_on"))

    @cached_property
    def history(self) -> History:
        """Every colour of every frozen pack."""
        found: dict[str, list[tuple[date, Colour | None]]] = {}
        for meeting in self.meetings:
            for key, colour in _colours_in(str(meeting.pk), meeting.pack_hash):
                found.setdefault(key, []).append((meeting.held_on, Colour(colour) if colour else None))
        return found

    @cached_property
    def all_objectives(self) -> list[Objective]:
        found = Objective.objects.filter(authority=self.number)
        if self.only is not None:
            found = found.filter(pk=self.only)
        actions = Action.objects.select_related("owner", "sponsor", "measure", "objective").prefetch_related(
            "milestones", "evidence__judged_by", "ratings__by", "moves", "reopenings", "needs__objective"
        )
        return list(
            found.order_by("number").prefetch_related(
                Prefetch("actions", actions.order_by("number")),
                *_OF_MEASURES,
                "risks",
            )
        )

    @cached_property
    def _series(self) -> Mapping[str, Sequence[Figure]]:
        stored: list[Measure] = [one for each in self.all_objectives for one in each.measures.all()]
        return series_of(self.number, stored)

    def _read(self, one: Objective) -> ObjectiveRead:
        actions = [
            ActionRead(action, self.today, self.rules, self.history.get(str(action.pk), ()))
            for action in one.actions.all()
        ]
        measures = [
            Measured(each, self.today, self._series.get(each.indicator, ())) for each in one.measures.all()
        ]
        history = self.history.get(str(one.pk), ())
        return ObjectiveRead(one, actions, measures, list(one.risks.all()), self.rules, history)

    @cached_property
    def objectives(self) -> list[ObjectiveRead]:
        """Those that are pursued."""
        return [self._read(one) for one in self.all_objectives if one.state == Objective.State.OPEN]

    @cached_property
    def withdrawn(self) -> list[Objective]:
        return [one for one in self.all_objectives if one.state == Objective.State.WITHDRAWN]

    def objective(self, key: Any) -> ObjectiveRead:
        """One of them, whatever its state."""
        return next(self._read(one) for one in self.all_objectives if one.pk == key)

    def action(self, key: Any) -> ActionRead:
        """One action, whatever its state."""
        found = (each for one in self.all_objectives for each in self._read(one).actions)
        return next(each for each in found if each.action.pk == key)

    @property
    def actions(self) -> list[ActionRead]:
        return [action for one in self.objectives for action in one.pursued]

    @property
    def escalated(self) -> list[tuple[ActionRead, Escalation]]:
        """What went up, the oldest first."""
        found = [(one, up) for one in self.actions if (up := one.escalation) is not None]
        return sorted(found, key=lambda one: -one[1].age_days)

    @property
    def watermelons(self) -> list[tuple[ObjectiveRead, str]]:
        return [(one, said) for one in self.objectives if (said := one.watermelon)]

    @property
    def recorded(self) -> str:
        """How far the colours since the last frozen pack are in."""
        last = self.meetings[-1].frozen_at if self.meetings else None
        open_ones = [one for one in self.actions if one.action.completed_on is None]
        rated = sum(one.rating is not None and (last is None or one.rating.at > last) for one in open_ones)
        return recorded_words(rated, len(open_ones))


@lru_cache(maxsize=256)
def _colours_in(meeting: str, expected: str) -> tuple[tuple[str, str], ...]:
    """(key, colour) of every objective and action in a frozen pack. A frozen pack never changes."""
    held = read_pack(bytes(Meeting.objects.values_list("pack", flat=True).get(pk=meeting)), expected)
    found = []
    for objective in held["objectives"]:
        found.append((objective["key"], objective["colour"]))
        found += [(action["key"], action["colour"]) for action in objective["actions"]]
    return tuple(found)
