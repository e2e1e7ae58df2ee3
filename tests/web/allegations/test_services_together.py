"""Two officers at once, and a stop half-way: nothing is lost, and nothing is kept by halves."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from redway.allegations.told import Answer, Party, Telling
from redway.web.allegations.models import (
    ActionOfCase,
    Case,
    Draft,
    Engagement,
    Happening,
    Named,
    NameWord,
    Subject,
    TellingOfCase,
)
from redway.web.allegations.services import changing, naming, referrals, running
from redway.web.allegations.services.changing import ChangedMeanwhileError, ChangeRefusedError
from redway.web.allegations.services.closing import close
from redway.web.audit import services as audit
from redway.web.audit.models import AuditEntry
from redway.web.audit.verify import verify
from redway.web.people.models import Person
from web.allegations.a_case import ANSWERS, NOON, REFERRED, TODAY, again, done, opened, ready_to_close

pytestmark = pytest.mark.usefixtures("clock")


def test_who_saves_second_sees_what_the_first_changed_and_can_send_it_again(
    harriet: Person, leah: Person, make_person: Callable[..., Person]
) -> None:
    case = opened(harriet, leah)
    devi = make_person("deputy_lado", full_name="Devi Dale")
    done(naming.name_officer, leah, case, person=devi)
    seen = again(case).revision
    line = Telling(Answer.YES, TODAY, "Devi Dale")
    running.save_telling(actor=devi, case=case, revision=seen, party=Party.CHILD, telling=line)
    running.add_action(actor=devi, case=case, revision=seen + 1, what="Ask.", owner="Devi Dale", due_on=TODAY)
    mine: dict[str, Any] = {"what": "Ask the school.", "owner": "Leah Lane", "due_on": TODAY}
    with pytest.raises(ChangedMeanwhileError) as refused:
        running.add_action(actor=leah, case=case, revision=seen, **mine)
    assert [(one.what, one.by) for one in refused.value.changes] == [
        ("Who was told changed", "Devi Dale"),
        ("Action added", "Devi Dale"),
    ]
    assert {one.at for one in refused.value.changes} == {NOON}
    done(running.add_action, leah, case, **mine)
    assert case.actions.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_save_at_the_very_same_time(
    harriet: Person, leah: Person, make_person: Callable[..., Person]
) -> None:
    case = opened(harriet, leah)
    devi = make_person("deputy_lado", full_name="Devi Dale")
    done(naming.name_officer, leah, case, person=devi)
    seen = again(case).revision
    ready, outcomes = threading.Barrier(2), []

    def save(officer: Person) -> None:
        try:
            ready.wait(10)
            running.add_action(
                actor=officer, case=case, revision=seen, what="Ask.", owner=officer.full_name, due_on=TODAY
            )
            outcomes.append("saved")
        except ChangedMeanwhileError as error:
            outcomes.append(error.changes[0].what)
        finally:
            connection.close()

    both = [threading.Thread(target=save, args=(officer,)) for officer in (leah, devi)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert sorted(outcomes) == ["Action added", "saved"]
    assert (case.actions.count(), again(case).revision) == (1, seen + 1)
    assert verify().whole


class _Stopped(BaseException):
    """The machine stops here."""


STORED = (Case, Subject, Engagement, Happening, TellingOfCase, ActionOfCase, Named, NameWord, AuditEntry)


def counts() -> dict[str, int]:
    return {kind.__name__: kind.objects.count() for kind in STORED}  # type: ignore[attr-defined]


def test_a_stop_half_way_through_a_referral_keeps_neither_it_nor_its_entry(
    harriet: Person, leah: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Acceptance case 39: neither the change nor its row in the trail."""
    draft = referrals.save_draft(actor=harriet, draft=None, answers=ANSWERS)
    before = counts()

    def stop(*_: object, **__: object) -> None:
        raise _Stopped

    for place, name in ((audit, "record"), (referrals, "_name_those_who_receive")):
        with monkeypatch.context() as broken:
            broken.setattr(place, name, stop)
            with pytest.raises(_Stopped):
                referrals.refer(actor=harriet, draft_or_answers=draft, at=REFERRED)
        assert counts() == before
    assert Draft.objects.get() == draft
    assert verify().whole


def test_a_stop_half_way_through_a_change_keeps_neither_it_nor_its_entry(
    harriet: Person, leah: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = ready_to_close(harriet, leah)
    before, revision = counts(), again(case).revision

    def stop(*_: object, **__: object) -> None:
        raise _Stopped

    steps: dict[str, Callable[[], Any]] = {
        "telling": lambda: done(
            running.save_telling, leah, case, party=Party.CHILD, telling=Telling(Answer.YES, TODAY, "x")
        ),
        "action": lambda: done(running.add_action, leah, case, what="x", owner="x", due_on=TODAY),
        "close": lambda: done(close, leah, case, on=TODAY),
    }
    with monkeypatch.context() as broken:
        broken.setattr(changing.audit, "record", stop)
        for step in steps.values():
            with pytest.raises(_Stopped):
                step()
    assert counts() == before
    assert (again(case).revision, again(case).state) == (revision, "open")
    assert case.tellings.get(party=Party.CHILD.value).by == "Leah Lane"
    assert verify().whole


def test_what_is_refused_leaves_no_trace(harriet: Person, leah: Person) -> None:
    case = opened(harriet, leah)
    before = counts()
    with pytest.raises(ChangeRefusedError):
        done(running.add_action, leah, case, what="", owner="", due_on=TODAY - timedelta(days=1))
    assert (counts(), again(case).revision) == (before, case.revision)


def test_every_change_is_one_entry_without_words_or_names(harriet: Person, leah: Person) -> None:
    case = ready_to_close(harriet, leah)
    done(close, leah, case, on=TODAY)
    written = AuditEntry.objects.filter(subject_kind="allegation", subject_id=case.key)
    assert written.count() == again(case).revision + 1
    for entry in written:
        for secret in ("Example", "bruise", "by my arm", "Leah", "Nobody", "Sam Stone"):
            assert secret not in entry.details


def test_an_entry_about_a_case_changed_by_hand_is_found(harriet: Person, leah: Person) -> None:
    """Acceptance case 39: the first broken link is named."""
    from redway.web.audit.triggers import lifted

    case = opened(harriet, leah)
    entry = AuditEntry.objects.get(verb="allegation.evaluate", subject_id=case.key)
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditentry SET actor_id = NULL WHERE sequence = %s", [entry.sequence])
    assert verify().broken_at == entry.sequence
