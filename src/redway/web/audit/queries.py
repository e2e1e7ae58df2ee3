"""Reading the audit trail."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from redway.figures.table import Column, Kind, Table
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person

HIDINGS: list[Callable[[Person], Q]] = []
"""What of the trail does not exist for a reader: each room adds its own, and is asked in every search."""


@dataclass(frozen=True)
class Search:
    """What is looked for; whatever is empty is not looked at. Both days are inside."""

    actor: int | None = None
    verb: str = ""
    subject_kind: str = ""
    subject_id: str = ""
    first_day: date | None = None
    last_day: date | None = None

    @property
    def parameters(self) -> dict[str, str]:
        """As audit details: which fields were searched and for which keys."""
        return {name: str(value) for name, value in vars(self).items() if value}


def entries(search: Search, reader: Person | None = None) -> QuerySet[AuditEntry]:
    """The entries found, newest first, without those that do not exist for the reader.

    ``reader`` is None where no person reads: on the command line.
    """
    found = AuditEntry.objects.select_related("actor").order_by("-sequence")
    if reader is not None:
        for hiding in HIDINGS:
            found = found.exclude(hiding(reader))
    if search.actor is not None:
        found = found.filter(actor_id=search.actor)
    if search.verb:
        # "people" finds every verb of that room, "people.invite" one of them.
        found = found.filter(verb__startswith=search.verb)
    if search.subject_kind:
        found = found.filter(subject_kind=search.subject_kind)
    if search.subject_id:
        found = found.filter(subject_id=search.subject_id)
    if search.first_day:
        found = found.filter(at__gte=_start_of(search.first_day))
    if search.last_day:
        found = found.filter(at__lt=_start_of(search.last_day + timedelta(days=1)))
    return found


def history_of(subject_kind: str, subject_id: str) -> QuerySet[AuditEntry]:
    """What was done to one record, newest first."""
    return entries(Search(subject_kind=subject_kind, subject_id=subject_id))


def entries_table(found: Iterable[AuditEntry]) -> Table:
    """Entries as a table. People are numbers in it: their names stay in the list of people."""
    return Table(
        title="Audit trail",
        columns=[
            Column("sequence", "Entry", Kind.TEXT),
            Column("at", "When"),
            Column("actor", "Who"),
            Column("verb", "What"),
            Column("subject", "To what"),
            Column("details", "Details"),
            Column("sensitive", "Sensitive reading"),
            Column("hash", "Hash"),
        ],
        rows=[_row(entry) for entry in found],
    )


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {
        "sequence": str(entry.sequence),
        "at": f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}",
        "actor": f"person {entry.actor_id}" if entry.actor_id else "Redway",
        "actor_number": entry.actor_id,
        "verb": entry.verb,
        "subject": f"{entry.subject_kind} {entry.subject_id}",
        "details": in_words(entry),
        "sensitive": "Yes" if entry.sensitive_read else "",
        "hash": entry.hash,
    }


def in_words(entry: AuditEntry) -> str:
    """The details as 'role: adviser, first day: 2026-09-01'."""
    details = json.loads(entry.details)
    return ", ".join(f"{key.replace('_', ' ')}: {value}" for key, value in sorted(details.items()))


def _start_of(day: date) -> datetime:
    # A day is a day in England, whatever the stored time zone.
    return timezone.make_aware(datetime.combine(day, time.min))
