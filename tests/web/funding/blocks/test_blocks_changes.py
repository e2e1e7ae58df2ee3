"""What is set down beside the formula: by whom, without losing a change, and told in the audit trail."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse

from redway.web.audit.models import AuditEntry
from redway.web.funding.blocks.changes import ChangedMeanwhile, withdraw_service
from redway.web.funding.blocks.models import ClaimTable, Criteria, Income, SharedService
from redway.web.funding.deficits.models import OwnValue
from redway.web.people.models import Person
from web.funding.blocks.some_blocks import INCOME, NOW, SOURCE, income, put, shared
from web.funding.formula.a_formula import AUTHORITY, YEAR, formula
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TYPED = {
    "primary_unit": "4,800.00",
    "secondary_unit": "6,400",
    "premises": "44000",
    "extra_primary": "30",
    "extra_secondary": "20",
    "new_schools": "1",
    "source": SOURCE,
    "is_confirmed": "on",
}
SERVICE = {
    "title": "Help to schools in difficulty",
    "kind": "de-delegation",
    "primary": "9.00",
    "secondary": "",
    "is_agreed": "yes",
    "decided_in": "Forum of 14 January 2025, minute 6",
    "source": "Paper of the forum",
}


def at(name: str, *more: object) -> str:
    return reverse(f"blocks:{name}", args=[AUTHORITY, YEAR, *more])


def sent(person: Person, address: str, typed: dict[str, Any], revision: int = 0) -> Any:
    return visitor(person).post(address, {**typed, "revision": str(revision)})


def test_what_comes_in_is_set_down_and_audited(fiona: Person) -> None:
    formula()
    assert sent(fiona, at("set_down", "income"), TYPED).status_code == 302
    held = Income.objects.get()
    assert {name: getattr(held, name) for name in INCOME} == INCOME
    assert held.by == fiona
    entry = AuditEntry.objects.get(verb="funding.set_down")
    assert '"what":"what comes in"' in entry.details
    page = text_of(visitor(fiona).get(at("set_down", "income")))
    assert 'value="4,800.00"' in page


def test_a_second_saver_sees_the_change_and_keeps_what_was_typed(fiona: Person) -> None:
    formula()
    income()
    answer = text_of(sent(fiona, at("set_down", "income"), TYPED | {"premises": "99"}, revision=0))
    assert "set down anew" in answer
    assert 'value="99"' in answer
    assert Income.objects.get().premises_pence == INCOME["premises_pence"]
    # The form now carries the newest revision, so it can be sent again knowingly.
    assert sent(fiona, at("set_down", "income"), TYPED | {"premises": "99"}, revision=1).status_code == 302
    assert Income.objects.get().premises_pence == 9_900


def test_nothing_is_set_down_without_a_source_or_below_nothing(fiona: Person) -> None:
    formula()
    wrong = {**TYPED, "source": "", "premises": "-1", "extra_primary": "1.5", "primary_unit": "c"}
    answer = text_of(sent(fiona, at("set_down", "income"), wrong))
    assert "Say where the figures come from" in answer
    assert "Premises must be nothing or more" in answer
    assert "Extra primary pupils must be a whole number" in answer
    assert "Primary unit of funding must be an amount of money" in answer
    assert not Income.objects.exists()


def test_a_service_is_added_changed_and_taken_out(fiona: Person) -> None:
    formula()
    assert sent(fiona, at("service_new"), SERVICE).status_code == 302
    held = SharedService.objects.get()
    assert (held.primary_pence, held.secondary_pence, held.is_agreed) == (900, None, True)
    twice = text_of(sent(fiona, at("service_new"), SERVICE))
    assert "Another service of 2025-26 is called" in twice
    changed = SERVICE | {"primary": "9.50"}
    assert sent(fiona, at("service", held.pk), changed, revision=1).status_code == 302
    assert SharedService.objects.get().primary_pence == 950
    assert "Say why it is taken out" in text_of(sent(fiona, at("withdraw", held.pk), {"reason": " "}, 2))
    assert sent(fiona, at("withdraw", held.pk), {"reason": "Not needed"}, revision=2).status_code == 302
    assert SharedService.objects.get().withdrawn_reason == "Not needed"
    assert visitor(fiona).get(at("service", held.pk)).status_code == 404
    # Its name is free again.
    assert sent(fiona, at("service_new"), SERVICE).status_code == 302


def test_what_a_service_needs(fiona: Person) -> None:
    formula()
    without = SERVICE | {"primary": "", "decided_in": ""}
    answer = text_of(sent(fiona, at("service_new"), without))
    assert "Enter an amount for primary or for secondary schools" in answer
    assert "Say at which meeting it was decided" in answer
    functions = SERVICE | {"kind": "education-functions", "secondary": "8.00"}
    assert "Education functions have one amount" in text_of(sent(fiona, at("service_new"), functions))
    assert not SharedService.objects.exists()


def test_a_service_is_taken_out_once(fiona: Person) -> None:
    formula()
    made = shared()
    withdraw_service(actor=fiona, service=made, revision=1, reason="Not needed", now=NOW)
    with pytest.raises(ChangedMeanwhile):
        withdraw_service(actor=fiona, service=made, revision=1, reason="Not needed", now=NOW)


def test_criteria_are_set_down_for_one_fund_at_a_time(fiona: Person) -> None:
    formula()
    growth = {"least": "5", "primary": "4000", "secondary": "5500", "months": "7", "source": "Paper"}
    assert sent(fiona, at("set_down", "growth"), growth).status_code == 302
    assert sent(fiona, at("set_down", "falling-rolls"), growth).status_code == 302
    assert sorted(Criteria.objects.values_list("fund", flat=True)) == ["falling-rolls", "growth"]
    answer = text_of(sent(fiona, at("set_down", "growth"), growth | {"months": "13"}, revision=1))
    assert "Months of the year that are paid must be 12 or fewer" in answer


def test_a_table_of_claims_is_taken_in_or_refused_whole(fiona: Person) -> None:
    formula()
    good = "urn,before,after,asked for\n110001,210,240,yes\n110532,900,910,no\n"

    def take_in(text: str) -> Any:
        file = SimpleUploadedFile("claims.csv", text.encode())
        return visitor(fiona).post(at("take_in_claims", "growth"), {"file": file})

    assert "&#x27;lots&#x27; is no whole number" in text_of(take_in(good.replace("240", "lots")))
    assert "School 100000 is no school of this authority" in text_of(
        take_in(good.replace("110001", "100000"))
    )
    assert not ClaimTable.objects.exists()
    assert take_in(good).status_code == 302
    assert take_in(good.replace("240", "250")).status_code == 302
    assert [one.rows[0] for one in ClaimTable.objects.all()] == [
        ["110001", 210, 250, True],
        ["110001", 210, 240, True],
    ]


def test_a_percentage_is_settled_and_marks_the_page(fiona: Person) -> None:
    formula()
    typed = {
        "name": "basic-entitlement",
        "value": "5",
        "first_day_day": "1",
        "first_day_month": "4",
        "first_day_year": "2025",
        "reason": "Forum of 14 January 2025",
    }
    assert "150% is no share of a line" in text_of(sent(fiona, at("settle"), typed | {"value": "150"}))
    assert sent(fiona, at("settle"), typed).status_code == 302
    assert OwnValue.objects.get().subject == "notional-sen"
    page = text_of(visitor(fiona).get(at("notional_sen")))
    assert "The authority&#x27;s own percentages: basic-entitlement" in page


def test_nobody_else_changes_anything(harriet: Person) -> None:
    formula()
    with pytest.raises(Http404):
        put(Income, INCOME, harriet)
    assert visitor(harriet).get(at("block")).status_code == 404
    assert not Income.objects.exists()
