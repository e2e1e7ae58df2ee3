"""Scenarios: who may change them, two officers at once, what is kept, what is refused."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404

from redway.core.money import Money
from redway.funding.errors import RatesRefused, RulesRefused, YearWithoutValues
from redway.funding.rules import Rules
from redway.funding.schools_block import SchoolsBlock
from redway.web.audit.models import AuditEntry
from redway.web.funding.block import BlockRefused, set_down_block
from redway.web.funding.ground import ground_of, ground_under
from redway.web.funding.models import Scenario, ScenarioVersion
from redway.web.funding.scenarios import (
    ChangedMeanwhile,
    Content,
    ScenarioRefused,
    current_formula,
    make_scenario,
    publish_scenario,
    put_in_force,
    save_scenario,
    withdraw_scenario,
)
from redway.web.people.models import Person
from web.funding.formula.a_formula import (
    AUTHORITY,
    CANAL,
    NOW,
    SCHOOL,
    YEAR,
    formula,
    in_force,
    published,
    register,
    scenario,
    table,
)

pytestmark = pytest.mark.django_db


def typed(guarantee: str = "0", **changes: str) -> Content:
    return Content(
        {name: Decimal(value) for name, value in changes.items()}, Rules(guarantee=Decimal(guarantee))
    )


def save(actor: Person, one: Scenario, content: Content, revision: int | None = None) -> Scenario:
    return save_scenario(
        actor=actor, scenario=one, revision=revision or one.revision, content=content, now=NOW
    )


class TestSaving:
    def test_every_state_is_kept_and_audited_with_the_rates_that_changed(self, fiona: Person) -> None:
        _, draft = formula()
        save(fiona, draft, typed(basic_entitlement_primary="3900.00", lump_sum_primary="140000.00"))
        assert list(ScenarioVersion.objects.filter(scenario=draft).values_list("revision", "what")) == [
            (2, "saved"),
            (1, "made"),
        ]
        entry = AuditEntry.objects.order_by("-sequence").first()
        assert entry is not None
        assert entry.verb == "funding.save_scenario"
        assert '"rates":["basic_entitlement_primary","lump_sum_primary"]' in entry.details.replace(" ", "")

    def test_the_second_of_two_officers_is_told_and_overwrites_nothing(self, fiona: Person) -> None:
        _, draft = formula()
        save(fiona, draft, typed(basic_entitlement_primary="3900.00"))
        with pytest.raises(ChangedMeanwhile):
            save(fiona, draft, typed(basic_entitlement_primary="3800.00"), revision=1)
        assert Scenario.objects.get(pk=draft.pk).changes == {"basic_entitlement_primary": "3900.00"}

    def test_strangers_and_heads_change_nothing(self, harriet: Person, charlie: Person) -> None:
        _, draft = formula()
        for person in (harriet, charlie):
            with pytest.raises(Http404):
                save(person, draft, typed())

    def test_a_guarantee_outside_the_range_of_the_year_is_refused(self, fiona: Person) -> None:
        """Case 33: +0.5% in 2025-26, where -0.5% to 0% is allowed."""
        _, draft = formula()
        with pytest.raises(RulesRefused, match=r"range is -0\.5% to 0"):
            save(fiona, draft, typed("0.5"))

    def test_a_rate_that_is_unknown_is_refused(self, fiona: Person) -> None:
        _, draft = formula()
        with pytest.raises(RatesRefused, match="basic_entitlment"):
            save(fiona, draft, typed(basic_entitlment="1"))

    def test_a_name_is_taken_once_whatever_its_capitals(self, fiona: Person) -> None:
        formula()
        with pytest.raises(ScenarioRefused, match="called 'MORE FOR PRIMARY'"):
            scenario("MORE FOR PRIMARY", actor=fiona)

    def test_without_schools_there_is_no_scenario(self, fiona: Person) -> None:
        register()
        with pytest.raises(ScenarioRefused, match="no table of schools"):
            scenario("Too early", actor=fiona)

    def test_a_year_without_rates_refuses_and_names_what_to_load(self, fiona: Person) -> None:
        """Case 29: last year's rates are never used in its place."""
        register()
        table("2026-27")
        with pytest.raises(YearWithoutValues, match="2026-27"):
            make_scenario(
                actor=fiona, authority=AUTHORITY, year="2026-27", name="Early", content=typed(), now=NOW
            )


class TestStanding:
    def test_one_formula_is_in_force_at_a_time(self, fiona: Person) -> None:
        current, draft = formula()
        put_in_force(actor=fiona, scenario=draft, revision=draft.revision, now=NOW)
        found = current_formula(AUTHORITY, YEAR)
        assert found is not None
        assert found.pk == draft.pk
        assert not Scenario.objects.get(pk=current.pk).is_current

    def test_what_was_published_keeps_its_schools_and_is_not_changed(self, fiona: Person) -> None:
        _, draft = formula()
        draft = published(draft)
        table(changed={CANAL: {"pupils primary": "300"}})
        ground, newest = ground_under(draft), ground_of(AUTHORITY, YEAR)
        assert ground is not None
        assert newest is not None
        assert ground.table.number == 1
        assert newest.table.number == 2
        with pytest.raises(ScenarioRefused, match="published"):
            save(fiona, draft, typed())
        with pytest.raises(ScenarioRefused, match="published"):
            publish_scenario(actor=fiona, scenario=draft, revision=draft.revision, now=NOW)

    def test_the_formula_in_force_cannot_be_withdrawn_and_others_need_a_reason(self, fiona: Person) -> None:
        current, draft = formula()

        def withdraw(one: Scenario, reason: str) -> Any:
            return withdraw_scenario(actor=fiona, scenario=one, revision=one.revision, reason=reason, now=NOW)

        with pytest.raises(ScenarioRefused, match="in force"):
            withdraw(current, "Mistake")
        with pytest.raises(ScenarioRefused, match="reason"):
            withdraw(draft, " ")
        assert withdraw(draft, "Too dear").withdrawn_at is not None


def test_a_result_kept_in_memory_is_that_of_a_fresh_calculation() -> None:
    """Whatever order scenarios are asked for in, a school gets the same to the penny."""
    current, draft = formula()
    ground = ground_of(AUTHORITY, YEAR)
    assert ground is not None
    for one in (draft, current, draft):
        fresh = ground.calculation.budgets(
            ground.rates.over({n: Decimal(v) for n, v in one.changes.items()}), Rules(Decimal(0))
        )
        assert ground.of(one).total.tolist() == fresh.total.tolist()


def test_a_grown_table_is_never_answered_from_the_old_one() -> None:
    current, _ = formula()
    first = ground_under(current)
    table(changed={SCHOOL: {"pupils ks3": "541"}})
    second = ground_under(current)
    assert first is not None
    assert second is not None
    assert second.of(current).authority_total > first.of(current).authority_total


class TestMoney:
    def test_the_second_of_two_officers_is_told(self, fiona: Person) -> None:
        formula()

        with pytest.raises(BlockRefused, match=r"£12,000,000\.00 is left"):
            set_down_block(
                actor=fiona,
                authority=AUTHORITY,
                year=YEAR,
                revision=0,
                block=SchoolsBlock(Money.of(1)),
                now=NOW,
            )


def test_last_years_formula_widens_what_a_rate_may_be() -> None:
    """Case 16: 3,400 last year against 3,562; this year's national value is 3,847, so 3,701.20 is allowed."""
    register()
    table("2024-25")
    in_force(
        scenario(
            "Last", {"basic_entitlement_primary": "3400.00"}, Rules(guarantee=Decimal(0)), year="2024-25"
        )
    )
    table()
    ground = ground_of(AUTHORITY, YEAR)
    assert ground is not None
    assert str(ground.ranges["basic_entitlement_primary"].lowest) == "£3,701.20"
    assert str(ground.ranges["basic_entitlement_ks3"].lowest) == "£5,286.45"
