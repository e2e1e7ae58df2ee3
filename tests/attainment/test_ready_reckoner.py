"""What published or supplied coefficients predict, and what is missing of them."""

from __future__ import annotations

import polars as pl
import pytest

from redway.attainment.measure_values import NotPublished
from redway.attainment.ready_reckoner import (
    UnfitCoefficients,
    published_coefficients,
    read_coefficients,
    ready_reckoner,
)

PUPIL = pl.DataFrame(
    {
        "pupil": ["p"],
        "prior_attainment": [27.0],
        "prior_reading": [27.0],
        "prior_maths": [27.0],
        "deprivation": [0.2],
        "free_school_meals": [False],
        "in_care": [False],
        "gender": ["F"],
        "points": [368.0],
    }
)


def test_the_eight_published_terms_of_2006() -> None:
    """Average points 27, no deviations, IDACI 0.2, no free meals, not in care."""
    found = ready_reckoner(PUPIL, published_coefficients("2005-06"))
    assert found.pupils["prediction"].item() == pytest.approx(252.7162, abs=1e-10)


def test_a_prediction_without_all_lines_says_that_it_is_partial_and_what_is_missing() -> None:
    found = ready_reckoner(PUPIL, published_coefficients("2005-06"))
    assert "partial" in found.note
    for missing in ("gender", "special educational needs", "ethnic group", "prior attainment of the school"):
        assert missing in found.coefficients.missing
    assert "deprivation" not in found.coefficients.missing


def test_a_year_earlier_nothing_was_published() -> None:
    with pytest.raises(NotPublished, match="The coefficients of contextual value added of 2006-07"):
        published_coefficients("2006-07")


@pytest.mark.parametrize(
    ("term", "standard_error"),
    [
        ("constant", 12.6),
        ("prior_attainment squared", 0.005),
        ("prior_attainment", 0.26),
        ("english_deviation", 0.066),
        ("maths_deviation", 0.069),
        ("free_school_meals", 0.35),
        ("deprivation", 0.69),
        ("in_care", 1.27),
    ],
)
def test_standard_errors_that_the_published_limits_imply(term: str, standard_error: float) -> None:
    (line,) = [one for one in published_coefficients("2005-06").lines if one.term == term]
    assert line.standard_error == pytest.approx(standard_error, rel=0.03)


def test_actual_less_prediction_is_the_score() -> None:
    """The published example: actual 368, prediction 363.4, score +4.6."""
    coefficients = read_coefficients("term,coefficient\nconstant,363.4\n", "ours.csv")
    found = ready_reckoner(PUPIL, coefficients, "points")
    assert found.pupils["score"].item() == pytest.approx(4.6)


def test_a_file_may_hold_levels_squares_and_products() -> None:
    text = "term,coefficient,lower,upper\nconstant,10,9,11\ngender F,2,,\nprior_attainment x gender F,0.5,,\n"
    found = ready_reckoner(PUPIL, read_coefficients(text, "ours.csv"))
    assert found.pupils["prediction"].item() == pytest.approx(10 + 2 + 13.5)


def test_a_pupil_lacking_a_value_has_no_prediction() -> None:
    unknown = PUPIL.with_columns(deprivation=pl.lit(None, pl.Float64))
    assert ready_reckoner(unknown, published_coefficients("2005-06")).pupils["prediction"].item() is None


def test_pupils_without_a_needed_column_are_refused() -> None:
    with pytest.raises(UnfitCoefficients, match="need deprivation, which the pupils do not have"):
        ready_reckoner(PUPIL.drop("deprivation"), published_coefficients("2005-06"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("name,value\n", "ours.csv has no column coefficient and term"),
        ("term,coefficient\n", "ours.csv holds no coefficient"),
        ("term,coefficient\nfree_school_meal,1\n", "'free_school_meal' in row 2 of ours.csv is no term"),
        ("term,coefficient\ngender,1\n", "'gender' in row 2"),
        ("term,coefficient\nconstant,\n", "'' is no coefficient"),
        ("term,coefficient\nconstant,inf\n", "'inf' is no coefficient"),
        ("term,coefficient\nconstant,1\nconstant,2\n", "Row 3 of ours.csv gives 'constant' again"),
        ("term,coefficient,lower,upper\nconstant,1,2,3\n", "outside its own limits"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(text: str, why: str) -> None:
    with pytest.raises(UnfitCoefficients, match=why):
        read_coefficients(text, "ours.csv")


def test_a_near_miss_gets_a_suggestion() -> None:
    with pytest.raises(UnfitCoefficients) as refused:
        read_coefficients("term,coefficient\nfree_school_meal,1\n", "ours.csv")
    assert "Did you mean 'free_school_meals'?" in refused.value.next_step
