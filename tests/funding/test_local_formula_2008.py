"""A local formula of 2008-09: case 25, and each factor by hand."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funding.made_schools import whole
from redway.core.errors import ValuesError
from redway.funding.errors import FundingError
from redway.funding.guarantee_2008 import Kind
from redway.funding.local_formula_2008 import LastYear, Schools2008, budgets_2008, values_2008
from redway.funding.rounding import Rounding

VALUES = values_2008()


def made(kind: Kind = Kind.PRIMARY, **columns: object) -> Schools2008:
    return Schools2008(("100001",), ("Made-up School",), (kind,), **columns)  # type: ignore[arg-type]


def line(name: str, schools: Schools2008, rounding: Rounding = Rounding.DFE_LINES, **own: str) -> int:
    typed = {held.replace("_", "-"): Decimal(value) for held, value in own.items()}
    return int(budgets_2008(schools, values_2008(own=typed), rounding).lines[name][0])


class TestCase25:
    """York, January 2008: a nursery unit of 13 part-time places at £10.41."""

    unit = made(part_time_places=whole(13))

    def test_to_the_penny(self) -> None:
        assert line("part-time-nursery", self.unit) == 6_767

    def test_to_whole_pounds(self) -> None:
        assert line("part-time-nursery", self.unit, Rounding.WHOLE_POUNDS) == 6_800

    def test_a_spreadsheet_of_unrounded_lines_is_not_how_it_was_done(self) -> None:
        with pytest.raises(FundingError, match="'workbook'"):
            budgets_2008(self.unit, VALUES, Rounding.WORKBOOK)


class TestFactors:
    def test_age_weighted_pupils(self) -> None:
        both = made(pupils={"reception": whole(30), "ks2": whole(60)})
        assert line("age-weighted-reception", both, age_weighted_reception="2000.50") == 30 * 200_050
        assert line("age-weighted-ks2", both) == 60 * 195_000

    def test_pupils_with_english_as_an_additional_language(self) -> None:
        assert line("eal", made(eal=whole(12)), eal="350") == 12 * 35_000

    def test_a_small_school_is_protected_for_each_pupil_below_the_threshold(self) -> None:
        small = made(pupils={"ks2": whole(90)})
        assert line("small-school", small, small_school="400", small_school_threshold="150") == 60 * 40_000
        assert line("small-school", made(pupils={"ks2": whole(150)})) == 0

    def test_a_secondary_school_is_not(self) -> None:
        assert line("small-school", made(Kind.SECONDARY, pupils={"ks3": whole(90)})) == 0

    def test_one_count_of_early_years_children_or_the_mean_of_three(self) -> None:
        """40 in January; 26 in the autumn, 40 and 52 later are 39 1/3 on average."""
        assert line("early-years", made(early_years=(whole(40),)), early_years="1600") == 6_400_000
        terms = (whole(26), whole(40), whole(52))
        assert line("early-years", made(early_years=terms), early_years="1600") == 6_293_333

    def test_deprivation_is_paid_above_a_share_of_the_roll(self) -> None:
        """30 of 200, 10 of them (5%) unpaid; with 8 of 200 there is nothing."""
        held = made(pupils={"ks2": whole(200)}, deprived=whole(30))
        assert line("deprivation", held, deprivation="600", deprivation_threshold="5") == 20 * 60_000
        few = made(pupils={"ks2": whole(200)}, deprived=whole(8))
        assert line("deprivation", few, deprivation_threshold="5") == 0

    def test_a_new_school_in_its_year_of_opening_and_for_places_not_yet_filled(self) -> None:
        new = made(opens=np.array([True]), places_to_fill=whole(180))
        assert line("new-school", new, new_school="60000") == 6_000_000
        assert line("new-school-places", new, new_school_places="500") == 9_000_000

    def test_residential_places_open_52_weeks(self) -> None:
        assert (
            line("residential", made(Kind.SPECIAL, residential_places=whole(8)), residential="45000")
            == 36_000_000
        )

    def test_a_lump_sum_by_kind_of_school(self) -> None:
        assert line("lump-sum", made(Kind.SECONDARY), lump_sum_secondary="150000") == 15_000_000
        assert line("lump-sum", made(Kind.NURSERY), lump_sum_nursery="60000.01") == 6_000_001


class TestTheWhole:
    def test_the_guarantee_brings_the_formula_up(self) -> None:
        last = LastYear(whole(50_000_000), whole(200), whole(190))
        found = budgets_2008(made(pupils={"ks2": whole(190)}, last=last), VALUES)
        assert found.guarantee is not None
        assert found.total.tolist() == [49_008_000]
        assert found.formula[0] + found.guarantee.added[0] == 49_008_000

    def test_what_nobody_confirmed_is_named(self) -> None:
        found = budgets_2008(made(part_time_places=whole(13)), VALUES).unconfirmed
        assert "lump-sum-primary" in found
        assert "part-time-nursery" not in found
        assert "eal" not in found

    def test_a_year_without_a_formula_is_refused(self) -> None:
        with pytest.raises(ValuesError, match="2009-10"):
            values_2008("2009-10")

    def test_a_count_below_nothing_is_refused_with_the_school(self) -> None:
        with pytest.raises(FundingError, match="100001: eal is -1"):
            made(eal=whole(-1))

    def test_two_counts_of_early_years_children_are_neither_one_nor_three(self) -> None:
        with pytest.raises(FundingError, match="counted 2 times"):
            made(early_years=(whole(1), whole(2)))

    def test_an_unknown_stage_is_refused(self) -> None:
        with pytest.raises(FundingError, match="'ks5' is no stage"):
            made(pupils={"ks5": whole(1)})


@given(
    st.integers(0, 500),
    st.integers(0, 500),
    st.integers(0, 300),
    st.sampled_from(["dfe-lines", "whole-pounds"]),
)
def test_the_total_is_the_sum_of_its_rounded_lines(ks1: int, places: int, eal: int, rounding: str) -> None:
    schools = made(pupils={"ks1": whole(ks1)}, part_time_places=whole(places), eal=whole(eal))
    found = budgets_2008(schools, VALUES, Rounding(rounding))
    assert int(found.total[0]) == sum(int(amounts[0]) for amounts in found.lines.values())
    if rounding == "whole-pounds":
        assert all(int(amounts[0]) % 100 == 0 for amounts in found.lines.values())
