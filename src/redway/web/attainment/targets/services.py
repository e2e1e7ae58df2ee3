"""Every change to a target: permitted, allowed by the rules, stored and audited in one transaction.

``revision`` is the state of the target that the person had before their eyes. Somebody else's change in the
meantime raises :class:`ChangedMeanwhile`, so that nobody answers what they have not read. Times come from the
caller.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.http import Http404

from redway.attainment.target_record import (
    Concern,
    Decision,
    Outturn,
    Part,
    TargetRecord,
    Version,
    propose,
)
from redway.core.errors import RedwayError
from redway.web.attainment.models import (
    Target,
    TargetEntry,
    TargetOutturn,
    TargetVerification,
    TargetVersion,
)
from redway.web.attainment.targets.drafts import drop_draft
from redway.web.attainment.targets.frozen import Frozen
from redway.web.attainment.targets.measures import Measure
from redway.web.attainment.targets.records import record_of, targets
from redway.web.audit import services as audit
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.people.roles import Role
from redway.web.people.rules import Record
from redway.web.register.models import School
from redway.web.schools.access import record_of as school_record

PLACES = Decimal("0.01")


class TargetRefused(RedwayError):  # noqa: N818 - says what is wrong in the words of the domain
    """A change to a target that cannot be made."""


class ChangedMeanwhile(TargetRefused):
    """Somebody changed the target after the person opened it."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody has gone on with this target since you opened it.",
            "Read what is new below. What you wrote is kept; send it again if it still holds.",
        )


def propose_target(
    *,
    actor: Person,
    school: School,
    measure: Measure,
    year: str,
    value: float,
    reason: str,
    frozen: Frozen,
    now: datetime,
) -> Target:
    """The school proposes a target, set against the estimates it was shown. Raises TargetRefused."""
    permission.require(actor, "target.propose", school_record(school))
    kept = _checked_value(measure, value)
    record = propose(_version(kept, reason, frozen))
    try:
        with transaction.atomic():
            target = Target.objects.create(
                authority=school.authority,
                school=school.key,
                measure=measure.code,
                year=year,
                cohort=frozen.cohort,
                stage=record.stage,
            )
            _store_version(target, record, reason, frozen, 1, actor, now)
            drop_draft(actor, new_subject(school.key, measure.code, year))
            audit.record(actor, "target.propose", "target", target.pk, _of(target, record))
    except IntegrityError:
        raise TargetRefused(
            "A target for this measure and cohort has been proposed already.",
            "Open it, and change its value there.",
        ) from None
    return target


def revise_target(
    *,
    actor: Person,
    target: Target,
    revision: int,
    measure: Measure,
    value: float,
    reason: str,
    frozen: Frozen,
    now: datetime,
) -> Target:
    """The school sets another value. The one before is kept; a verified target is provisional again."""
    kept = _checked_value(measure, value)
    version = _version(kept, reason, frozen)

    def store(found: Target, record: TargetRecord) -> dict[str, Any]:
        found.cohort = frozen.cohort
        _store_version(found, record, reason, frozen, found.revision, actor, now)
        return {}

    return _step(
        actor, "target.propose", "target.revise", target, revision, lambda one: one.revise(version), store
    )


def challenge_target(
    *,
    actor: Person,
    target: Target,
    revision: int,
    text: str,
    now: datetime,
    benchmarks: Sequence[str] = (),
) -> Target:
    """The adviser challenges the present value in words, against benchmarks shown with it (their codes)."""

    def store(found: Target, record: TargetRecord) -> dict[str, Any]:
        against = list(record.challenges[-1].benchmarks)
        _store_entry(found, TargetEntry.Kind.CHALLENGE, text, actor, now, benchmarks=against)
        return {"benchmarks": against}

    return _step(
        actor,
        "target.challenge",
        "target.challenge",
        target,
        revision,
        lambda one: one.challenge(text.strip(), benchmarks),
        store,
    )


def answer_target(*, actor: Person, target: Target, revision: int, text: str, now: datetime) -> Target:
    """The school answers the challenge and keeps its value."""

    def store(found: Target, record: TargetRecord) -> dict[str, Any]:
        return _store_entry(found, TargetEntry.Kind.ANSWER, text, actor, now)

    return _step(
        actor,
        "target.propose",
        "target.answer",
        target,
        revision,
        lambda one: one.answer(text.strip()),
        store,
    )


@dataclass(frozen=True)
class Ruling:
    """What the adviser records: the decision, why, which way a reservation points, when to look again."""

    decision: Decision
    text: str = ""
    concern: Concern | None = None
    follow_up_on: date | None = None


def decide_target(*, actor: Person, target: Target, revision: int, ruling: Ruling, now: datetime) -> Target:
    """The adviser records whether the target is agreed, agreed with reservation, or not agreed."""
    text = ruling.text.strip()

    def store(found: Target, record: TargetRecord) -> dict[str, Any]:
        _store_entry(
            found,
            TargetEntry.Kind.DECISION,
            text,
            actor,
            now,
            decision=ruling.decision.value,
            concern=ruling.concern.value if ruling.concern else "",
        )
        found.follow_up_on = ruling.follow_up_on
        follow_up = ruling.follow_up_on.isoformat() if ruling.follow_up_on else None
        return {"decision": ruling.decision.value, "follow_up_on": follow_up}

    return _step(
        actor,
        "target.challenge",
        "target.decide",
        target,
        revision,
        lambda one: one.decide(ruling.decision, text, ruling.concern),
        store,
    )


def verify_target(*, actor: Person, target: Target, revision: int, now: datetime) -> Target:
    """One of the three puts their name to the agreed value, in the role they hold for the school."""

    def store(found: Target, record: TargetRecord) -> dict[str, Any]:
        last = record.verifications[-1]
        TargetVerification.objects.create(
            version=_current_version(found), part=last.part.value, revision=found.revision, at=now, by=actor
        )
        return {"part": last.part.value}

    chosen = _part_to_verify(actor, target)
    return _step(
        actor,
        "target.verify",
        "target.verify",
        target,
        revision,
        lambda one: one.verify(chosen, actor.pk),
        store,
    )


def plan_follow_up(*, actor: Person, target: Target, revision: int, day: date | None) -> Target:
    """Set, move or take away the day on which the adviser looks at the target again."""

    def store(found: Target, record: TargetRecord) -> dict[str, Any]:
        found.follow_up_on = day
        return {"follow_up_on": day.isoformat() if day else None}

    return _step(
        actor, "target.challenge", "target.plan_follow_up", target, revision, _unless_withdrawn, store
    )


@dataclass(frozen=True)
class Reached:
    """An outturn as it is recorded, and where it comes from."""

    value: float
    pupils: int
    source: str
    versions: Sequence[int] = ()
    """Numbers of the dataset versions it was computed from; none where it was typed."""
    note: str = ""


def record_outturn(
    *, actor: Person, target: Target, revision: int, measure: Measure, reached: Reached, now: datetime
) -> Target:
    """Put what was reached beside the target. A later outturn corrects an earlier one, which is kept."""
    kept = _checked_value(measure, reached.value)
    if not reached.source.strip():
        raise TargetRefused("It is not said where the outturn comes from.", "Name its source.")

    def store(found: Target, record: TargetRecord) -> dict[str, Any]:
        TargetOutturn.objects.create(
            target=found,
            value=kept,
            pupils=reached.pupils,
            computed=bool(reached.versions),
            source=reached.source.strip(),
            versions=list(reached.versions),
            note=reached.note.strip(),
            revision=found.revision,
            at=now,
            by=actor,
        )
        return {"outturn": str(kept), "computed": bool(reached.versions)}

    return _step(
        actor,
        "target.challenge",
        "target.record_outturn",
        target,
        revision,
        lambda one: one.record_outturn(Outturn(float(kept))),
        store,
    )


def withdraw_target(*, actor: Person, target: Target, revision: int, reason: str, now: datetime) -> Target:
    """Take a target back, with a reason. Everything in it is kept and can be read."""

    def store(found: Target, record: TargetRecord) -> dict[str, Any]:
        found.withdrawn_at, found.withdrawn_by, found.withdrawn_reason = now, actor, reason.strip()
        return {}

    return _step(
        actor,
        "target.propose",
        "target.withdraw",
        target,
        revision,
        lambda one: one.withdraw(reason.strip()),
        store,
    )


def parts_of(asker: permission.Asker, school: School) -> tuple[Part, ...]:
    """The parts in which somebody may verify targets of a school: the roles they hold for it today."""
    record = school_record(school)
    if not permission.decide(asker, "target.verify", record):
        return ()
    held = permission.holder_of(asker).held_on(permission.today())
    roles = {grant.role for grant in held if grant.contains(record)}
    return tuple(part for role, part in _PART_OF.items() if role in roles)


_PART_OF = {
    Role.HEADTEACHER: Part.HEADTEACHER,
    Role.CHAIR_OF_GOVERNORS: Part.CHAIR_OF_GOVERNORS,
    Role.ADVISER: Part.ADVISER,
}


def new_subject(school: str, measure: str, year: str) -> str:
    """What a draft of a new target is about."""
    return f"propose {school} {measure} {year}"


def subject_of(step: str, target: Target) -> str:
    """What a draft about a target is about."""
    return f"{step} {target.pk}"


# --- how a step is taken ------------------------------------------------------------------------------------


@transaction.atomic
def _step(
    actor: Person,
    action: str,
    verb: str,
    target: Target,
    revision: int,
    take: Callable[[TargetRecord], TargetRecord],
    store: Callable[[Target, TargetRecord], dict[str, Any]],
) -> Target:
    """Lock the target, look whether it is what the person saw, take the step, store it, and audit it."""
    found = _locked(target)
    permission.require(actor, action, record_for(found))
    if found.revision != revision:
        raise ChangedMeanwhile
    record = take(record_of(found))
    found.revision += 1
    details = store(found, record)
    found.stage = record.stage
    found.save(
        update_fields=[
            "cohort",
            "stage",
            "revision",
            "follow_up_on",
            "withdrawn_at",
            "withdrawn_by",
            "withdrawn_reason",
        ]
    )
    drop_draft(actor, subject_of(verb.removeprefix("target."), found))
    if verb == "target.revise":
        drop_draft(actor, new_subject(found.school, found.measure, found.year))
    audit.record(actor, verb, "target", found.pk, _of(found, record) | details)
    return found


def record_for(target: Target) -> Record:
    """A target as permission sees it: it lies in its school, wherever that is today."""
    school = School.objects.filter(key=target.school).only("key", "authority").first()
    if school is None:
        raise Http404("The school of this target is no longer in the register.")
    return school_record(school)


def _locked(target: Target) -> Target:
    """The target as it is now; nobody else changes it until the transaction ends."""
    Target.objects.select_for_update().get(pk=target.pk)
    return targets().get(pk=target.pk)


def _unless_withdrawn(record: TargetRecord) -> TargetRecord:
    if record.withdrawn:
        raise TargetRefused("This target has been withdrawn.", "Nothing is left to follow up.")
    return record


def _part_to_verify(actor: Person, target: Target) -> Part:
    """The first part of theirs whose name is missing; the rules refuse a second name by one person."""
    school = School.objects.get(key=target.school)
    parts = parts_of(actor, school)
    if not parts:
        raise Http404("no role in which targets are verified")
    missing = record_of(targets().get(pk=target.pk)).names_missing
    return next((part for part in parts if part in missing), parts[0])


def _current_version(target: Target) -> TargetVersion:
    return list(target.versions.all())[-1]


def _store_version(
    target: Target,
    record: TargetRecord,
    reason: str,
    frozen: Frozen,
    revision: int,
    actor: Person,
    now: datetime,
) -> None:
    TargetVersion.objects.create(
        target=target,
        number=record.number,
        value=Decimal(str(record.current.value)).quantize(PLACES),
        below_average=record.current.below_average,
        reason=reason.strip(),
        frozen=frozen.to_json(),
        revision=revision,
        at=now,
        by=actor,
    )


def _store_entry(
    target: Target,
    kind: TargetEntry.Kind,
    text: str,
    actor: Person,
    now: datetime,
    *,
    decision: str = "",
    concern: str = "",
    benchmarks: Sequence[str] = (),
) -> dict[str, Any]:
    TargetEntry.objects.create(
        version=_current_version(target),
        kind=kind,
        text=text.strip(),
        decision=decision,
        concern=concern,
        benchmarks=list(benchmarks),
        revision=target.revision,
        at=now,
        by=actor,
    )
    return {}


def _version(value: Decimal, reason: str, frozen: Frozen) -> Version:
    return Version(float(value), frozen.is_below_average(float(value)), reason, frozen.benchmarks)


def _checked_value(measure: Measure, value: float) -> Decimal:
    if not 0 <= value <= measure.most:
        raise TargetRefused(
            f"{value:g} is no {measure.short}: it lies outside 0 to {measure.most:g}.", "Check the value."
        )
    return Decimal(str(value)).quantize(PLACES)


def _of(target: Target, record: TargetRecord) -> dict[str, Any]:
    """What the audit trail says of a target: codes and numbers, no words."""
    return {
        "school": target.school,
        "measure": target.measure,
        "year": target.year,
        "version": record.number,
        "value": str(Decimal(str(record.current.value)).quantize(PLACES)),
        "stage": record.stage.value,
        "revision": target.revision,
    }
