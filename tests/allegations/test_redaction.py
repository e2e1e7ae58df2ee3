"""Names of others taken out of what is written; rather one too many than one too few."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.allegations.redaction import REDACTED, redact

OWN = ["Jo Example"]


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Ann Stone saw Jo Example.", "[name] saw Jo Example."),
        ("Ann's mother telephoned.", "[name]'s mother telephoned."),
        ("ANN STONE; ann stone; A stone was thrown.", "[name]; [name]; A stone was thrown."),
        ("Stone, Ann was there.", "[name], [name] was there."),
        ("Annette and Annual stay.", "Annette and Annual stay."),
        ("The head of school spoke.", "The head of school spoke."),
        ("", ""),
    ],
)
def test_a_name_goes_wherever_it_stands(words: str, left: str) -> None:
    assert redact(words, ["Mrs Ann Stone, head of school"], OWN) == left


def test_a_surname_that_is_shared_stays_with_the_person() -> None:
    assert redact("Ella Example is the child of Jo Example.", ["Ella Example"], OWN) == (
        "[name] is the child of Jo Example."
    )


def test_names_with_accents_and_apostrophes_go_too() -> None:
    assert redact("Zoë O'Hara and José.", ["Zoë O'Hara", "José Núñez"], OWN) == "[name] and [name]."


@given(st.text(), st.lists(st.from_regex(r"[A-Z][a-z]{2,8} [A-Z][a-z]{2,8}", fullmatch=True), max_size=4))
def test_no_known_name_is_left_and_nothing_is_taken_out_twice(text: str, names: list[str]) -> None:
    once = redact(f"{text} {' and '.join(names)} {text}", names)
    assert not any(name in once for name in names if name not in text)
    assert redact(once, names) == once
    assert f"{REDACTED} {REDACTED}" not in once
