"""Small cohorts: not rated on one year, pooled over three."""

from __future__ import annotations

import pytest

from redway.core.errors import NotEnoughData
from redway.indicators.intervals import wilson
from redway.indicators.pooling import Cohort, can_be_rated, pool


def test_nine_pupils_are_not_rated_on_one_year() -> None:
    assert not can_be_rated(9)
    assert not can_be_rated(None)
    assert can_be_rated(11)


def test_three_small_years_become_one_cohort_in_which_every_child_counts_once() -> None:
    pooled = pool([Cohort("2015-16", 3, 9), Cohort("2016-17", 8, 12), Cohort("2017-18", 4, 9)])
    assert pooled.share == pytest.approx(15 / 30)
    assert pooled.label == "2015-16 to 2017-18 (3 years together)"
    assert pooled.interval == wilson(15, 30)


def test_only_the_latest_three_years_are_pooled() -> None:
    years = [Cohort(f"20{year}-{year + 1}", 10, 20) for year in range(12, 18)]
    assert (pool(years).first, pool(years).cohort) == ("2015-16", 60)


def test_a_missing_year_is_left_out_and_said() -> None:
    pooled = pool([Cohort("2015-16", 6, 12), Cohort("2016-17", None, 9), Cohort("2017-18", 5, 10)])
    assert (pooled.years, pooled.cohort) == (2, 22)


def test_too_few_even_together_is_refused_not_shown() -> None:
    with pytest.raises(NotEnoughData, match="too few"):
        pool([Cohort("2016-17", 2, 4), Cohort("2017-18", 3, 5)])
