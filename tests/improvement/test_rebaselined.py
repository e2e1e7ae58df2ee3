"""Re-baselined measures: the old baseline, target and day stay in sight, as for dates that moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from redway.improvement.action_plan import Polarity, Reading, SuccessMeasure
from redway.improvement.board_errors import MeasureRefused
from redway.improvement.rebaselined import Rebaselined, aim_words, require_rebaselining

ABSENCE = SuccessMeasure(
    "Absence",
    "percent",
    Polarity.LOWER,
    Decimal(9),
    date(2024, 8, 31),
    Decimal(7),
    date(2026, 8, 31),
    "School census",
)
LATER = replace(
    ABSENCE,
    baseline=Decimal("8.8"),
    baseline_on=date(2025, 8, 31),
    target=Decimal(8),
    target_on=date(2027, 8, 31),
)
STEP = Rebaselined(date(2026, 3, 3), ABSENCE, LATER, "The census counts otherwise now.")


def reading(year: int, value: str) -> Reading:
    return Reading(f"{year - 1}-{year % 100}", date(year, 8, 31), Decimal(value), "School census")


def test_it_says_what_it_was_and_that_less_is_asked_for() -> None:
    assert STEP.sentence == (
        "re-baselined on 3 March 2026, was 9.0% on 31 August 2024 to 7.0% by 31 August 2026; "
        "less is asked for now"
    )


def test_more_asked_for_is_not_called_less() -> None:
    assert not replace(STEP, now=replace(ABSENCE, target=Decimal(6))).is_easier
    # The same target a year later asks for less; a year earlier for more.
    assert replace(STEP, now=replace(ABSENCE, target_on=date(2027, 8, 31))).is_easier
    assert not replace(STEP, now=replace(ABSENCE, target_on=date(2025, 8, 31))).is_easier


def test_where_higher_is_better_a_lower_target_asks_for_less() -> None:
    up = replace(ABSENCE, polarity=Polarity.HIGHER, baseline=Decimal(50), target=Decimal(60))
    assert Rebaselined(date(2026, 3, 3), up, replace(up, target=Decimal(55)), "So.").is_easier


def test_a_new_line_does_not_hide_that_it_was_off_track() -> None:
    # From 9 to 7 in two years: 8 was due after one of them.
    assert STEP.off_track_before([reading(2025, "8.8")]) == "It had been off track for 1 period."
    # A reading after the step says nothing of the old line.
    assert STEP.off_track_before([reading(2026, "9.9")]) == ""


def test_two_periods_running() -> None:
    later = replace(STEP, on=date(2026, 9, 30))
    assert later.off_track_before([reading(2025, "8.8"), reading(2026, "8.5")]) == (
        "It had been off track for 2 periods running."
    )


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_without_a_reason_it_is_refused(reason: str) -> None:
    with pytest.raises(MeasureRefused, match="not said why") as refused:
        require_rebaselining(ABSENCE, LATER, reason)
    assert refused.value.next_step == "Say why: the reason stays beside the old baseline and target."


def test_without_a_change_it_is_refused() -> None:
    with pytest.raises(MeasureRefused, match="the same as before"):
        require_rebaselining(ABSENCE, replace(ABSENCE), "We thought again.")


def test_from_where_to_where() -> None:
    assert aim_words(LATER) == "8.8% on 31 August 2025 to 8.0% by 31 August 2027"
