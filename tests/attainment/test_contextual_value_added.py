"""A model of the make of contextual value added."""

from __future__ import annotations

import pytest

from redway.attainment.contextual_value_added import cva_formula
from redway.attainment.formula import parse_formula
from redway.core.errors import NotFound

EVERYTHING = (
    "prior_attainment",
    "prior_reading",
    "prior_maths",
    "gender",
    "ethnicity",
    "free_school_meals",
    "special_needs",
    "english_additional_language",
    "in_care",
    "joined_late",
    "month_of_birth",
    "deprivation",
)


def test_at_key_stage_4_the_schools_own_prior_attainment_is_allowed_for() -> None:
    found = cva_formula("ks4", "2006-07", EVERYTHING)
    assert "school_mean(prior_attainment) + school_spread(prior_attainment)" in found.formula
    assert found.centre == 1000
    assert not found.left_out


def test_at_key_stage_2_it_is_not() -> None:
    found = cva_formula("ks2", "2006-07", EVERYTHING, outcome="maths")
    assert found.formula.startswith("maths ~ prior_attainment + I(prior_attainment**2)")
    assert "school_mean" not in found.formula
    assert found.centre == 100


def test_the_engine_reads_the_formula() -> None:
    parsed = parse_formula(cva_formula("ks4", "2006-07", EVERYTHING).formula)
    assert set(parsed.columns) == {*EVERYTHING, "attainment8", "school"}


def test_language_acts_through_prior_attainment_and_free_meals_through_ethnic_group() -> None:
    found = cva_formula("ks4", "2006-07", EVERYTHING).formula
    assert "english_additional_language:prior_attainment" in found
    assert "free_school_meals:ethnicity" in found


def test_what_the_columns_do_not_tell_is_said() -> None:
    found = cva_formula("ks4", "2006-07", ["prior_attainment", "gender"], group="urn")
    assert found.formula.endswith("(1 | urn)")
    assert found.allowed_for == (
        "prior attainment",
        "gender",
        "average and spread of prior attainment in the school",
    )
    assert "deprivation of the neighbourhood (IDACI)" in found.left_out


def test_of_another_year_it_is_no_published_measure() -> None:
    found = cva_formula("ks4", "2023-24", EVERYTHING)
    assert "No contextual value added from key stage 2 to key stage 4 was produced for 2023-24" in found.note
    assert "no published measure" in found.note


@pytest.mark.parametrize(("key_stage", "columns"), [("ks3", EVERYTHING), ("ks4", ("gender",))])
def test_what_cannot_be_made(key_stage: str, columns: tuple[str, ...]) -> None:
    with pytest.raises(NotFound):
        cva_formula(key_stage, "2006-07", columns)
