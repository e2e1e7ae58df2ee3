"""Money beside the formula as a finance officer reads it, each case with its figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from redway.core.money import Money
from redway.funding.growth import Claim
from redway.funding.schools_block import SchoolsBlock
from redway.web.funding.block import Decided, set_down_block
from redway.web.funding.blocks.changes import take_in_claims
from redway.web.funding.blocks.models import EarlyYearsPlan, Fund, HighNeedsPlan, ServiceKind
from redway.web.people.models import Person
from redway.web.register.models import Establishment, School
from web.funding.blocks.some_blocks import (
    EARLY_YEARS,
    HIGH_NEEDS,
    NOW,
    claims,
    criteria,
    everything,
    income,
    put,
    shared,
)
from web.funding.formula.a_formula import AUTHORITY, YEAR, formula, register, table
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def page(person: Person, name: str, *more: object, query: str = "") -> str:
    return text_of(visitor(person).get(reverse(f"blocks:{name}", args=[AUTHORITY, YEAR, *more]) + query))


def rows(person: Person, of: str, name: str, query: str = "") -> list[dict[str, Any]]:
    address = reverse("blocks:table", args=[AUTHORITY, YEAR, of, name, "json"]) + query
    found: list[dict[str, Any]] = visitor(person).get(address).json()["rows"]
    return found


def money_of_the_year(transfer: int = 0, growth: int = 0, agreed: bool | None = None) -> None:
    block = SchoolsBlock(Money.of(12_000_000), Money.of(growth), transfer=Money.of(transfer))
    set_down_block(
        actor=None,
        authority=AUTHORITY,
        year=YEAR,
        revision=1,
        block=block,
        now=NOW,
        decided=Decided(agreed, agreed is not None),
    )


def test_what_comes_in_is_units_times_pupils_premises_and_growth(fiona: Person) -> None:
    formula()
    income()
    held = {row["what"]: row for row in rows(fiona, "block", "income")}
    # 210 primary pupils at £4,800 and 1,400 secondary at £6,400; growth as in the guidance of 2025-26.
    assert held["Primary"]["amount"] == 1_008_000
    assert held["Secondary"]["amount"] == 8_960_000
    assert held["Growth"]["amount"] == 171_325
    assert held["By units of funding"]["amount"] == 1_008_000 + 8_960_000 + 44_000 + 171_325
    shown = page(fiona, "block")
    assert "£1,816,675.00 more than units of funding, premises and growth come to" in shown
    assert (
        "30 more primary pupils at £1,570.00, 20 secondary at £2,350.00, 1 new school at £77,225.00" in shown
    )


def test_what_is_left_is_set_beside_the_formula(fiona: Person) -> None:
    formula()
    money_of_the_year(growth=100_000)
    held = {row["what"]: row["amount"] for row in rows(fiona, "block", "set-aside")}
    assert held["Left for schools"] == 11_900_000
    assert held["Difference"] == pytest.approx(11_900_000 - held["The formula's total"])
    assert "a submission needs the two to be equal" in page(fiona, "block")


def test_a_transfer_names_who_decides(fiona: Person) -> None:
    formula()
    money_of_the_year(transfer=60_000)
    shown = page(fiona, "block")
    assert "The Schools Forum decides. £60,000.00 is within the limit of £60,000.00" in shown
    assert "The forum has not decided yet. Schools have not been consulted." in shown


def test_a_transfer_that_the_forum_refused_goes_to_the_secretary_of_state(fiona: Person) -> None:
    formula()
    money_of_the_year(transfer=60_000, agreed=False)
    assert "only the Secretary of State can allow it" in page(fiona, "block")


def test_a_transfer_above_the_limit_goes_to_the_secretary_of_state(fiona: Person) -> None:
    formula()
    money_of_the_year(transfer=60_001)
    assert "The Department for Education decides. £60,001.00 is above the limit" in page(fiona, "block")


def test_primary_agrees_and_secondary_refuses(fiona: Person) -> None:
    """Case 19: £9 a pupil, 210 pupils: maintained 1,890.00, academy 0.00; secondary voted no: 0.00."""
    formula()
    made = shared()
    given = {row["name"]: row for row in rows(fiona, "services", "schools")}
    assert given["Canal School"]["total"] == 1890
    assert given["Canal School"][f"service_{made.pk}"] == 1890
    assert given["Grand Union School"]["total"] == 0
    assert given["Ouse Valley School"]["status"] == "Academy"
    assert given["Ouse Valley School"]["total"] == 0
    (service,) = rows(fiona, "services", "services")
    assert (service["primary_vote"], service["secondary_vote"]) == ("Agreed", "Refused")
    assert service["given"] == 1890
    assert "1 school gives £1,890.00 in all" in page(fiona, "services")


def test_an_academy_gives_nothing_whatever_the_vote(fiona: Person) -> None:
    formula()
    shared(secondary=True)
    shared("Statutory duties", kind=ServiceKind.EDUCATION_FUNCTIONS, pence=1250, secondary=None)
    given = {row["name"]: row["total"] for row in rows(fiona, "services", "schools")}
    assert given == {
        "Grand Union School": 900 * 9 + 900 * 12.5,
        "Canal School": 210 * 9 + 210 * 12.5,
        "Ouse Valley School": 0,
    }


def test_nobody_gives_before_the_vote(fiona: Person) -> None:
    formula()
    shared(primary=None, secondary=None, decided_in="")
    assert {row["total"] for row in rows(fiona, "services", "schools")} == {0}
    assert "Not voted on yet" in page(fiona, "services")


def test_the_growth_fund_pays_by_its_criteria(fiona: Person) -> None:
    """Case 20 for the income; 30 extra pupils at £4,000 for 7 of 12 months are £70,000."""
    formula()
    money_of_the_year(growth=200_000)
    income()
    criteria()
    claims()
    awards = {row["name"]: row for row in rows(fiona, "growth", "awards")}
    assert awards["Canal School"]["amount"] == 70_000
    assert awards["Grand Union School"]["amount"] == 0
    assert awards["Grand Union School"]["why"] == "The authority did not ask for this growth."
    shown = page(fiona, "fund", "growth")
    assert "The fund holds £200,000.00; awards come to £70,000.00; £130,000.00 is left" in shown
    assert "£171,325.00 comes in for growth: £28,675.00 less than the fund holds" in shown
    assert "The criteria are not confirmed" in shown
    assert "The forum has not decided on these criteria" in shown


def test_a_school_that_is_not_in_the_formula_is_not_paid_as_if_it_were_primary(fiona: Person) -> None:
    formula()
    criteria()
    school = School.objects.create(
        key="110777", current_urn="110777", name="Lock School", authority=AUTHORITY
    )
    Establishment.objects.create(urn="110777", school=school, name="Lock School", authority=AUTHORITY)
    take_in_claims(
        actor=None,
        authority=AUTHORITY,
        year=YEAR,
        fund=Fund.GROWTH,
        claims=[Claim("110777", 300, 340, asked_for=True)],
        file="claims.csv",
        now=NOW,
    )
    (award,) = rows(fiona, "growth", "awards")
    assert award["amount"] is None
    assert "1 school is not in the table of schools of the formula" in page(fiona, "fund", "growth")


def test_falling_rolls_are_paid_where_places_are_needed_again(fiona: Person) -> None:
    formula()
    criteria(Fund.FALLING_ROLLS)
    claims(Fund.FALLING_ROLLS)
    awards = {row["name"]: row for row in rows(fiona, "falling-rolls", "awards")}
    # 60 of 900 is 6.7%: a fall of 5% and more, at the secondary rate.
    assert awards["Grand Union School"]["amount"] == 60 * 5500
    assert awards["Canal School"]["amount"] == 0


def test_notional_sen_is_a_share_of_lines(fiona: Person) -> None:
    """10% of basic entitlement and of the top-up, 5% of the lump sum, all of additional needs."""
    formula()
    held = {row["name"]: row for row in rows(fiona, "notional-sen", "schools", "?schools-column=lump-sum")}
    assert held["Canal School"]["lump-sum"] == 7255
    full = {row["name"]: row for row in rows(fiona, "notional-sen", "schools")}
    # 210 x 3,847 and the top-up to 210 x 4,955, a tenth of each, and 5% of 145,100.
    core = Decimal(210 * 3847) + Decimal(145_100)
    top_up = Decimal(210 * 4955) - core
    expected = Decimal(210 * 3847) / 10 + top_up / 10 + Decimal(7255)
    assert full["Canal School"]["notional"] == pytest.approx(float(expected))
    assert "never more money" in page(fiona, "notional_sen")


def test_the_other_blocks_come_to_sums(fiona: Person) -> None:
    formula()
    put(EarlyYearsPlan, EARLY_YEARS)
    put(HighNeedsPlan, HIGH_NEEDS)
    early = {row["what"]: row["amount"] for row in rows(fiona, "other-blocks", "early-years")}
    assert early["Comes in"] == 612_000
    assert early["Kept for central services"] == 612_000 - 580_000 - 10_000
    high = {row["what"]: row["amount"] for row in rows(fiona, "other-blocks", "high-needs")}
    # 60 at £10,000, 10 at £6,000, 2 at £10,000, top-ups of £300,000 and £100,000 for all else.
    assert high["Left, or lacking"] == 1_000_000 - 600_000 - 60_000 - 20_000 - 300_000 - 100_000
    shown = page(fiona, "other_blocks")
    assert "96.41% of the block goes to providers" in shown
    assert "High needs: £80,000.00 more is planned than comes in" in shown


def test_a_year_without_rates_or_formula_says_so(fiona: Person) -> None:
    register()
    table()
    for name, more in (
        ("block", ()),
        ("services", ()),
        ("fund", ("growth",)),
        ("notional_sen", ()),
        ("other_blocks", ()),
        ("ahead", ()),
    ):
        for year in (YEAR, "2027-28", "2008-09"):
            answer = visitor(fiona).get(reverse(f"blocks:{name}", args=[AUTHORITY, year, *more]))
            assert answer.status_code == 200, name
    assert "No formula is in force for 2025-26" in page(fiona, "notional_sen")


def test_every_table_can_be_taken_away(fiona: Person) -> None:
    everything()
    criteria(Fund.FALLING_ROLLS)
    claims(Fund.FALLING_ROLLS)
    for of, names in {
        "block": ("income", "set-aside"),
        "services": ("services", "schools"),
        "growth": ("criteria", "awards"),
        "falling-rolls": ("criteria", "awards"),
        "notional-sen": ("schools", "shares"),
        "other-blocks": ("early-years", "early-years-checks", "high-needs", "values"),
        "ahead": ("years", "assumed"),
    }.items():
        for name in names:
            for extension in ("csv", "xlsx"):
                address = reverse("blocks:table", args=[AUTHORITY, YEAR, of, name, extension])
                assert visitor(fiona).get(address).status_code == 200, address
    missing = reverse("blocks:table", args=[AUTHORITY, YEAR, "block", "nothing", "csv"])
    assert visitor(fiona).get(missing).status_code == 404
