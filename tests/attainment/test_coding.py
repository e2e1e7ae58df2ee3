"""Design columns as R makes them: names checked against R's model.matrix, values by what they mean."""

from __future__ import annotations

import itertools

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.attainment.coding import Coding, design_columns, sorted_levels, translation
from redway.attainment.formula import UnknownPredictor, parse_formula

LEVELS = {"g": ("F", "M"), "e": ("a", "b", "c"), "f": ("no", "yes")}

# colnames(model.matrix(...)) of R 4.2.2 for factors g (F, M), e (a, b, c), f (no, yes) and numbers x, z.
BY_R = {
    "y ~ g + e": "(Intercept) gM eb ec",
    "y ~ g * e": "(Intercept) gM eb ec gM:eb gM:ec",
    "y ~ g:e": "(Intercept) gF:ea gM:ea gF:eb gM:eb gF:ec gM:ec",
    "y ~ g + g:e": "(Intercept) gM gF:eb gM:eb gF:ec gM:ec",
    "y ~ x:g": "(Intercept) x:gF x:gM",
    "y ~ x * g": "(Intercept) x gM x:gM",
    "y ~ x + x:g": "(Intercept) x x:gM",
    "y ~ g:e + e": "(Intercept) eb ec gM:ea gM:eb gM:ec",
    "y ~ e:g + g": "(Intercept) gM eb:gF ec:gF eb:gM ec:gM",
    "y ~ x:g + x:e": "(Intercept) x:gF x:gM x:eb x:ec",
    "y ~ x:z:g + x:z": "(Intercept) x:z x:z:gM",
    "y ~ 0 + g + e": "gF gM eb ec",
    "y ~ 0 + x + g + e": "x gF gM eb ec",
    "y ~ 0 + x:g": "x:gF x:gM",
    "y ~ 0 + x*g": "x gF gM x:gM",
    "y ~ 0 + g:e": "gF:ea gM:ea gF:eb gM:eb gF:ec gM:ec",
    "y ~ 0 + g:e + f": "fno fyes gF:ea gM:ea gF:eb gM:eb gF:ec gM:ec",
    "y ~ g*e*f": "(Intercept) gM eb ec fyes gM:eb gM:ec gM:fyes eb:fyes ec:fyes gM:eb:fyes gM:ec:fyes",
    "y ~ g + g:e:f": "(Intercept) gM gF:ea:fno gM:ea:fno gF:eb:fno gM:eb:fno gF:ec:fno gM:ec:fno"
    " gF:ea:fyes gM:ea:fyes gF:eb:fyes gM:eb:fyes gF:ec:fyes gM:ec:fyes",
    "y ~ (g + e + f)^2": "(Intercept) gM eb ec fyes gM:eb gM:ec gM:fyes eb:fyes ec:fyes",
}


def coding_of(formula: str, levels: dict[str, tuple[str, ...]] | None = None) -> Coding:
    parsed = parse_formula(f"{formula} + (1 | school)")
    named = {factor.text for factor in parsed.factors}
    return Coding(parsed, {name: of for name, of in (levels or LEVELS).items() if name in named})


@pytest.mark.parametrize(("formula", "columns"), BY_R.items())
def test_the_columns_are_those_of_r(formula: str, columns: str) -> None:
    assert " ".join(name.replace(" ", "") for name in coding_of(formula).names) == columns


def test_a_column_is_named_so_that_it_can_be_read() -> None:
    assert coding_of("y ~ x*g").names == ("(Intercept)", "x", "g M", "x:g M")


def test_the_reference_is_the_first_by_number_or_by_alphabet() -> None:
    assert sorted_levels(["white", "Asian", "black"]) == ("Asian", "black", "white")
    assert sorted_levels(["10", "9", "2.5"]) == ("2.5", "9", "10")
    assert sorted_levels(["10", "9", "none"]) == ("10", "9", "none")


def everyone(levels: dict[str, tuple[str, ...]]) -> pl.DataFrame:
    """One pupil of every combination of levels, with numbers of their own."""
    rows = list(itertools.product(*levels.values()))
    frame = pl.DataFrame(rows, schema=list(levels), orient="row")
    return frame.with_columns(
        x=pl.int_range(1, len(rows) + 1) * 1.5, z=(pl.int_range(len(rows)) * 7) % 5 + 0.25
    )


@pytest.mark.parametrize("formula", BY_R)
@given(
    g=st.sets(st.sampled_from("FMX"), min_size=1),
    e=st.sets(st.sampled_from("abcd"), min_size=1),
    f=st.sets(st.sampled_from(["no", "yes"]), min_size=1),
)
def test_columns_under_more_levels_are_made_of_columns_under_fewer(
    formula: str, g: set[str], e: set[str], f: set[str]
) -> None:
    few = {"g": tuple(sorted(g)), "e": tuple(sorted(e)), "f": tuple(sorted(f))}
    many = {"g": ("F", "M", "X"), "e": ("a", "b", "c", "d"), "f": ("no", "yes")}
    old, new = coding_of(formula, few), coding_of(formula, many)
    pupils = everyone(few)
    made = design_columns(old, pupils) @ translation(old, new)
    assert np.array_equal(made, design_columns(new, pupils))


def test_the_values_of_a_few_pupils() -> None:
    coding = coding_of("y ~ x*g + I(x**2)")
    pupils = pl.DataFrame({"x": [2.0, 3.0, None, 1.0], "g": ["F", "M", "M", "other"]})
    assert coding.names == ("(Intercept)", "x", "g M", "I(x**2)", "x:g M")
    found = design_columns(coding, pupils)
    assert found[:2].tolist() == [[1, 2, 0, 4, 0], [1, 3, 1, 9, 3]]
    assert np.isnan(found[2]).tolist() == [False, True, False, True, True]
    assert np.isnan(found[3]).tolist() == [False, False, True, False, True]


def test_a_pupil_has_the_value_of_the_school() -> None:
    coding = coding_of("y ~ x + school_mean(x)")
    pupils = pl.DataFrame({"x": [2.0, 3.0, 4.0], "school": ["A", "B", "C"]})
    found = design_columns(coding, pupils, {"school_mean(x)": {"A": 2.5, "B": 3.5}})
    assert found[:2, 2].tolist() == [2.5, 3.5]
    assert np.isnan(found[2, 2])


def test_true_and_false_are_yes_and_no() -> None:
    assert design_columns(coding_of("y ~ f"), pl.DataFrame({"f": [True, False, None]}))[:2].tolist() == [
        [1, 1],
        [1, 0],
    ]


def test_a_predictor_that_is_not_there() -> None:
    with pytest.raises(UnknownPredictor, match="'x'"):
        design_columns(coding_of("y ~ x"), pl.DataFrame({"g": ["F"]}))
    assert design_columns(coding_of("y ~ x"), pl.DataFrame({"x": []}, schema={"x": pl.Float64})).shape == (
        0,
        2,
    )
