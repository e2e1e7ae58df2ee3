"""What makes a password acceptable."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from redway.core.home import Home
from redway.web.people.models import Person
from redway.web.people.passwords import is_listed

ALICE = Person(email="alice.archer@example.org", full_name="Alice Archer")


@pytest.mark.parametrize(
    "password",
    [
        "canal turnip lantern",
        "Wolverton-to-Bletchley by tram",
        "ß" * 3 + "unusual words here",
        "x9#" * 10 + "qwrtz" * 100,
    ],
)
def test_a_few_words_or_a_whole_sentence_are_welcome(password: str) -> None:
    validate_password(password, ALICE)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short words", "12 characters or more"),
        ("x" * 1025, "1,024 characters or fewer"),
        ("alicearcher2026", "your name or email address"),
        ("Alice.Archer@Example", "your name or email address"),
        ("liverpool2026!!", "known from breaches"),
        ("passwordpassword", "known from breaches"),
        ("qwertyuiop123456", "known from breaches"),
        ("aaaaaaaaaaaaaaaa", "known from breaches"),
    ],
)
def test_what_is_refused_says_why(password: str, words: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, ALICE)
    assert words in " ".join(refused.value.messages)


def test_a_password_in_the_list_an_authority_downloaded_is_refused(home: Home) -> None:
    write_list(home.root / "breached-passwords.txt", ["canal turnip lantern", "another one", "third"])
    with pytest.raises(ValidationError, match="known from breaches"):
        validate_password("canal turnip lantern", ALICE)
    validate_password("canal turnip lantern again", ALICE)


def write_list(file: Path, passwords: list[str]) -> None:
    hashes = sorted(hashlib.sha1(word.encode()).hexdigest().upper() for word in passwords)
    file.write_text(
        "".join(f"{line}:{number + 1}\r\n" for number, line in enumerate(hashes)), encoding="ascii"
    )


@given(st.sets(st.text(min_size=1, max_size=6), max_size=40), st.text(max_size=6))
def test_the_search_finds_exactly_the_passwords_in_the_list(
    tmp_path_factory: pytest.TempPathFactory, listed: set[str], other: str
) -> None:
    file = tmp_path_factory.mktemp("list") / "hashes.txt"
    write_list(file, sorted(listed))
    assert all(is_listed(word, file) for word in listed)
    assert is_listed(other, file) == (other in listed)


def test_without_a_list_nothing_is_listed(tmp_path: Path) -> None:
    assert not is_listed("canal turnip lantern", tmp_path / "none.txt")
