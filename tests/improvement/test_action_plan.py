"""Success measures, how near the target, and what may be approved: case 50 and the questions members ask."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.improvement.action_plan import (
    Drafted,
    Polarity,
    Reading,
    SuccessMeasure,
    lacking,
    nearness_words,
    off_track_run,
    require_ready,
)
from redway.improvement.board_errors import MeasureRefused, NotReady

UP = SuccessMeasure(
    "Level 4 in English and maths",
    "percent",
    Polarity.HIGHER,
    Decimal(66),
    date(2008, 8, 31),
    Decimal(78),
    date(2011, 8, 31),
    "Key stage 2 results",
)
DOWN = replace(UP, name="Absence", polarity=Polarity.LOWER, baseline=Decimal(9), target=Decimal(8))


def reading(year: int, value: float) -> Reading:
    return Reading(f"{year - 1}-{year % 100:02}", date(year, 8, 31), Decimal(str(value)), "Results")


class TestHowNearTheTarget:
    def test_part_of_the_way(self) -> None:
        # From 66 to 78 are 12 points; 69 is 3 of them.
        assert nearness_words(UP, reading(2009, 69)) == (
            "25% of the way from 66.0% to 78.0% by 31 August 2011: 69.0% (2008-09)."
        )

    def test_lower_is_better(self) -> None:
        assert DOWN.way_done(Decimal("8.5")) == 50
        assert DOWN.reached(Decimal(8))
        assert not DOWN.reached(Decimal("8.1"))

    def test_backwards_is_said(self) -> None:
        assert nearness_words(UP, reading(2009, 64)).startswith("Further from the target than the baseline")

    def test_never_rounded_up_to_the_target(self) -> None:
        assert UP.way_done(Decimal("77.99")) == 99

    def test_no_reading_is_not_nothing(self) -> None:
        assert nearness_words(UP, None).startswith("No reading yet.")

    def test_to_hold(self) -> None:
        held = replace(UP, target=Decimal(66))
        assert nearness_words(held, reading(2009, 66)).startswith("Target reached")
        assert nearness_words(held, reading(2009, 65)).startswith("Not held")


class TestOffTrack:
    def test_the_line_from_baseline_to_target(self) -> None:
        # 365 of 1,095 days: a third of the way, 70.
        assert UP.due_by(date(2009, 8, 31)) == 70
        assert UP.due_by(date(2007, 1, 1)) == 66
        assert UP.due_by(date(2020, 1, 1)) == 78

    def test_periods_running(self) -> None:
        assert off_track_run(UP, [reading(2009, 69), reading(2010, 71)]) == 2
        assert off_track_run(UP, [reading(2009, 69), reading(2010, 74)]) == 0
        assert off_track_run(UP, [reading(2009, 70), reading(2010, 71)]) == 1

    def test_years_before_the_plan_say_nothing_of_it(self) -> None:
        assert off_track_run(UP, [reading(2006, 40), reading(2007, 41), reading(2009, 69)]) == 1


class TestRefused:
    def test_a_target_the_wrong_way(self) -> None:
        with pytest.raises(MeasureRefused, match=r"From 66\.0% to 60\.0% is the wrong way"):
            replace(UP, target=Decimal(60))

    def test_a_target_before_its_baseline(self) -> None:
        with pytest.raises(MeasureRefused, match="is not after the day of the baseline"):
            replace(UP, target_on=date(2008, 8, 31))

    def test_a_measure_without_source(self) -> None:
        with pytest.raises(MeasureRefused, match="needs a name and a source"):
            replace(UP, source=" ")


class TestApproval:
    READY = Drafted("Train advisers", 1, 2, True, date(2026, 12, 1))

    def test_without_owner_measure_and_date(self) -> None:
        with pytest.raises(NotReady) as refused:
            require_ready(replace(self.READY, owner=None, has_measure=False, due_on=None))
        assert refused.value.missing == (
            "It has no owner.",
            "It has no success measure.",
            "It has no due date.",
        )

    def test_ready(self) -> None:
        assert lacking(self.READY) == ()

    def test_the_owner_cannot_be_the_sponsor(self) -> None:
        assert lacking(replace(self.READY, sponsor=1)) == (
            "Its owner is its sponsor: nobody would be told when it is late.",
        )


@given(
    start=st.decimals(-500, 500, places=2),
    rise=st.decimals("0.01", 500, places=2),
    at=st.integers(0, 1200),
    more=st.decimals(0, 50, places=2),
)
def test_the_line_and_what_is_better_than_it(start: Decimal, rise: Decimal, at: int, more: Decimal) -> None:
    up = replace(UP, baseline=start, target=start + rise)
    down = replace(up, polarity=Polarity.LOWER, target=start - rise)
    day = up.baseline_on + timedelta(at)
    assert start <= up.due_by(day) <= start + rise
    assert not up.off_track(up.due_by(day) + more, day)
    assert not down.off_track(down.due_by(day) - more, day)
    # A measure and its mirror tell the same story.
    assert up.way_done(start + more) == down.way_done(start - more)
