"""Quarters and tenths, in words that follow the measure's polarity."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core.errors import NotEnoughData
from redway.indicators.bands import band, decile
from redway.indicators.catalogue import Polarity


def test_quartiles_are_numpys() -> None:
    values = [3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3]
    spread = band(values, "England")
    assert (spread.q1, spread.median, spread.q3) == tuple(np.quantile(values, [0.25, 0.5, 0.75]))
    assert (spread.n, spread.mean) == (10, 3.9)


def test_high_absence_is_the_weakest_quarter_and_high_attainment_the_best() -> None:
    spread = band([float(value) for value in range(1, 101)])
    assert spread.words(95, Polarity.LOW) == "in the weakest quarter"
    assert spread.words(95, Polarity.HIGH) == "in the best quarter"
    assert spread.words(95, Polarity.NEUTRAL) == "in the highest quarter"


def test_a_value_on_a_boundary_takes_the_lower_quarter() -> None:
    spread = band([float(value) for value in range(1, 10)])
    assert spread.quarter(spread.q1) == 1
    assert spread.quarter(spread.q3) == 3


def test_fewer_than_eight_give_no_band() -> None:
    with pytest.raises(NotEnoughData, match="7 values"):
        band([1.0] * 7)


@given(st.lists(st.floats(-1e6, 1e6), min_size=10, max_size=60), st.floats(-1e6, 1e6))
def test_a_decile_is_between_one_and_ten_and_grows_with_the_value(values: list[float], one: float) -> None:
    assert 1 <= decile(one, values) <= decile(one + 1, values) <= 10
