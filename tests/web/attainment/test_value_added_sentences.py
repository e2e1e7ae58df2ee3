"""What is said of an estimate, number by number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.figures.disclosure import Rule
from redway.web.attainment.formulas import PREDICTORS, formula, outcome_named, predictors_in, terms_of
from redway.web.attainment.value_added import sentences
from redway.web.attainment.value_added.authority_tables import chance_in_words
from redway.web.attainment.value_added.estimates import Apart, Estimate
from redway.web.attainment.value_added.left_out import LeftOut
from redway.web.attainment.value_added.terms import term_in_words

READING = outcome_named("reading")
PLACE = "Milton Keynes"


def estimate(value: float, lower: float, upper: float, pupils: int = 52) -> Estimate:
    return Estimate("110532", pupils, value * 1.25, 0.8, value, (upper - lower) / 3.92, lower, upper)


def test_more_progress_is_said_with_its_range() -> None:
    assert sentences.headline("Oak Hill School", estimate(2.1, 0.4, 3.8), READING, "2024-25", PLACE) == (
        "In 2024-25, the 52 pupils at Oak Hill School made about 2.1 points more progress in reading than "
        "similar pupils at the average school of Milton Keynes. The 95% range is 0.4 to 3.8 points more."
    )


def test_less_progress_is_said_with_its_range() -> None:
    said = sentences.headline("Oak Hill School", estimate(-1.0, -1.9, -0.1), READING, "2024-25", PLACE)
    assert "made about 1.0 point less progress in reading" in said
    assert "The 95% range is 0.1 to 1.9 points less." in said


@pytest.mark.parametrize(
    ("upper", "said"),
    [(0.04, "from 4.5 points less to 0.0 points more"), (-0.04, "0.0 to 4.5 points less")],
)
def test_a_range_that_ends_near_nought_goes_with_the_verdict(upper: float, said: str) -> None:
    assert sentences.range_in_words(estimate(-2.2, -4.5, upper), 1) == said


def test_a_difference_that_rounds_to_nought_is_none() -> None:
    said = sentences.headline("Oak Hill School", estimate(0.02, -1.2, 1.3), READING, "2024-25", PLACE)
    assert "made as much progress in reading as similar pupils" in said
    assert "from 1.2 points less to 1.3 points more" in said


def test_several_years_are_a_stretch_of_time() -> None:
    said = sentences.headline("Oak Hill School", estimate(2, 1, 3), READING, "2022-23 to 2024-25", PLACE)
    assert said.startswith("From 2022-23 to 2024-25, the 52 pupils")


def test_a_range_with_nought_in_it_tells_nothing_apart() -> None:
    assert "cannot be told apart" in sentences.verdict(estimate(2.1, -0.2, 4.4), PLACE)
    assert "by more than chance explains" in sentences.verdict(estimate(2.1, 0.2, 4.0), PLACE)


def test_the_other_years_are_told_by_what_can_be_said_of_them() -> None:
    years = {
        "2021-22": estimate(3, 1, 5),
        "2022-23": estimate(0.5, -1, 2),
        "2023-24": None,
        "2024-25": estimate(2, 1, 3),
    }
    assert sentences.other_years(years, ["2024-25"]) == [
        "In 2021-22 it was above the average school by more than chance explains.",
        "In 2022-23 the difference could not be told from nought.",
    ]


def test_other_schools_are_counted_by_what_can_be_said_of_them() -> None:
    assert sentences.told_apart(Apart(add_less=1, add_more=0, not_told_apart=11)) == (
        "Compared with the 12 other schools one by one: 1 adds less by more than chance explains, none add "
        "more, and 11 cannot be told apart from it."
    )


@given(st.floats(-60, 60), st.floats(0.01, 20), st.floats(0.01, 20))
def test_the_words_of_a_range_never_say_more_where_it_is_less(
    value: float, below: float, above: float
) -> None:
    said = sentences.range_in_words(estimate(value, value - below, value + above), 1)
    if value - below > 0.1:
        assert "less" not in said
    if value + above < -0.1:
        assert "more" not in said


def test_a_small_count_of_pupils_is_not_told() -> None:
    rule = Rule(5)
    assert "Fewer than 6 pupils" in sentences.pupils_used(3, [], rule)
    assert sentences.pupils_used(52, [], rule).endswith("Nobody was left out.")
    assert "2" not in sentences.pupils_used(57, [LeftOut("No result in reading", 2)], rule).replace("57", "")


@pytest.mark.parametrize(
    ("between", "within", "said"),
    [(1.0, 9.0, "10% of the differences"), (0.01, 9.99, "Less than 1%"), (0.0, 9.0, "cannot be told apart")],
)
def test_how_much_lies_between_schools(between: float, within: float, said: str) -> None:
    assert said in sentences.shared_out(between, within)


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (1e-9, "less than once in 1,000"),
        (0.004, "less than once in 100"),
        (0.012, "about once in 100"),
        (0.25, "about 25 times in 100"),
    ],
)
def test_a_probability_is_said_as_people_count(probability: float, said: str) -> None:
    assert chance_in_words(probability) == said


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("(Intercept)", "Every pupil, before anything is allowed for"),
        ("I(prior_attainment - 100)", "Attainment at key stage 2, each point above 100"),
        ("I((prior_attainment - 100)**2)", "Attainment at key stage 2, distance from 100 squared"),
        ("I(prior_reading - prior_maths)", "Reading at key stage 2 less maths at key stage 2"),
        ("free_school_meals yes", "Free school meals"),
        ("special_needs plan", "Special educational needs: education, health and care plan"),
        ("ethnicity asian", "Ethnic group: Asian"),
        ("shoe_size", "Shoe_size"),
    ],
)
def test_the_columns_of_a_model_are_put_into_words(column: str, said: str) -> None:
    assert term_in_words(column, "ks4") == said


def test_a_formula_allows_for_what_is_ticked_and_held_and_always_for_prior_attainment() -> None:
    held = {"attainment8", "prior_attainment", "gender", "school"}
    assert formula("attainment8", {"gender", "ethnicity"}, held, years=3) == (
        "attainment8 ~ I(prior_attainment - 100) + I((prior_attainment - 100)**2) + gender + year"
        " + (1 | school)"
    )


def test_every_predictor_can_be_written_for_both_key_stages() -> None:
    from redway.attainment.formula import parse_formula

    for stage, outcome in (("ks2", "reading"), ("ks4", "attainment8")):
        columns = {column for one in PREDICTORS for column in one.columns} | {"prior_attainment"}
        assert predictors_in(columns) == PREDICTORS
        read = parse_formula(formula(outcome, {one.code for one in PREDICTORS}, columns))
        assert len(read.terms) == 2 + sum(len(terms_of(one, stage)) for one in PREDICTORS)
