"""The audit trail: written with the change, never changed, every link checked."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from redway.web.audit import checkpoint
from redway.web.audit.chain import START, AuditError, Link, canonical, details_text
from redway.web.audit.models import AuditEntry, AuditHead
from redway.web.audit.services import record
from redway.web.audit.triggers import lifted
from redway.web.audit.verify import verify
from redway.web.people.models import Person

pytestmark = pytest.mark.django_db


def write(count: int, actor: Person | None = None) -> None:
    for number in range(count):
        with transaction.atomic():
            record(actor, "dataset.commit", "dataset", "absence", {"version": number})


@pytest.mark.django_db(transaction=True)
def test_entries_are_numbered_without_gaps_and_each_holds_the_hash_of_the_one_before(alice: Person) -> None:
    write(3, alice)
    first, second, third = AuditEntry.objects.order_by("sequence")
    assert [entry.sequence for entry in (first, second, third)] == [1, 2, 3]
    assert first.previous_hash == START
    assert second.previous_hash == first.hash
    assert third.previous_hash == second.hash
    assert verify().message == "The audit trail is whole: 3 entries checked."


def test_an_empty_trail_is_whole() -> None:
    assert verify().whole


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(AuditError, match="outside a transaction"):
        record(None, "dataset.commit", "dataset", "absence")


@pytest.mark.django_db(transaction=True)
def test_when_the_change_is_undone_so_is_its_entry() -> None:
    with transaction.atomic():
        record(None, "dataset.commit", "dataset", "absence")
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()
    assert checkpoint.read() is None


@pytest.mark.parametrize("verb", ["commit", "Dataset.commit", "dataset commit", "dataset."])
def test_a_verb_is_namespaced(verb: str) -> None:
    with pytest.raises(AuditError, match="not an audit verb"):
        record(None, verb, "dataset", "absence")


@pytest.mark.parametrize(
    "details", [{"by": "alice@example.org"}, {"note": {"text": "x" * 201}}, {"n": [1, "a@b"]}]
)
def test_details_that_could_name_a_person_are_refused(details: dict[str, object]) -> None:
    with pytest.raises(AuditError, match="keys and codes only"):
        record(None, "dataset.commit", "dataset", "absence", details)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET verb = 'dataset.nothing' WHERE sequence = 2",
        "DELETE FROM audit_auditentry WHERE sequence = 3",
        "DELETE FROM audit_auditentry",
        "DELETE FROM audit_audithead",
    ],
)
def test_the_database_itself_refuses_to_change_the_trail(statement: str) -> None:
    write(3)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert verify().whole


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("statement", "broken_at", "reason"),
    [
        ("UPDATE audit_auditentry SET details = '{}' WHERE sequence = 2", 2, "changed after it was written"),
        ("UPDATE audit_auditentry SET actor_id = NULL WHERE sequence = 3", 3, "changed after it was written"),
        ("DELETE FROM audit_auditentry WHERE sequence = 2", 2, "an entry is missing here"),
        ("DELETE FROM audit_auditentry WHERE sequence = 1", 1, "an entry is missing here"),
        ("DELETE FROM audit_auditentry WHERE sequence > 3", 4, "written and are gone"),
        ("DELETE FROM audit_auditentry", 1, "written and are gone"),
    ],
)
def test_whoever_gets_past_the_triggers_is_found_at_the_first_broken_link(
    alice: Person, statement: str, broken_at: int, reason: str
) -> None:
    write(5, alice)
    with lifted(connection), connection.cursor() as cursor:
        cursor.execute(statement)
    found = verify()
    assert not found.whole
    assert found.broken_at == broken_at
    assert reason in found.reason


@pytest.mark.django_db(transaction=True)
def test_a_tail_cut_off_together_with_the_head_is_seen_by_the_note_outside_the_database() -> None:
    write(5)
    third = AuditEntry.objects.get(sequence=3)
    with lifted(connection):
        AuditEntry.objects.filter(sequence__gt=3).delete()
        AuditHead.objects.update(sequence=3, hash=third.hash)
    found = verify()
    assert found.broken_at == 4
    assert "written and are gone" in found.reason


@pytest.mark.django_db(transaction=True)
def test_a_note_that_is_gone_is_said_because_a_tail_cut_off_would_not_show() -> None:
    write(3)
    assert verify().noted
    checkpoint.file().unlink()
    found = verify()
    assert found.whole
    assert not found.noted
    assert "the note of the newest one is gone" in found.message


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("text", ["", "{", "[]", '{"sequence": null, "hash": ""}'])
def test_a_note_that_cannot_be_read_is_said_in_words(text: str) -> None:
    write(3)
    checkpoint.file().write_text(text)
    found = verify()
    assert not found.whole
    assert "cannot be read" in found.message


@pytest.mark.django_db(transaction=True)
def test_a_trail_written_anew_from_some_entry_on_is_seen_too() -> None:
    write(3)
    with lifted(connection):
        AuditEntry.objects.all().delete()
        AuditHead.objects.all().delete()
    with transaction.atomic():
        for number in range(3):
            record(None, "dataset.forged", "dataset", "absence", {"version": number})
    found = verify()
    assert found.broken_at == 3
    assert "not the entry that was noted" in found.reason


@pytest.mark.django_db(transaction=True)
def test_a_trail_without_its_head_is_broken() -> None:
    write(2)
    with lifted(connection):
        AuditHead.objects.all().delete()
    assert verify().reason == "the head of the trail is gone."


@pytest.mark.django_db(transaction=True)
def test_the_note_never_goes_back_to_an_earlier_entry() -> None:
    write(2)
    noted = checkpoint.read()
    checkpoint.advance(1, "0" * 64)
    assert checkpoint.read() == noted
    assert noted is not None
    assert noted.sequence == 2


LINKS = st.builds(
    Link,
    sequence=st.integers(1, 10**6),
    at=st.datetimes(timezones=st.just(UTC)),
    actor=st.none() | st.integers(1, 99),
    verb=st.just("dataset.commit"),
    subject_kind=st.text(max_size=5),
    subject_id=st.text(max_size=5),
    details=st.text(max_size=20),
    sensitive_read=st.booleans(),
    previous_hash=st.just(START),
)


@given(LINKS, LINKS)
def test_different_entries_have_different_hashes(one: Link, other: Link) -> None:
    assert (one.hash == other.hash) == (one == other)


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.booleans() | st.none(), max_size=5))
def test_details_are_written_one_way_whatever_their_order(details: dict[str, object]) -> None:
    backwards = dict(reversed(list(details.items())))
    assert details_text(details) == details_text(backwards) == canonical(details)


def test_the_same_moment_in_another_time_zone_is_the_same_entry() -> None:
    from zoneinfo import ZoneInfo

    moment = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    link = Link(1, moment, None, "a.b", "x", "1", "{}", False, START)
    shown = Link(1, moment.astimezone(ZoneInfo("Europe/London")), None, "a.b", "x", "1", "{}", False, START)
    assert link.hash == shown.hash
