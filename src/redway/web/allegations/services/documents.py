"""Documents of a case: added, shared with an officer of another authority, read, withdrawn."""

from __future__ import annotations

import hashlib

from django.db import transaction
from django.http import Http404

from redway.web.allegations import document_store
from redway.web.allegations.document_content import checked
from redway.web.allegations.models import Case, CaseState, Document, new_reference
from redway.web.allegations.services.changing import change, missing, one_of, refuse
from redway.web.audit import services as audit
from redway.web.people.models import Person

HELD = tuple(state for state in CaseState if state != CaseState.TRANSFERRED)
"""States in which a document can be added or withdrawn: also when the case is closed or advice."""


def add_document(*, actor: Person, case: Case, title: str, name: str, body: bytes) -> Case:
    """Keep a file with the case, by what it holds and without what it tells of its maker.

    Two who add at once both keep theirs, so no revision is asked for. Raises ChangeRefusedError and
    DocumentRefusedError.
    """
    content = checked(name, body)
    key = new_reference()
    try:
        with change(actor, case, None, "add_document", states=HELD) as step:
            refuse([missing(title, "Say what the document is.")])
            Document.objects.create(
                key=key,
                case=step.case,
                title=title.strip(),
                media_type=content.media_type,
                size=len(content.body),
                sha256=hashlib.sha256(content.body).hexdigest(),
                added_by=actor,
                added_at=step.now,
            )
            # On disk before the row is there for others, so that a document listed can be opened.
            document_store.keep(key, content.body)
            step.details |= {"document": key, "bytes": len(content.body)}
    except BaseException:
        document_store.forget(key)
        raise
    return step.case


def share_document(*, actor: Person, case: Case, revision: int, document: Document, shared: bool) -> Case:
    """Let officers of other authorities named on the case open the document, or no longer."""
    with change(actor, case, revision, "share_document", states=HELD) as step:
        found = _standing(step.case, document)
        found.shared = shared
        found.save(update_fields=["shared"])
        step.details |= {"document": found.key, "shared": shared}
    return step.case


def withdraw_document(*, actor: Person, case: Case, revision: int, document: Document, because: str) -> Case:
    """Take a document out of the case. It is kept until the record is disposed of and never shown again."""
    with change(actor, case, revision, "withdraw_document", states=HELD) as step:
        found = _standing(step.case, document)
        refuse([missing(because, "Say why it is withdrawn.")])
        found.withdrawn_because, found.shared = because.strip(), False
        found.save(update_fields=["withdrawn_because", "shared"])
        step.details |= {"document": found.key}
    return step.case


def read_document(
    *, actor: Person, case: Case, key: str, only_shared: bool = False
) -> tuple[Document, bytes]:
    """A document with its bytes; that it was read is recorded. The case has come through ``access_case``.

    Raises Http404 when it is not of this case, was withdrawn, or is not shared where it must be.
    """
    found = Document.objects.filter(case=case, key=key).first()
    if found is None or found.withdrawn_because or (only_shared and not found.shared):
        raise Http404("The case has no such document.")
    body = document_store.bytes_of(found.key)
    with transaction.atomic():
        audit.record(
            actor,
            "allegation.read_document",
            "allegation",
            case.key,
            {"document": found.key},
            sensitive_read=True,
        )
    return found, body


def _standing(case: Case, document: Document) -> Document:
    found: Document = one_of(Document.objects.filter(pk=document.pk).first(), case, "document")
    refuse(["It was withdrawn already." if found.withdrawn_because else ""])
    return found
