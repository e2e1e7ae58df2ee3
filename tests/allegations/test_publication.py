"""What is published tells no small number to somebody who subtracts table from table, half from year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.allegations.outcomes import Category, Outcome, Sector
from redway.allegations.publication import Shown, shown_of
from redway.allegations.statistics import ADVICE, NOT_MET, TABLES, CaseRecord, Statistics, count_cases
from redway.figures.disclosure import Rule
from redway.figures.table import Cell, Hidden

RULE = Rule(5)
NOW = date(2026, 11, 24)
FIRST_HALF = date(2025, 1, 1), date(2025, 6, 30)
SECOND_HALF = date(2025, 7, 1), date(2025, 12, 31)
YEAR = date(2025, 1, 1), date(2025, 12, 31)
Range = tuple[int, int]


def case(
    outcome: Outcome | None = Outcome.UNFOUNDED,
    *,
    met: bool | None = True,
    on: date = YEAR[0],
    **facts: object,
) -> CaseRecord:
    closed = date(2026, 2, 1) if outcome or met is False else None
    return CaseRecord(on, closed, outcome=outcome, met_threshold=met, **facts)  # type: ignore[arg-type]


def statistics(cases: list[CaseRecord], period: tuple[date, date] = YEAR) -> Statistics:
    return count_cases(cases, *period, NOW)


def hidden(counts: Mapping[str, Cell]) -> set[str]:
    return {word for word, cell in counts.items() if isinstance(cell, Hidden)}


def what_can_be_told(shown: Shown, cases: int) -> dict[str, dict[str, Range]]:
    """What a reader can work out: each count between two numbers.

    They know that every table adds up to all cases, that advice is what did not meet the threshold, and what
    the words in the place of a hidden count say of it.
    """
    told = {name: _ranges(shown.counts[name], cases) for name in TABLES}
    for _ in range(3):
        for name in TABLES:
            told[name] = _narrowed(told[name], cases)
        if ADVICE in told["outcome"]:
            (low, high), (lower, higher) = told["outcome"][ADVICE], told["threshold"][NOT_MET]
            both = max(low, lower), min(high, higher)
            told["outcome"][ADVICE] = told["threshold"][NOT_MET] = both
    return told


def _ranges(counts: Mapping[str, Cell], cases: int) -> dict[str, Range]:
    whole = len(hidden(counts)) == len(counts) and not any(_small(cell) for cell in counts.values())
    found: dict[str, Range] = {}
    for word, cell in counts.items():
        if isinstance(cell, Hidden):
            found[word] = (1, RULE.small) if _small(cell) else (0 if whole else RULE.small + 1, cases)
        else:
            assert isinstance(cell, int)
            found[word] = cell, cell
    return found


def _small(cell: Cell) -> bool:
    return isinstance(cell, Hidden) and cell.label == RULE.small_label


def _narrowed(ranges: Mapping[str, Range], cases: int) -> dict[str, Range]:
    least, most = sum(low for low, _ in ranges.values()), sum(high for _, high in ranges.values())
    return {
        word: (max(low, cases - (most - high)), min(high, cases - (least - low)))
        for word, (low, high) in ranges.items()
    }


some_cases = st.lists(
    st.builds(
        case,
        st.sampled_from([*list(Outcome)[:3], None]),
        met=st.sampled_from([True, True, True, False, None]),
        on=st.dates(*YEAR),
        sector=st.sampled_from([*list(Sector)[:3], None]),
        category=st.sampled_from([*list(Category)[:3], None]),
        suspended=st.booleans(),
        strands=st.sets(st.sampled_from(["criminal", "employer"])).map(frozenset),
    ),
    max_size=60,
)


@given(some_cases)
def test_no_small_number_can_be_worked_out_from_all_tables_together(cases: list[CaseRecord]) -> None:
    found = statistics(cases)
    if RULE.is_small(found.cases):
        return
    told = what_can_be_told(shown_of(found, RULE), found.cases)
    for name in TABLES:
        for word, count in found.tables[name].items():
            low, high = told[name][word]
            assert low <= count <= high
            assert low < high or not RULE.is_small(count)


def test_the_threshold_does_not_tell_what_the_outcomes_hide() -> None:
    """17 substantiated, 3 malicious and 7 advice: 20 that met the threshold would tell the 3."""
    cases = [
        *[case(Outcome.SUBSTANTIATED)] * 17,
        *[case(Outcome.MALICIOUS)] * 3,
        *[case(None, met=False)] * 7,
    ]
    shown = shown_of(statistics(cases), RULE)
    assert hidden(shown.counts["outcome"]) == {"malicious", ADVICE}
    assert hidden(shown.counts["threshold"]) == {"met", NOT_MET}
    assert shown.timescales == (False, False, False)


def test_the_outcomes_do_not_tell_what_the_threshold_hides() -> None:
    """40 met, 10 did not, of 3 it is not recorded: 10 advice would tell the 3, were 10 hidden beside them."""
    cases = [*[case()] * 40, *[case(None, met=False)] * 10, *[case(Outcome.UNFOUNDED, met=None)] * 3]
    shown = shown_of(statistics(cases), RULE)
    assert ADVICE in hidden(shown.counts["outcome"])
    assert hidden(shown.counts["threshold"]) == {"met", NOT_MET, "not recorded"}


def test_a_year_does_not_tell_what_its_halves_hide() -> None:
    """Sport: 3 in the first half, hidden; 7 in the second, shown. The year's 10 would tell the 3."""
    first = [
        *[case(sector=Sector.SPORT)] * 3,
        *[case(sector=Sector.HEALTH)] * 8,
        *[case(sector=Sector.EDUCATION)] * 20,
    ]
    second = [
        *[case(on=SECOND_HALF[0], sector=Sector.SPORT)] * 7,
        *[case(on=SECOND_HALF[0], sector=Sector.HEALTH)] * 9,
        *[case(on=SECOND_HALF[0], sector=Sector.EDUCATION)] * 20,
    ]
    halves = statistics(first, FIRST_HALF), statistics(second, SECOND_HALF)
    assert hidden(shown_of(halves[0], RULE).counts["sector"]) == {"sport", "health"}
    assert hidden(shown_of(halves[1], RULE).counts["sector"]) == set()
    year = statistics([*first, *second])
    assert shown_of(year, RULE).counts["sector"]["sport"] == 10
    assert hidden(shown_of(year, RULE, halves).counts["sector"]) == {"sport", "health"}
    assert shown_of(year, RULE, halves).counts["sector"]["education"] == 40


@given(some_cases)
def test_a_year_less_its_half_leaves_no_small_number(cases: list[CaseRecord]) -> None:
    year, *halves = (statistics(cases, period) for period in (YEAR, FIRST_HALF, SECOND_HALF))
    together = shown_of(year, RULE, halves)
    for half, rest in (halves, halves[::-1]):
        alone = shown_of(half, RULE)
        for name in TABLES:
            for word, cell in together.counts[name].items():
                one = alone.counts[name].get(word, 0)
                if isinstance(cell, int) and isinstance(one, int):
                    assert cell - one == rest.tables[name].get(word, 0)
                    assert not RULE.is_small(cell - one)
                if isinstance(cell, int):
                    assert not isinstance(one, Hidden)
        for word, cell in together.work.items():
            assert isinstance(cell, Hidden) or not isinstance(alone.work[word], Hidden)


def test_inside_the_authority_everything_is_shown() -> None:
    found = statistics([case(Outcome.MALICIOUS), case()])
    shown = shown_of(found, None)
    assert shown.counts == found.tables
    assert all(shown.timescales)


@pytest.mark.parametrize("count", [1, 5])
def test_a_period_of_few_cases_shows_no_count_of_them(count: int) -> None:
    shown = shown_of(statistics([case(sector=Sector.SPORT)] * count), RULE)
    assert all(not isinstance(cell, int) or cell == 0 for cell in shown.counts["outcome"].values())
    assert shown.timescales == (False, False, False)
