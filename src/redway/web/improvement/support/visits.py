"""Changes of visits, notes and follow-up: permitted, locked, checked, audited, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from redway.core.words import day_in_words
from redway.improvement import visits as rules
from redway.improvement.days import refuse_days
from redway.web.audit import services as audit
from redway.web.improvement.support.access import record_of
from redway.web.improvement.support.changing import (
    SupportRefused,
    hundredths,
    locked,
    moved,
    next_number,
    refuse_closed,
    refuse_twice,
    text,
)
from redway.web.improvement.support.models import Alert, FollowUp, NoteVersion, Programme, Visit
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import School
from redway.web.schools.access import record_of as school_record

FURTHEST = timedelta(days=731)
"""A visit further ahead than this is a slip of the pen in the year."""
SCHOOL_QUESTIONS = (
    ("well", "What is going well, and how do you know?"),
    ("worry", "What worries you, and what have you done about it?"),
    ("since", "What came of the last visit?"),
    ("help", "What do you want from this visit?"),
)
VISITOR_QUESTIONS = (
    ("found", "What did you see, and where?"),
    ("judged", "What do you make of it?"),
    ("differs", "Where do you see it otherwise than the school?"),
    ("next", "What was agreed?"),
)
"""Keys under which answers are stored, and the questions as they are asked."""


@dataclass(frozen=True)
class Plan:
    """A visit to be."""

    visit_on: date
    focus: str
    days: Decimal


@transaction.atomic
def plan_visit(
    *,
    actor: Person,
    school: School,
    plan: Plan,
    programme: Programme | None = None,
    alert: Alert | None = None,
) -> Visit:
    """Plan a visit by oneself. The school is asked for its part. Raises SupportRefused, ProgrammeRefused."""
    permission.require(actor, "visit.write", school_record(school))
    refuse_days(plan.days)
    if any(one is not None and one.school != school.key for one in (programme, alert)):
        raise SupportRefused("It belongs to another school.", "Choose one of this school.")
    focus = text(plan.focus, "The focus is missing.", "Say what the visit is about.")
    refuse_closed(School.objects.select_for_update().get(pk=school.pk))
    _refuse_far_ahead(plan.visit_on)
    refuse_twice(
        Visit.objects.filter(
            school=school.key, visitor=actor, visit_on=plan.visit_on, focus=focus, withdrawn_at=None
        ),
        "You have planned this visit",
    )
    made = Visit.objects.create(
        authority=school.authority,
        school=school.key,
        programme=programme,
        alert=alert or (programme.alert if programme else None),
        visit_on=plan.visit_on,
        visit_days=[plan.visit_on.isoformat()],
        visitor=actor,
        focus=focus,
        days_hundredths=hundredths(plan.days),
        at=timezone.now(),
        by=actor,
    )
    audit.record(actor, "support.plan_visit", "visit", made.pk, {"school": school.key})
    return made


@transaction.atomic
def move_visit(*, actor: Person, visit: Visit, revision: int, plan: Plan) -> Visit:
    """Move a visit, or change its focus or length, until the visitor has written. Earlier days are kept."""
    permission.require(actor, "visit.write", record_of(visit))
    refuse_days(plan.days)
    held = locked(Visit, visit.pk, revision, actor)
    if held.visitor_sent_at or held.returned_at or held.withdrawn_at:
        raise SupportRefused(f"The note is written: {held.note.stage.value.lower()}.", "Plan another visit.")
    _refuse_far_ahead(plan.visit_on)
    held.visit_on, held.visit_days = plan.visit_on, moved(held.visit_days, plan.visit_on)
    held.focus = text(plan.focus, "The focus is missing.", "Say what the visit is about.")
    held.days_hundredths = hundredths(plan.days)
    held.save()
    audit.record(actor, "support.move_visit", "visit", held.pk, {"moves": len(held.visit_days) - 1})
    return held


@transaction.atomic
def withdraw_visit(*, actor: Person, visit: Visit, revision: int, reason: str) -> Visit:
    """Withdraw a visit that was not written up, with a reason."""
    permission.require(actor, "visit.write", record_of(visit))
    held = locked(Visit, visit.pk, revision, actor)
    if held.visitor_sent_at or held.returned_at or held.withdrawn_at:
        raise SupportRefused(f"The note stays: {held.note.stage.value.lower()}.")
    held.withdrawn_at = timezone.now()
    held.withdrawn_reason = text(reason, "The reason is missing.", "Say why the visit is not held.")
    held.save()
    audit.record(actor, "support.withdraw_visit", "visit", held.pk)
    return held


@transaction.atomic
def write_school_part(
    *, actor: Person, visit: Visit, revision: int, answers: dict[str, str], send: bool
) -> Visit:
    """The school's part, kept for later or sent. Raises NoteRefused, SupportRefused, ChangedMeanwhile."""
    permission.require(actor, "visit.answer", record_of(visit))
    held = locked(Visit, visit.pk, revision, actor)
    rules.refuse_school_part(held.note)
    held.school_part = _answers(answers)
    if send:
        _refuse_empty(answers, SCHOOL_QUESTIONS)
        held.school_sent_at, held.school_by = timezone.now(), actor
    held.save()
    if send:
        _keep_version(held, rules.Part.SCHOOL, held.school_part, actor)
    audit.record(actor, "support.write_school_part", "visit", held.pk, {"sent": send})
    return held


@transaction.atomic
def write_visitor_part(
    *, actor: Person, visit: Visit, revision: int, answers: dict[str, str], summary: str, send: bool
) -> Visit:
    """The visitor's part, kept for later or sent to moderation. Raises NoteRefused, SupportRefused."""
    permission.require(actor, "visit.write", record_of(visit))
    held = locked(Visit, visit.pk, revision, actor)
    if held.visitor_id != actor.pk:
        raise SupportRefused("Only the adviser who visited writes this part.", "Ask them to write it.")
    rules.refuse_visitor_part(held.note, permission.today())
    held.visitor_part, held.summary = _answers(answers), summary.strip()
    if send:
        _refuse_empty(answers, VISITOR_QUESTIONS)
        held.visitor_sent_at, held.returned_at = timezone.now(), None
    held.save()
    if send:
        content = {**held.visitor_part, "summary": held.summary}
        _keep_version(held, rules.Part.VISITOR, content, actor)
    audit.record(actor, "support.write_visitor_part", "visit", held.pk, {"sent": send})
    return held


@transaction.atomic
def moderate(*, actor: Person, visit: Visit, revision: int, agrees: bool, said: str) -> Visit:
    """Another adviser agrees to the note, or sends it back with what is to be changed."""
    permission.require(actor, "visit.write", record_of(visit))
    held = locked(Visit, visit.pk, revision, actor)
    rules.refuse_moderation(held.note, actor.pk)
    if permission.decide(actor, "improvement.own_school", record_of(visit)):
        raise SupportRefused("It is a note of your own school.", "Ask a colleague to read it.")
    if not agrees:
        text(said, "It is not said what is to be changed.", "Say it, so that the visitor can.")
    held.moderator, held.moderation = actor, said.strip()
    now = timezone.now()
    if agrees:
        held.moderated_at = now
    else:
        # It is a draft again, which the visitor alone reads; what was sent stays among the versions.
        held.visitor_sent_at, held.returned_at = None, now
    held.save()
    audit.record(actor, "support.moderate", "visit", held.pk, {"agrees": agrees})
    return held


@transaction.atomic
def agree_to_publish(*, actor: Person, visit: Visit, revision: int) -> Visit:
    """The headteacher agrees that the moderated summary be published."""
    permission.require(actor, "visit.answer", record_of(visit))
    held = locked(Visit, visit.pk, revision, actor)
    if held.note.stage is not rules.Stage.MODERATED or not held.summary:
        raise SupportRefused("There is no moderated summary to publish.", "Wait for the moderation.")
    held.publish_agreed_at = timezone.now()
    held.save()
    audit.record(actor, "support.agree_to_publish", "visit", held.pk)
    return held


@dataclass(frozen=True)
class ToFollow:
    """What is to be done after a visit."""

    what: str
    owner: str
    due_on: date


@transaction.atomic
def add_follow_up(*, actor: Person, visit: Visit, action: ToFollow) -> FollowUp:
    """Add a follow-up action to a visit. Raises SupportRefused."""
    permission.require(actor, "visit.write", record_of(visit))
    held = Visit.objects.select_for_update().get(pk=visit.pk)
    if held.withdrawn_at:
        raise SupportRefused("The visit was withdrawn.", "Add the action to another visit.")
    if action.due_on < held.visit_on:
        raise SupportRefused(
            f"The action would be due before the visit of {day_in_words(held.visit_on)}.",
            "Give that day or a later one.",
        )
    what = text(action.what, "It is not said what is to be done.", "Say what is to be done.")
    alike = held.follow_ups.filter(what=what, owner=action.owner, due_on=action.due_on)
    refuse_twice(alike, "This action is on the list")
    made = FollowUp.objects.create(
        visit=held,
        number=next_number(held.follow_ups.all()),
        what=what,
        owner=action.owner,
        due_on=action.due_on,
        due_days=[action.due_on.isoformat()],
        at=timezone.now(),
        by=actor,
    )
    details = {"action": made.number, "owner": made.owner}
    audit.record(actor, "support.add_follow_up", "visit", held.pk, details)
    return made


@transaction.atomic
def answer_follow_up(
    *, actor: Person, visit: Visit, number: int, revision: int, due_on: date, done_on: date | None, came: str
) -> FollowUp:
    """Move a follow-up action, or say that it is done and what came of it; earlier days stay visible.

    The school answers for its own actions, an adviser for all of them.
    """
    held = FollowUp.objects.get(visit=visit, number=number)
    theirs = permission.decide(actor, "visit.write", record_of(visit))
    if not theirs:
        permission.require(actor, "visit.answer", record_of(visit))
        if held.owner != FollowUp.Owner.SCHOOL:
            raise SupportRefused("The authority answers for this action.", "Ask the adviser about it.")
    held = locked(FollowUp, held.pk, revision, actor)
    if not theirs and due_on != held.due_on:
        raise SupportRefused("The day is agreed with the adviser.", "Ask the adviser to move it.")
    if done_on and done_on > permission.today():
        raise SupportRefused("An action cannot be done on a day to come.", "Give the day it was done.")
    if done_on and not came.strip():
        raise SupportRefused("It is not said what came of it.", "Say what is different now.")
    held.due_on, held.due_days = due_on, moved(held.due_days, due_on)
    held.done_on, held.came_of = done_on, came.strip()
    held.save()
    details = {"action": number, "done": done_on is not None, "moves": len(held.due_days) - 1}
    audit.record(actor, "support.answer_follow_up", "visit", visit.pk, details)
    return held


def _refuse_far_ahead(visit_on: date) -> None:
    if visit_on > permission.today() + FURTHEST:
        raise SupportRefused(
            f"{day_in_words(visit_on)} is more than two years ahead.", "Check the year of the visit."
        )


def _answers(given: dict[str, str]) -> dict[str, str]:
    return {key: value.strip() for key, value in given.items() if value.strip()}


def _refuse_empty(given: dict[str, str], questions: tuple[tuple[str, str], ...]) -> None:
    key, question = questions[0]
    text(given.get(key, ""), f"'{question}' is not answered.", "Answer it, or keep the part for later.")


def _keep_version(held: Visit, part: rules.Part, content: dict[str, str], actor: Person) -> None:
    NoteVersion.objects.create(
        visit=held,
        number=next_number(held.versions.all()),
        part=part.value,
        content=content,
        at=timezone.now(),
        by=actor,
    )
