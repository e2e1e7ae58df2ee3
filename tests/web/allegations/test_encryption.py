"""What is written of people cannot be read in the database, and keys can change while Redway runs."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from redway.web.allegations import encryption
from redway.web.allegations.encryption import (
    CannotOpenError,
    decrypt,
    encrypt,
    fingerprint,
    key_number,
    keys_asked_once,
    new_key,
)
from redway.web.allegations.models import DataKey, Subject

pytestmark = pytest.mark.django_db
WORDS = "Jo Example pushed a pupil. ‘She said no.’"


def stored(subject: Subject) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity FROM allegations_subject WHERE key = %s", [subject.key])
        return bytes(cursor.fetchone()[0])


def test_a_name_is_not_readable_in_the_database_and_comes_back_whole() -> None:
    subject = Subject.objects.create(
        authority="826", identity={"names": ["Jo Éxample"], "born": "1985-06-10"}
    )
    assert b"xample" not in stored(subject)
    assert Subject.objects.get().identity == {"names": ["Jo Éxample"], "born": "1985-06-10"}


def test_the_same_words_are_never_stored_alike() -> None:
    assert encrypt(WORDS.encode()) != encrypt(WORDS.encode())
    assert decrypt(encrypt(WORDS.encode())).decode() == WORDS


def test_after_a_new_key_old_words_are_still_read_and_new_ones_use_it() -> None:
    old = encrypt(WORDS.encode())
    made = new_key()
    new = encrypt(WORDS.encode())
    assert (key_number(new), decrypt(old)) == (made.number, WORDS.encode())
    assert key_number(old) != key_number(new)


def test_a_copy_of_the_database_without_the_secret_key_opens_nothing(settings) -> None:  # type: ignore[no-untyped-def]
    sealed = encrypt(WORDS.encode())
    encryption._BOXES.clear()
    settings.SECRET_KEY = "another installation's"
    with pytest.raises(CannotOpenError):
        decrypt(sealed)


@pytest.mark.parametrize("change", [lambda sealed: sealed[:-4] + b"AAAA", lambda sealed: b"99" + sealed])
def test_what_was_changed_or_has_no_key_is_refused(change) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CannotOpenError, match="secret key that belongs"):
        decrypt(change(encrypt(WORDS.encode())))


def test_many_texts_cost_one_question_about_keys(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    sealed = [encrypt(WORDS.encode()) for _ in range(50)]
    encryption._BOXES.clear()
    with django_assert_num_queries(1):
        assert all(decrypt(one) == WORDS.encode() for one in sealed)


def test_what_one_change_writes_costs_one_question_about_keys(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    encrypt(b"A first word, so that there is a key.")
    fingerprint("first")
    with django_assert_num_queries(1), keys_asked_once():
        for _ in range(50):
            encrypt(WORDS.encode())
            fingerprint("example")


@pytest.mark.django_db(transaction=True)
def test_a_key_made_in_a_change_that_is_rolled_back_is_not_written_with() -> None:
    with transaction.atomic(), keys_asked_once():
        encrypt(WORDS.encode())
        transaction.set_rollback(True)
    assert not DataKey.objects.exists()
    sealed = encrypt(WORDS.encode())
    assert DataKey.objects.filter(number=key_number(sealed)).exists()
    assert decrypt(sealed) == WORDS.encode()


def test_the_next_change_writes_with_the_key_that_was_made_meanwhile() -> None:
    with keys_asked_once():
        encrypt(WORDS.encode())
    made = new_key()
    with keys_asked_once():
        assert key_number(encrypt(WORDS.encode())) == made.number


def test_a_word_of_a_name_is_found_without_being_readable() -> None:
    assert fingerprint("example") == fingerprint("example")
    assert fingerprint("example") != fingerprint("sample")
    assert "example" not in fingerprint("example")
    assert DataKey.objects.filter(purpose="search").count() == 1
