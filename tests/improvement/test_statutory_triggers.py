"""Official triggers: in force on a day or not, and never passed on a figure that is not held."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.improvement.statutory_triggers import (
    Answer,
    Results,
    SchoolFacts,
    Standing,
    Verdict,
    authority_deficits,
    meets,
    not_in_force,
    to_notice,
)

NOW, IN_2017 = date(2026, 11, 24), date(2017, 9, 1)


def verdict(rule: str, facts: SchoolFacts, day: date) -> Verdict:
    return next(one for one in meets(facts, day) if one.rule == rule)


def year(label: str, **figures: Any) -> Results:
    return Results(label, date(2000 + int(label[-2:]), 8, 31), **figures)


def test_case_5_a_school_whose_second_figure_is_suppressed_is_listed_and_not_dropped() -> None:
    found = verdict("rise", SchoolFacts("Primary", all_pupils_centile=12.0), NOW)
    assert found.words == "Meets 1 test, 1 unknown"
    assert found.standing is Standing.POSSIBLE
    assert found in to_notice(meets(SchoolFacts("Primary", all_pupils_centile=12.0), NOW))


def test_the_lowest_quarter_on_one_figure_alone_is_not_enough() -> None:
    facts = SchoolFacts("Primary", all_pupils_centile=12.0, disadvantaged_centile=60.0)
    assert verdict("rise", facts, NOW).standing is Standing.NOT_MET


def test_the_floor_at_key_stage_2_asks_for_attainment_and_progress() -> None:
    low = year("2016-17", expected=32.0, reading=-2.9, writing=-4.9, maths=-5.1)
    assert verdict("floor-ks2", SchoolFacts("Primary", [low]), IN_2017).words == "Meets 2 of 2 tests"
    sufficient = year("2016-17", expected=32.0, reading=-4.9, writing=-6.9, maths=-4.9)
    assert verdict("floor-ks2", SchoolFacts("Primary", [sufficient]), IN_2017).standing is Standing.NOT_MET
    gap = year("2016-17", expected=32.0, reading=-2.9, writing=None, maths=-1.0)
    assert verdict("floor-ks2", SchoolFacts("Primary", [gap]), IN_2017).standing is Standing.POSSIBLE


@pytest.mark.parametrize(
    ("value", "upper", "standing"),
    [
        (-0.62, -0.46, Standing.MET),
        (-0.62, 0.02, Standing.NOT_MET),
        (-0.49, -0.30, Standing.NOT_MET),
        (-0.62, None, Standing.UNKNOWN),
    ],
)
def test_the_floor_at_key_stage_4_asks_for_the_interval_too(
    value: float, upper: float | None, standing: Standing
) -> None:
    facts = SchoolFacts("Secondary", [year("2016-17", progress8=value, progress8_upper=upper)])
    assert verdict("floor-ks4", facts, IN_2017).standing is standing


def test_coasting_is_three_years_and_a_year_that_is_not_held_leaves_it_open() -> None:
    two = [
        year("2016-17", progress8=-0.31, progress8_upper=-0.13),
        year("2015-16", progress8=-0.34, progress8_upper=-0.19),
    ]
    assert verdict("coasting", SchoolFacts("Secondary", two), IN_2017).words == "Meets 2 tests, 1 unknown"
    good = [*two[:1], year("2015-16", progress8=0.1, progress8_upper=0.3)]
    assert verdict("coasting", SchoolFacts("Secondary", good), IN_2017).standing is Standing.NOT_MET


def test_rules_hold_from_day_to_day() -> None:
    rules = {one.rule for one in meets(SchoolFacts("Primary"), date(2019, 9, 1))}
    assert "coasting" not in rules
    assert ("Coasting", "1 September 2015 to 31 August 2019") in not_in_force(date(2019, 9, 1))
    facts = SchoolFacts("Primary", grades=(3, 3))
    assert verdict("stuck", facts, date(2025, 11, 9)).standing is Standing.MET
    assert "stuck" not in {one.rule for one in meets(facts, date(2025, 11, 10))}


@pytest.mark.parametrize(
    ("day", "needed"),
    [(date(2021, 9, 1), 11), (date(2022, 9, 1), 8), (date(2023, 9, 1), 6)],
)
def test_the_rule_of_deficits_begins_above_10_then_7_then_5_percent_of_schools(
    day: date, needed: int
) -> None:
    def schools(deficit: int) -> list[list[float | None]]:
        return [[-11.0]] * deficit + [[2.0]] * (100 - deficit)

    assert authority_deficits(schools(needed - 1), day).answer is Answer.NOT_MET
    assert authority_deficits(schools(needed), day).answer is Answer.MET


def test_a_small_authority_trips_the_rule_of_2012_on_one_school() -> None:
    schools: list[list[float | None]] = [[-3.0] * 4, *([[1.0] * 4] * 29)]
    found = authority_deficits(schools, date(2013, 9, 1))
    assert found.answer is Answer.MET
    assert found.words.startswith("1 school is 2.5% or more in deficit for 4 years: 3.3% of 30 schools")


def test_deficits_that_are_not_held_leave_the_answer_open() -> None:
    assert authority_deficits([[None], [1.0]], date(2024, 1, 1)).answer is Answer.UNKNOWN
    assert authority_deficits([], date(2024, 1, 1)).words == "No balance of a school is held for that day."


@given(
    st.dates(date(2005, 9, 1), date(2030, 1, 1)),
    st.sampled_from(["Primary", "Secondary", "Special"]),
)
def test_nothing_held_never_meets_anything(day: date, phase: str) -> None:
    assert not to_notice(meets(SchoolFacts(phase), day))
