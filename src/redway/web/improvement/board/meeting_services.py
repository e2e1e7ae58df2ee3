"""Changes of meetings: agenda, frozen pack, minutes, decisions, tasks. One transaction each, audited."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from redway.core.words import counted, day_in_words
from redway.improvement.board_pack import canonical_bytes, digest, public_version, read_pack
from redway.web.audit import services as audit
from redway.web.improvement.board.access import KIND
from redway.web.improvement.board.changing import BoardRefused, locked, next_number, require, words
from redway.web.improvement.board.freezing import pack_of
from redway.web.improvement.board.models import AgendaItem, Decision, Meeting, Objective, Task
from redway.web.improvement.board.plan_read import PlanRead
from redway.web.people.models import Person

_KIND = "board meeting"
State = Meeting.State
USUAL_AGENDA = (
    "Minutes of the last meeting, and actions agreed at it",
    "Progress against the plan: what is off track, and what goes up to the board",
    "Measures: how near the targets are",
    "Risks",
    "Decisions asked of the board",
)


def plan_meeting(*, actor: Person, authority: str, held_on: date, place: str) -> Meeting:
    """Plan a meeting, with the usual agenda."""
    require(actor, "board.manage", authority)
    with transaction.atomic():
        if Meeting.objects.filter(authority=authority, held_on=held_on).exists():
            raise BoardRefused(f"There is a meeting on {day_in_words(held_on)}.", "Choose another day.")
        later = _frozen_after(authority, held_on)
        if later is not None:
            raise BoardRefused(
                f"The pack of the meeting of {day_in_words(later.held_on)} is frozen already.",
                "Choose a later day: packs are frozen in the order of the meetings.",
            )
        made = Meeting.objects.create(authority=authority, held_on=held_on, place=place.strip())
        AgendaItem.objects.bulk_create(
            AgendaItem(meeting=made, number=number, title=title)
            for number, title in enumerate(USUAL_AGENDA, 1)
        )
        audit.record(actor, "board.plan_meeting", _KIND, made.pk, _of(made))
    return made


def add_item(*, actor: Person, meeting: Meeting, revision: int, title: str, restricted: bool) -> AgendaItem:
    """Put something on the agenda while the pack is not frozen."""
    require(actor, "board.manage", meeting.authority)
    title = words(title, "The item has no title.", "Say what it is about.")
    with transaction.atomic():
        found = _not_frozen(meeting, revision)
        made = AgendaItem.objects.create(
            meeting=found, number=next_number(found.items.all()), title=title, restricted=restricted
        )
        found.save(update_fields=["revision"])
        audit.record(actor, "board.add_item", _KIND, found.pk, _of(found) | {"item": made.number})
    return made


def take_item_off(*, actor: Person, item: AgendaItem, revision: int) -> None:
    """Take something off the agenda while the pack is not frozen."""
    require(actor, "board.manage", item.meeting.authority)
    with transaction.atomic():
        found = _not_frozen(item.meeting, revision)
        number = item.number
        item.delete()
        found.save(update_fields=["revision"])
        audit.record(actor, "board.take_item_off", _KIND, found.pk, _of(found) | {"item": number})


def freeze_pack(*, actor: Person, meeting: Meeting, revision: int, today: date, now: datetime) -> Meeting:
    """Freeze the pack as the plan stands today. From then on it never changes."""
    require(actor, "board.manage", meeting.authority)
    with transaction.atomic():
        found = _not_frozen(meeting, revision)
        later = _frozen_after(found.authority, found.held_on)
        if later is not None:
            raise BoardRefused(
                f"The pack of the meeting of {day_in_words(later.held_on)} is frozen already.",
                "Packs are frozen in the order of the meetings: take this one up at the next.",
            )
        plan = PlanRead(found.authority, today)
        if not plan.actions:
            raise BoardRefused("No action of the plan is approved.", "Approve an action first.")
        pack = pack_of(plan, found, today)
        found.pack, found.public_pack = canonical_bytes(pack), canonical_bytes(public_version(pack))
        found.pack_hash, found.public_hash = digest(found.pack), digest(found.public_pack)
        found.state, found.frozen_at, found.frozen_by = State.FROZEN, now, actor
        found.save(
            update_fields=[
                "pack",
                "public_pack",
                "pack_hash",
                "public_hash",
                "state",
                "frozen_at",
                "frozen_by",
                "revision",
            ]
        )
        details = _of(found) | {"pack": found.pack_hash, "public": found.public_hash}
        audit.record(actor, "board.freeze_pack", _KIND, found.pk, details)
    return found


def read_frozen(meeting: Meeting, version: str) -> Mapping[str, Any]:
    """The frozen pack as plain data; version 'restricted' or 'public'. Raises PackDamaged, BoardRefused."""
    if meeting.frozen_at is None:
        raise BoardRefused("The pack is not frozen yet.", "Freeze it first.")
    if version == "public":
        return read_pack(bytes(meeting.public_pack), meeting.public_hash)
    return read_pack(bytes(meeting.pack), meeting.pack_hash)


def note_reading(*, actor: Person, meeting: Meeting, version: str, form: str) -> None:
    """Say in the trail who read the restricted pack; the public one is open to anybody."""
    if version == "public":
        return
    with transaction.atomic():
        details = {"authority": meeting.authority, "held_on": meeting.held_on.isoformat(), "form": form}
        audit.record(actor, "board.read_pack", _KIND, meeting.pk, details, sensitive_read=True)


def note_plan_read(*, actor: Person, authority: str, objective: Objective | None = None) -> None:
    """Say in the trail who read a restricted objective, or took the whole plan away as a file."""
    if objective is not None and not objective.restricted:
        return
    kind, key = ("improvement objective", objective.pk) if objective is not None else (KIND, authority)
    with transaction.atomic():
        audit.record(actor, "board.read_plan", kind, key, {"authority": authority}, sensitive_read=True)


def record_decision(
    *,
    actor: Person,
    meeting: Meeting,
    revision: int,
    text: str,
    objective: Objective | None,
    restricted: bool,
    today: date,
    now: datetime,
) -> Decision:
    """What the board decided."""
    require(actor, "board.manage", meeting.authority)
    text = words(text, "The decision says nothing.", "Write what was decided.")
    with transaction.atomic():
        found = _held(meeting, revision, today)
        if objective is not None and objective.authority != found.authority:
            raise BoardRefused("The objective is of another authority.", "Choose one of this plan.")
        made = Decision.objects.create(
            meeting=found, objective=objective, words=text, restricted=restricted, at=now, by=actor
        )
        found.save(update_fields=["revision"])
        audit.record(actor, "board.decide", _KIND, found.pk, _of(found) | {"decision": made.pk})
    return made


def agree_task(
    *,
    actor: Person,
    meeting: Meeting,
    revision: int,
    text: str,
    owner: Person,
    due_on: date,
    restricted: bool,
    today: date,
) -> Task:
    """What the board asked somebody to do."""
    require(actor, "board.manage", meeting.authority)
    text = words(text, "It is not said what is to be done.", "Write what is to be done.")
    with transaction.atomic():
        found = _held(meeting, revision, today)
        if due_on < found.held_on:
            raise BoardRefused("It is due before the meeting.", "Enter a later day.")
        made = Task.objects.create(
            meeting=found, words=text, owner=owner, due_on=due_on, restricted=restricted
        )
        found.save(update_fields=["revision"])
        audit.record(actor, "board.agree_task", _KIND, found.pk, _of(found) | {"task": made.pk})
    return made


def finish_task(*, actor: Person, task: Task, done_on: date, outcome: str, today: date) -> Task:
    """Its owner, or whoever runs the board, says what came of it."""
    authority = task.meeting.authority
    require(actor, "plan.rate" if actor.pk == task.owner_id else "board.manage", authority)
    outcome = words(outcome, "It is not said what came of it.", "Say what came of it.")
    if done_on > today:
        raise BoardRefused(f"{day_in_words(done_on)} is still to come.", "Enter the day it was done.")
    with transaction.atomic():
        found = Task.objects.select_for_update().get(pk=task.pk)
        if found.done_on is not None:
            raise BoardRefused("It is done already.", "What came of it is on record.")
        found.done_on, found.outcome = done_on, outcome
        found.save(update_fields=["done_on", "outcome"])
        details = {"authority": authority, "meeting": str(task.meeting_id), "done_on": done_on.isoformat()}
        audit.record(actor, "board.finish_task", "board task", found.pk, details)
    return found


def finish_minutes(
    *, actor: Person, meeting: Meeting, revision: int, minutes: str, today: date, now: datetime
) -> Meeting:
    """Write the minutes. With them the meeting is closed: nothing of it changes afterwards."""
    require(actor, "board.manage", meeting.authority)
    minutes = words(minutes, "The minutes say nothing.", "Write what was said.")
    with transaction.atomic():
        found = _held(meeting, revision, today)
        found.minutes, found.minuted_at, found.state = minutes, now, State.MINUTED
        found.save(update_fields=["minutes", "minuted_at", "state", "revision"])
        counts = {"decisions": found.decisions.count(), "tasks": found.tasks.count()}
        audit.record(actor, "board.finish_minutes", _KIND, found.pk, _of(found) | counts)
    return found


def _frozen_after(authority: str, day: date) -> Meeting | None:
    """The first meeting after a day whose pack is frozen already."""
    found = Meeting.objects.filter(authority=authority, held_on__gt=day, frozen_at__isnull=False)
    return found.defer("pack", "public_pack").order_by("held_on").first()


def _not_frozen(meeting: Meeting, revision: int) -> Meeting:
    found = locked(Meeting, meeting.pk, revision)
    if found.state != State.PLANNED:
        raise BoardRefused("A frozen pack never changes.", "Take it up at the next meeting.")
    return found


def _held(meeting: Meeting, revision: int, today: date) -> Meeting:
    found = locked(Meeting, meeting.pk, revision)
    if found.state == State.MINUTED:
        raise BoardRefused("The minutes are finished.", "Record it at the next meeting.")
    if found.state == State.PLANNED:
        raise BoardRefused("The pack is not frozen yet.", "Freeze the pack that the board had before it.")
    if found.held_on > today:
        left = counted((found.held_on - today).days, "day")
        raise BoardRefused(f"The meeting is in {left}.", "Record it on the day.")
    return found


def _of(one: Meeting) -> dict[str, Any]:
    """What the audit trail says of a meeting: codes and days, no words."""
    return {
        "authority": one.authority,
        "held_on": one.held_on.isoformat(),
        "state": str(one.state),
        "revision": one.revision,
    }
