"""Keys change while Redway runs: stopped half-way or with others writing, nothing is lost or stays old."""

from __future__ import annotations

import json
import threading

import pytest
from django.db import connection

from redway.cli.main import main
from redway.core.home import Home
from redway.web.allegations import encryption, rotation
from redway.web.allegations.encryption import CannotOpenError, encrypt, key_number
from redway.web.allegations.models import Allegation, Case, DataKey, Draft, Subject
from redway.web.allegations.rotation import outstanding, rotate, sealed_columns
from redway.web.audit.models import AuditEntry
from redway.web.people.models import Person
from web.allegations.a_case import ready_to_close
from web.allegations.case_of_everything import a_case

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]
WORDS = "He pushed her. ‘She said no.’"


def everything_stored() -> list[bytes]:
    """Every encrypted value of the database, as it is stored."""
    found = []
    with connection.cursor() as cursor:
        for place in sealed_columns():
            cursor.execute(f'SELECT "{place.column}" FROM "{place.table}" WHERE "{place.column}" IS NOT NULL')
            found += [bytes(row[0]) for row in cursor.fetchall()]
    return found


def many_allegations(count: int) -> Case:
    case = a_case()
    Allegation.objects.bulk_create(
        Allegation(case=case, number=n, words=f"{WORDS} {n}") for n in range(1, count + 1)
    )
    return case


def test_a_whole_case_is_encrypted_anew_and_reads_as_before(harriet: Person, leah: Person) -> None:
    case = ready_to_close(harriet, leah)
    before = (Subject.objects.get().identity, case.account, case.allegations.get().reply)
    stored = everything_stored()
    rotated = rotate()
    assert rotated.values == len(stored) > 20
    now = everything_stored()
    assert {key_number(one) for one in now} == {rotated.key}
    assert not set(stored) & set(now)
    case.refresh_from_db()
    assert (Subject.objects.get().identity, case.account, case.allegations.get().reply) == before


def test_every_encrypted_field_there_is_is_walked() -> None:
    walked = {(place.table, place.column) for place in sealed_columns()}
    assert {
        ("allegations_subject", "identity"),
        ("allegations_minutes", "text"),
        ("allegations_document", "title"),
        ("allegations_lowlevelconcern", "about"),
        ("allegations_draft", "answers"),
    } <= walked


def test_stopped_half_way_it_goes_on_with_the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    many_allegations(25)
    total = len(everything_stored())
    monkeypatch.setattr(rotation, "_AT_ONCE", 10)
    done = 0

    def stop_after_some(values: int) -> None:
        nonlocal done
        done += values
        if done >= 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(stop_after_some)
    key = DataKey.objects.filter(purpose="content").latest("number").number
    assert 0 < outstanding(key) < total
    assert {one.words for one in Allegation.objects.all()} == {f"{WORDS} {n}" for n in range(1, 26)}
    rotated = rotate()
    assert (rotated.key, rotated.resumed, rotated.values + done) == (key, True, total)
    assert outstanding(key) == 0
    assert {one.words for one in Allegation.objects.all()} == {f"{WORDS} {n}" for n in range(1, 26)}
    again = rotate()
    assert (again.resumed, again.values) == (False, total)
    assert again.key > key


def test_what_somebody_saves_meanwhile_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    many_allegations(30)
    monkeypatch.setattr(rotation, "_AT_ONCE", 5)
    begun, saved = threading.Event(), []

    def write() -> None:
        try:
            begun.wait(10)
            for n in range(1, 31, 3):
                Allegation.objects.filter(number=n).update(words=f"Corrected {n}")
                saved.append(n)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    rotated = rotate(lambda values: begun.set())
    writer.join(20)
    assert len(saved) == 10
    words = dict(Allegation.objects.values_list("number", "words"))
    assert words == {n: f"Corrected {n}" if n in saved else f"{WORDS} {n}" for n in range(1, 31)}
    assert outstanding(rotated.key) == 0


def test_a_value_saved_between_reading_and_replacing_is_not_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    many_allegations(1)
    replace = rotation._replace

    def replace_after_somebody_saved(place: rotation.SealedColumn, rows: list[tuple[object, bytes]]) -> int:
        if (place.table, place.column) == ("allegations_allegation", "words"):
            Allegation.objects.update(words="Corrected.")
        return replace(place, rows)

    monkeypatch.setattr(rotation, "_replace", replace_after_somebody_saved)
    rotate()
    assert Allegation.objects.get().words == "Corrected."


def test_what_a_process_writes_with_a_former_key_is_found(
    monkeypatch: pytest.MonkeyPatch, leah: Person
) -> None:
    """A writer that asked for its key just before the new one was made, and saves after its table's turn."""
    late = encrypt(b'{"words": "late"}')
    draft = Draft.objects.create(person=leah, answers={})
    walk, passes = rotation._walk, []

    def walk_then_write(key: int, progress: rotation.Progress) -> int:
        found = walk(key, progress)
        if not passes:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE allegations_draft SET answers = %s WHERE key = %s",
                    [late, draft.key],
                )
        passes.append(found)
        return found

    monkeypatch.setattr(rotation, "_walk", walk_then_write)
    rotated = rotate()
    assert (Draft.objects.get().answers, outstanding(rotated.key)) == ({"words": "late"}, 0)
    assert len(passes) == 3


def test_without_the_secret_key_nothing_is_changed(settings) -> None:  # type: ignore[no-untyped-def]
    many_allegations(1)
    stored = everything_stored()
    encryption._BOXES.clear()
    settings.SECRET_KEY = "another installation's"
    with pytest.raises(CannotOpenError):
        rotate()
    assert everything_stored() == stored


def test_the_trail_says_that_keys_were_changed_and_nothing_else(home: Home) -> None:
    many_allegations(2)
    rotated = rotate()
    entries = AuditEntry.objects.filter(subject_kind="data key").order_by("sequence")
    assert [(one.verb, json.loads(one.details)) for one in entries] == [
        ("allegation.begin_rotation", {}),
        ("allegation.finish_rotation", {"values": rotated.values, "documents": 0}),
    ]


def test_at_the_shell(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    many_allegations(2)
    total = len(everything_stored())
    assert main(["allegations", "rotate-keys"]) == 0
    shown = capsys.readouterr().out
    assert f"{total} values and 0 documents encrypted anew under key" in shown
    assert main(["allegations", "rotate-keys", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["resumed"] is False
