"""A plan taken in from a table: every objective, measure and action of it, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from redway.datasets.checked_rows import TableRefused
from redway.improvement.action_plan import SuccessMeasure
from redway.improvement.plan_rows import PlannedAction, PlannedObjective
from redway.web.audit import services as audit
from redway.web.improvement.board.access import KIND, people_of
from redway.web.improvement.board.changing import BoardRefused, next_number, require
from redway.web.improvement.board.models import Action, Measure, Milestone, Objective
from redway.web.improvement.board.objective_services import measure_fields, unit_of
from redway.web.people.models import Person


def import_plan(
    *, actor: Person, authority: str, planned: Sequence[PlannedObjective], now: datetime
) -> list[Objective]:
    """Put every objective at the end of the plan, its actions as drafts to be approved one by one.

    Raises TableRefused naming every line whose owner or sponsor may not own an action here, every indicator
    there is not, and every objective that the plan has already.
    """
    require(actor, "plan.edit", authority)
    people = {one.email.lower(): one for one in people_of(authority)}
    with transaction.atomic():
        held = Objective.objects.select_for_update().filter(authority=authority, state=Objective.State.OPEN)
        titles = {one.title.casefold() for one in held}
        problems = [
            *(
                f"The plan has an objective '{one.title}' already."
                for one in planned
                if one.title.casefold() in titles
            ),
            *_unknown_people(planned, people),
            *_unknown_indicators(planned),
        ]
        if problems:
            raise TableRefused(problems)
        made = [_make(actor, authority, one, people, now) for one in planned]
        counts = {"objectives": len(made), "actions": sum(len(one.actions) for one in planned)}
        audit.record(actor, "board.import_plan", KIND, authority, counts)
    return made


def _unknown_people(planned: Sequence[PlannedObjective], people: dict[str, Person]) -> list[str]:
    return [
        f"Row {action.row}, {column}: nobody with this address may own an action here."
        for one in planned
        for action in one.actions
        for column, address in (("owner", action.owner), ("sponsor", action.sponsor))
        if address not in people
    ]


def _unknown_indicators(planned: Sequence[PlannedObjective]) -> list[str]:
    problems = []
    for one in planned:
        for measure in one.measures:
            if not measure.indicator:
                continue
            try:
                unit_of(measure.indicator)
            except BoardRefused as error:
                problems.append(f"Measure '{measure.name}': {error.message}")
    return problems


def _make(
    actor: Person, authority: str, one: PlannedObjective, people: dict[str, Person], now: datetime
) -> Objective:
    made = Objective.objects.create(
        authority=authority,
        number=next_number(Objective.objects.filter(authority=authority)),
        title=one.title,
        outcome=one.outcome,
        came_from="Imported from a table",
        made_at=now,
        made_by=actor,
    )
    measures = {
        each.name: Measure.objects.create(objective=made, **measure_fields(_with_unit(each)))
        for each in one.measures
    }
    for number, planned in enumerate(one.actions, 1):
        _make_action(made, number, planned, measures, people)
    return made


def _with_unit(measure: SuccessMeasure) -> SuccessMeasure:
    return replace(measure, unit=unit_of(measure.indicator)) if measure.indicator else measure


def _make_action(
    objective: Objective,
    number: int,
    planned: PlannedAction,
    measures: dict[str, Measure],
    people: dict[str, Person],
) -> None:
    action = Action.objects.create(
        objective=objective,
        number=number,
        title=planned.title,
        owner=people[planned.owner],
        sponsor=people[planned.sponsor],
        measure=measures[planned.measure],
        due_on=planned.due_on,
    )
    if planned.milestone and planned.milestone_due_on:
        Milestone.objects.create(
            action=action,
            title=planned.milestone,
            due_on=planned.milestone_due_on,
            first_due_on=planned.milestone_due_on,
        )
