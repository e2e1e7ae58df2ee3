"""Targets in the ledger: those that were doubted or not met, what followed from them, what was reached after.

How a target stands is read from the room of targets, which alone writes it. A line is kept here once a visit
or a programme follows from the target, with a copy of what was said of it then.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from redway.improvement.target_ledger import Reached, TargetEntry, Why
from redway.web.attainment.targets.told import TargetTold, targets_told, targets_told_in
from redway.web.audit import services as audit
from redway.web.improvement.support import triage_visits
from redway.web.improvement.support.changing import SupportRefused
from redway.web.improvement.support.models import Alert, FollowUp, Programme, Visit
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import School
from redway.web.schools.access import record_of as school_record

_PREFIX = "target"
Kept = TypeVar("Kept", Visit, Programme)


@dataclass(frozen=True)
class Origin:
    """A target that a visit or a programme may follow from, and why."""

    target: TargetTold
    why: Why

    @property
    def code(self) -> str:
        """How a form or an address names it."""
        return code_of(self.why, self.target.key)

    @property
    def label(self) -> str:
        """'Target not met: Attainment 8, summer 2026'; 'Target agreed with reservation: ...'."""
        how = self.target.decided.partition(".")[0].lower() if self.why is Why.DOUBTED else "not met"
        return f"Target {how}: {self.target.title}"

    @property
    def since(self) -> date:
        """The day on which it was doubted, or known not to be met."""
        day = self.target.doubted_on if self.why is Why.DOUBTED else self.target.known_on
        assert day is not None
        return day

    @property
    def reached(self) -> Reached:
        """What was reached after."""
        return Reached.of(self.target.met if self.why is Why.DOUBTED else self.target.next_met)

    @property
    def known_on(self) -> date | None:
        """The day on which that became known."""
        return self.target.known_on if self.why is Why.DOUBTED else self.target.next_known_on


def code_of(why: Why, key: str) -> str:
    """How a form or an address names a target that something may follow from."""
    return f"{_PREFIX}:{why.name.lower()}:{key}"


def origins_in(told: TargetTold) -> tuple[Origin, ...]:
    """Why a target may be followed: doubted, not met, both or neither."""
    found = []
    if told.doubted_on is not None:
        found.append(Origin(told, Why.DOUBTED))
    if told.met is False:
        found.append(Origin(told, Why.NOT_MET))
    return tuple(found)


def origin_now(told: TargetTold) -> Origin | None:
    """Why a visit may follow from a target today. A doubt ends with the outturn: help then comes too late."""
    return next((one for one in origins_in(told) if one.why is Why.NOT_MET or told.met is None), None)


def origins_of(school: School) -> tuple[Origin, ...]:
    """The targets of a school that a visit may follow from today, the latest year first."""
    told = targets_told(school, permission.today())
    return tuple(origin for one in told if (origin := origin_now(one)) is not None)


def targets_to_choose(school: School) -> list[tuple[str, str]]:
    """Those of a school that no line of the ledger is kept of yet, to choose from."""
    kept = set(Alert.objects.filter(school=school.key).exclude(target="").values_list("why", "target"))
    found = origins_of(school)
    return [(one.code, one.label) for one in found if (one.why.name.lower(), one.target.key) not in kept]


def origin_chosen(actor: Person, school: School, code: str) -> Alert | None:
    """The line of the ledger that was chosen on a form; one of a target, or of a triage meeting that decided
    on a visit, is entered if it is not kept yet.

    Call it inside the transaction of what follows from it. Raises SupportRefused for a target that was
    neither doubted nor missed, and for a meeting that decided on no visit.
    """
    if not code:
        return None
    if code.startswith(f"{triage_visits.PREFIX}:"):
        return triage_visits.enter_triage(actor=actor, school=school, code=code)
    if not code.startswith(f"{_PREFIX}:"):
        return Alert.objects.get(pk=code)
    origin = next((one for one in origins_of(school) if one.code == code), None)
    if origin is None:
        raise SupportRefused(
            "This target was neither doubted nor missed, or its outturn is known by now.", "Choose another."
        )
    return enter_target(actor=actor, school=school, origin=origin)


def line_at_hand(school: School, code: str) -> str:
    """What a form that was led to from a target begins with: its line of the ledger, else the target."""
    origin = next((one for one in origins_of(school) if one.code == code), None)
    if origin is None:
        return ""
    kept = Alert.objects.filter(target=origin.target.key, why=origin.why.name.lower()).first()
    return str(kept.pk) if kept else code


@transaction.atomic
def enter_target(*, actor: Person, school: School, origin: Origin) -> Alert:
    """Enter a target into the ledger with a copy of what is said of it; the line itself where it is there."""
    permission.require(actor, "support.manage", school_record(school))
    permission.require(actor, "target.view", school_record(school))
    School.objects.select_for_update().get(pk=school.pk)
    why, told = origin.why.name.lower(), origin.target
    held = Alert.objects.filter(target=told.key, why=why).first()
    if held is not None:
        return held
    found = Alert.objects.create(
        authority=school.authority,
        school=school.key,
        source=Alert.Source.TARGET,
        decision=origin.since,
        model_version=f"{told.title}, {why}"[:60],
        target=told.key,
        why=why,
        flagged=True,
        shown=[[origin.label, told.words]],
        at=timezone.now(),
        by=actor,
    )
    audit.record(actor, "support.enter_target", "alert", found.pk, {"why": why})
    return found


@dataclass(frozen=True)
class TargetLine:
    """A target that was doubted or not met, the line kept of it if any, and what the rules see."""

    origin: Origin
    kept: Alert | None
    entry: TargetEntry


def target_lines_in(authority: str) -> list[TargetLine]:
    """Every target of an authority's schools that was doubted or not met, the latest first.

    What was done after the outcome was known is no help towards it, and is not counted.
    """
    told = targets_told_in(authority, permission.today())
    origins = [origin for one in told for origin in origins_in(one)]
    kept = {(one.target, one.why): one for one in Alert.objects.filter(source=Alert.Source.TARGET)}
    visits, programmes = _of_lines(Visit), _of_lines(Programme)
    actions = defaultdict(list)
    for action in FollowUp.objects.filter(visit__alert__source=Alert.Source.TARGET):
        actions[action.visit_id].append(action)
    found = []
    for origin in origins:
        line = kept.get((origin.target.key, origin.why.name.lower()))
        key = line.pk if line else None
        held = [one for one in visits[key] if _in_time(one.visit_on, origin) and not one.withdrawn_at]
        ran = [one for one in programmes[key] if _in_time(one.starts_on, origin)]
        entry = TargetEntry(
            origin.code,
            origin.why,
            origin.reached,
            len(held),
            sum(len(actions[one.pk]) for one in held),
            sum(one.state != Programme.State.WITHDRAWN for one in ran),
        )
        found.append(TargetLine(origin, line, entry))
    return sorted(found, key=lambda one: one.origin.since, reverse=True)


def _of_lines(kind: type[Kept]) -> dict[object, list[Kept]]:
    found: dict[object, list[Kept]] = defaultdict(list)
    for one in kind._default_manager.filter(alert__source=Alert.Source.TARGET):
        found[one.alert_id].append(one)
    return found


def _in_time(day: date, origin: Origin) -> bool:
    return origin.known_on is None or day < origin.known_on
