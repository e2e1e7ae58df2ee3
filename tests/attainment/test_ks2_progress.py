"""Progress from key stage 1 to key stage 2."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from redway.attainment.ks2_progress import ks2_progress, national_spread
from redway.attainment.measure_years import NotProduced
from redway.attainment.prior_groups import PriorGroups
from redway.core.errors import NotFound


def many(count: int) -> pl.DataFrame:
    rng = np.random.default_rng(2)
    prior = rng.choice([9.0, 13.0, 14.5, 15.0, 16.5, 17.0, 21.0], count)
    return pl.DataFrame(
        {
            "pupil": range(count),
            "urn": rng.integers(100_000, 100_009, count),
            "prior_attainment": prior,
            "reading": np.clip(rng.normal(104, 6, count) + (prior - 15), 80, 120),
        }
    )


AVERAGES = PriorGroups(
    np.array([0.0, 14.0]),
    np.array([13.5, 21.0]),
    np.array([97.0, 105.0]),
    "our table",
    minimum=np.array([-12.0, -20.0]),
)


@pytest.mark.parametrize(
    ("subject", "year", "expected"),
    [
        ("reading", "2016-17", 6.23),
        ("writing", "2016-17", 6.045),
        ("maths", "2016-17", 5.625),
        ("maths", "2017-18", 5.43),
        ("reading", "2018-19", 6.175),
    ],
)
def test_national_standard_deviations(subject: str, year: str, expected: float) -> None:
    found = national_spread(subject, year)
    assert found is not None
    assert found.value == expected


def test_the_national_standard_deviation_of_2022_is_not_held() -> None:
    assert national_spread("reading", "2021-22") is None


def test_a_pupil_beside_the_average_of_the_group() -> None:
    people = pl.DataFrame(
        {
            "pupil": [1, 2, 3],
            "urn": ["s", "s", "t"],
            "prior_attainment": [13.0, 15.0, 15.0],
            "maths": [99, 85, 80],
        }
    )
    found = ks2_progress(people, "maths", "2017-18", averages=AVERAGES)
    assert found.pupils["score"].to_list() == [2, -20, -25]
    assert found.pupils["adjusted_score"].to_list() == [2, -20, -20]
    first, second = found.schools.to_dicts()
    assert (first["score"], second["score"], second["unadjusted"]) == (-9, -20, -25)
    assert first["upper"] - first["score"] == pytest.approx(1.96 * 5.43 / 2**0.5)


def test_nothing_was_raised_before_2018() -> None:
    people = pl.DataFrame({"pupil": [1], "urn": ["s"], "prior_attainment": [15.0], "maths": [80]})
    found = ks2_progress(people, "maths", "2016-17", averages=AVERAGES)
    assert found.schools["score"].to_list() == [-25]


def test_without_national_averages_it_is_an_own_comparison() -> None:
    found = ks2_progress(many(400), "reading", "2018-19")
    assert found.is_own
    assert found.spread.own
    assert len(found.groups.mean) <= 24
    assert found.pupils["score"].mean() == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("year", ["2019-20", "2023-24", "2024-25", "2027-28"])
def test_years_without_the_measure_are_refused(year: str) -> None:
    with pytest.raises(
        NotProduced, match=f"No progress from key stage 1 to key stage 2 was produced for {year}"
    ):
        ks2_progress(many(100), "reading", year)


def test_an_own_comparison_is_there_for_any_year_and_says_so() -> None:
    found = ks2_progress(many(400), "reading", "2024-25", own=True)
    assert any("No progress from key stage 1" in note for note in found.notes)


def test_no_such_subject() -> None:
    with pytest.raises(NotFound, match="no progress in 'science'"):
        ks2_progress(many(100), "science", "2018-19")
