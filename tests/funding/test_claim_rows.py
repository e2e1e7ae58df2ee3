"""Tables of schools judged for a fund: taken in whole, or refused with everything that is wrong."""

from __future__ import annotations

import pytest

from redway.datasets.checked_rows import TableRefused
from redway.datasets.text_rows import TextRow
from redway.funding.claim_rows import read_falling_claims, read_growth_claims
from redway.funding.growth import Claim

HEADINGS = ["urn", "before", "after", "asked for"]


def rows(*lines: str) -> list[TextRow]:
    return [
        TextRow(number, dict(zip(HEADINGS, line.split(","), strict=True)))
        for number, line in enumerate(lines, 2)
    ]


def test_growth_is_read_with_whether_it_was_asked_for() -> None:
    assert read_growth_claims(HEADINGS, rows("110500,210,240,yes", "110501,900,910,No")) == [
        Claim("110500", 210, 240, asked_for=True),
        Claim("110501", 900, 910),
    ]


def test_falling_rolls_have_a_condition_of_their_own() -> None:
    headings = ["urn", "before", "after", "needed again"]
    row = TextRow(2, dict(zip(headings, ("110500", "210", "190", "yes"), strict=True)))
    assert read_falling_claims(headings, [row]) == [Claim("110500", 210, 190, needed_again=True)]
    with pytest.raises(TableRefused, match="'needed again' is missing"):
        read_falling_claims(HEADINGS, rows("110500,210,190,yes"))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("1105,210,240,yes", "Row 2, urn: '1105' is no URN"),
        ("110500,-3,240,yes", "Row 2, before: '-3' is no whole number from 0 on"),
        ("110500,210,,yes", "Row 2, after: is empty"),
        ("110500,210,240,maybe", "Row 2, asked for: 'maybe' is none of yes or no"),
    ],
)
def test_what_is_wrong_is_named(line: str, said: str) -> None:
    with pytest.raises(TableRefused) as refused:
        read_growth_claims(HEADINGS, rows(line))
    assert said in refused.value.problems[0]


def test_a_school_twice_and_an_empty_table_are_refused() -> None:
    with pytest.raises(TableRefused, match="'110500' is there twice"):
        read_growth_claims(HEADINGS, rows("110500,210,240,yes", "110500,210,250,yes"))
    with pytest.raises(TableRefused, match="no row below the headings"):
        read_growth_claims(HEADINGS, [])
