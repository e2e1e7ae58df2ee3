"""Grades of different frameworks meet only under a mapping that has a name."""

from __future__ import annotations

from datetime import date

import pytest

from redway.core.errors import NotFound
from redway.improvement.errors import GradesNotComparable
from redway.improvement.frameworks import Framework, Grade, framework_on, one_mapping

BOTH = [date(2011, 5, 4), date(2014, 5, 4)]


def test_satisfactory_became_requires_improvement_in_september_2012() -> None:
    assert framework_on(date(2012, 8, 31)) is Framework.SATISFACTORY
    assert framework_on(date(2012, 9, 1)) is Framework.REQUIRES_IMPROVEMENT


def test_overall_grades_ended_in_september_2024_and_report_cards_began_in_november_2025() -> None:
    assert framework_on(date(2024, 9, 3)) is Framework.NO_OVERALL_GRADE
    assert framework_on(date(2025, 11, 10)) is Framework.REPORT_CARD


def test_both_kinds_of_grade_three_are_below_good_under_the_mapping() -> None:
    assert one_mapping(BOTH, "below-good-2005-2024").below_good == {Grade.THREE, Grade.INADEQUATE}


def test_without_a_mapping_they_are_refused() -> None:
    """Acceptance case 34."""
    with pytest.raises(GradesNotComparable, match="no mapping is named"):
        one_mapping(BOTH, None)


def test_a_report_card_beside_an_overall_grade_is_refused() -> None:
    """Acceptance case 34."""
    with pytest.raises(GradesNotComparable, match="report card"):
        one_mapping([date(2014, 5, 4), date(2025, 12, 1)], "below-good-2005-2024")


def test_inspections_of_before_2005_are_of_another_kind() -> None:
    with pytest.raises(NotFound):
        framework_on(date(2004, 5, 4))
