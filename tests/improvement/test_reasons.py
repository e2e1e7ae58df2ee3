"""Reasons about a school: what must not stand in them is refused, and never repeated in the refusal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.improvement.reasons import LONGEST, ReasonsRefused, reasons_of


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Pupil A823456789012 was left out of the results.", "a unique pupil number"),
        ("See the note to head@school.example.", "an email address"),
        ("Ring the chair on 01908 555 0123.", "a telephone number"),
        ("Mrs Example leaves at Easter.", "the name of a person"),
        ("The head has been on sick leave since March.", "somebody's health"),
        ("The deputy was diagnosed in spring.", "somebody's health"),
        ("A parent complained that lessons are noisy.", "what a complaint says"),
        ("The mother says that nobody answered.", "what a complaint says"),
    ],
)
def test_case_39_what_must_not_stand_in_reasons_is_refused(text: str, what: str) -> None:
    with pytest.raises(ReasonsRefused, match=what) as refused:
        reasons_of(text)
    assert text not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "Leadership is interim and the roll falls for the third year.",
        "Four complaints this term, against one a year ago.",
        "Progress in mathematics fell by 1.2 points in 2016-17; 104 of 117 schools lie above it.",
        "A new headteacher begins on 1 September 2026.",
        "Stress on the budget: the deficit is 6% of income. Health and safety is in order.",
        "Mental health support is a strength of the school.",
        "Diagnostic assessments show gaps in reading; parents say in the survey that behaviour is good.",
    ],
)
def test_plain_reasons_are_kept_as_they_are(text: str) -> None:
    assert reasons_of(f"  {text}\n") == text


def test_a_file_is_no_reason() -> None:
    assert reasons_of("a" * LONGEST)
    with pytest.raises(ReasonsRefused, match="1,501 characters"):
        reasons_of("a" * (LONGEST + 1))


@given(st.text(alphabet="bdfgjkmoqrtuvwxyz ,.;%()", max_size=LONGEST))
def test_words_that_tell_of_nobody_are_kept_as_they_were_written(text: str) -> None:
    assert reasons_of(text) == text.strip()
