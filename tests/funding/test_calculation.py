"""One school's budget, step by step: worked examples that the department's own figures confirm."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.made_schools import many_schools, one_school, pence, whole
from redway.core.money import Money
from redway.funding.calculation import Budgets, Calculation
from redway.funding.errors import FundingError, RatesRefused, RulesRefused, YearWithoutValues
from redway.funding.factors import BASIC_ENTITLEMENT, FACTORS, PUPIL_LED
from redway.funding.guarantee import protected_base, raised, raised_by_rounded_unit
from redway.funding.rates import MINIMUM, Rates
from redway.funding.rounding import Rounding, rounded_ratio
from redway.funding.rules import Rules, in_range
from redway.funding.schools import Baseline, Phase, Schools, Units
from redway.funding.sparsity import distance_weight, rule_of, size_weight
from redway.funding.trail import explain
from redway.funding.years import national_rates, years_with_values

NOW = national_rates("2025-26")
THEN = national_rates("2021-22")


def pounds(pence_column: object) -> str:
    return str(Money(int(pence_column[0])).pounds)  # type: ignore[index]


def budget_of(school: Schools, rates: Rates = NOW, rules: Rules | None = None) -> Budgets:
    return Calculation(school).budgets(rates, rules)


@pytest.fixture(scope="module")
def department_school() -> Schools:
    """The school of the department's complete calculation of 2021-22: 1,026 pupils in key stages 3 and 4."""
    return one_school(
        Phase.SECONDARY,
        ks3=650,
        ks4=376,
        shares={
            "idaci_d_secondary": "0.0019569472",
            "idaci_f_secondary": "0.1232876712",
            "fsm_secondary": "0.0828460039",
            "fsm6_secondary": "0.1338100102",
            "low_prior_attainment_secondary": "0.27516387665",
            "eal_secondary": "0.0038986355",
        },
    )


@pytest.fixture(scope="module")
def blended() -> Rates:
    """The minimum level of that calculation is one blend for every pupil."""
    return THEN.over({"minimum_per_pupil_ks3": 5415, "minimum_per_pupil_ks4": 5415})


class TestTheDepartmentsOwnCalculation:
    """Sections 1 to 4 of the worked examples: SkillsFundingAgency/CFS-Backend, GAG1.2.json."""

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ("basic_entitlement_ks3", "2862600.00"),
            ("basic_entitlement_ks4", "1866088.00"),
            ("idaci_d_secondary", "1164.54"),
            ("idaci_f_secondary", "39212.88"),
            ("fsm_secondary", "39100.00"),
            ("fsm6_secondary", "115322.82"),
            ("low_prior_attainment_secondary", "468648.11"),
            ("eal_secondary", "5940.00"),
            ("lump_sum", "117800.00"),
        ],
    )
    def test_each_line(self, department_school: Schools, blended: Rates, line: str, expected: str) -> None:
        assert pounds(budget_of(department_school, blended).line(line)) == expected

    def test_core_is_kept_before_its_lines_are_rounded(
        self, department_school: Schools, blended: Rates
    ) -> None:
        result = budget_of(department_school, blended)
        assert int(result.core[0]) == 551587634
        assert str(int(result.core_parts[0])).startswith("4")
        assert pounds(result.minimum_per_pupil) == "39913.66"

    def test_the_total_adds_rounded_lines(self, department_school: Schools, blended: Rates) -> None:
        assert pounds(budget_of(department_school, blended).total) == "5555790.01"

    def test_a_workbook_adds_unrounded_lines_and_is_a_penny_apart(
        self, department_school: Schools, blended: Rates
    ) -> None:
        result = budget_of(department_school, blended, Rules(rounding=Rounding.WORKBOOK))
        assert pounds(result.total) == "5555790.00"

    def test_the_total_says_what_a_workbook_adds_up_to_and_why(
        self, department_school: Schools, blended: Rates
    ) -> None:
        trail = explain(budget_of(department_school, blended), department_school.urn[0], "total")
        assert trail.amount == Money.parse("5,555,790.01")
        assert trail.rounding == "The sum of lines that are each rounded to the penny"
        unrounded = trail.steps[-1]
        assert unrounded.value == "£5,555,790.00"
        assert "what is paid is the sum of the rounded lines" in unrounded.source

    def test_its_guarantee(self, department_school: Schools, blended: Rates) -> None:
        """Example 5: last year's 4,915,000 less this year's lump sum, with 260,278.74 of grants rolled in."""
        grants = pence("260278.74")
        baseline = Baseline(
            whole(pence("4915000")), whole(983), whole(0), whole(0), whole(grants), np.array([True])
        )
        school = replace(department_school, baseline=baseline)
        result = budget_of(school, blended, Rules(guarantee=Decimal(2)))
        base = protected_base(baseline, result.left_out)
        assert pounds(base) == "5057478.74"
        unit = Decimal(int(base[0])) / 100 / 983
        assert round(unit, 6) == Decimal("5144.942767")
        assert round(unit * Decimal("1.02"), 6) == Decimal("5247.841622")
        assert pounds(raised(base, whole(983), whole(1026), Decimal(2)).pence) == "5384285.50"
        current = Decimal(int((result.core + result.minimum_per_pupil - result.left_out.all)[0])) / 100
        assert round(current) == 5437990
        assert round((current / 1026 / unit - 1) * 100, 4) == Decimal("3.0174")
        assert pounds(result.guarantee) == "0.00"


class TestStatements:
    """Figures read in statements and test assertions of the department's funding service."""

    def test_minimum_level_with_sparsity_in_core(self) -> None:
        rates = THEN.over(
            {
                "minimum_per_pupil_ks3": 4800,
                "minimum_per_pupil_ks4": 4800,
                "sparsity_secondary": 65000,
                "lump_sum_secondary": 110000,
                "basic_entitlement_ks3": "4450.56",
            }
        )
        school = one_school(
            Phase.SECONDARY, ks3=571, miles=whole(3_000), year_groups=whole(5), premises={"rates": whole(100)}
        )
        result = budget_of(school, rates)
        assert pounds(result.line("sparsity")) == "6283.33"
        top_up = Decimal("2740800.00") - (Decimal("2541269.76") + 110000 + Decimal("6283.3333333333"))
        assert pounds(result.minimum_per_pupil) == str(top_up.quantize(Decimal("0.01")))

    def test_example_8_core_of_two_million_and_a_level_of_4_800(self) -> None:
        rates = THEN.over(
            {
                "minimum_per_pupil_ks3": 4800,
                "minimum_per_pupil_ks4": 4800,
                "sparsity_secondary": 65000,
                "lump_sum_secondary": 110000,
                "basic_entitlement_ks3": "4450.55",
                "fsm_secondary": "4.68",
            }
        )
        school = one_school(
            Phase.SECONDARY,
            ks3=571,
            counts={"fsm_secondary": 1},
            miles=whole(3_000),
            year_groups=whole(5),
        )
        result = budget_of(school, rates)
        assert pounds(result.core) == "2657552.06"
        assert pounds(result.minimum_level) == "2740800.00"
        assert pounds(result.minimum_per_pupil) == "83247.94"

    def test_a_statement_multiplies_the_rounded_unit(self) -> None:
        assert pounds(rounded_ratio(whole(pence("2519707.84")), whole(567))) == "4443.93"
        assert pounds(rounded_ratio(whole(pence("4443.93") * 1015), 1000)) == "4510.59"
        base, then, now = whole(pence("2519707.84")), whole(567), whole(571)
        assert pounds(raised_by_rounded_unit(base, then, now, Decimal("1.5"))) == "2575546.89"
        level = raised(base, then, now, Decimal("1.5"))
        assert pounds(level.pence + (2 * level.share >= level.of)) == "2575545.81"

    @pytest.mark.parametrize(
        ("national", "pupils", "rate", "amount"),
        [
            ("520", 2, "520.09", "1040.18"),
            ("1555", 379, "1555.26", "589443.54"),
            ("1595", 20, "1595.27", "31905.40"),
        ],
    )
    def test_the_rate_is_rounded_after_the_area_cost_adjustment(
        self, national: str, pupils: int, rate: str, amount: str
    ) -> None:
        name = {"520": "idaci_b_primary", "1555": "fsm6_secondary", "1595": "eal_secondary"}[national]
        rates = NOW.over({"area_cost_adjustment": "1.00017"})
        assert str(rates.value(name)) == national
        assert str(rates.rate(name).pounds) == rate
        roll = {"primary": 400} if name.endswith("primary") else {"ks3": 400}
        phase = Phase.PRIMARY if name.endswith("primary") else Phase.SECONDARY
        result = budget_of(one_school(phase, counts={name: pupils}, **roll), rates)
        assert pounds(result.line(name)) == amount


class TestPrimaries:
    def test_a_primary_above_its_minimum_level(self) -> None:
        counts = {"fsm": 20, "fsm6": 25, "idaci_a": 5, "idaci_e": 10, "low_prior_attainment": 60, "eal": 12}
        school = one_school(primary=210, counts={f"{stem}_primary": n for stem, n in counts.items()})
        result = budget_of(school)
        assert pounds(result.total) == "1073285.00"
        assert pounds(result.minimum_level) == "1040550.00"
        assert pounds(result.minimum_per_pupil) == "0.00"

    def test_a_primary_topped_up_to_its_minimum_level(self) -> None:
        counts = {"fsm_primary": 8, "fsm6_primary": 10, "low_prior_attainment_primary": 60}
        result = budget_of(one_school(primary=420, counts=counts))
        assert pounds(result.core) == "1845900.00"
        assert pounds(result.minimum_per_pupil) == "235200.00"
        assert pounds(result.total) == "2081100.00"

    def test_the_minimum_level_of_a_secondary_is_a_blend(self) -> None:
        result = budget_of(one_school(Phase.SECONDARY, ks3=540, ks4=360))
        assert pounds(result.minimum_level) == "5818500.00"
        assert int(result.minimum_level[0]) == 6465_00 * 900

    @pytest.mark.parametrize(
        ("ks3", "ks4", "blend"),
        [(5215, 5715, 5415), (5503, 6033, 5715), (5771, 6331, 5995), (6221, 6831, 6465)],
    )
    def test_blends_of_four_years(self, ks3: int, ks4: int, blend: int) -> None:
        assert (3 * ks3 + 2 * ks4) == 5 * blend

    @pytest.mark.parametrize(("year", "blend"), [("2021-22", 5415), ("2024-25", 5995), ("2025-26", 6465)])
    def test_blends_of_the_years_that_are_held(self, year: str, blend: int) -> None:
        rates = national_rates(year)
        assert (
            3 * rates.value("minimum_per_pupil_ks3") + 2 * rates.value("minimum_per_pupil_ks4") == 5 * blend
        )

    def test_rows_of_a_small_primary(self) -> None:
        school = one_school(primary=88, shares={"idaci_a_primary": "0.017544"})
        result = budget_of(school, NOW.over({"idaci_a_primary": "385.74"}))
        assert pounds(result.line("idaci_a_primary")) == "595.53"

    def test_its_rows_add_up_as_printed(self) -> None:
        """Example 11: the statement prints five rounded rows and their sum."""
        rows = {
            "idaci_a_primary": "595.53",
            "fsm_primary": "1985.09",
            "eal_primary": "666.98",
            "fsm6_primary": "6320.69",
            "low_prior_attainment_primary": "7865.77",
        }
        none = dict.fromkeys(("basic_entitlement_primary", "lump_sum_primary", *MINIMUM), 0)
        school = one_school(primary=88, counts=dict.fromkeys(rows, 1))
        assert pounds(budget_of(school, NOW.over({**none, **rows})).total) == "17434.06"


class TestGuarantee:
    SCHOOL = {"primary": 195, "baseline": ("1000000", 200, "10000")}

    def budget(self, percent: str) -> Budgets:
        # Without the lump sum the school has 820,000: what the guarantee compares.
        rates = NOW.over(
            {
                "basic_entitlement_primary": "0",
                "minimum_per_pupil_primary": "0",
                "minimum_per_pupil_ks3": "0",
                "minimum_per_pupil_ks4": "0",
            }
        )
        school = one_school(**self.SCHOOL, premises={"exceptional": whole(pence("820000"))})  # type: ignore[arg-type]
        return budget_of(school, rates, Rules(guarantee=Decimal(percent)))

    def test_what_a_school_lacks_to_last_years_budget_a_pupil(self) -> None:
        assert pounds(self.budget("0").guarantee) == "3777.50"

    def test_half_a_percent_less_and_nothing_is_lacking(self) -> None:
        assert pounds(self.budget("-0.5").guarantee) == "0.00"

    def test_a_higher_lump_sum_passes_straight_through(self) -> None:
        """Nothing else changes, pupils neither: the protection stays, and the school has the rise whole."""
        before, after = (
            budget_of(
                one_school(primary=200, baseline=("1200000", 200, "0")),
                NOW.over({"lump_sum_primary": lump}),
                Rules(guarantee=Decimal(0)),
            )
            for lump in ("145100", "155100")
        )
        assert pounds(before.guarantee) == pounds(after.guarantee) == "209000.00"

    def test_a_new_school_has_none(self) -> None:
        school = one_school(primary=100, baseline=("0", 0, "0"))
        result = budget_of(school, rules=Rules(guarantee=Decimal(0), cap=Decimal(0)))
        assert pounds(result.guarantee) == "0.00"
        assert pounds(result.gains_cap) == "0.00"

    def test_outside_the_range_of_the_year_it_is_refused(self) -> None:
        with pytest.raises(RulesRefused, match=r"range is -0.5% to 0.0%"):
            in_range(Rules(guarantee=Decimal("0.5")), NOW)
        in_range(Rules(guarantee=Decimal("-0.5")), NOW)

    def test_a_cap_below_it_is_refused(self) -> None:
        with pytest.raises(RulesRefused, match="below the guarantee"):
            Rules(guarantee=Decimal(0), cap=Decimal("-0.1"))


class TestCap:
    def capped(self, scale: str = "100", *, growing: bool = False) -> str:
        """Last year 4,224.50 a pupil; this year 860,000 for 195 without the lump sum."""
        none = dict.fromkeys(("basic_entitlement_primary", *MINIMUM), 0)
        school = one_school(
            primary=195,
            baseline=("1000000", 200, "10000"),
            counts={"fsm_primary": 1},
            growing=np.array([growing]),
        )
        rates = NOW.over({**none, "basic_entitlement_primary": "4410.00", "fsm_primary": "50.00"})
        return pounds(budget_of(school, rates, Rules(cap=Decimal(3), scale=Decimal(scale))).gains_cap)

    def test_a_half_penny_is_not_lost(self) -> None:
        assert self.capped() == "11509.18"

    def test_the_divided_form_is_no_longer_the_half_penny(self) -> None:
        """Taken as a percentage and multiplied back in binary, the excess is not 11,509.175 any more."""
        unit, now = (1_000_000 - 145_100 - 10_000) / 200, 860_000.0
        gain = now / 195 / unit - 1
        assert Decimal((gain - 0.03) * unit * 195) != Decimal("11509.175")

    def test_half_of_the_gain(self) -> None:
        assert self.capped("50") == "5754.59"

    def test_a_growing_school_is_outside(self) -> None:
        assert self.capped(growing=True) == "0.00"

    def test_it_never_takes_a_school_under_its_minimum_level(self) -> None:
        # Core is 1,005,050; a level of 5,150 a pupil is 1,004,250 and leaves 800 to take.
        rates = NOW.over(
            {
                "basic_entitlement_primary": "4410.00",
                "minimum_per_pupil_primary": "5150",
                "minimum_per_pupil_ks3": "0",
                "minimum_per_pupil_ks4": "0",
            }
        )
        school = one_school(primary=195, baseline=("1000000", 200, "10000"))
        result = budget_of(school, rates, Rules(cap=Decimal(3)))
        assert pounds(result.gains_cap) == "800.00"
        assert int(result.total[0]) == int(result.minimum_level[0])


class TestSparsity:
    def amount(self, miles: int, pupils: int, year_groups: int, phase: Phase = Phase.PRIMARY) -> str:
        roll = {"primary": pupils} if phase is Phase.PRIMARY else {"ks3": pupils}
        school = one_school(phase, miles=whole(miles), year_groups=whole(year_groups), **roll)  # type: ignore[arg-type]
        return pounds(budget_of(school).line("sparsity"))

    @pytest.mark.parametrize(
        ("miles", "pupils", "year_groups", "expected"),
        [
            (2500, 105, 7, "34332.71"),
            (1800, 105, 7, "17166.36"),
            (1600, 105, 7, "0.00"),
            (2500, 107, 10, "57400.00"),
            (2500, 214, 10, "0.00"),
        ],
    )
    def test_size_and_distance(self, miles: int, pupils: int, year_groups: int, expected: str) -> None:
        assert self.amount(miles, pupils, year_groups) == expected

    @pytest.mark.parametrize(
        ("method", "expected"), [("nff", "6283.33"), ("taper", "3141.67"), ("fixed", "65000.00")]
    )
    def test_methods(self, method: str, expected: str) -> None:
        rates = NOW.over({"sparsity_secondary": 65000})
        rule = rule_of("secondary", rates)
        rule = type(rule)(method, rule.pupils, rule.miles, rule.taper)
        numerator, denominator = size_weight(whole(1142), whole(10), rule)
        assert pounds(rounded_ratio(65_000_00 * numerator, denominator)) == expected

    def test_a_large_school_is_not_sparse(self) -> None:
        rule = rule_of("secondary", NOW)
        for method in ("nff", "taper"):
            weight = size_weight(whole(1026), whole(5), replace(rule, method=method))
            assert int(weight[0][0]) == 0
        assert distance_weight(whole(2399, 2400, 2700, 3000), rule)[0].tolist()[:2] == [0, 0]


class TestMobility:
    @pytest.mark.parametrize(("mobile", "expected"), [(12, "0.00"), (15, "2895.00")])
    def test_only_pupils_above_six_percent_are_paid_for(self, mobile: int, expected: str) -> None:
        school = one_school(primary=200, counts={"mobility_primary": mobile})
        assert pounds(budget_of(school).line("mobility_primary")) == expected


class TestRatesAndYears:
    def test_a_year_without_values_refuses_and_names_what_to_load(self) -> None:
        with pytest.raises(YearWithoutValues, match=r"values/national/2026-27\.toml"):
            national_rates("2026-27")

    def test_scaling_every_rate_as_norfolk_did(self) -> None:
        rates = national_rates("2024-25")
        names = [*(factor.name for factor in BASIC_ENTITLEMENT), "lump_sum_primary"]
        scaled = rates.scaled(names, Decimal("0.9836"))
        assert [str(scaled.rate(name).pounds) for name in names] == [
            "3503.58",
            "4939.64",
            "5568.16",
            "132195.84",
        ]

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"fsm_prmary": 1}, "did you mean"),
            ({"fsm_primary": -1}, "not below nothing"),
            ({"fsm_primary": "NaN"}, "not a value"),
            ({"fsm_primary": "495.001"}, "whole pence"),
            ({"fsm_primary": 60000}, "at most"),
            ({"minimum_per_pupil_primary": "4955.005"}, "whole pence"),
            ({"area_cost_adjustment": "0.9"}, "between 1 and 2"),
            ({"london_fringe": "10000000"}, "between 1 and 2"),
            ({"london_fringe": "1.015641"}, "5 decimals"),
            ({"mobility_threshold": "101"}, "between 0 and 100"),
            ({"sparsity_pupils_primary": 0}, "between 0.1 and 1000"),
            ({"sparsity_pupils_primary": "21.45"}, "1 decimal"),
            ({"sparsity_miles_primary": 0}, "between 0.001 and 100"),
            ({"sparsity_taper_share": "12.5"}, "It is whole"),
            ({"sparsity_method": 1}, "not a number"),
            ({"eal_years": 4}, "between 1 and 3"),
        ],
    )
    def test_a_change_that_cannot_be(self, changes: dict[str, object], message: str) -> None:
        with pytest.raises(RatesRefused, match=message):
            NOW.over(changes)  # type: ignore[arg-type]

    @pytest.mark.parametrize("year", years_with_values())
    def test_every_national_value_is_one_that_could_be_typed(self, year: str) -> None:
        rates = national_rates(year)
        values = {name: rates.held(name).value for name in rates.names()}
        typed = {name: str(value) for name, value in values.items() if not isinstance(value, bool | str)}
        assert len(rates.over(typed).changes) == len(typed) > 40

    def test_what_nobody_confirmed_is_said(self) -> None:
        result = budget_of(one_school(primary=100, counts={"low_prior_attainment_primary": 5}))
        assert "low_prior_attainment_primary" in result.unconfirmed
        assert "basic_entitlement_primary" not in result.unconfirmed
        assert "split_site_basic" not in result.unconfirmed

    def test_a_total_names_only_the_rates_it_was_paid_by(self) -> None:
        counts = {"low_prior_attainment_primary": 5, "low_prior_attainment_secondary": 0}
        school = one_school(primary=600, counts=counts)
        trail = explain(budget_of(school), school.urn[0], "total")
        assert "low_prior_attainment_primary" in trail.unconfirmed
        assert "minimum_per_pupil_primary" in trail.unconfirmed
        assert "low_prior_attainment_secondary" not in trail.unconfirmed

    def test_what_the_file_leaves_out_is_said(self) -> None:
        result = budget_of(one_school(primary=100, counts={"fsm_primary": 5}))
        assert {"fsm_secondary", "sparsity", "rates", "guarantee"} <= set(result.not_used)
        assert "fsm_primary" not in result.not_used


class TestAllSchoolsAtOnce:
    @given(
        st.integers(0, 10_000),
        st.dictionaries(
            st.sampled_from([*(f.name for f in PUPIL_LED), "lump_sum_primary", "minimum_per_pupil_ks3"]),
            st.integers(0, 900_000),
            max_size=5,
        ),
    )
    @settings(max_examples=40, deadline=None)
    def test_changing_rates_gives_what_calculating_anew_gives(
        self, seed: int, pence_of: dict[str, int]
    ) -> None:
        schools, _ = many_schools(25, seed)
        calculation = Calculation(schools)
        rules = Rules(guarantee=Decimal("-0.5"), cap=Decimal(2), scale=Decimal(60))
        rates = NOW.over({name: Money(value) for name, value in pence_of.items()})
        changed = calculation.changed(calculation.budgets(NOW, rules), rates)
        anew = calculation.budgets(rates, rules)
        assert (changed.total == anew.total).all()
        assert all((changed.line(f.name) == anew.line(f.name)).all() for f in FACTORS)

    @given(st.integers(0, 10_000))
    @settings(max_examples=20, deadline=None)
    def test_no_school_ends_under_its_guarantee_or_its_minimum_level(self, seed: int) -> None:
        """But for the pennies that rounding each line may move: half a penny a line."""
        schools, _ = many_schools(60, seed)
        result = Calculation(schools).budgets(
            NOW, Rules(guarantee=Decimal(0), cap=Decimal(0), scale=Decimal(100))
        )
        premises = sum(result.line(name) for name in ("split_sites", "rates", "pfi", "exceptional"))
        assert (result.total - premises >= result.minimum_level - len(FACTORS)).all()

    def test_the_total_is_the_sum_of_lines_top_up_guarantee_less_cap(self) -> None:
        schools, _ = many_schools(300, 9)
        result = Calculation(schools).budgets(NOW, Rules(guarantee=Decimal("-0.5"), cap=Decimal(3)))
        lines = sum(result.line(factor.name) for factor in FACTORS)
        assert (result.total == lines + result.minimum_per_pupil + result.guarantee - result.gains_cap).all()
        assert result.authority_total == int(result.total.sum())

    def test_whole_pounds(self) -> None:
        schools, _ = many_schools(50, 3)
        result = Calculation(schools).budgets(NOW, Rules(rounding=Rounding.WHOLE_POUNDS))
        assert all((result.line(factor.name) % 100 == 0).all() for factor in FACTORS)

    def test_the_london_fringe_lies_on_pupils_lump_sum_and_sparsity(self) -> None:
        school = one_school(primary=100, premises={"rates": whole(100_000)})
        result = budget_of(school, NOW.over({"london_fringe": "1.0156"}))
        assert pounds(result.line("london_fringe")) == str(
            ((Decimal(384700) + 145100) * Decimal("0.0156")).quantize(Decimal("0.01"))
        )

    def test_more_pupils_than_any_school_has_are_refused(self) -> None:
        with pytest.raises(FundingError, match="more than any school"):
            Calculation(one_school(primary=20_000))

    def test_shares_are_exact(self) -> None:
        units = Units.shared(whole(1), whole(9_000))
        assert units.of(0) == Decimal("0.0000009")
