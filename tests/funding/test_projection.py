"""Years ahead: worked by hand for one school, and what must hold for any."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core.errors import NotEnoughData
from redway.funding.projection import (
    NEVER,
    Case,
    Pressure,
    assumptions,
    funding_per_pupil,
    next_spending,
    pressure,
    project,
)

HELD = assumptions(date(2026, 11, 24))
PRESSURES = {case: pressure(case, HELD) for case in Case}


def test_spending_of_the_next_year_by_hand() -> None:
    """£1,000,000, 200 pupils to 190; half follows pupils: £975,000. Pay 80% rises 3.25%, the rest 2.5%."""
    found = next_spending(np.array([100_000_000]), np.array([200]), np.array([190]), PRESSURES[Case.CENTRAL])
    assert found.tolist() == [97_500_000 + 2_535_000 + 487_500]


def test_a_balance_goes_forward_and_the_year_it_falls_below_nothing_is_named() -> None:
    flat = Pressure(0, 0, 0, 80_000, 50_000)
    budgets = np.array([[90_000_000], [95_000_000], [100_000_000]])
    found = project(
        balance=np.array([12_000_000]),
        spending=np.array([100_000_000]),
        pupils=np.array([[200], [200], [200], [200]]),
        funding=lambda year, pupils: budgets[year - 1],
        pressures={Case.CENTRAL: flat},
    )[Case.CENTRAL]
    assert found.balance[:, 0].tolist() == [2_000_000, -3_000_000, -3_000_000]
    assert found.first_deficit.tolist() == [1]


def test_a_school_that_stays_in_balance_has_no_first_deficit() -> None:
    found = project(
        balance=np.array([0]),
        spending=np.array([100]),
        pupils=np.array([[10], [10]]),
        funding=lambda year, pupils: np.array([1_000]),
        pressures=PRESSURES,
    )
    assert all(one.first_deficit.tolist() == [NEVER] for one in found.values())


@given(
    st.lists(
        st.tuples(st.integers(-(10**8), 10**8), st.integers(10**6, 10**9), st.integers(1, 2_000)),
        min_size=1,
        max_size=8,
    )
)
def test_more_pressure_never_leaves_a_school_with_more(schools: list[tuple[int, int, int]]) -> None:
    balance, spending, roll = (np.array(column, dtype=np.int64) for column in zip(*schools, strict=True))
    pupils = np.array([roll, roll, np.maximum(roll - 1, 0)])
    found = project(
        balance=balance,
        spending=spending,
        pupils=pupils,
        funding=funding_per_pupil(spending, roll, HELD.percent_parts("funding-rises")),
        pressures=PRESSURES,
    )
    low, central, high = (found[case].balance for case in Case)
    assert (low >= central).all()
    assert (central >= high).all()
    assert (found[Case.LOW].funding == found[Case.HIGH].funding).all()


def test_funding_follows_pupils_but_for_the_fixed_part() -> None:
    of_year = funding_per_pupil(np.array([110_000_000]), np.array([200]), 0, fixed=10_000_000)
    assert of_year(1, np.array([100])).tolist() == [60_000_000]
    rising = funding_per_pupil(np.array([100_000_000]), np.array([200]), 2_000)
    assert rising(2, np.array([200])).tolist() == [104_040_000]


def test_an_authority_puts_its_own_assumptions_in_their_place_and_those_to_start_from_are_unconfirmed() -> (
    None
):
    own = assumptions(date(2026, 11, 24), {"pay-high": Decimal("6.5")})
    assert pressure(Case.HIGH, own).pay == 6_500
    assert pressure(Case.HIGH, own).prices == 4_000
    assert set(HELD.held.names()) - {one.name for one in HELD.unconfirmed} == {"funding-fixed"}


def test_nothing_is_said_where_nothing_is_known() -> None:
    ahead = {"balance": np.array([0]), "spending": np.array([1]), "pressures": PRESSURES}
    with pytest.raises(NotEnoughData, match="no year ahead"):
        project(pupils=np.array([[5]]), funding=lambda year, pupils: pupils, **ahead)
    with pytest.raises(NotEnoughData, match="no pupils"):
        project(pupils=np.array([[0], [5]]), funding=lambda year, pupils: pupils, **ahead)
