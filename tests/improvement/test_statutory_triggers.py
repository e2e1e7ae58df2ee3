"""Official triggers: in force on a day or not, and never passed on a figure that is not held."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.improvement.schools import asked_by_rules
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
    ("day", "share"),
    [
        (date(2021, 9, 1), 10),
        (date(2022, 8, 31), 10),
        (date(2022, 9, 1), 7),
        (date(2023, 8, 31), 7),
        (date(2023, 9, 1), 5),
    ],
)
def test_the_deficit_that_counts_has_come_down_and_the_share_of_schools_has_stayed(
    day: date, share: int
) -> None:
    """'More than 10 per cent of their schools had a deficit of more than 5 per cent. In 2021-22, the
    [agency] set the deficit threshold at 10 per cent. In 2022-23 it was 7 per cent' (Schools Week, 2023)."""

    def schools(deficit: int, depth: float) -> list[list[float | None]]:
        return [[-depth]] * deficit + [[2.0]] * (100 - deficit)

    assert authority_deficits(schools(11, share + 0.1), day).answer is Answer.MET
    assert authority_deficits(schools(10, share + 0.1), day).answer is Answer.NOT_MET, "10% is not more"
    assert authority_deficits(schools(100, share), day).answer is Answer.NOT_MET, "a deficit of exactly that"
    found = verdict("deficit", SchoolFacts("Primary", deficit_shares=[-share - 0.1]), day)
    assert found.standing is Standing.MET
    assert found.tests[0].words == f"In deficit by more than {share}% of income for 1 year"


def test_the_rule_of_2012_begins_at_its_limits() -> None:
    """Approached 'if 2.5% of its schools were 2.5% or more in deficit for four years'."""
    day = date(2013, 9, 1)
    exactly: list[list[float | None]] = [[-2.5] * 4, *([[1.0] * 4] * 39)]
    assert authority_deficits(exactly, day).answer is Answer.MET
    assert authority_deficits([*exactly, [1.0] * 4], day).answer is Answer.NOT_MET, "1 of 41 is 2.4%"
    assert authority_deficits([[-2.4] * 4, *exactly[1:]], day).answer is Answer.NOT_MET
    assert authority_deficits([[-9.0] * 3, *exactly[1:]], day).answer is Answer.UNKNOWN, "three years held"
    assert authority_deficits([[1.0] * 4], day).answer is Answer.NOT_MET, "no school at all is no share"


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


@pytest.mark.parametrize(
    ("grades", "standing"),
    [
        ((3, 3), Standing.MET),
        ((3, 4), Standing.MET),
        ((4, 3), Standing.NOT_MET),
        ((3, 2), Standing.NOT_MET),
        ((2, 3), Standing.NOT_MET),
        ((3,), Standing.POSSIBLE),
        ((), Standing.UNKNOWN),
    ],
)
def test_stuck_is_requires_improvement_now_and_below_good_before(
    grades: tuple[int, ...], standing: Standing
) -> None:
    """A school that is Inadequate now is in a category of concern, which is another rule."""
    assert verdict("stuck", SchoolFacts("Primary", grades=grades), date(2025, 6, 30)).standing is standing


def test_after_report_cards_leadership_decides_and_stays_unknown_until_it_is_held() -> None:
    below = SchoolFacts("Primary", grades=(3, 2))
    assert verdict("stuck-report-card", below, date(2025, 11, 10)).standing is Standing.POSSIBLE
    known = SchoolFacts("Primary", grades=(3, 2), leadership_needs_attention=True)
    assert verdict("stuck-report-card", known, date(2025, 11, 10)).standing is Standing.MET
    assert "stuck-report-card" not in {one.rule for one in meets(below, date(2025, 11, 9))}


@pytest.mark.parametrize(
    ("expected", "reading", "standing"),
    [
        (64.9, -5.1, Standing.MET),
        (65.0, -5.1, Standing.NOT_MET),
        (64.9, -5.0, Standing.NOT_MET),
        (None, -5.1, Standing.POSSIBLE),
        (64.9, None, Standing.POSSIBLE),
        (None, None, Standing.UNKNOWN),
    ],
)
def test_the_floor_at_key_stage_2_is_below_its_numbers_and_not_at_them(
    expected: float | None, reading: float | None, standing: Standing
) -> None:
    low = year("2016-17", expected=expected, reading=reading, writing=-6.9, maths=-4.9)
    assert verdict("floor-ks2", SchoolFacts("Primary", [low]), IN_2017).standing is standing


@pytest.mark.parametrize(
    ("expected", "reading", "writing", "maths", "standing"),
    [
        (84.9, -2.6, 0.0, 0.0, Standing.MET),
        (84.9, 0.0, -3.6, 0.0, Standing.MET),
        (84.9, 0.0, 0.0, -2.6, Standing.MET),
        (84.9, -2.5, -3.5, -2.5, Standing.NOT_MET),
        (85.0, -9.0, -9.0, -9.0, Standing.NOT_MET),
    ],
)
def test_the_coasting_line_at_key_stage_2(
    expected: float, reading: float, writing: float, maths: float, standing: Standing
) -> None:
    figures = {"expected": expected, "reading": reading, "writing": writing, "maths": maths}
    three = [year(label, **figures) for label in ("2017-18", "2016-17", "2015-16")]
    assert verdict("coasting", SchoolFacts("Primary", three), date(2018, 12, 1)).standing is standing


@pytest.mark.parametrize(
    ("value", "upper", "standing"),
    [(-0.26, -0.01, Standing.MET), (-0.25, -0.01, Standing.NOT_MET), (-0.26, 0.0, Standing.NOT_MET)],
)
def test_the_coasting_line_at_key_stage_4(value: float, upper: float, standing: Standing) -> None:
    three = [
        year(label, progress8=value, progress8_upper=upper) for label in ("2017-18", "2016-17", "2015-16")
    ]
    assert verdict("coasting", SchoolFacts("Secondary", three), date(2018, 12, 1)).standing is standing


@pytest.mark.parametrize(("centile", "standing"), [(24.9, Standing.MET), (25.0, Standing.NOT_MET)])
def test_the_lowest_quarter_ends_below_25(centile: float, standing: Standing) -> None:
    facts = SchoolFacts("Primary", all_pupils_centile=centile, disadvantaged_centile=3.0)
    assert verdict("rise", facts, NOW).standing is standing


def test_every_rule_says_whether_its_numbers_are_confirmed() -> None:
    """What was read in the press or in a secondary source is marked so until somebody has the document."""
    found = {one.rule: one.confirmed for day in (IN_2017, NOW) for one in meets(SchoolFacts("Primary"), day)}
    assert found == {
        "category-of-concern": True,
        "floor-ks2": False,
        "coasting": True,
        "deficit": False,
        "stuck-report-card": False,
        "rise": False,
    }


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("Community school", True),
        ("Academy special converter", True),
        ("Pupil referral unit", True),
        ("", True),
        ("Other independent school", False),
        ("Local authority nursery school", False),
        ("Further education", False),
    ],
)
def test_case_12_independent_and_nursery_schools_are_not_asked(kind: str, asked: bool) -> None:
    assert asked_by_rules(kind) is asked
