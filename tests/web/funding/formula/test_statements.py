"""A school's statement: as its headteacher reads it, and as nobody else's headteacher may."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from redway.core.money import Money, total
from redway.funding.rules import Rules
from redway.web.funding.models import Scenario
from redway.web.funding.statements import statement_of, statement_table
from redway.web.people.models import Person
from redway.web.register.models import School
from web.funding.formula.a_formula import (
    CANAL,
    LAST_YEAR,
    OTHER_SCHOOL,
    SCHOOL,
    YEAR,
    formula,
    in_force,
    published,
    scenario,
    table,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]


def two_years() -> Scenario:
    """2024-25 with 40 pupils more in key stage 3 of Ouse Valley School; returns the draft of 2025-26."""
    _, draft = formula()
    table(LAST_YEAR, changed={OTHER_SCHOOL: {"pupils ks3": "340"}})
    in_force(scenario("Formula 2024-25", rules=Rules(guarantee=Decimal(0)), year=LAST_YEAR))
    return draft


def statement(client: Client, urn: str, page: str = "statement", *parts: str, **query: str) -> Any:
    address = reverse(f"funding:{page}", args=[urn, YEAR, *parts])
    return client.get(address, query)


@pytest.mark.usefixtures("home")
class TestReading:
    def test_a_head_reads_the_statement_of_the_own_school_only(
        self, harriet: Person, signed_in: SignIn
    ) -> None:
        two_years()
        client = signed_in(harriet)
        told = statement(client, SCHOOL).content.decode()
        # 540 x £5,422 and 360 x £6,113.
        assert "£2,927,880.00" in told
        assert "£2,200,680.00" in told
        for page in ("statement", "statement_paper"):
            assert statement(client, OTHER_SCHOOL, page).status_code == 404
        assert statement(client, OTHER_SCHOOL, "statement_table", "csv").status_code == 404
        assert statement(client, OTHER_SCHOOL, "why", "total").status_code == 404

    def test_drafts_are_for_officers_and_published_scenarios_for_schools(
        self, harriet: Person, fiona: Person, signed_in: SignIn
    ) -> None:
        draft = two_years()
        head, officer = signed_in(harriet), signed_in(fiona)
        assert "More for primary" not in statement(head, SCHOOL, scenario=str(draft.pk)).content.decode()
        assert "More for primary" in statement(officer, SCHOOL, scenario=str(draft.pk)).content.decode()
        published(draft)
        assert "Under “More for primary”" in statement(head, SCHOOL, scenario=str(draft.pk)).content.decode()

    def test_without_a_formula_in_force_it_says_so(self, harriet: Person, signed_in: SignIn) -> None:
        two_years()
        client = signed_in(harriet)
        told = client.get(reverse("funding:statement", args=[SCHOOL, "2026-27"])).content.decode()
        assert "There is no statement of 2026-27" in told
        assert client.get(reverse("funding:statement", args=[SCHOOL, "2026"])).status_code == 404


def test_lines_add_up_to_the_total() -> None:
    two_years()
    for urn in (SCHOOL, OTHER_SCHOOL, CANAL):
        found = statement_of(School.objects.get(key=urn), YEAR, None)
        assert found is not None
        rows = list(statement_table(found).rows)
        amounts = [row["amount-1"] for row in rows if row["name"] != "total"]
        assert total(one for one in amounts if isinstance(one, Money)) == found.now.total


def test_why_the_school_lost_is_told_line_by_line_and_adds_up() -> None:
    """Ouse Valley School: 40 pupils fewer at last year's £5,022, everybody else at higher rates."""
    two_years()
    found = statement_of(School.objects.get(key=OTHER_SCHOOL), YEAR, None)
    assert found is not None
    difference = found.since_last_year
    assert difference is not None
    ks3 = next(line for line in difference.lines if line.line == "basic_entitlement_ks3")
    told = {cause.value: str(amount) for cause, amount in ks3.parts}
    # 40 x £5,022 and 300 x (£5,422 - £5,022).
    assert told == {"pupils": "-£200,880.00", "rate": "£120,000.00"}
    assert total(difference.by_cause().values()) == difference.change
    assert total(line.change for line in difference.lines) == found.now.total - found.before.total  # type: ignore[union-attr]


@pytest.mark.usefixtures("home")
class TestWhy:
    def test_a_line_is_rate_times_units(self, harriet: Person, signed_in: SignIn) -> None:
        two_years()
        told = statement(signed_in(harriet), SCHOOL, "why", "basic_entitlement_ks3").content.decode()
        assert "£5,422.00" in told
        assert "To the penny, half away from zero" in told
        # Last year's beside it.
        assert "£5,022.00" in told

    def test_a_rate_nobody_has_confirmed_is_named(self, harriet: Person, signed_in: SignIn) -> None:
        two_years()
        told = statement(signed_in(harriet), SCHOOL, "why", "minimum_per_pupil").content.decode()
        assert "Nobody has confirmed: Minimum per pupil, key stage 3" in told

    def test_an_unknown_line_is_not_found(self, harriet: Person, signed_in: SignIn) -> None:
        two_years()
        assert statement(signed_in(harriet), SCHOOL, "why", "pocket_money").status_code == 404


@pytest.mark.usefixtures("home")
def test_as_a_paper_and_as_a_file(harriet: Person, signed_in: SignIn) -> None:
    two_years()
    client = signed_in(harriet)
    assert statement(client, SCHOOL, "statement_paper").content.startswith(b"%PDF")
    sheet = b"".join(statement(client, SCHOOL, "statement_table", "csv").streaming_content).decode(
        "utf-8-sig"
    )
    assert "2927880.0" in sheet


@pytest.mark.usefixtures("home")
def test_a_scenario_may_be_called_what_a_year_is_called() -> None:
    """Its amounts stand in its own column, and not in the one of the formula in force."""
    draft = two_years()
    Scenario.objects.filter(pk=draft.pk).update(name=YEAR)
    school = School.objects.get(key=CANAL)
    plain = statement_of(school, YEAR, None)
    named = statement_of(school, YEAR, Scenario.objects.get(pk=draft.pk))
    assert plain is not None
    assert named is not None
    lines = {row["name"]: row for row in statement_table(named).rows}
    for row in statement_table(plain).rows:
        for cell in ("amount-0", "amount-1", "change"):
            assert lines[row["name"]][cell] == row[cell]
    # 210 pupils at £50 more.
    basic = lines["basic_entitlement_primary"]
    assert basic["amount-2"] - basic["amount-1"] == Money.of(10_500)  # type: ignore[operator]
