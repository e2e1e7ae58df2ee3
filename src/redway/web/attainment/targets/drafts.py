"""Forms about targets that somebody has begun and not sent: kept for them alone until sent or dropped."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from redway.web.attainment.models import TargetDraft
from redway.web.audit import services as audit
from redway.web.people.models import Person


def keep_draft(
    *, person: Person, subject: str, revision: int, data: Mapping[str, Any], now: datetime
) -> TargetDraft:
    """Keep what is written so far. ``revision`` is the state of the target it was begun on."""
    with transaction.atomic():
        draft, _ = TargetDraft.objects.update_or_create(
            person=person,
            subject=subject,
            defaults={"revision": revision, "data": dict(data), "saved_at": now},
        )
        audit.record(person, "target.keep_draft", "target draft", draft.pk, {"subject": subject})
    return draft


def draft_of(person: Person, subject: str) -> TargetDraft | None:
    """What this person has begun, if anything."""
    return TargetDraft.objects.filter(person=person, subject=subject).first()


def drop_draft(person: Person, subject: str) -> None:
    """Forget a draft: it was sent, or its writer no longer wants it. Call it inside a transaction."""
    TargetDraft.objects.filter(person=person, subject=subject).delete()
