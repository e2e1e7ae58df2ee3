"""Who decides what, and who votes: the powers table as published by Ealing, Devon, Rutland and Harrow."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from redway.core.errors import ValuesError
from redway.core.money import Money
from redway.funding.forum_powers import Body, Category, Matter, power, powers_on, proceedings
from redway.funding.transfers import TransferRefused, limit_of, route_of

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("matter", "decider"),
    [
        (Matter.FORMULA_CHANGE, Body.AUTHORITY),
        (Matter.FORMULA_EXCEPTIONS, Body.DEPARTMENT),
        (Matter.BLOCK_TRANSFER, Body.FORUM),
        (Matter.BLOCK_TRANSFER_ABOVE, Body.DEPARTMENT),
        (Matter.DE_DELEGATION, Body.FORUM),
        (Matter.EDUCATION_FUNCTIONS, Body.FORUM),
        (Matter.GROWTH_FUND, Body.FORUM),
        (Matter.CENTRAL_BUDGETS, Body.FORUM),
        (Matter.PLACES_AND_CONTRACTS, Body.AUTHORITY),
        (Matter.SCHEME, Body.FORUM),
        (Matter.MEMBERSHIP, Body.AUTHORITY),
        (Matter.CHAIR, Body.FORUM),
    ],
)
def test_each_matter_has_its_decider(matter: Matter, decider: Body) -> None:
    assert power(matter, TODAY).decider is decider


def test_members_of_private_nurseries_vote_on_the_formula_and_other_non_school_members_do_not() -> None:
    formula = power(Matter.FORMULA_CHANGE, TODAY)
    assert formula.refusal(Category.PRIVATE_NURSERY) == ""
    assert formula.refusal(Category.ACADEMY) == ""
    assert formula.refusal(Category.OTHER).startswith("On this only members for schools and academies")
    assert formula.refusal(Category.SIXTEEN_TO_NINETEEN) != ""


def test_primary_and_secondary_members_decide_apart_on_de_delegation() -> None:
    ballots = power(Matter.DE_DELEGATION, TODAY).ballots
    assert [ballot.code for ballot in ballots] == ["maintained-primary", "maintained-secondary"]
    assert "represents mainstream academies" in power(Matter.DE_DELEGATION, TODAY).refusal(Category.ACADEMY)


def test_maintained_schools_of_all_types_vote_together_on_education_functions() -> None:
    held = power(Matter.EDUCATION_FUNCTIONS, TODAY)
    (ballot,) = held.ballots
    assert Category.MAINTAINED_SPECIAL in ballot.categories
    assert Category.PUPIL_REFERRAL_UNIT in ballot.categories
    assert held.refusal(Category.ACADEMY) != ""


def test_every_power_names_its_source_and_what_is_not_confirmed() -> None:
    held = powers_on(TODAY)
    assert all(one.sources for one in held)
    unconfirmed = {one.matter for one in held if one.unconfirmed}
    assert unconfirmed == {
        Matter.FORMULA_EXCEPTIONS,
        Matter.SCHEME,
        Matter.MEMBERSHIP,
        Matter.VOTING_RULES,
    }


def test_in_2008_the_forum_could_vary_the_guarantee_and_today_it_cannot() -> None:
    assert power(Matter.GUARANTEE_VARIATION, date(2008, 7, 15)).decider is Body.FORUM
    with pytest.raises(ValuesError, match="guarantee-variation"):
        power(Matter.GUARANTEE_VARIATION, TODAY)
    assert [one.matter for one in powers_on(date(2009, 1, 1))] == [Matter.GUARANTEE_VARIATION]


def test_two_fifths_of_the_members_make_a_quorum() -> None:
    rules = proceedings(TODAY)
    assert rules.quorum == Decimal(40)
    assert rules.is_quorate(8, 20)
    assert not rules.is_quorate(8, 21)
    assert rules.needed(21) == 9
    assert not rules.is_quorate(0, 0)
    assert len(rules.unconfirmed) == 3


class TestCase18:
    """A transfer out of a schools block of £122,425,000: 0.5% may go with the forum's approval."""

    block = Money.of(122_425_000)

    def test_the_limit_itself_is_for_the_forum(self) -> None:
        assert limit_of(self.block, TODAY) == Money.parse("£612,125.00")
        route = route_of(self.block, Money.parse("£612,125.00"), TODAY)
        assert (route.matter, route.decider) == (Matter.BLOCK_TRANSFER, Body.FORUM)

    def test_a_penny_more_needs_the_secretary_of_state(self) -> None:
        route = route_of(self.block, Money.parse("£612,125.01"), TODAY)
        assert (route.matter, route.decider) == (Matter.BLOCK_TRANSFER_ABOVE, Body.DEPARTMENT)
        assert "above the limit of £612,125.00" in route.why

    def test_what_the_forum_refused_needs_the_secretary_of_state(self) -> None:
        route = route_of(self.block, Money.parse("£100,000.00"), TODAY, forum_refused=True)
        assert route.decider is Body.DEPARTMENT

    @pytest.mark.parametrize("amount", ["£0.00", "-£1.00", "£122,425,000.01"])
    def test_what_is_no_transfer_is_refused(self, amount: str) -> None:
        with pytest.raises(TransferRefused):
            route_of(self.block, Money.parse(amount), TODAY)

    def test_the_limit_is_never_rounded_up_above_the_share(self) -> None:
        assert limit_of(Money(199), TODAY) == Money(0)
        assert limit_of(Money(399), TODAY) == Money(1)
