"""Documents go with a case that another authority takes on: encrypted anew, shared with nobody, recorded."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from redway.allegations.cross_border import TransferState
from redway.core.home import Home
from redway.web.allegations import document_store
from redway.web.allegations.document_store import DocumentGoneError
from redway.web.allegations.models import Case, CaseState, Document
from redway.web.allegations.services import documents, naming
from redway.web.audit import services as audit
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person
from web.allegations.a_case import again, done, opened
from web.allegations.test_documents import PDF, on_disk
from web.pages import visitor

pytestmark = pytest.mark.usefixtures("clock", "home")


@pytest.fixture
def nell(make_person: Callable[..., Person]) -> Person:
    """Nell North, designated officer of another authority."""
    return make_person("lado", full_name="Nell North", authority="822")


@pytest.fixture
def case(harriet: Person, leah: Person, nell: Person) -> Case:
    """A case with a shared document and one that was withdrawn, offered to Nell's authority."""
    case = opened(harriet, leah)
    for title in ("Statement of Sam", "Of another person"):
        documents.add_document(actor=leah, case=case, title=title, name="s.pdf", body=PDF)
    kept, other = case.documents.order_by("added_at", "pk")
    kept, other = (kept, other) if kept.title == "Statement of Sam" else (other, kept)
    done(documents.share_document, leah, case, document=kept, shared=True)
    done(documents.withdraw_document, leah, case, document=other, because="Added by mistake.")
    naming.offer_transfer(
        actor=leah, case=case, revision=again(case).revision, to_authority="822", reason="They work there."
    )
    return again(case)


def accept(nell: Person, case: Case) -> Case:
    return naming.answer_transfer(actor=nell, hand_over=case.hand_overs.get(), state=TransferState.ACCEPTED)


def standing(case: Case) -> Document:
    return next(one for one in case.documents.all() if not one.withdrawn_because)


def test_what_stands_goes_with_it_and_what_was_withdrawn_does_not(case: Case, nell: Person) -> None:
    new = accept(nell, case)
    copied, former = new.documents.get(), standing(case)
    assert (copied.title, copied.sha256, copied.shared) == ("Statement of Sam", former.sha256, False)
    assert copied.key != former.key
    assert document_store.bytes_of(copied.key) == document_store.bytes_of(former.key) == PDF


def test_each_authority_opens_its_own_and_not_the_other_s(case: Case, nell: Person, leah: Person) -> None:
    new = accept(nell, case)
    old_file = f"/allegations/cases/{case.key}/documents/{standing(case).key}/"
    new_file = f"/allegations/cases/{new.key}/documents/{new.documents.get().key}/"
    assert visitor(leah).get(old_file).content == visitor(nell).get(new_file).content == PDF
    assert visitor(leah).get(new_file).status_code == visitor(nell).get(old_file).status_code == 404


def test_the_trail_says_which_documents_went_and_never_what_they_are(case: Case, nell: Person) -> None:
    new = accept(nell, case)
    for verb, of in (("allegation.receive", new), ("allegation.answer_transfer", case)):
        entry = AuditEntry.objects.get(verb=verb, subject_id=of.key)
        assert json.loads(entry.details)["documents"] == [new.documents.get().key]
        assert "Statement" not in entry.details


def test_a_stop_half_way_leaves_the_case_and_the_folder_as_they_were(
    case: Case, nell: Person, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*args: Any, **kwargs: Any) -> None:
        raise KeyboardInterrupt

    before = on_disk(home)
    with monkeypatch.context() as stopped:
        stopped.setattr(audit, "record", stop)
        with pytest.raises(KeyboardInterrupt):
            accept(nell, case)
    assert on_disk(home) == before
    assert (again(case).state, Case.objects.count(), Document.objects.count()) == (CaseState.OPEN, 1, 2)


def test_without_the_file_of_a_document_nothing_is_handed_over(case: Case, nell: Person, home: Home) -> None:
    document_store.forget(standing(case).key)
    with pytest.raises(DocumentGoneError, match="not in the data folder"):
        accept(nell, case)
    assert (again(case).state, Case.objects.count()) == (CaseState.OPEN, 1)


def test_a_declined_case_sends_nothing(case: Case, nell: Person, home: Home) -> None:
    before = on_disk(home)
    naming.answer_transfer(
        actor=nell, hand_over=case.hand_overs.get(), state=TransferState.DECLINED, reason="They left."
    )
    assert on_disk(home) == before
