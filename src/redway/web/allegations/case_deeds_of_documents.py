"""What is done about a document that is there: shared or no longer, withdrawn."""

from __future__ import annotations

from django.http import Http404

from redway.web.allegations.case_deed import ANY, Deed, Sent
from redway.web.allegations.case_form import NothingForm, ReasonForm
from redway.web.allegations.models import Case, CaseState, Document
from redway.web.allegations.services import documents

_HELD = ANY - {CaseState.TRANSFERRED}


def _the_document(case: Case, item: str) -> Document:
    found = Document.objects.filter(case=case, key=item).first()
    if found is None or found.withdrawn_because:
        raise Http404("The case has no such document.")
    return found


def _about(case: Case, item: Document) -> list[tuple[str, str]]:
    return [("Document", item.title), ("Shared", "Yes" if item.shared else "No")]


def _share(sent: Sent) -> object:
    return documents.share_document(**sent.whose, document=sent.item, shared=not sent.item.shared)


def _withdraw(sent: Sent) -> object:
    return documents.withdraw_document(**sent.whose, document=sent.item, because=sent.given["reason"])


DOCUMENT_DEEDS: tuple[Deed, ...] = (
    Deed(
        "share-document",
        "Share a document, or share it no longer",
        "Change it",
        "It is changed.",
        NothingForm,
        _share,
        "documents",
        item=_the_document,
        heading=lambda item: "Share this document no longer" if item.shared else "Share this document",
        about=_about,
        lead="Officers of other authorities named on the case open what is shared, and nothing else.",
        states=_HELD,
    ),
    Deed(
        "withdraw-document",
        "Withdraw a document",
        "Withdraw it",
        "The document is withdrawn and is not shown again.",
        ReasonForm,
        _withdraw,
        "documents",
        item=_the_document,
        about=_about,
        check=True,
        final="Nobody can open it again. That it was there, and why it was withdrawn, stays to be read.",
        warning=True,
        states=_HELD,
    ),
)
