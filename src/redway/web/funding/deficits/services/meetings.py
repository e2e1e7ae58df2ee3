"""The register of meetings with schools in difficulty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from redway.core.words import day_in_words
from redway.web.audit import services as audit
from redway.web.funding.deficits.access import record_of_school
from redway.web.funding.deficits.models import (
    Meeting,
    MeetingAction,
)
from redway.web.funding.deficits.records import DeficitRefused
from redway.web.funding.deficits.services.changing import ChangedMeanwhile
from redway.web.people import permission
from redway.web.people.models import Person
from redway.web.register.models import School


@dataclass(frozen=True)
class ToDo:
    """Something agreed at a meeting."""

    what: str
    owner: str
    due_on: date


@transaction.atomic
def record_meeting(
    *, actor: Person, school: School, on: date, present: str, about: str, agreed: str, actions: Sequence[ToDo]
) -> Meeting:
    """Write down a meeting with a school in difficulty, and what was agreed."""
    permission.require(actor, "deficit.keep", record_of_school(school.key))
    if on > permission.today():
        raise DeficitRefused(f"{day_in_words(on)} has not come yet.", "Enter the day of the meeting.")
    late = [one for one in actions if one.due_on < on]
    if late:
        raise DeficitRefused(
            f"'{late[0].what}' is due on {day_in_words(late[0].due_on)}, before the meeting.", "Mend the day."
        )
    made = Meeting.objects.create(
        authority=school.authority,
        school=school.key,
        on=on,
        present=present.strip(),
        about=about.strip(),
        agreed=agreed.strip(),
        at=timezone.now(),
        by=actor,
    )
    MeetingAction.objects.bulk_create([MeetingAction(meeting=made, **asdict(one)) for one in actions])
    details = {"school": school.key, "on": on.isoformat(), "actions": len(actions)}
    audit.record(actor, "deficit.record_meeting", "meeting", made.pk, details)
    return made


@transaction.atomic
def finish_action(
    *, actor: Person, meeting: Meeting, revision: int, action: int, on: date, outcome: str
) -> MeetingAction:
    """Write down that something agreed has been done, and what came of it."""
    permission.require(actor, "deficit.keep", record_of_school(meeting.school))
    held = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if held.revision != revision:
        done = held.actions.filter(done_on__isnull=False).count()
        raise ChangedMeanwhile(f"{done} of its actions are done now")
    found = held.actions.filter(pk=action, done_on__isnull=True).first()
    if found is None:
        raise DeficitRefused("This action is done, or not of this meeting.", "Open the meeting again.")
    if not held.on <= on <= permission.today():
        raise DeficitRefused(
            f"{day_in_words(on)} does not lie between the meeting and today.", "Enter the day it was done."
        )
    found.done_on, found.outcome = on, outcome.strip()
    found.save(update_fields=["done_on", "outcome"])
    held.revision += 1
    held.save(update_fields=["revision"])
    audit.record(
        actor, "deficit.finish_action", "meeting", held.pk, {"action": found.pk, "on": on.isoformat()}
    )
    return found
