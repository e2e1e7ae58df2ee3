"""The report of a period: it adds up, and what is published gives no small number away."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from redway.allegations.annual_report import Report, period_before, report_of
from redway.allegations.outcomes import Category, Outcome, Sector
from redway.allegations.statistics import TABLES, CaseRecord, count_cases
from redway.figures.disclosure import Rule
from redway.figures.table import Hidden

START, END, NOW = date(2025, 1, 1), date(2025, 6, 30), date(2026, 11, 24)
RULE = Rule(5)


def report(cases: list[CaseRecord], publish: Rule | None = None) -> Report:
    now = count_cases(cases, START, END, NOW, {1: 80, 3: 90})
    return report_of(now, count_cases(cases, *period_before(START, END), NOW), publish=publish)


some_cases = st.lists(
    st.builds(
        CaseRecord,
        referred_on=st.dates(START, END),
        closed_on=st.one_of(st.none(), st.dates(date(2025, 7, 1), date(2026, 11, 1))),
        sector=st.sampled_from([*list(Sector)[:3], None]),
        category=st.sampled_from([*Category, None]),
        outcome=st.sampled_from([*Outcome, None]),
        met_threshold=st.sampled_from([True, True, False, None]),
        suspended=st.booleans(),
    ),
    max_size=40,
)


@given(some_cases)
def test_every_table_adds_up_to_all_cases(cases: list[CaseRecord]) -> None:
    for name in TABLES:
        *parts, total = (row["cases"] for row in report(cases).tables[name].rows)
        assert sum(parts) == total == len(cases)


@given(some_cases)
def test_no_small_number_is_published_nor_can_be_taken_from_the_total(cases: list[CaseRecord]) -> None:
    published = report(cases, RULE)
    if RULE.is_small(len(cases)):
        assert not published.tables
        return
    for name in TABLES:
        *parts, total = published.tables[name].rows
        assert total["cases"] == len(cases)
        shown = [row["cases"] for row in parts]
        assert not any(isinstance(count, int) and RULE.is_small(count) for count in shown)
        assert sum(isinstance(count, Hidden) for count in shown) != 1
        for row in parts:
            assert isinstance(row["percent"], Hidden) == isinstance(row["cases"], Hidden)
    for row in published.tables["work"].rows:
        figure = row["figure"]
        if isinstance(figure, int):
            assert not RULE.is_disclosive_share(figure, len(cases))


def test_time_that_tells_the_number_still_open_is_not_published() -> None:
    closed = [CaseRecord(START, date(2025, 1, 20), Sector.SPORT) for _ in range(20)]
    still_open = [CaseRecord(START, None, Sector.SPORT) for _ in range(3)]
    rows = report([*closed, *still_open], RULE).tables["timescales"].rows
    assert all(isinstance(row["of_closed"], Hidden) for row in rows)
    assert not any(
        isinstance(row["of_closed"], Hidden) for row in report(closed, RULE).tables["timescales"].rows
    )


def test_a_small_band_of_time_is_hidden_with_all_that_holds_it() -> None:
    quick = [CaseRecord(START, date(2025, 1, 20)) for _ in range(20)]
    slower = [CaseRecord(START, date(2025, 3, 1)) for _ in range(2)]
    slow = [CaseRecord(START, date(2026, 3, 1)) for _ in range(10)]
    first, *others = report([*quick, *slower, *slow], RULE).tables["timescales"].rows
    assert first["within"] == 20
    assert all(isinstance(row["within"], Hidden) for row in others)


def test_the_period_before() -> None:
    assert period_before(date(2007, 7, 1), date(2007, 12, 31)) == (date(2007, 1, 1), date(2007, 6, 30))
    assert period_before(date(2025, 4, 1), date(2026, 3, 31)) == (date(2024, 4, 1), date(2025, 3, 31))
    assert period_before(date(2025, 3, 10), date(2025, 3, 19)) == (date(2025, 2, 28), date(2025, 3, 9))
