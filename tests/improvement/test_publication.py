"""Nothing that was not public on the decision date may enter."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from redway.improvement.errors import Hindsight
from redway.improvement.publication import PUBLIC_FROM, refuse_hindsight, with_public_day


def one_row(value: float | None, public: date | None, decision: date = date(2025, 10, 1)) -> pl.DataFrame:
    return pl.DataFrame(
        {"decision": [decision], "progress": [value], "public:results": [public]},
        schema_overrides={"progress": pl.Float64, "public:results": pl.Date},
    )


def test_a_figure_public_after_the_decision_fails_the_build_and_is_named() -> None:
    """Acceptance case 26."""
    with pytest.raises(Hindsight, match=r"'progress'.*2025-10-16.*2025-10-01"):
        refuse_hindsight(one_row(0.3, date(2025, 10, 16)), {"progress": "public:results"})


def test_a_figure_public_on_the_day_may_enter() -> None:
    refuse_hindsight(one_row(0.3, date(2025, 10, 1)), {"progress": "public:results"})


def test_a_figure_nobody_can_date_is_refused() -> None:
    with pytest.raises(Hindsight, match="without the day"):
        refuse_hindsight(one_row(0.3, None), {"progress": "public:results"})


def test_a_missing_figure_needs_no_day() -> None:
    refuse_hindsight(one_row(None, None), {"progress": "public:results"})


@pytest.mark.parametrize(
    ("source", "period_end", "released"),
    [
        # Days of release as announced by the Department; ours may be some days later, never earlier.
        ("ks2-revised", date(2016, 8, 31), date(2016, 12, 15)),
        ("ks2-revised", date(2017, 8, 31), date(2017, 12, 14)),
        ("ks4-provisional", date(2016, 8, 31), date(2016, 10, 13)),
        ("ks4-revised", date(2017, 8, 31), date(2018, 1, 25)),
        ("absence", date(2017, 8, 31), date(2018, 3, 22)),
        ("school-census", date(2017, 8, 31), date(2017, 6, 29)),
        ("workforce", date(2017, 8, 31), date(2017, 6, 22)),
    ],
)
def test_no_figure_is_used_before_it_was_released(source: str, period_end: date, released: date) -> None:
    facts = with_public_day(pl.DataFrame({"period_end": [period_end]}), source)
    days_late = (facts[PUBLIC_FROM][0] - released).days
    assert 0 <= days_late <= 60
