"""A value beside England and each set of neighbours; the comparator and the mean are always named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from datasets.memory_ledger import MemoryLedger
from indicators.made_up import absence, lait
from indicators.made_up import neighbours as file_of_neighbours
from redway.core.errors import NotFound
from redway.core.home import Home
from redway.datasets.ledger import Version
from redway.indicators.comparison import compare, compare_school, comparisons
from redway.indicators.neighbours import Neighbours, load_neighbours
from redway.indicators.store import BuildReport, SeriesStore

TEN = [str(number) for number in range(301, 311)]


@pytest.fixture
def neighbours(
    tmp_path: Path,
    home: Home,
    ledger: MemoryLedger,
    bring: Callable[..., Version],
    update: Callable[[], BuildReport],
) -> Neighbours:
    shares = [(la, str(6 + at / 2)) for at, la in enumerate(TEN[:9])]
    rows = [("SecTotAbs", "2025", la, value) for la, value in [*shares, ("826", "8.59"), ("970", "8.44")]]
    rows += [
        ("SecTotAbs", "2025", TEN[9], "-"),
        ("CPP_rate", "2025", "826", "50"),
        ("CPP_rate", "2025", "970", "40"),
    ]
    bring(lait(tmp_path, rows))
    bring(file_of_neighbours(tmp_path, "2025", {"826": TEN}), period="2025")
    update()
    return load_neighbours(home, ledger.versions())


def test_the_gap_to_england_and_to_the_mean_of_named_neighbours(
    store: SeriesStore, neighbours: Neighbours
) -> None:
    found = compare(store, neighbours, "826", "secondary-absence")
    england, theirs = found.gap_to("England"), found.gap_to("2025")
    assert england is not None
    assert theirs is not None
    assert (round(england.gap, 2), england.verdict) == (0.15, "worse")
    assert (theirs.value, round(theirs.gap, 2)) == (8.0, 0.59)
    assert theirs.name == "mean of 10 statistical neighbours (2025 model)"


def test_a_neighbour_without_a_figure_is_named_and_not_filled_in(
    store: SeriesStore, neighbours: Neighbours
) -> None:
    theirs = compare(store, neighbours, "826", "secondary-absence").gap_to("2025")
    assert theirs is not None
    assert theirs.without == ("310",)
    assert (theirs.members, theirs.above) == (9, 6)


def test_the_words_name_every_comparator(store: SeriesStore, neighbours: Neighbours) -> None:
    said = compare(store, neighbours, "826", "secondary-absence").words("Milton Keynes")
    assert said == (
        "Secondary absence, Milton Keynes, 2024-25: 8.59%; +0.15 percentage points on England (8.44%); "
        "+0.59 percentage points on mean of 10 statistical neighbours (2025 model) (8.00%)."
    )


def test_a_neutral_measure_is_higher_or_lower_and_never_better(
    store: SeriesStore, neighbours: Neighbours
) -> None:
    england = compare(store, neighbours, "826", "cp-plans-per-10000").gap_to("England")
    assert england is not None
    assert england.verdict == "higher"


def test_many_measures_come_in_the_order_asked_and_those_without_a_value_are_left_out(
    store: SeriesStore, neighbours: Neighbours
) -> None:
    codes = ["cp-plans-per-10000", "secondary-absence", "ks2-reading-writing-maths"]
    found = comparisons(store, neighbours, "826", codes)
    assert [one.indicator.code for one in found] == codes[:2]


def test_a_measure_that_does_not_exist_for_a_year_says_why(
    store: SeriesStore, neighbours: Neighbours
) -> None:
    with pytest.raises(NotFound, match="Not produced nationally"):
        compare(store, neighbours, "826", "ks4-progress8", period="2024-25")


def test_a_secondary_school_stands_beside_secondary_schools(
    tmp_path: Path,
    bring: Callable[..., Version],
    update: Callable[[], BuildReport],
    store: SeriesStore,
    neighbours: Neighbours,
) -> None:
    bring(absence(tmp_path, 2023, {"100001": "8.0", "100002": "6.0", "100003": "SUPP", "100004": "7.0"}))
    update()
    similar = ["100002", "100003", "100004"]
    found = compare_school(store, "100001", "overall-absence", "Secondary", "826", similar=similar)
    england, alike = found.gap_to("England"), found.gap_to("mean of 3 similar schools")
    assert england is not None
    assert alike is not None
    assert england.value == 9.0
    assert england.verdict == "better"
    assert (alike.value, alike.without) == (6.5, ("100003",))


def test_a_school_without_a_figure_is_said(store: SeriesStore, neighbours: Neighbours) -> None:
    with pytest.raises(NotFound, match="data gaps"):
        compare_school(store, "100001", "overall-absence", "Secondary", "826")
