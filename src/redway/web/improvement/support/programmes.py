"""Changes of programmes and their steps: permitted, locked, checked, audited, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from redway.core.words import day_in_words
from redway.improvement.programmes import Template, cycle, half_terms_from, unconfirmed_words
from redway.web.audit import services as audit
from redway.web.improvement.support.access import record_of
from redway.web.improvement.support.changing import SupportRefused, locked, moved, refuse_closed, text
from redway.web.improvement.support.models import Alert, Programme, Step
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import School
from redway.web.schools.access import record_of as school_record


@transaction.atomic
def start_programme(
    *,
    actor: Person,
    school: School,
    template: Template,
    why: str,
    starts_on: date,
    half_terms: int,
    alert: Alert | None = None,
    lead: Person | None = None,
) -> Programme:
    """Start a programme from a template; every step of it is laid out at once.

    Raises ProgrammeRefused for a length that cannot be, SupportRefused without a reason, and while one of the
    same kind is running at the school.
    """
    permission.require(actor, "support.manage", school_record(school))
    why = text(why, "The reason is missing.", "Say why the school is on the programme.")
    refuse_closed(School.objects.select_for_update().get(pk=school.pk))
    running = Programme.objects.filter(school=school.key, template=template.code, state="running")
    if running.exists():
        raise SupportRefused(
            f"A programme of this kind is running at {school.shown_name}.", "End that one first, or open it."
        )
    if alert is not None and alert.school != school.key:
        raise SupportRefused("The alert is of another school.", "Choose an alert of this school.")
    now = timezone.now()
    steps = cycle(template, starts_on, half_terms)
    made = Programme.objects.create(
        authority=school.authority,
        school=school.key,
        template=template.code,
        title=template.title,
        purpose=template.purpose,
        provenance=unconfirmed_words(template)[:500],
        why=why,
        starts_on=starts_on,
        ends_on=half_terms_from(starts_on, half_terms)[-1].last_day,
        lead=lead or actor,
        alert=alert,
        at=now,
        by=actor,
    )
    Step.objects.bulk_create(
        Step(
            programme=made,
            number=number,
            half_term=step.half_term,
            when=step.when,
            stage=step.stage.value,
            name=step.name,
            asks=list(step.asks),
            due_days=[step.due_on.isoformat()],
            due_on=step.due_on,
            at=now,
            by=actor,
        )
        for number, step in enumerate(steps, 1)
    )
    details = {"half_terms": half_terms}
    audit.record(actor, "support.start_programme", "programme", made.pk, details)
    return made


@dataclass(frozen=True)
class StepWritten:
    """What is agreed for a step, and what came of it."""

    what: str
    due_on: date
    done_on: date | None
    found: str


@transaction.atomic
def write_step(
    *, actor: Person, programme: Programme, number: int, revision: int, written: StepWritten
) -> Step:
    """Write down what is agreed in a step, move its day, or say that it is done and what was found.

    Raises SupportRefused and ChangedMeanwhile.
    """
    permission.require(actor, "support.manage", record_of(programme))
    held = Programme.objects.select_for_update().get(pk=programme.pk)
    if held.state != Programme.State.RUNNING:
        raise SupportRefused(f"The programme is {held.get_state_display().lower()}.", "Start another.")
    step = locked(Step, Step.objects.get(programme=held, number=number).pk, revision, actor)
    if written.done_on and written.done_on > permission.today():
        raise SupportRefused("A step cannot be done on a day to come.", "Give the day on which it was done.")
    if written.done_on and not written.found.strip():
        raise SupportRefused("It is not said what was found.", "Say what came of the step; then it is done.")
    if not held.starts_on <= written.due_on <= held.ends_on:
        raise SupportRefused(
            f"The step would be due on {day_in_words(written.due_on)}, outside the programme.",
            f"It runs from {day_in_words(held.starts_on)} to {day_in_words(held.ends_on)}.",
        )
    step.what, step.found = written.what.strip(), written.found.strip()
    step.due_on, step.done_on = written.due_on, written.done_on
    step.due_days = moved(step.due_days, written.due_on)
    step.save()
    details = {"step": number, "done": written.done_on is not None, "moves": len(step.due_days) - 1}
    audit.record(actor, "support.write_step", "programme", held.pk, details)
    return step


@transaction.atomic
def end_programme(
    *, actor: Person, programme: Programme, revision: int, outcome: str, withdrawn: bool
) -> Programme:
    """End a programme with what came of it, or withdraw it with a reason. Nothing of it is deleted."""
    permission.require(actor, "support.manage", record_of(programme))
    held = locked(Programme, programme.pk, revision, actor)
    if held.state != Programme.State.RUNNING:
        raise SupportRefused(f"The programme is {held.get_state_display().lower()} already.")
    held.outcome = text(outcome, "It is not said what came of it.", "Say what came of it, or why it stops.")
    held.state = Programme.State.WITHDRAWN if withdrawn else Programme.State.ENDED
    held.ended_on = permission.today()
    held.save()
    audit.record(actor, "support.end_programme", "programme", held.pk, {"state": held.state})
    return held
