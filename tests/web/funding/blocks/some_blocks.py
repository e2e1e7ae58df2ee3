"""Money beside a small formula: the three schools of ``a_formula``, services, criteria and claims."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from redway.core.money import Money
from redway.funding.balance_rows import BalanceRow
from redway.funding.growth import Claim
from redway.web.funding.blocks.changes import save_service, set_down, take_in_claims
from redway.web.funding.blocks.models import (
    Criteria,
    EarlyYearsPlan,
    Fund,
    HighNeedsPlan,
    Income,
    ServiceKind,
    SharedService,
)
from redway.web.funding.deficits.services.balances import enter_balances
from redway.web.people.models import Person
from redway.web.register.models import Authority
from web.funding.formula.a_formula import AUTHORITY, CANAL, SCHOOL, YEAR, formula

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
GIVEN = Money.of(210 * 4955 + 8000)
"""What Canal School gets: the minimum level for 210 pupils, and rates."""
SOURCE = "Allocation of December 2024"
INCOME = {
    "primary_unit_pence": 480_000,
    "secondary_unit_pence": 640_000,
    "premises_pence": 4_400_000,
    "extra_primary": 30,
    "extra_secondary": 20,
    "new_schools": 1,
    "source": SOURCE,
    "is_confirmed": True,
}
EARLY_YEARS = {
    "hours_under_two": 0,
    "hours_two": 0,
    "hours_three_and_four": 100_000,
    "rate_under_two_pence": 1154,
    "rate_two_pence": 853,
    "rate_three_and_four_pence": 612,
    "base_under_two_pence": 1100,
    "base_two_pence": 800,
    "base_three_and_four_pence": 580,
    "deprivation_pence": 1_000_000,
    "other_supplements_pence": 0,
    "source": SOURCE,
}
HIGH_NEEDS = {
    "income_pence": 100_000_000,
    "special_places": 60,
    "unit_places_occupied": 10,
    "unit_places_unoccupied": 2,
    "top_ups_pence": 30_000_000,
    "other_pence": 10_000_000,
    "source": SOURCE,
}


def put(
    model: Any, values: dict[str, Any], actor: Person | None = None, revision: int = 0, **which: str
) -> Any:
    """What an authority sets down for the year."""
    return set_down(
        model,
        actor=actor,
        authority=AUTHORITY,
        year=YEAR,
        revision=revision,
        values=values,
        now=NOW,
        **which,
    )


def income(**changed: Any) -> Income:
    made: Income = put(Income, {**INCOME, **changed})
    return made


def shared(
    title: str = "Help to schools in difficulty",
    *,
    actor: Person | None = None,
    kind: ServiceKind = ServiceKind.DE_DELEGATION,
    primary: bool | None = True,
    secondary: bool | None = False,
    pence: int = 900,
    **changed: Any,
) -> SharedService:
    """A service of £9 a pupil to which primary members agreed and secondary members did not."""
    values = {
        "title": title,
        "kind": kind.value,
        "primary_pence": pence,
        "secondary_pence": pence,
        "is_agreed": primary,
        "is_agreed_by_secondary": secondary,
        "decided_in": "Schools Forum of 14 January 2025, minute 6",
        "source": "Paper of the forum",
        **changed,
    }
    return save_service(
        actor=actor, authority=AUTHORITY, year=YEAR, service=None, revision=0, values=values, now=NOW
    )


def criteria(fund: Fund = Fund.GROWTH, **changed: Any) -> Criteria:
    """From 5 extra pupils on, £4,000 or £5,500 a pupil, for seven months; or from a fall of 5% on."""
    values = {"least": 5, "primary_pence": 400_000, "secondary_pence": 550_000, "source": "Paper", **changed}
    made: Criteria = put(Criteria, values, fund=fund.value)
    return made


def claims(fund: Fund = Fund.GROWTH) -> None:
    """Canal School grows by 30 at the authority's request; Grand Union School falls by 60 of 900."""
    is_growth = fund is Fund.GROWTH
    found = [
        Claim(CANAL, 210, 240, asked_for=is_growth),
        Claim(SCHOOL, 900, 840, needed_again=not is_growth),
    ]
    take_in_claims(
        actor=None, authority=AUTHORITY, year=YEAR, fund=fund, claims=found, file="claims.csv", now=NOW
    )


def balances(closing: int = 50_000) -> None:
    """Canal School spends what the formula gives; Grand Union School is in deficit."""
    rows = [
        BalanceRow(CANAL, YEAR, GIVEN, GIVEN, Money.of(closing), 230),
        BalanceRow(SCHOOL, YEAR, Money.of(7_000_000), Money.of(7_000_000), Money.of(-10_000), 900),
    ]
    enter_balances(actor=None, authority=Authority.objects.get(number=AUTHORITY), rows=rows, source="b.csv")


def blocks_of_everything() -> dict[str, str]:
    """The formula of ``a_formula`` must stand already. What addresses lead to."""
    balances()
    return beside_the_formula()


def beside_the_formula() -> dict[str, str]:
    """What is set down for the year, without balances of schools."""
    income()
    criteria()
    claims()
    put(EarlyYearsPlan, EARLY_YEARS)
    put(HighNeedsPlan, HIGH_NEEDS)
    return {"shared_service": str(shared().pk)}


def everything() -> dict[str, str]:
    """A formula with the money beside it."""
    formula()
    return beside_the_formula()
