"""Who had opened the system's list before officers began to write their own: told from the audit trail.

While the own list is being written the system's is shown to nobody, so what counts is what was opened before.
A list that was printed, saved or made by a command is not in the trail, and the page says that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from django.utils import timezone

from redway.core.words import counted, listed
from redway.web.audit.models import AuditEntry
from redway.web.improvement.models import ScoreSet, TriageMeeting
from redway.web.people.models import Person


def opened_before(meeting: TriageMeeting, held: ScoreSet) -> dict[str, list[int]]:
    """Who opened the list of the authority before the meeting was begun: numbers of people.

    ``since_kept`` since these scores were kept, ``that_day`` on the day on which the meeting was begun.
    """
    day = timezone.make_aware(datetime.combine(timezone.localdate(meeting.at), time()))
    return {"since_kept": _readers(meeting, held.at), "that_day": _readers(meeting, max(day, held.at))}


def seen_words(meeting: TriageMeeting) -> str:
    """What stands on the page of a sealed meeting; empty where there was no list to be seen."""
    opened: Mapping[str, Any] | None = meeting.systems.get("opened")
    if opened is None:
        return ""
    writers = {one.by_id for one in meeting.names.all()}
    names = dict(Person.objects.filter(pk__in=opened["since_kept"]).values_list("pk", "full_name"))
    seen = sorted(names[pk] for pk in writers & set(opened["since_kept"]))
    same_day = sorted(names[pk] for pk in writers & set(opened["that_day"]))
    who = f"Of those who wrote the own list ({counted(len(writers), 'officer')})"
    if not seen:
        return f"{who} nobody had opened these scores before."
    return (
        f"{who} {listed(seen)} had opened these scores before"
        f"{f', {listed(same_day)} on the same day' if same_day else ', none on the same day'}."
    )


def _readers(meeting: TriageMeeting, since: datetime) -> list[int]:
    found = AuditEntry.objects.filter(
        verb="early_warning.read",
        subject_kind="authority",
        subject_id=meeting.authority,
        at__gte=since,
        at__lt=meeting.at,
        actor__isnull=False,
    )
    return sorted(set(found.values_list("actor_id", flat=True)))
