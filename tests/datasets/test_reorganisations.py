"""Authorities that were reorganised."""

from __future__ import annotations

from datetime import date

import pytest

from redway.datasets.reorganisations import former_numbers, number_on, reorganisations


@pytest.mark.parametrize(
    ("old", "new", "on"),
    [
        ("909", ("942", "943"), date(2023, 4, 1)),
        ("928", ("940", "941"), date(2021, 4, 1)),
        ("837", ("839",), date(2019, 4, 1)),
        ("836", ("839",), date(2019, 4, 1)),
        ("835", ("838", "839"), date(2019, 4, 1)),
    ],
)
def test_a_retired_number_stands_for_its_successors_from_the_day(
    old: str, new: tuple[str, ...], on: date
) -> None:
    assert number_on(old, on) == new
    assert number_on(old, date(on.year - 1, 12, 31)) == (old,)


def test_numbers_that_were_never_retired_stand_for_themselves() -> None:
    assert number_on("826", date(2026, 4, 1)) == ("826",)
    assert number_on("815", date(2026, 4, 1)) == ("815",)


def test_they_are_in_order_of_time() -> None:
    days = [each.on for each in reorganisations()]
    assert days == sorted(days)
    assert former_numbers()["942"] == ("909",)
