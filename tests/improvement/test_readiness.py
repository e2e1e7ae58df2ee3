"""Inspection-readiness by framework: areas and grades as dated data."""

from __future__ import annotations

from datetime import date

import pytest

from redway.core.errors import NotFound
from redway.improvement.errors import GradesNotComparable
from redway.improvement.readiness import (
    framework,
    framework_on,
    frameworks,
    prepared,
    readiness_words,
    refuse_other_grade,
)
from redway.indicators.catalogue import load_catalogue


def test_report_cards_have_five_grades_in_six_areas() -> None:
    today = framework_on(date(2026, 11, 24))
    assert today.first_day == date(2025, 11, 10)
    assert len(today.areas) == 6
    assert today.grades == (
        "Exceptional",
        "Strong standard",
        "Expected standard",
        "Needs attention",
        "Urgent improvement",
    )
    assert today.met_or_not == ("Safeguarding standards",)


def test_in_2008_the_framework_of_2005_held_with_four_grades() -> None:
    then = framework_on(date(2008, 9, 15))
    assert then.code == "every-child-matters"
    assert then.grades == ("Outstanding", "Good", "Satisfactory", "Inadequate")


def test_a_day_for_which_no_framework_is_held_is_said_so() -> None:
    with pytest.raises(NotFound, match="No inspection framework is held"):
        framework_on(date(2016, 1, 1))


def test_a_grade_is_not_carried_into_another_framework() -> None:
    with pytest.raises(GradesNotComparable, match="'Good' is no grade of Report cards"):
        refuse_other_grade(framework("report-card"), "Good")


def test_every_area_asks_for_evidence_and_its_measures_are_in_the_catalogue() -> None:
    known = {one.code for one in load_catalogue().at_level("school")}
    for one in frameworks():
        assert one.source
        for area in one.areas:
            assert area.evidence, area.code
            assert set(area.figures) <= known, area.code


def test_what_is_not_judged_and_what_has_no_evidence_is_named() -> None:
    held = framework("report-card")
    grades = {area.code: "Expected standard" for area in held.areas if area.code != "inclusion"}
    found = prepared(held, grades, {"achievement": 2, "attendance-and-behaviour": 1})
    assert readiness_words(found).startswith("2 of 6 areas are judged with evidence. Not judged: Inclusion.")
    assert "Without evidence: Curriculum and teaching" in readiness_words(found)
    with pytest.raises(GradesNotComparable):
        prepared(held, {"inclusion": "Outstanding"}, {})


def test_an_area_of_another_framework_is_not_found() -> None:
    with pytest.raises(NotFound, match="is no area of Report cards"):
        framework("report-card").area("overall-effectiveness")
