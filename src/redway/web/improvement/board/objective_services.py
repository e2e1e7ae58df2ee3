"""Changes of objectives, their measures, readings and risks: each in one transaction with its audit row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from redway.core.errors import NotFound
from redway.core.words import day_in_words
from redway.improvement.action_plan import Polarity, SuccessMeasure
from redway.improvement.rebaselined import NUMBERS, require_rebaselining
from redway.indicators.catalogue import load_catalogue
from redway.web.audit import services as audit
from redway.web.improvement.board.changing import BoardRefused, locked, next_number, require, words
from redway.web.improvement.board.measured import success_measure
from redway.web.improvement.board.models import (
    Decision,
    Evidence,
    Measure,
    MeasureChange,
    Objective,
    Rating,
    Reading,
    Risk,
)
from redway.web.people.models import Person

_KIND = "improvement objective"
State = Objective.State


@dataclass(frozen=True)
class Aim:
    """An objective as it is written."""

    title: str
    outcome: str
    came_from: str = ""
    came_from_key: str = ""
    restricted: bool = False


def begin_objective(*, actor: Person, authority: str, aim: Aim, now: datetime) -> Objective:
    """Put an objective into the plan of an authority, at its end.

    ``aim.came_from_key`` names what it follows from ("review recommendation:17"); what has an objective
    already is refused, so that handing it over twice makes no second one.
    """
    require(actor, "plan.edit", authority)
    title, outcome = _written(aim)
    with transaction.atomic():
        found = Objective.objects.select_for_update().filter(authority=authority)
        if aim.came_from_key and found.filter(came_from_key=aim.came_from_key).exists():
            raise BoardRefused("It has an objective in the plan already.", "Open that one.")
        made = Objective.objects.create(
            authority=authority,
            number=next_number(found),
            title=title,
            outcome=outcome,
            came_from=aim.came_from.strip(),
            came_from_key=aim.came_from_key,
            restricted=aim.restricted,
            made_at=now,
            made_by=actor,
        )
        audit.record(actor, "board.begin_objective", _KIND, made.pk, _of(made))
    return made


def edit_objective(*, actor: Person, objective: Objective, revision: int, aim: Aim) -> Objective:
    """Change its words, or whether it is restricted. Raises ChangedMeanwhile."""
    require(actor, "plan.edit", objective.authority)
    title, outcome = _written(aim)
    with transaction.atomic():
        found = _pursued(objective, revision)
        found.title, found.outcome, found.restricted = title, outcome, aim.restricted
        found.came_from = aim.came_from.strip()
        found.save(update_fields=["title", "outcome", "came_from", "restricted", "revision"])
        audit.record(actor, "board.edit_objective", _KIND, found.pk, _of(found))
    return found


def withdraw_objective(
    *, actor: Person, objective: Objective, revision: int, reason: str, today: date
) -> Objective:
    """Stop pursuing it. It stays in the record, with the reason."""
    require(actor, "plan.edit", objective.authority)
    reason = words(reason, "A withdrawal needs a reason.", "Say why it is no longer pursued.")
    with transaction.atomic():
        found = _pursued(objective, revision)
        found.state, found.withdrawn_reason, found.withdrawn_on = State.WITHDRAWN, reason, today
        found.save(update_fields=["state", "withdrawn_reason", "withdrawn_on", "revision"])
        audit.record(actor, "board.withdraw_objective", _KIND, found.pk, _of(found))
    return found


def delete_objective(*, actor: Person, objective: Objective, revision: int) -> None:
    """Take away an objective that was begun by mistake. Refused once progress is recorded on it.

    Refused too where it answers a recommendation: that was handed over once, and would be left unanswered.
    """
    require(actor, "plan.edit", objective.authority)
    with transaction.atomic():
        found = locked(Objective, objective.pk, revision)
        if found.came_from_key:
            raise BoardRefused(
                "This objective answers a recommendation, so it cannot be deleted.",
                "Withdraw it with a reason: the reason is the answer then.",
            )
        if has_progress(found):
            raise BoardRefused(
                "Progress is recorded on this objective, so it cannot be deleted.",
                "Withdraw it with a reason: it stays in the record.",
            )
        details, key = _of(found), found.pk
        found.delete()
        audit.record(actor, "board.delete_objective", _KIND, key, details)


def may_be_deleted(objective: Objective) -> bool:
    """Whether it may be taken away; any other is withdrawn."""
    return not objective.came_from_key and not has_progress(objective)


def has_progress(objective: Objective) -> bool:
    """Whether anything was recorded: an approved action, a colour, evidence, a reading or a decision."""
    return (
        objective.state == State.WITHDRAWN
        or objective.actions.exclude(state="draft").exists()
        or Rating.objects.filter(action__objective=objective).exists()
        or Evidence.objects.filter(action__objective=objective).exists()
        or Reading.objects.filter(measure__objective=objective).exists()
        or Decision.objects.filter(objective=objective).exists()
    )


def add_measure(*, actor: Person, objective: Objective, revision: int, measure: SuccessMeasure) -> Measure:
    """Say how it will be known. Raises BoardRefused for an indicator that there is not for authorities."""
    require(actor, "plan.edit", objective.authority)
    if measure.indicator:
        measure = replace(measure, unit=unit_of(measure.indicator))
    with transaction.atomic():
        found = _pursued(objective, revision)
        if found.measures.filter(name__iexact=measure.name.strip()).exists():
            raise BoardRefused("There is a measure of that name.", "Give it another name.")
        made = Measure.objects.create(objective=found, **measure_fields(measure))
        found.save(update_fields=["revision"])
        details = _of(found) | {"measure": made.pk, "indicator": made.indicator}
        audit.record(actor, "board.add_measure", _KIND, found.pk, details)
    return made


def edit_measure(
    *, actor: Person, measure: Measure, revision: int, given: SuccessMeasure, now: datetime
) -> Measure:
    """Change a success measure: everything before progress is recorded, afterwards its name and source.

    Baseline and target are then re-baselined, as the due date of an approved action is moved. What it was
    called before stays on record. Raises BoardRefused and ChangedMeanwhile.
    """
    objective = measure.objective
    require(actor, "plan.edit", objective.authority)
    if given.indicator:
        given = replace(given, unit=unit_of(given.indicator))
    with transaction.atomic():
        found = _pursued(objective, revision)
        held = found.measures.get(pk=measure.pk)
        fields = measure_fields(given)
        if has_progress(found):
            if any(fields[name] != getattr(held, name) for name in _FIXED):
                raise BoardRefused(
                    "What a measure in use counts, its baseline and its target are not edited.",
                    "Re-baseline it with a reason: the old baseline and target stay visible.",
                )
            _keep_as_it_was(held, actor, now)
        if found.measures.filter(name__iexact=fields["name"]).exclude(pk=held.pk).exists():
            raise BoardRefused("There is a measure of that name.", "Give it another name.")
        for name, value in fields.items():
            setattr(held, name, value)
        held.save(update_fields=list(fields))
        found.save(update_fields=["revision"])
        audit.record(actor, "board.edit_measure", _KIND, found.pk, _of(found) | {"measure": held.pk})
    return held


@dataclass(frozen=True)
class Course:
    """Where a measure starts and where it is to be, as it is set anew."""

    baseline: Decimal
    baseline_on: date
    target: Decimal
    target_on: date


def rebaseline_measure(
    *,
    actor: Person,
    measure: Measure,
    revision: int,
    course: Course,
    reason: str,
    today: date,
    now: datetime,
) -> MeasureChange:
    """Give a measure another baseline or target. The old ones stay on record, with the reason.

    Raises MeasureRefused without a reason or a change, BoardRefused for a baseline still to be measured.
    """
    objective = measure.objective
    require(actor, "plan.edit", objective.authority)
    if course.baseline_on > today:
        raise BoardRefused(
            f"The day of the baseline, {day_in_words(course.baseline_on)}, is still to come.",
            "Enter the day it was measured.",
        )
    with transaction.atomic():
        found = _pursued(objective, revision)
        held = found.measures.get(pk=measure.pk)
        was = success_measure(held)
        require_rebaselining(was, replace(was, **vars(course)), reason)
        made = _keep_as_it_was(held, actor, now, reason.strip())
        for name in NUMBERS:
            setattr(held, name, getattr(course, name))
        held.save(update_fields=list(NUMBERS))
        found.save(update_fields=["revision"])
        details = _of(found) | {
            "measure": held.pk,
            "before": {name: str(getattr(made, name)) for name in NUMBERS},
            "after": {name: str(getattr(held, name)) for name in NUMBERS},
        }
        audit.record(actor, "board.rebaseline_measure", _KIND, found.pk, details)
    return made


_FIXED = (*NUMBERS, "unit", "polarity", "indicator")
"""What is not edited once progress is recorded."""


def _keep_as_it_was(held: Measure, actor: Person, now: datetime, reason: str = "") -> MeasureChange:
    return MeasureChange.objects.create(
        measure=held,
        rebaselined=bool(reason),
        **{name: getattr(held, name) for name in ("name", "source", *NUMBERS)},
        reason=reason,
        at=now,
        by=actor,
    )


_WITHOUT_UNIT = ("score", "ratio", "grade", "number")


def unit_of(code: str) -> str:
    """The unit of an indicator of authorities, as a success measure writes it. Raises BoardRefused."""
    try:
        known = load_catalogue().get(code)
    except NotFound as error:
        raise BoardRefused(error.message, "Leave it out, or take a code from the list of measures.") from None
    if "authority" not in known.levels:
        raise BoardRefused(f"'{known.title}' is not measured for authorities.", "Choose another measure.")
    return "" if known.unit in _WITHOUT_UNIT else known.unit


def measure_fields(measure: SuccessMeasure) -> dict[str, Any]:
    """A success measure as it is stored."""
    names = ("unit", "baseline", "baseline_on", "target", "target_on", "indicator")
    held = {name: getattr(measure, name) for name in names}
    return held | {
        "name": measure.name.strip(),
        "source": measure.source.strip(),
        "polarity": Polarity(measure.polarity).value,
    }


@dataclass(frozen=True)
class Value:
    """A reading as it is entered."""

    period: str
    on: date
    value: Decimal
    source: str


def add_reading(
    *, actor: Person, measure: Measure, revision: int, given: Value, today: date, now: datetime
) -> Reading:
    """Enter a value. Refused for a measure that an indicator feeds, for a day to come, without a source."""
    objective = measure.objective
    require(actor, "plan.edit", objective.authority)
    if measure.indicator:
        raise BoardRefused(
            "This measure is fed by an indicator.", "It updates itself; enter nothing by hand."
        )
    if given.on > today:
        raise BoardRefused(f"{day_in_words(given.on)} is still to come.", "Enter what has been measured.")
    period = words(given.period, "The reading has no period.", "Say what it is about, such as autumn 2026.")
    source = words(given.source, "The reading has no source.", "Say where it comes from.")
    with transaction.atomic():
        found = _pursued(objective, revision)
        made = Reading.objects.create(
            measure=measure, period=period, on=given.on, value=given.value, source=source, at=now, by=actor
        )
        found.save(update_fields=["revision"])
        audit.record(actor, "board.add_reading", _KIND, found.pk, _of(found) | {"measure": measure.pk})
    return made


@dataclass(frozen=True)
class Danger:
    """A risk as it is written; likelihood and impact from 1 to 5."""

    title: str
    likelihood: int
    impact: int
    mitigation: str
    restricted: bool = False


def add_risk(*, actor: Person, objective: Objective, revision: int, danger: Danger) -> Risk:
    """Put a risk on record."""
    require(actor, "plan.edit", objective.authority)
    title = words(danger.title, "The risk says nothing.", "Say what may happen.")
    mitigation = words(danger.mitigation, "Nothing is said to be done about it.", "Say what is done.")
    with transaction.atomic():
        found = _pursued(objective, revision)
        made = Risk.objects.create(
            objective=found,
            title=title,
            likelihood=danger.likelihood,
            impact=danger.impact,
            mitigation=mitigation,
            restricted=danger.restricted,
        )
        found.save(update_fields=["revision"])
        audit.record(actor, "board.add_risk", _KIND, found.pk, _of(found) | {"risk": made.pk})
    return made


def close_risk(*, actor: Person, risk: Risk, revision: int, reason: str, today: date) -> Risk:
    """Say that a risk is over, and why."""
    require(actor, "plan.edit", risk.objective.authority)
    reason = words(reason, "It is not said why it is closed.", "Say why it is no risk any more.")
    with transaction.atomic():
        found = locked(Objective, risk.objective_id, revision)
        if risk.closed_on is not None:
            raise BoardRefused("The risk is closed already.", "Nothing is left to do.")
        risk.closed_on, risk.closed_reason = today, reason
        risk.save(update_fields=["closed_on", "closed_reason"])
        found.save(update_fields=["revision"])
        audit.record(actor, "board.close_risk", _KIND, found.pk, _of(found) | {"risk": risk.pk})
    return risk


def _pursued(objective: Objective, revision: int) -> Objective:
    found = locked(Objective, objective.pk, revision)
    if found.state == State.WITHDRAWN:
        raise BoardRefused("The objective was withdrawn.", "It stays as it is in the record.")
    return found


def _written(aim: Aim) -> tuple[str, str]:
    title = words(aim.title, "The objective has no title.", "Say what is to be achieved.")
    return title, words(aim.outcome, "It has no outcome.", "Say what will be different for children.")


def _of(one: Objective) -> dict[str, Any]:
    """What the audit trail says of an objective: codes and numbers, no words."""
    return {
        "authority": one.authority,
        "number": one.number,
        "state": str(one.state),
        "restricted": one.restricted,
        "revision": one.revision,
    }
