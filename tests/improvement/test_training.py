"""What may not be learned from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from redway.core.errors import NotEnoughData
from redway.improvement.early_warning import learn_for
from redway.improvement.errors import Hindsight, ResampledBeforeSplit, SameSchoolTwice
from redway.improvement.questions import Question
from redway.improvement.terms import Window
from redway.improvement.training import refuse_resampled, refuse_shared_schools, training_rows
from redway.improvement.workbench import Workbench


def test_only_windows_that_had_closed_are_learned_from(bench: Workbench) -> None:
    rows = bench.training(Question.FELL, date(2017, 9, 1))
    assert max(window.end for _, window in rows.frames) == date(2017, 7, 19)
    assert all(window.public_from <= date(2017, 9, 1) for _, window in rows.frames)


def test_an_open_window_is_refused(bench: Workbench) -> None:
    open_still = Window(date(2017, 4, 1), date(2017, 12, 31))
    with pytest.raises(Hindsight):
        training_rows(Question.FELL, [open_still], date(2017, 9, 1), bench.outcomes)


def test_balancing_before_the_split_is_refused() -> None:
    """Acceptance case 28: rows drawn twice to balance the answers."""
    rows = pl.DataFrame({"school": ["1", "2", "2"], "decision": [date(2016, 9, 1)] * 3})
    with pytest.raises(ResampledBeforeSplit, match="drawn before the split"):
        refuse_resampled(rows, {date(2016, 9, 1): 2})


def test_as_many_rows_drawn_twice_as_taken_away_are_no_whole_panel() -> None:
    rows = pl.DataFrame({"school": ["1", "2", "2"], "decision": [date(2016, 9, 1)] * 3})
    with pytest.raises(ResampledBeforeSplit, match="gained 1 row of schools it held already and lost 1 row"):
        refuse_resampled(rows, {date(2016, 9, 1): 3})


def test_a_panel_balanced_before_the_split_learns_nothing(bench: Workbench) -> None:
    """Acceptance case 28, through the whole of it: the schools that fell drawn twice, then learned from."""
    fallen = bench.panel.rows.filter(pl.col("last_grade") <= 2).sample(fraction=0.2, seed=28)
    balanced = replace(bench.panel, rows=pl.concat([bench.panel.rows, fallen]))
    with pytest.raises(ResampledBeforeSplit, match="Split first; draw again, if at all, inside the training"):
        learn_for(Workbench(balanced), date(2017, 9, 1))


def test_schools_that_did_not_fall_taken_away_before_the_split_are_missed(bench: Workbench) -> None:
    """Acceptance case 28, the other way: half of the schools that did not fall are left out to balance."""
    day, window = date(2016, 9, 1), bench.window(date(2016, 9, 1), 12)
    known = bench.outcomes(day, window)
    left_out = known.filter(~pl.col("fell")).sample(fraction=0.5, seed=28)
    fewer = bench.panel.rows.join(left_out, on=["school", "decision"], how="anti")
    with pytest.raises(ResampledBeforeSplit, match=f"lost {left_out.height:,} rows"):
        Workbench(replace(bench.panel, rows=fewer))


def test_a_school_on_both_sides_of_a_split_is_refused() -> None:
    """Acceptance case 29: two URNs of one continuing school."""
    with pytest.raises(SameSchoolTwice, match="first 100001"):
        refuse_shared_schools(pl.Series(["100001", "100002"]), pl.Series(["100001", "100003"]))


def test_without_rows_there_is_nothing_to_learn(bench: Workbench) -> None:
    with pytest.raises(NotEnoughData):
        bench.training(Question.FELL, date(2009, 9, 1))
