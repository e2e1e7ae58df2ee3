"""The guarantee of 2008 to 2011: case 24, and what must hold for any school."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.made_schools import whole
from redway.core.errors import ValuesError
from redway.funding.errors import FundingError
from redway.funding.guarantee_2008 import Kind, guarantee_2008, guaranteed_level, relevant_pupils
from redway.funding.local_values import values_in_force

VALUES = values_in_force("local-2008", date(2008, 4, 1))


def level(kind: Kind, base: int, before: int, now: int) -> int:
    found = guarantee_2008((kind,), whole(base), whole(before), whole(now), whole(0), VALUES)
    return int(found.level[0])


class TestCase24:
    """Pending a reading of the schedule."""

    def test_a_primary_that_falls_from_200_to_190(self) -> None:
        assert level(Kind.PRIMARY, 50_000_000, 200, 190) == 49_008_000

    def test_a_secondary_that_grows_from_1000_to_1020(self) -> None:
        assert level(Kind.SECONDARY, 400_000_000, 1_000, 1_020) == 415_547_000

    def test_it_keeps_more_than_a_rule_per_pupil_would_give(self) -> None:
        per_pupil = 50_000_000 * 1_021 * 190 // (1_000 * 200)
        assert per_pupil == 48_497_500
        assert level(Kind.PRIMARY, 50_000_000, 200, 190) > per_pupil


def test_what_a_budget_lacks_is_added() -> None:
    found = guarantee_2008(
        (Kind.PRIMARY,) * 2,
        whole(50_000_000, 50_000_000),
        whole(200, 200),
        whole(190, 190),
        whole(48_000_000, 49_100_000),
        VALUES,
    )
    assert found.added.tolist() == [1_008_000, 0]


def test_nothing_is_said_of_a_special_school_or_one_without_pupils_last_year() -> None:
    found = guarantee_2008(
        (Kind.SPECIAL, Kind.PRIMARY),
        whole(100, 100),
        whole(50, 0),
        whole(50, 10),
        whole(0, 0),
        VALUES,
    )
    assert found.covered.tolist() == [False, False]
    assert found.added.tolist() == [0, 0]


def test_small_primaries_are_marked_because_their_rule_was_not_read() -> None:
    found = guarantee_2008(
        (Kind.PRIMARY, Kind.PRIMARY, Kind.SECONDARY),
        whole(10, 10, 10),
        whole(76, 80, 60),
        whole(76, 75, 60),
        whole(0, 0, 0),
        VALUES,
    )
    assert found.small.tolist() == [False, True, False]
    assert "marginal-small-primary" in found.unconfirmed
    assert "guarantee-rise" in found.unconfirmed


def test_relevant_pupils_leave_out_the_sixth_form_and_add_places_that_are_not_counted() -> None:
    assert relevant_pupils(whole(1_000), whole(150), whole(12), whole(0)).tolist() == [862]


def test_a_number_below_nothing_is_refused() -> None:
    with pytest.raises(FundingError, match="In row 1, last year's pupils is -1"):
        level(Kind.PRIMARY, 1, -1, 1)


def test_the_guarantee_of_2008_ends_in_march_2011() -> None:
    with pytest.raises(ValuesError):
        values_in_force("local-2008", date(2011, 4, 1)).number("guarantee-rise")


@given(st.integers(0, 4_000_000_000), st.integers(1, 9_000), st.integers(0, 9_000), st.integers(0, 100_000))
def test_the_level_is_exact_against_fractions(base: int, before: int, now: int, marginal: int) -> None:
    found = guaranteed_level(whole(base), whole(before), whole(now), np.array([marginal]), 2_100)
    exact = (
        base * Fraction(102_100, 100_000) * (1 + Fraction(marginal, 100_000) * Fraction(now - before, before))
    )
    assert int(found[0]) == int(exact + Fraction(1, 2))


@given(st.integers(1, 10**9), st.integers(1, 3_000), st.integers(0, 3_000))
def test_with_the_same_pupils_the_rise_is_the_rise_whatever_a_pupil_is_worth(
    base: int, pupils: int, marginal: int
) -> None:
    found = guaranteed_level(whole(base), whole(pupils), whole(pupils), np.array([marginal]), 2_100)
    assert int(found[0]) == int((base * Decimal("1.021")).quantize(Decimal(1), ROUND_HALF_UP))
