"""Chains of versions and what was in force on a day."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

from redway.datasets.ledger import State, Version, as_at, periods_in_force

BASE = Version(
    id=1,
    format="absence",
    dataset="absence",
    period="2016-17",
    period_start=date(2016, 9, 1),
    period_end=date(2017, 8, 31),
    scope="",
    edition="final",
    number=1,
    state=State.CURRENT,
    file_name="abs_2017.csv",
    sha256="a" * 64,
    recipe="r",
    sheet="",
    header_row=1,
    headers={},
    periods=("2016-17",),
    rows_read=1,
    rows_loaded=1,
    rows_rejected=0,
    entities=1,
    problems=0,
    held_reason="",
    received_at=datetime(2026, 9, 1, tzinfo=UTC),
    received_by="",
    committed_at=datetime(2026, 9, 1, 12, tzinfo=UTC),
)


def but(**changed: object) -> Version:
    return dataclasses.replace(BASE, **changed)  # type: ignore[arg-type]


def test_as_at_a_day_is_the_newest_committed_by_then() -> None:
    first = but(state=State.SUPERSEDED)
    second = but(id=2, number=2, committed_at=datetime(2026, 9, 3, 12, tzinfo=UTC))
    assert as_at([first, second], date(2026, 9, 2)) == [first]
    assert as_at([first, second], date(2026, 9, 3)) == [second]
    assert as_at([first, second]) == [second]


def test_a_withdrawn_version_counts_until_the_day_it_was_withdrawn() -> None:
    first = but()
    second = but(
        id=2,
        number=2,
        state=State.WITHDRAWN,
        committed_at=datetime(2026, 9, 3, 12, tzinfo=UTC),
        withdrawn_at=datetime(2026, 9, 5, 12, tzinfo=UTC),
    )
    assert as_at([first, second], date(2026, 9, 4)) == [second]
    assert as_at([first, second], date(2026, 9, 5)) == [first]
    assert as_at([first, second]) == [first]


def test_a_held_version_is_never_in_force() -> None:
    held = but(state=State.HELD, committed_at=None)
    assert as_at([held]) == []
    assert as_at([held], date(2026, 12, 1)) == []


def test_the_day_is_the_day_in_london() -> None:
    late = but(committed_at=datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    assert as_at([late], date(2026, 7, 1)) == []
    assert as_at([late], date(2026, 7, 2)) == [late]


def test_a_held_version_accepted_later_counts_from_then() -> None:
    newer = but(id=2, number=2, committed_at=datetime(2026, 9, 3, tzinfo=UTC), state=State.SUPERSEDED)
    accepted = but(id=1, number=1, committed_at=datetime(2026, 9, 4, tzinfo=UTC))
    assert as_at([newer, accepted], date(2026, 9, 4)) == [accepted]


def span(number: int, first: int, last: int, **changed: object) -> Version:
    labels = tuple(f"{year}-{(year + 1) % 100:02d}" for year in range(first, last + 1))
    return but(
        id=number,
        period=f"{labels[0]}..{labels[-1]}",
        period_start=date(first, 9, 1),
        period_end=date(last + 1, 8, 31),
        periods=labels,
        scope="plans",
        **changed,
    )


def test_overlapping_series_share_the_periods_between_them() -> None:
    earlier, later = span(1, 2015, 2019), span(2, 2018, 2022)
    assert as_at([earlier, later]) == [earlier, later]
    assert periods_in_force([earlier, later]) == {
        1: frozenset({"2015-16", "2016-17", "2017-18"}),
        2: frozenset(later.periods),
    }


def test_the_order_of_arrival_does_not_matter_when_one_reaches_further() -> None:
    earlier, later = span(2, 2015, 2019), span(1, 2018, 2022)
    assert periods_in_force([earlier, later])[1] == frozenset(later.periods)


def test_of_histories_dated_by_the_day_the_longer_one_counts() -> None:
    short = but(id=2, period="2005-09-01..2018-08-31", period_start=date(2005, 9, 1), periods=())
    long = dataclasses.replace(short, id=1, period="2005-09-01..2020-08-31", period_end=date(2020, 8, 31))
    assert as_at([short, long]) == [long]
