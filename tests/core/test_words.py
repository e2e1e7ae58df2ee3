from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core import words


def test_a_date_is_written_as_the_design_system_writes_it() -> None:
    assert words.day_in_words(date(2026, 4, 2)) == "2 April 2026"


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [(43.25, 1, "43.3"), (43.35, 1, "43.4"), (-43.25, 1, "-43.3"), (2.675, 2, "2.68"), (1e6, 0, "1,000,000")],
)
def test_numbers_round_half_away_from_zero_on_their_written_digits(
    value: float, places: int, shown: str
) -> None:
    assert words.number(value, places) == shown


def test_a_tiny_negative_is_not_shown_as_minus_nought() -> None:
    assert words.number(-0.001, 1) == "0.0"


def test_the_gap_of_milton_keynes_to_england_keeps_its_sign() -> None:
    assert words.signed(8.59 - 8.44, 2) == "+0.15"


def test_a_list_of_one_two_and_three() -> None:
    assert [words.listed(names) for names in (["Kent"], ["Kent", "Leeds"], ["Kent", "Leeds", "Sutton"])] == [
        "Kent",
        "Kent and Leeds",
        "Kent, Leeds and Sutton",
    ]


@given(st.decimals(-(10**9), 10**9, allow_nan=False, places=6), st.integers(0, 4))
def test_a_shown_number_is_within_half_a_unit_of_the_value(value: Decimal, places: int) -> None:
    shown = Decimal(words.number(value, places).replace(",", ""))
    assert abs(shown - value) <= Decimal("0.5").scaleb(-places)
