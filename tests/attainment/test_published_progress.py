"""Every published interval and band there is comes out of the rule: real schools, real years."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from attainment.published import P8_COLUMNS, as_numbers, bundled
from redway.attainment.ks2_progress import national_spread
from redway.attainment.measure_values import number_in
from redway.attainment.progress_bands import Band, band, band_expression, is_banded
from redway.attainment.progress_scores import interval

HALF_A_HUNDREDTH, HALF_A_TENTH = 0.005, 0.05
ROUNDING = 1e-9


def spread_of(name: str, year: str) -> float:
    return number_in(f"progress-8/{name}", "The national standard deviation", year)


def p8(frame: pl.DataFrame) -> pl.DataFrame:
    return as_numbers(frame, *P8_COLUMNS)


def intervals_that_differ(frame: pl.DataFrame, spread: float, ends: str = "") -> pl.DataFrame:
    """Rows whose limits, as published to two places, are not those of a score known to two places."""
    score, low, high = (f"{one}{ends}" for one in ("P8MEA", "P8CILOW", "P8CIUPP"))
    lower, upper = interval(pl.col(score), pl.col("P8PUP"), spread)
    near = 2 * HALF_A_HUNDREDTH + ROUNDING
    return frame.filter(((lower - pl.col(low)).abs() > near) | ((upper - pl.col(high)).abs() > near))


def bands_that_differ(frame: pl.DataFrame, year: str) -> pl.DataFrame:
    numbers = {str(one.number): one.value for one in Band}
    named = frame.filter(pl.col("P8_BANDING").is_in(list(numbers)))
    rule = band_expression(pl.col("P8MEA"), pl.col("P8CILOW"), pl.col("P8CIUPP"), year)
    return named.with_columns(rule).filter(pl.col("band") != pl.col("P8_BANDING").replace(numbers))


@pytest.mark.parametrize("year", ["2017-18", "2018-19"])
class TestBundledSchools:
    def test_intervals(self, year: str) -> None:
        schools = p8(bundled(f"progress8-{year}"))
        assert schools.height > 40
        assert intervals_that_differ(schools, spread_of("spread", year)).is_empty()

    def test_unadjusted_intervals(self, year: str) -> None:
        schools = p8(bundled(f"progress8-{year}"))
        assert intervals_that_differ(schools, spread_of("spread-unadjusted", year), "_ORIG").is_empty()

    def test_bands(self, year: str) -> None:
        assert bands_that_differ(p8(bundled(f"progress8-{year}")), year).is_empty()

    def test_adjusting_only_raises(self, year: str) -> None:
        schools = p8(bundled(f"progress8-{year}"))
        lower = schools.filter(pl.col("P8MEA") < pl.col("P8MEA_ORIG") - 2 * HALF_A_HUNDREDTH - ROUNDING)
        assert lower.is_empty()


def test_a_half_is_well_above_but_less_a_half_is_only_below() -> None:
    assert band(0.50, 0.27, 0.73, "2018-19") is Band.WELL_ABOVE
    assert band(-0.50, -0.72, -0.28, "2018-19") is Band.BELOW
    halves = p8(bundled("progress8-2017-18")).filter(pl.col("P8MEA").abs() == 0.5)
    banded = halves.filter(pl.col("P8_BANDING").is_in(["1", "4"]))
    assert banded.height >= 20
    assert (banded["P8_BANDING"] == pl.Series(["1" if one > 0 else "4" for one in banded["P8MEA"]])).all()


def test_a_university_technical_college_is_not_banded() -> None:
    colleges = bundled("progress8-2017-18").filter(pl.col("NFTYPE") == "UTC")
    assert set(colleges["P8_BANDING"]) == {"NA"}
    assert not is_banded("UTC", "2017-18")
    assert is_banded("ACC", "2017-18")
    assert not is_banded("ACC", "2017-18", covers_11_to_16=False)
    assert is_banded("SS", "2017-18", covers_11_to_16=True)


KS2 = {"reading": "READ", "writing": "WRIT", "maths": "MAT"}


def ks2_intervals_not_reproduced(frame: pl.DataFrame, subject: str, year: str) -> int:
    """Schools none of whose possible numbers of pupils gives the published limits: the share of pupils
    covered is published to a whole per cent, scores and limits to a tenth."""
    about = KS2[subject]
    columns = [f"{about}PROG", f"{about}PROG_LOWER", f"{about}PROG_UPPER", f"{about}COV"]
    spread = national_spread(subject, year)
    assert spread is not None
    wrong = 0
    for eligible, score, low, high, covered in (
        as_numbers(frame, "TELIG", *columns).select("TELIG", *columns).rows()
    ):
        pupils = np.arange(1, eligible + 1)
        pupils = pupils[np.abs(100 * pupils / eligible - covered) <= 0.5 + ROUNDING]
        lower, upper = (
            pl.DataFrame({"n": pupils})
            .select(interval(pl.lit(score), pl.col("n"), spread.value))
            .get_columns()
        )
        near = 2 * HALF_A_TENTH + ROUNDING
        wrong += not (((lower - low).abs() <= near) & ((upper - high).abs() <= near)).any()
    return wrong


@pytest.mark.parametrize("year", ["2016-17", "2017-18"])
@pytest.mark.parametrize("subject", KS2)
def test_intervals_of_progress_at_key_stage_2(subject: str, year: str) -> None:
    assert ks2_intervals_not_reproduced(bundled(f"ks2-progress-{year}"), subject, year) == 0


@pytest.fixture
def performance(national_data: Path) -> Path:
    folder = national_data / "performance"
    if not (folder / "ks4provisional_2018.parquet").exists():
        pytest.skip("the national performance tables are not there")
    return folder


@pytest.mark.national
class TestNationalFiles:
    """The whole files, where they are beside the checkout."""

    def test_every_interval_of_2017_18(self, performance: Path) -> None:
        schools = p8(pl.read_parquet(performance / "ks4provisional_2018.parquet"))
        assert schools.height > 3_600
        assert intervals_that_differ(schools, spread_of("spread", "2017-18")).is_empty()
        assert intervals_that_differ(schools, spread_of("spread-unadjusted", "2017-18"), "_ORIG").is_empty()

    def test_every_band_of_2017_18(self, performance: Path) -> None:
        schools = p8(pl.read_parquet(performance / "ks4provisional_2018.parquet"))
        assert bands_that_differ(schools, "2017-18").is_empty()
        banded = schools.filter(pl.col("P8_BANDING").is_in(["1", "2", "3", "4", "5"]))
        assert banded.height > 3_500
        unusual = banded.filter(pl.col("NFTYPE").is_in(["UTC", "SS"]))
        assert unusual["SCHNAME"].to_list() == ["Studio West"], "a studio school that takes pupils from 11"

    @pytest.mark.parametrize(
        ("file", "year"),
        [("ks4provisional_2016_v2016-10-20", "2015-16"), ("ks4provisional_2017", "2016-17")],
    )
    def test_intervals_of_the_first_years(self, performance: Path, file: str, year: str) -> None:
        """These files do not say how many pupils were in the measure: some number up to all must fit."""
        columns = ("TPUP", "P8MEA", "P8CILOW", "P8CIUPP")
        schools = as_numbers(pl.read_parquet(performance / f"{file}.parquet"), *columns)
        schools = schools.filter(pl.col("RECTYPE").is_in(["1", "2"]))
        assert schools.height > 3_400
        spread, near = spread_of("spread", year), 2 * HALF_A_HUNDREDTH + ROUNDING
        wrong = 0
        for pupils, score, low, high in schools.select(columns).rows():
            reach = 1.96 * spread / np.sqrt(np.arange(1, pupils + 1))
            wrong += not (
                (np.abs(score - reach - low) <= near) & (np.abs(score + reach - high) <= near)
            ).any()
        assert wrong == 0

    @pytest.mark.parametrize("subject", KS2)
    def test_key_stage_2_of_surrey(self, performance: Path, subject: str) -> None:
        """All but a few in maths, where the rounded share of pupils covered lets no number fit."""
        schools = pl.read_parquet(performance / "ks2final_fullcols_936_2018.parquet")
        wrong = ks2_intervals_not_reproduced(schools, subject, "2017-18")
        assert wrong <= (4 if subject == "maths" else 0)
