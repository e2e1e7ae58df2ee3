"""A schools file as people send it: read, or refused with row, column, value and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from funding.made_schools import many_schools
from redway.datasets.text_rows import read_text_rows
from redway.funding.calculation import Calculation
from redway.funding.schools import Schools
from redway.funding.schools_rows import SchoolsFileRefused, counted_twice, rows_of, schools_from_rows
from redway.funding.years import national_rates

HEAD = "urn,name,phase,status,locality,pupils_primary,pupils_ks3,pupils_ks4"
ROW = "110500,Oak School,primary,maintained,North,210,0,0"


def read(tmp_path: Path, text: str | bytes, name: str = "schools.csv") -> Schools:
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return schools_from_rows(*read_text_rows(file), name)


def refused(tmp_path: Path, text: str | bytes) -> str:
    with pytest.raises(SchoolsFileRefused) as caught:
        read(tmp_path, text)
    assert caught.value.message.startswith("schools.csv: ")
    assert caught.value.next_step
    return " ".join(caught.value.problems)


def with_column(column: str, value: str, row: str = ROW) -> str:
    return f'{HEAD},{column}\n{row},"{value}"\n'


class TestWhatIsRead:
    def test_counts_and_shares(self, tmp_path: Path) -> None:
        schools = read(tmp_path, f"{HEAD},fsm_primary,eal_primary_share\n{ROW},20,0.1234567891\n")
        assert int(schools.needs["fsm_primary"].whole[0]) == 20
        assert str(schools.needs["eal_primary"].of(0)) == "25.925925711"

    def test_a_factor_whose_columns_are_absent_is_not_used(self, tmp_path: Path) -> None:
        result = Calculation(read(tmp_path, f"{HEAD}\n{ROW}\n")).budgets(national_rates("2025-26"))
        assert {"fsm_primary", "eal_secondary", "rates"} <= set(result.not_used)

    @pytest.mark.parametrize(
        ("written", "pence"), [("£3,847.00 ", 384700), ("3 847", 384700), ("3847.5", 384750), ("0", 0)]
    )
    def test_money_as_people_write_it(self, tmp_path: Path, written: str, pence: int) -> None:
        assert int(read(tmp_path, with_column("rates", written)).premises["rates"][0]) == pence

    def test_brackets_are_below_nothing(self, tmp_path: Path) -> None:
        text = f'{HEAD},baseline_budget,baseline_pupils,baseline_exclusions\n{ROW},900000,205,"(500)"\n'
        held = read(tmp_path, text).baseline
        assert held is not None
        assert int(held.exclusions[0]) == -50_000
        assert "below nothing" in refused(tmp_path, with_column("rates", "(500)"))

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
    def test_encodings(self, tmp_path: Path, encoding: str) -> None:
        text = f"{HEAD}\n110500,Oak School – annexe,primary,maintained,North,210,0,0\n".encode(encoding)
        assert read(tmp_path, text).name == ("Oak School – annexe",)

    def test_words_are_read_as_people_write_them(self, tmp_path: Path) -> None:
        schools = read(tmp_path, f"{HEAD}\n110500,Oak,All-through,Academy,,100,90,60\n")
        assert (schools.phase[0].value, schools.status[0].value) == ("all_through", "academy")

    def test_one_place_written_in_several_ways_is_one_place(self, tmp_path: Path) -> None:
        places = ("Milton Keynes", "MILTON KEYNES", "Milton  Keynes", "")
        rows = "".join(
            f"{110500 + n},Oak,primary,academy,{place},100,0,0\n" for n, place in enumerate(places)
        )
        assert read(tmp_path, f"{HEAD}\n{rows}").locality == (*["Milton Keynes"] * 3, "")

    def test_a_new_school_with_its_reason(self, tmp_path: Path) -> None:
        text = f"{HEAD},baseline_budget,baseline_pupils,no_baseline_reason\n{ROW},,,Opened in September\n"
        held = read(tmp_path, text).baseline
        assert held is not None
        assert not held.known[0]

    def test_what_is_written_out_is_read_back(self, tmp_path: Path) -> None:
        schools, _ = many_schools(40, 7)
        schools.baseline.pupils[~schools.baseline.known] = 0  # type: ignore[union-attr]
        headings, rows = rows_of(schools)
        headings.append("no_baseline_reason")
        body = "\n".join(",".join([*row.values(), "New"]) for row in rows)
        again = read(tmp_path, ",".join(headings) + "\n" + body + "\n")
        rates = national_rates("2025-26")
        assert (Calculation(again).budgets(rates).total == Calculation(schools).budgets(rates).total).all()


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("column", "value", "why"),
        [
            ("fsm_primary", "-3", "Row 2, fsm_primary: '-3' is below nothing"),
            ("fsm_primary", "3.5", "Row 2, fsm_primary: '3.5' is not a whole number"),
            ("fsm_primary", "211", "more than the 210"),
            ("fsm_primary", "", "Row 2, fsm_primary: is blank"),
            ("fsm_primary", "n/a", "'n/a' is not a number: find it out, it is not taken for 0"),
            ("fsm_primary", "c", "'c' is a mark of suppression"),
            ("fsm_primary_share", "1.2", "'1.2' is more than 1"),
            ("fsm_primary_share", "45", "a share of 45% is written 0.45"),
            ("fsm_primary_share", "NaN", "is not a number"),
            ("fsm_primary_share", "inf", "is not a number from 0 on"),
            ("rates", "lots", "'lots' is no amount of money"),
            ("growing", "perhaps", "is none of yes or no"),
            ("baseline_budget", "900000", "needs baseline_pupils beside it"),
            ("sparsity_miles", "2", "needs year_groups beside it"),
            ("fsm_primry", "2", "'fsm_primry' is not known"),
            ("fsm_primary_share", "45%", "write 45% as 0.45"),
            ("rates", "99999999999999999999", "is more than £50,000,000.00, the most for one school"),
            ("split_sites", "9999999999999999999999", "is more than 20, the most there can be"),
        ],
    )
    def test_a_cell(self, tmp_path: Path, column: str, value: str, why: str) -> None:
        assert why in refused(tmp_path, with_column(column, value))

    def test_negative_and_fractional_rolls(self, tmp_path: Path) -> None:
        assert "'-1' is below nothing" in refused(tmp_path, f"{HEAD}\n110500,A,primary,academy,N,-1,0,0\n")
        assert "not a whole number" in refused(tmp_path, f"{HEAD}\n110500,A,primary,academy,N,10.5,0,0\n")

    def test_bands_that_add_up_to_more_than_the_roll(self, tmp_path: Path) -> None:
        text = f"{HEAD},idaci_a_primary,idaci_b_primary\n{ROW},150,100\n"
        assert "add up to 250, more than the 210 pupils" in refused(tmp_path, text)
        text = f"{HEAD},idaci_a_primary_share,idaci_b_primary_share\n{ROW},0.7,0.4\n"
        assert "add up to 1.1, more than 1" in refused(tmp_path, text)

    def test_key_stages_that_are_not_the_secondary_roll(self, tmp_path: Path) -> None:
        row = "110500,A,secondary,academy,N,0,540,360"
        assert "is not the sum" in refused(tmp_path, with_column("pupils_secondary", "901", row))

    def test_a_count_and_a_share_of_one_factor(self, tmp_path: Path) -> None:
        text = f"{HEAD},fsm_primary,fsm_primary_share\n{ROW},20,0.1\n"
        assert "as a count and as a share" in refused(tmp_path, text)

    def test_a_school_twice(self, tmp_path: Path) -> None:
        assert "stands in row 2 already" in refused(tmp_path, f"{HEAD}\n{ROW}\n{ROW}\n")

    def test_a_school_before_and_after_its_conversion(self, tmp_path: Path) -> None:
        successor = "145000,Oak Academy,primary,academy,North,210,0,0,110500"
        text = f"{HEAD},predecessor_urn\n{ROW},\n{successor}\n"
        assert "Keep the row of the successor" in refused(tmp_path, text)

    def test_the_register_knows_a_conversion_the_file_does_not_tell(self, tmp_path: Path) -> None:
        schools = read(tmp_path, f"{HEAD}\n{ROW}\n145000,Oak Academy,primary,academy,North,210,0,0\n")
        found = counted_twice(schools, {"110500": "110500", "145000": "110500"})
        assert "110500 and 145000 are one school" in found[0]
        assert counted_twice(schools, {}) == []

    def test_a_new_school_without_a_reason(self, tmp_path: Path) -> None:
        for blank in (",,", ",0,0"):
            text = f"{HEAD},baseline_budget,baseline_pupils\n{ROW}{blank}\n"
            assert "no_baseline_reason" in refused(tmp_path, text)

    def test_merged_header_rows(self, tmp_path: Path) -> None:
        text = f"School,,,,Pupils,,,\n{HEAD}\n{ROW}\n"
        assert "The column urn is missing" in refused(tmp_path, text)

    def test_no_rows(self, tmp_path: Path) -> None:
        assert "no row of a school" in refused(tmp_path, f"{HEAD}\n")

    @pytest.mark.parametrize(
        ("columns", "cells", "why"),
        [
            (
                "baseline_budget,baseline_pupils",
                "1000000000000,200",
                "baseline_budget: '1000000000000'",
            ),
            (
                "baseline_budget,baseline_pupils",
                "900000,90000",
                "baseline_pupils: '90000' is more",
            ),
            (
                "baseline_budget,baseline_pupils,baseline_grants",
                "49000000,900,2000000",
                "baseline_budget: with grants and exclusions is more than £50,000,000.00",
            ),
            ("sparsity_miles,year_groups", "3,1000000000000", "year_groups: '1000000000000' is more than 14"),
            ("sparsity_miles,year_groups", "3,0", "year_groups: '0' must be 1 or more"),
        ],
    )
    def test_numbers_beyond_any_school(self, tmp_path: Path, columns: str, cells: str, why: str) -> None:
        """Beyond these the whole-number arithmetic would run over and pay a wrong sum in silence."""
        assert f"Row 2, {why}" in refused(tmp_path, f"{HEAD},{columns}\n{ROW},{cells}\n")

    def test_a_wrong_roll_is_the_only_thing_said_of_it(self, tmp_path: Path) -> None:
        text = f"{HEAD},fsm_primary,eal_primary\n110500,A,primary,academy,N,-210,0,0,20,30\n"
        with pytest.raises(SchoolsFileRefused) as caught:
            read(tmp_path, text)
        assert len(caught.value.problems) == 1

    def test_everything_wrong_is_said_at_once(self, tmp_path: Path) -> None:
        text = f"{HEAD},fsm_primary\n110500,,tertiary,private,N,x,0,0,\n"
        problems = refused(tmp_path, text)
        for column in ("name", "phase", "status", "pupils_primary", "fsm_primary"):
            assert f"Row 2, {column}" in problems
