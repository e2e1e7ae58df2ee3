"""The one writer of the audit trail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from redway.web.audit import checkpoint
from redway.web.audit.chain import START, AuditError, Link, check_verb, details_text
from redway.web.audit.models import AuditEntry, AuditHead
from redway.web.people.models import Person


def record(
    actor: Person | None,
    verb: str,
    subject_kind: str,
    subject_id: object,
    details: Mapping[str, Any] | None = None,
    *,
    sensitive_read: bool = False,
) -> AuditEntry:
    """Add an entry to the chain, in the transaction of the change it records.

    ``actor`` is None when the system acts by itself. Call it last in the transaction: from here to the
    commit nobody else can write to the trail. Raises AuditError outside a transaction (the change could
    then survive without its entry), for a verb that is not namespaced, and for details that could name
    a person.
    """
    if not connection.in_atomic_block:
        raise AuditError(
            f"'{verb}' was to be recorded outside a transaction.",
            "Put the change and its entry in one transaction.",
        )
    check_verb(verb)
    text = details_text(details or {})
    head = _locked_head()
    link = Link(
        sequence=head.sequence + 1,
        at=timezone.now(),
        actor=actor.pk if actor is not None else None,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        details=text,
        sensitive_read=sensitive_read,
        previous_hash=head.hash,
    )
    entry = AuditEntry(
        sequence=link.sequence,
        at=link.at,
        actor=actor,
        verb=link.verb,
        subject_kind=link.subject_kind,
        subject_id=link.subject_id,
        details=link.details,
        sensitive_read=link.sensitive_read,
        previous_hash=link.previous_hash,
        hash=link.hash,
    )
    entry.save(force_insert=True)
    head.sequence, head.hash = entry.sequence, entry.hash
    head.save(update_fields=["sequence", "hash"])
    transaction.on_commit(lambda: checkpoint.advance(entry.sequence, entry.hash), robust=True)
    return entry


def _locked_head() -> AuditHead:
    """The head row, locked until the transaction ends.

    On PostgreSQL the row is locked; SQLite's immediate transactions have locked the whole database already.
    """
    AuditHead.objects.get_or_create(only=1, defaults={"sequence": 0, "hash": START})
    return AuditHead.objects.select_for_update().get(only=1)
