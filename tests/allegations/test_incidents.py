"""When it happened, in people's own words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.allegations.incidents import InvalidIncidentError, is_recent, read_incident, refuse_future
from redway.core.words import day_in_words


@pytest.mark.parametrize(
    ("told", "first", "last"),
    [
        ("2 April 2026", "2026-04-02", "2026-04-02"),
        ("2nd April 2026", "2026-04-02", "2026-04-02"),
        ("02/04/2026", "2026-04-02", "2026-04-02"),
        ("2026-04-02", "2026-04-02", "2026-04-02"),
        ("March 2019", "2019-03-01", "2019-03-31"),
        ("feb 2024", "2024-02-01", "2024-02-29"),
        ("summer 1998", "1998-06-01", "1998-08-31"),
        ("Autumn term 2019", "2019-09-01", "2019-12-31"),
        ("winter of 2010", "2010-12-01", "2011-02-28"),
        ("1998", "1998-01-01", "1998-12-31"),
        ("1998 to 2001", "1998-01-01", "2001-12-31"),
        ("1998-2001", "1998-01-01", "2001-12-31"),
    ],
)
def test_reads_a_day_or_a_range(told: str, first: str, last: str) -> None:
    found = read_incident(told)
    assert (found.first.isoformat(), found.last.isoformat()) == (first, last)
    assert found.told == told
    assert found.is_a_day == (first == last)


@pytest.mark.parametrize("told", ["31 February 2026", "30/02/2026", "2026-13-01"])
def test_a_day_that_does_not_exist_is_refused(told: str) -> None:
    with pytest.raises(InvalidIncidentError, match="There is no"):
        read_incident(told)


@pytest.mark.parametrize(
    "told",
    [
        "",
        "a while ago",
        "last week",
        "2001 to 1998",
        "Smarch 2020",
        "0000",
        "0000 to 0001",
        "winter 0000",
        "winter 9999",
        "March 0000",
    ],
)
def test_what_tells_no_time_says_how_to_write_it(told: str) -> None:
    with pytest.raises(InvalidIncidentError):
        read_incident(told)


def test_what_has_not_come_is_refused() -> None:
    with pytest.raises(InvalidIncidentError, match="has not come yet"):
        refuse_future(read_incident("summer 2027"), date(2026, 11, 24))
    refuse_future(read_incident("2026"), date(2026, 11, 24))


def test_the_cut_off_for_recent_is_the_authoritys_own() -> None:
    incident = read_incident("summer 2019")
    assert is_recent(incident, date(2020, 3, 1), within_years=1)
    assert not is_recent(incident, date(2026, 3, 1), within_years=1)
    assert is_recent(incident, date(2024, 2, 29), within_years=5)


@given(st.dates(date(1950, 1, 1), date(2026, 12, 31)))
def test_every_day_as_we_write_it_is_read_back(day: date) -> None:
    found = read_incident(day_in_words(day))
    assert (found.first, found.last) == (day, day)


@given(st.text(max_size=30))
def test_no_text_breaks_it(told: str) -> None:
    try:
        found = read_incident(told)
    except InvalidIncidentError:
        return
    assert found.first <= found.last
