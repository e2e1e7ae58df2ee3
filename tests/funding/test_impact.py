"""Who gains and who loses: by hand for three schools, and what must add up for any."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funding.made_schools import made_up, school, schools, whole
from redway.core.money import Money
from redway.funding.absorption import Absorber
from redway.funding.calculation import Budgets, Calculation
from redway.funding.errors import FundingError
from redway.funding.impact import NOT_KNOWN, By, grouped, impact
from redway.funding.rules import Rules
from redway.funding.schools import Baseline, Phase, Schools, SchoolStatus, Units
from redway.funding.years import national_rates

RATES = national_rates("2025-26")
RULES = Rules(Decimal("-0.5"), Decimal(3), Decimal(50))
PRIMARY = "basic_entitlement_primary"

THREE = Schools(
    urn=("100001", "100002", "100003"),
    name=("Small Primary", "Primary at its level", "Secondary"),
    phase=(Phase.PRIMARY, Phase.PRIMARY, Phase.SECONDARY),
    status=(SchoolStatus.MAINTAINED, SchoolStatus.ACADEMY, SchoolStatus.ACADEMY),
    locality=("North", "", "North"),
    pupils_primary=whole(100, 420, 0),
    pupils_ks3=whole(0, 0, 600),
    pupils_ks4=whole(0, 0, 400),
    needs={
        "idaci_a_primary": Units.counted(whole(20, 0, 0)),
        "idaci_f_secondary": Units.counted(whole(0, 0, 50)),
    },
)


def budgets(changes: dict[str, int], made: Schools = THREE, rules: Rules | None = None) -> Budgets:
    return Calculation(made).budgets(RATES.over(changes), rules)


class TestTenPoundsMoreForEveryPrimaryPupil:
    """The small primary gains £1,000; the other is on its minimum level; the secondary has no such pupils."""

    found = impact(budgets({}), budgets({PRIMARY: 3857}))

    def test_each_school(self) -> None:
        assert self.found.change.tolist() == [100_000, 0, 0]
        small = self.found.school("100001")
        assert small.change == Money.of(1_000)
        assert small.per_pupil_after == Money(small.after.pence // 100)

    def test_percent_has_three_decimals(self) -> None:
        small = self.found.school("100001")
        assert small.before == Money.of(384_700 + 145_100 + 20 * 685)
        assert small.percent == Decimal("0.184")

    def test_what_the_minimum_level_swallows(self) -> None:
        absorbed = self.found.absorption
        assert absorbed.touched.tolist() == [True, True, False]
        assert absorbed.unmoved.tolist() == [False, True, False]
        assert absorbed.swallowed_by[Absorber.MINIMUM_PER_PUPIL].tolist() == [False, True, False]
        assert (absorbed.of_lines, absorbed.absorbed) == (Money.of(5_200), Money.of(4_200))

    @pytest.mark.parametrize(
        ("by", "labels"),
        [
            (By.PHASE, ["Primary", "Secondary"]),
            (By.SIZE, ["Up to 105", "211 to 420", "631 to 1,000"]),
            (By.LOCALITY, ["North", NOT_KNOWN]),
            (By.STATUS, ["Maintained schools", "Academies"]),
        ],
    )
    def test_groups_that_have_schools_in_their_order(self, by: By, labels: list[str]) -> None:
        assert [group.label for group in self.found.groups(by)] == labels

    def test_a_group(self) -> None:
        primary = self.found.groups(By.PHASE)[0]
        assert (primary.schools, primary.pupils, primary.gain, primary.lose, primary.unchanged) == (
            2,
            520,
            1,
            0,
            1,
        )
        assert (primary.largest_gain, primary.largest_loss) == (Money.of(1_000), Money(0))

    def test_fifths_go_by_the_share_of_pupils_in_any_band(self) -> None:
        labels, _ = grouped(THREE, By.DEPRIVATION)
        assert labels == ["Fourth fifth", "Fifth with least deprivation", "Second fifth"]

    def test_without_bands_the_fifth_is_not_known(self) -> None:
        assert grouped(replace(THREE, needs={}), By.DEPRIVATION)[0] == [NOT_KNOWN] * 3

    def test_turbulence(self) -> None:
        moved = self.found.turbulence(Decimal("0.1"))
        assert (moved.gained, moved.lost, moved.beyond) == (Money.of(1_000), Money(0), 1)
        assert moved.middle_percent == 0


class TestTwoYears:
    before = budgets({})

    def test_schools_are_paired_by_their_number(self) -> None:
        turned = Schools(
            urn=("100003", "100009", "100001"),
            name=("Secondary", "New", "Small Primary"),
            phase=(Phase.SECONDARY, Phase.PRIMARY, Phase.PRIMARY),
            status=(SchoolStatus.ACADEMY,) * 3,
            locality=("", "", ""),
            pupils_primary=whole(0, 50, 101),
            pupils_ks3=whole(600, 0, 0),
            pupils_ks4=whole(400, 0, 0),
            needs={"idaci_a_primary": Units.counted(whole(0, 0, 20))},
        )
        found = impact(self.before, budgets({}, turned))
        assert [one.urn for one in found.schools()] == ["100003", "100001"]
        assert found.school("100001").change == Money.of(3_847)
        assert (found.only_before, found.only_after) == (("100002",), ("100009",))
        with pytest.raises(FundingError, match="100009 is not in both"):
            found.school("100009")

    def test_results_without_a_common_school_are_refused(self) -> None:
        with pytest.raises(FundingError, match="no school in common"):
            impact(self.before, budgets({}, school(urn=("999999",))))

    def test_a_school_that_had_nothing_has_no_percentage(self) -> None:
        free = RATES.over({name: 0 for name in RATES.names() if name.startswith(("lump", "minimum"))})
        empty = Calculation(school(pupils_primary=0)).budgets(free)
        found = impact(empty, budgets({}, school()))
        assert found.schools()[0].percent is None
        assert found.schools()[0].per_pupil_before is None
        assert found.whole().percent is None


def test_a_guarantee_and_a_cap_swallow_too() -> None:
    """A cut does not reach a school on its guarantee; a rise does not reach one that is capped in full."""
    two = Schools(
        urn=("1", "2"),
        name=("Protected", "Capped"),
        phase=(Phase.PRIMARY,) * 2,
        status=(SchoolStatus.MAINTAINED,) * 2,
        locality=("",) * 2,
        pupils_primary=whole(200, 200),
        pupils_ks3=whole(0, 0),
        pupils_ks4=whole(0, 0),
        baseline=Baseline(
            whole(130_000_000, 90_000_000), whole(200, 200), *(whole(0, 0),) * 3, np.array([True, True])
        ),
    )
    no_minimum = RATES.over({f"minimum_per_pupil_{of}": 0 for of in ("primary", "ks3", "ks4")})
    rules = Rules(Decimal(0), Decimal(1))
    before = Calculation(two).budgets(no_minimum, rules)
    after = Calculation(two).budgets(no_minimum.over({PRIMARY: 3850}), rules)
    found = impact(before, after).absorption
    assert found.unmoved.tolist() == [True, True]
    assert found.swallowed_by[Absorber.GUARANTEE].tolist() == [True, False]
    assert found.swallowed_by[Absorber.GAINS_CAP].tolist() == [False, True]
    assert found.absorbed == found.of_lines == Money.of(3 * 400)


@settings(max_examples=40, deadline=None)
@given(schools, st.sampled_from(list(By)), st.integers(3_500, 4_200))
def test_groups_add_to_the_whole_and_lines_with_what_is_made_up_to_the_change(
    made: Schools, by: By, primary: int
) -> None:
    found = impact(budgets({}, made, RULES), budgets({PRIMARY: primary}, made, RULES))
    groups, whole = found.groups(by), found.whole()
    for name in ("schools", "pupils", "gain", "lose", "unchanged"):
        assert sum(getattr(group, name) for group in groups) == getattr(whole, name)
    assert sum((group.change for group in groups), Money(0)) == whole.change
    assert whole.change == Money(found.after.authority_total - found.before.authority_total)
    assert found.turbulence().gained - found.turbulence().lost == whole.change
    absorbed = found.absorption
    assert (absorbed.lines + sum(absorbed.made_up.values()) == absorbed.total).all()
    assert (absorbed.unmoved <= absorbed.touched).all()
    # An unmoved school may move by the rounding of its lines, never by more than a penny a line.
    assert (np.abs(absorbed.total[absorbed.unmoved]) <= len(found.before.lines)).all()


def test_deprivation_has_five_groups_of_nearly_the_same_size() -> None:
    found = impact(budgets({}, made_up(3, 100)), budgets({PRIMARY: 3900}, made_up(3, 100)))
    assert [group.schools for group in found.groups(By.DEPRIVATION)] == [20] * 5
