"""A smaller model from the statistics of a larger one is the model fitted to the pupils themselves."""

from __future__ import annotations

import pytest

from attainment.plain_sums import assert_equal_statistics
from attainment.test_accumulate import cohort
from redway.attainment.accumulate import accumulate
from redway.attainment.smaller_model import smaller_model
from redway.attainment.statistics import StatisticsError

LARGER = "score ~ prior + gender + I(prior**2) + school_mean(prior) + (1 + prior | school)"


@pytest.mark.parametrize(
    "formula",
    [
        "score ~ prior + (1 | school)",
        "score ~ gender + prior + (1 + prior | school)",
        "score ~ 1 + (1 | school)",
        "score ~ prior + school_mean(prior) + (1 | school)",
    ],
)
def test_it_is_what_the_pupils_give(formula: str) -> None:
    frame = cohort()
    assert_equal_statistics(
        smaller_model(accumulate(frame, LARGER), formula), accumulate(frame, formula), 1e-11
    )


@pytest.mark.parametrize(
    ("formula", "why"),
    [
        ("prior ~ 1 + (1 | school)", "outcome of the formula is 'prior'"),
        ("score ~ prior + (1 | gender)", "group of the formula is 'gender'"),
        ("score ~ prior + age + (1 | school)", "hold no age"),
        ("score ~ 0 + prior + (1 | school)", "without '.Intercept.'"),
        ("score ~ prior + gender + (1 + gender | school)", "no slope of gender"),
    ],
)
def test_what_was_not_kept_is_named(formula: str, why: str) -> None:
    with pytest.raises(StatisticsError, match=why):
        smaller_model(accumulate(cohort(), LARGER), formula)
