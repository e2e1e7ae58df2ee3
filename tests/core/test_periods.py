from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core.errors import InvalidPeriod
from redway.core.periods import PeriodKind, academic_year, calendar_year, financial_year, parse_period

years = st.integers(1988, 2098)


@pytest.mark.parametrize("text", ["2016-17", "2016/17", "2016/2017", "201617", "2017", "2016–17"])
def test_an_academic_year_is_read_in_every_way_it_is_published(text: str) -> None:
    period = parse_period(text, PeriodKind.ACADEMIC)
    assert (period.label, period.start, period.end) == ("2016-17", date(2016, 9, 1), date(2017, 8, 31))


def test_a_day_and_a_calendar_year() -> None:
    assert parse_period("2018-08-31", PeriodKind.DAY).end == date(2018, 8, 31)
    assert parse_period("2025", PeriodKind.CALENDAR) == calendar_year(2025)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("2016-18", PeriodKind.ACADEMIC), ("last year", PeriodKind.FINANCIAL), ("31/03/2017", PeriodKind.DAY)],
)
def test_what_is_no_period_is_refused(text: str, kind: PeriodKind) -> None:
    with pytest.raises(InvalidPeriod):
        parse_period(text, kind)


@given(years, st.sampled_from([academic_year, financial_year, calendar_year]))
def test_years_follow_one_another_without_hole_or_overlap(first: int, year: object) -> None:
    assert callable(year)
    assert year(first).end + timedelta(days=1) == year(first + 1).start
    assert year(first) < year(first + 1)


@given(years)
def test_a_label_reads_back_as_its_period(first: int) -> None:
    assert parse_period(academic_year(first).label, PeriodKind.ACADEMIC) == academic_year(first)
    assert parse_period(financial_year(first).label, PeriodKind.FINANCIAL) == financial_year(first)
