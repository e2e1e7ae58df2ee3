"""Formulas in R's notation: what they mean, and what is said of those that cannot be read or fitted."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.attainment.formula import FormulaError, UnknownPredictor, check_columns, parse_formula, term_text


def terms_of(text: str) -> list[str]:
    return [term_text(term) for term in parse_formula(f"{text} + (1 | school)").terms]


# attr(terms(...), "term.labels") of R 4.2.2.
BY_R = {
    "y ~ a + b*c + a:b": ["a", "b", "c", "b:c", "a:b"],
    "y ~ b:a + a + c:b:a + b": ["a", "b", "b:a", "b:a:c"],
    "y ~ a*b - a:b": ["a", "b"],
    "y ~ (a + b + c)^2": ["a", "b", "c", "a:b", "a:c", "b:c"],
    "y ~ a*b*c": ["a", "b", "c", "a:b", "a:c", "b:c", "a:b:c"],
    "y ~ (a + b):c": ["a:c", "b:c"],
    "y ~ a:b + b:a + a:a": ["a", "a:b"],
    "y ~ a + b:c*d": ["a", "d", "b:c", "b:c:d"],
    "y ~ a - a + b": ["b"],
    "y ~ (a + b)*c - b:c": ["a", "b", "c", "a:c"],
}


@pytest.mark.parametrize(("text", "labels"), BY_R.items())
def test_the_terms_are_those_of_r(text: str, labels: list[str]) -> None:
    assert terms_of(text) == labels


def test_every_part_of_a_formula() -> None:
    formula = parse_formula(
        "attainment8 ~ prior + I((english - prior) / 2) + C(band) + school_mean(prior)"
        " + (1 + prior | authority:estab)"
    )
    assert formula.outcome.text == "attainment8"
    assert formula.intercept
    assert [term_text(term) for term in formula.terms] == ["prior", "I((english - prior)/2)", "C(band)"]
    assert [factor.text for factor in formula.school_terms] == ["school_mean(prior)"]
    assert (formula.group, formula.group_columns) == ("authority:estab", ("authority", "estab"))
    assert [term_text(term) for term in formula.slopes] == ["prior"]
    assert formula.columns == ("attainment8", "prior", "english", "band", "authority", "estab")
    assert formula.number_columns == {"attainment8", "english", "prior"}
    assert formula.category_columns == {"band"}


@pytest.mark.parametrize(
    ("text", "intercept"),
    [
        ("y ~ x + (1 | s)", True),
        ("y ~ 1 + (1 | s)", True),
        ("y ~ (1 | s)", True),
        ("y ~ 0 + x + (1 | s)", False),
        ("y ~ x - 1 + (1 | s)", False),
        ("y ~ -1 + x + (1 | s)", False),
        ("y ~ x + 0 + (1 | s)", False),
        ("y ~ x - 0 + (1 | s)", True),
    ],
)
def test_the_intercept_is_there_unless_it_is_refused(text: str, intercept: bool) -> None:
    assert parse_formula(text).intercept is intercept


@pytest.mark.parametrize(
    "text",
    [
        "y ~ x + I(x**2) + x:g + (1 + x | s)",
        "y~x+I( x ^ 2 )+x:g+(x|s)",
        "y ~ (x + 1 | s) + x + I(x ^ 2.0) + (x:g)",
        "y ~ x + g - g + I(((x)**2)) + x:g + x:x + (1+x|s)",
    ],
)
def test_one_formula_has_one_spelling(text: str) -> None:
    assert str(parse_formula(text)) == "y ~ x + I(x**2) + x:g + (1 + x | s)"
    assert parse_formula(str(parse_formula(text))) == parse_formula(text)


def test_names_with_spaces_stand_between_backticks() -> None:
    formula = parse_formula("`KS2 points` ~ `prior points` + I(`prior points`**2) + (1 | `School name`)")
    assert formula.columns == ("KS2 points", "prior points", "School name")
    assert str(formula) == "`KS2 points` ~ `prior points` + I(`prior points`**2) + (1 | `School name`)"


@pytest.mark.parametrize(
    ("arithmetic", "value"),
    [
        ("I(x**2)", 9.0),
        ("I(-x**2)", -9.0),
        ("I((-x)**2)", 9.0),
        ("I(2**x**2)", 512.0),
        ("I(x - 1 - 2)", 0.0),
        ("I(x - (1 - 2))", 4.0),
        ("I(12/x/2)", 2.0),
        ("I(12/(x/2))", 8.0),
        ("I(2*x + 1)", 7.0),
        ("I(2*(x + 1))", 8.0),
        ("I(x*1e2)", 300.0),
        ("sqrt(x + 1)", 2.0),
        ("log(exp(x))", 3.0),
        ("I(abs(-x))", 3.0),
        ("I(x**-1)", 1 / 3),
    ],
)
def test_arithmetic_means_what_it_means_in_r(arithmetic: str, value: float) -> None:
    for text in (arithmetic, str(parse_formula(f"y ~ {arithmetic} + (1 | s)").terms[0][0].text)):
        (factor,) = parse_formula(f"y ~ {text} + (1 | s)").terms[0]
        assert factor.sum is not None
        assert factor.sum.values({"x": np.array([3.0])}) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "place", "next_step"),
    [
        ("", "at its end: the outcome is missing", "An example"),
        ("~ x + (1 | s)", "at '~', character 1", "An example"),
        ("y", "at its end: '~' should stand behind the outcome", "An example"),
        ("y ~ x", "names no group", "(1 | school)"),
        ("y ~ x + + (1 | s)", "at '+', character 9", "An example"),
        ("y ~ x + (1 | s", "at its end: a bracket is not closed", "An example"),
        ("y ~ x)", "at ')', character 6: this bracket was never opened", "An example"),
        ("y ~ x z + (1 | s)", "at 'z', character 7", "An example"),
        ("y ~ x % z", "at '%', character 7", "An example"),
        ("y ~ . + (1 | s)", "'.' for all columns is refused", "one by one"),
        ("y ~ x/z + (1 | s)", "at '/', character 6", "I(a/b)"),
        ("y ~ x**2 + (1 | s)", "at '**', character 6", "I(x**2)"),
        ("y ~ 2*x + (1 | s)", "at '2', character 5", "An example"),
        ("y ~ scale(x) + (1 | s)", "there is no function 'scale'", "Known functions"),
        ("y ~ I(mean(x)) + (1 | s)", "there is no function 'mean'", "Known functions"),
        ("y ~ I(3) + (1 | s)", "it names no column", "An example"),
        ("y ~ y + (1 | s)", "the outcome cannot predict itself", "Take it out"),
        ("C(y) ~ x + (1 | s)", "must be a number", "Name a column of results"),
        ("y ~ x + (0 + x | s)", "would force every school through one point", "(1 + x | school)"),
        ("y ~ x + (x - 1 | s)", "would force every school through one point", "(1 + x | school)"),
        ("y ~ x + (1 + z | s)", "is not among the predictors", "Add it"),
        ("y ~ 0 + x + (1 + x | s)", "needs an intercept", "Leave out"),
        ("y ~ x + (1 | s) + (1 | t)", "this is a second group", "One group is fitted"),
        ("y ~ x + (1 | t/s)", "only one level of groups", "the school alone"),
        ("y ~ x + (1 + x || s)", "'||'", "one '|'"),
        ("y ~ x + (1 | 3)", "the column of the schools should stand", "An example"),
        ("y ~ x | s", "a group stands in brackets", "An example"),
        ("y ~ school_mean(x) + (1 | s)", "'x' itself is not among the predictors", "x + school_mean(x)"),
        ("y ~ x*school_mean(x) + (1 | s)", "do not interact", "Add it with '+'"),
        ("y ~ x ~ z", "there are two '~'", "An example"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, place: str, next_step: str) -> None:
    with pytest.raises(FormulaError) as error:
        parse_formula(text)
    assert place in error.value.message
    assert next_step in error.value.next_step


def test_an_absent_column_suggests_the_nearest() -> None:
    formula = parse_formula("attainment8 ~ prior_atainment + (1 | school)")
    with pytest.raises(UnknownPredictor) as error:
        check_columns(formula, ["attainment8", "prior_attainment", "school"])
    assert error.value.message == "The formula names the column 'prior_atainment', which is not there."
    assert error.value.next_step == "Did you mean 'prior_attainment'?"
    with pytest.raises(UnknownPredictor, match="There are: a, b"):
        check_columns(formula, ["a", "b"])
    check_columns(formula, ["school", "attainment8", "prior_atainment", "more"])


@given(st.text(alphabet="yxs ~+*:()|01I^.-`2/", max_size=25))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with contextlib.suppress(FormulaError):
        formula = parse_formula(text)
        assert parse_formula(str(formula)) == formula
