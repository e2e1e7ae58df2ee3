"""Is the trail whole? Every link is hashed again; the first that is broken is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import transaction

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
    noted: bool = True
    """False when no note outside the database says how far the trail went: a tail cut off would not show."""

    @property
    def whole(self) -> bool:
        return self.broken_at is None

    @property
    def message(self) -> str:
        """One line for a person."""
        if self.whole and not self.noted:
            return (
                f"Each of the {self.checked:,} entries of the audit trail follows from the one before, but "
                f"the note of the newest one is gone ({checkpoint.file()}): entries cut off at the end would "
                "not show. Compare the newest entry with one from a backup."
            )
        if self.whole:
            return f"The audit trail is whole: {self.checked:,} entries checked."
        return f"The audit trail is broken at entry {self.broken_at}: {self.reason}"


def verify() -> Verification:
    """Check every entry against the one before it, the head, and the note kept outside the database.

    May run while others write: what must be there is read first, so that new entries do not matter.
    Memory is bounded by a batch of entries.
    """
    try:
        noted = checkpoint.read()
    except checkpoint.UnreadableNoteError as error:
        return Verification(0, START, 1, f"{error.message} {error.next_step}")
    marks = {noted.sequence: noted.hash} if noted is not None else {}
    with transaction.atomic():
        head = AuditHead.objects.filter(only=1).first()
        if head is None and AuditEntry.objects.exists() and not AuditHead.objects.exists():
            return Verification(0, START, 1, "the head of the trail is gone.")
        if head is not None and head.sequence:
            if marks.get(head.sequence, head.hash) != head.hash:
                return Verification(0, START, head.sequence, _REPLACED)
            marks[head.sequence] = head.hash
        found = _walk(marks)
    return replace(found, noted=noted is not None or not found.checked)


_REPLACED = "it is not the entry that was noted when it was written."


def _walk(marks: Mapping[int, str]) -> Verification:
    """Follow the chain from its first entry; ``marks`` are entries that must be there, by sequence."""
    checked, previous = 0, START
    for entry in AuditEntry.objects.order_by("sequence").iterator(chunk_size=2000):
        reason = _fault(entry, checked + 1, previous)
        if not reason and marks.get(entry.sequence, entry.hash) != entry.hash:
            reason = _REPLACED
        if reason:
            return Verification(checked, previous, checked + 1, reason)
        checked, previous = entry.sequence, entry.hash
    if checked < max(marks, default=0):
        return Verification(checked, previous, checked + 1, "entries from here on were written and are gone.")
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
