"""Is the trail whole? Every link is hashed again; the first that is broken is named."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction

from redway.web.audit import checkpoint
from redway.web.audit.chain import START, Link
from redway.web.audit.models import AuditEntry, AuditHead


@dataclass(frozen=True)
class Verification:
    """The result. ``broken_at`` is the sequence of the first broken link, None when the trail is whole."""

    checked: int
    head: str
    broken_at: int | None = None
    reason: str = ""

    @property
    def whole(self) -> bool:
        return self.broken_at is None

    @property
    def message(self) -> str:
        """One line for a person."""
        if self.whole:
            return f"The audit trail is whole: {self.checked:,} entries checked."
        return f"The audit trail is broken at entry {self.broken_at}: {self.reason}"


def verify() -> Verification:
    """Check every entry against the one before it, the head, and the note kept outside the database.

    Reads one consistent state of the database, in memory bounded by a batch of entries.
    """
    # The note is read first: it may then only lag behind the entries, never run ahead of them.
    noted = checkpoint.read()
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return _walk(noted)


def _walk(noted: checkpoint.Checkpoint | None) -> Verification:
    expected, previous = 1, START
    for entry in AuditEntry.objects.order_by("sequence").iterator(chunk_size=2000):
        reason = _fault(entry, expected, previous)
        if reason:
            return Verification(expected - 1, previous, min(expected, entry.sequence), reason)
        if noted is not None and noted.sequence == entry.sequence and noted.hash != entry.hash:
            return Verification(
                expected - 1,
                previous,
                entry.sequence,
                "it is not the entry that was noted when it was written.",
            )
        expected, previous = expected + 1, entry.hash
    checked = expected - 1
    cut = "entries that were written after this one are gone."
    if noted is not None and noted.sequence > checked:
        return Verification(checked, previous, expected, cut)
    head = AuditHead.objects.filter(only=1).first()
    if head is not None and (head.sequence, head.hash) != (checked, previous):
        return Verification(checked, previous, expected, cut)
    if head is None and checked:
        return Verification(checked, previous, expected, "the head of the trail is gone.")
    return Verification(checked, previous)


def _fault(entry: AuditEntry, expected: int, previous: str) -> str:
    if entry.sequence != expected:
        return "an entry is missing here."
    if entry.previous_hash != previous:
        return "it does not follow from the entry before it."
    if _link(entry).hash != entry.hash:
        return "it was changed after it was written."
    return ""


def _link(entry: AuditEntry) -> Link:
    return Link(
        sequence=entry.sequence,
        at=entry.at,
        actor=entry.actor_id,
        verb=entry.verb,
        subject_kind=entry.subject_kind,
        subject_id=entry.subject_id,
        details=entry.details,
        sensitive_read=entry.sensitive_read,
        previous_hash=entry.previous_hash,
    )
