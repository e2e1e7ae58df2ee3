"""Services to schools as a finance officer and a headteacher use them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.urls import reverse

from redway.funding.errors import RulesRefused
from redway.web.audit.models import AuditEntry
from redway.web.funding.services.changes import ChangedMeanwhile, ServiceRefused, Wanted, place_order
from redway.web.funding.services.models import Order, OrderLine, ServiceOfYear
from redway.web.people.models import Person
from web.funding.deficits.a_deficit import AUTHORITY, OTHER_SCHOOL, SCHOOL, balances, register
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
YEAR = "2026-27"
PRICES = "nursery,primary,secondary,special,cost,delegated_a_school,delegated_a_pupil"
LIST = f"""code,service,priced by,in package,{PRICES}
HS,Health and safety,pupil,yes,5.07,5.07,6.35,8.39,12000,150,4
PAY,Payroll,school,yes,,1000,2500,2500,1500,,
HSD,"Health and safety, by the day",day,no,567,567,567,567,,,
"""


def price_list(person: Person, text: str = LIST) -> Any:
    register()
    file = SimpleUploadedFile("prices.csv", text.encode())
    return visitor(person).post(reverse("services:price_list", args=[AUTHORITY, YEAR]), {"file": file})


def ordered(head: Person, services: dict[str, Decimal], pupils: int = 900, revision: int = 0) -> Order:
    wanted = Wanted(pupils, Decimal(pupils), services)
    return place_order(actor=head, school=register(), year=YEAR, revision=revision, wanted=wanted)


def test_a_price_list_is_taken_in_or_refused_with_every_fault(fiona: Person) -> None:
    wrong = text_of(price_list(fiona, LIST.replace("2500,2500,1500", "lots,2500,1500")))
    assert "Row 3, secondary: &#x27;lots&#x27; is no amount of money" in wrong
    assert not ServiceOfYear.objects.exists()
    assert price_list(fiona).status_code == 302
    page = text_of(visitor(fiona).get(reverse("services:catalogue", args=[AUTHORITY, YEAR])))
    assert "£6.35" in page
    assert "Not offered" in page


def test_a_headteacher_works_out_the_total_and_orders(fiona: Person, harriet: Person) -> None:
    price_list(fiona)
    browser, address = visitor(harriet), reverse("services:order", args=[SCHOOL, YEAR])
    typed = {"revision": "0", "pupils": "900", "equivalent": "900", "take_HS": "on", "years": "1"}
    total = text_of(browser.post(address, typed | {"go": "total"}))
    assert "£5,715.00" in total
    assert "Nothing is ordered yet" in total
    assert not Order.objects.exists()
    whole = typed | {"take_PAY": "on", "days_HSD": "2.5", "go": "order"}
    assert browser.post(address, whole).status_code == 302
    order = Order.objects.get()
    # 10% off £5,715.00 and £2,500.00; two and a half days at £567.
    assert order.whole_package
    assert order.total_pence == 514_350 + 225_000 + 141_750
    page = text_of(browser.get(reverse("services:school", args=[SCHOOL, YEAR])))
    assert "The whole package: the discount is taken off" in page
    assert "31 March 2027" in page


def test_an_order_is_changed_and_its_earlier_version_kept(fiona: Person, harriet: Person) -> None:
    price_list(fiona)
    first = ordered(harriet, {"HS": Decimal(1)})
    changed = ordered(harriet, {"PAY": Decimal(1)}, revision=first.revision)
    assert changed.total_pence == 250_000
    assert OrderLine.objects.count() == 2
    with pytest.raises(ChangedMeanwhile, match="the order was changed by Harriet Hill"):
        ordered(harriet, {"HS": Decimal(1)}, revision=first.revision - 1)


def test_terms_longer_than_allowed_are_refused(fiona: Person, harriet: Person) -> None:
    price_list(fiona)
    wanted = Wanted(900, Decimal(900), {"HS": Decimal(1)}, years=4)
    with pytest.raises(ServiceRefused, match="a first term may be 3 years at most, not 4"):
        place_order(actor=harriet, school=register(), year=YEAR, revision=0, wanted=wanted)
    with pytest.raises(RulesRefused, match="no service 'XX'"):
        ordered(harriet, {"XX": Decimal(1)})


def test_only_the_own_headteacher_orders(fiona: Person, harriet: Person, charlie: Person) -> None:
    price_list(fiona)
    for person in (charlie, fiona):
        with pytest.raises(Http404):
            ordered(person, {"HS": Decimal(1)})
    assert visitor(charlie).get(reverse("services:school", args=[SCHOOL, YEAR])).status_code == 404
    assert visitor(charlie).get(reverse("services:catalogue", args=[AUTHORITY, YEAR])).status_code == 200
    assert visitor(charlie).get(reverse("services:catalogue", args=["822", YEAR])).status_code == 404


def test_a_school_does_not_see_what_services_cost_the_authority(fiona: Person, harriet: Person) -> None:
    price_list(fiona)
    address = reverse("services:catalogue_table", args=[AUTHORITY, YEAR, "json"])
    assert "cost" in visitor(fiona).get(address).json()["rows"][0]
    assert "cost" not in visitor(harriet).get(address).json()["rows"][0]


def test_income_below_cost_is_a_warning_with_the_shortfall(fiona: Person, harriet: Person) -> None:
    price_list(fiona)
    ordered(harriet, {"HS": Decimal(1)})
    browser = visitor(fiona)
    rows = browser.get(reverse("services:income_table", args=[AUTHORITY, YEAR, "json"])).json()["rows"]
    safety = next(row for row in rows if row["service"] == "Health and safety")
    assert (safety["shortfall"], safety["words"]) == (6285.0, "Income is £6,285.00 below cost")
    by_day = next(row for row in rows if row["service"].endswith("by the day"))
    assert by_day["words"] == "The cost is not known"
    assert "the cost is not known" in text_of(browser.get(reverse("services:income", args=[AUTHORITY, YEAR])))


def test_the_effect_of_a_price_change_is_shown_for_every_school_and_changes_nothing(
    fiona: Person, harriet: Person
) -> None:
    price_list(fiona)
    balances()
    ordered(harriet, {"HS": Decimal(1)})
    query = "?service=HS&percent=10"
    browser = visitor(fiona)
    row = browser.get(reverse("services:change_table", args=[AUTHORITY, YEAR, "json"]) + query).json()[
        "rows"
    ][0]
    # £6.35 becomes £6.99 (6.985 rounded half away from zero): 900 times £0.64.
    assert (row["before"], row["after"], row["change"]) == (5715.0, 6291.0, 576.0)
    assert row["pupil"] == 0.64
    assert row["share"] == pytest.approx(576 / 1_200_000 * 100)
    page = text_of(browser.get(reverse("services:change", args=[AUTHORITY, YEAR]) + query))
    assert "+10.0% on Health and safety" in page
    assert ServiceOfYear.objects.get(code="HS").secondary_pence == 635


def test_two_who_change_one_service_see_each_other(fiona: Person) -> None:
    price_list(fiona)
    address = reverse("services:service", args=[AUTHORITY, YEAR, "PAY"])
    typed = {"name": "Payroll", "basis": "school", "standard": "on", "primary": "1,100", "revision": "1"}
    browser = visitor(fiona)
    assert browser.post(address, typed).status_code == 302
    second = text_of(browser.post(address, typed | {"primary": "1,200"}))
    assert "Payroll was changed by Fiona Field on 24 November 2026" in second
    assert 'value="1,200"' in second
    assert ServiceOfYear.objects.get(code="PAY").primary_pence == 110_000


def test_a_service_taken_out_still_earns_where_it_is_ordered(fiona: Person, harriet: Person) -> None:
    price_list(fiona)
    ordered(harriet, {"HS": Decimal(1)})
    address = reverse("services:withdraw", args=[AUTHORITY, YEAR, "HS"])
    browser = visitor(fiona)
    assert browser.post(address, {"revision": "1", "reason": "Bought in."}).status_code == 302
    rows = browser.get(reverse("services:income_table", args=[AUTHORITY, YEAR, "json"])).json()["rows"]
    assert any(row["income"] == 5715.0 for row in rows)
    assert "Health and safety, by the day" in text_of(
        browser.get(reverse("services:catalogue", args=[AUTHORITY, YEAR]))
    )


def test_terms_that_end_soon_are_on_home(fiona: Person, harriet: Person, clock: Any) -> None:
    from datetime import UTC, datetime

    price_list(fiona)
    ordered(harriet, {"HS": Decimal(1)})
    assert "end soon" not in text_of(visitor(fiona).get("/"))
    clock.set(datetime(2027, 2, 1, 12, tzinfo=UTC))
    assert "1 term of services ends soon" in text_of(visitor(fiona).get("/"))
    assert "Amber" in text_of(visitor(fiona).get(reverse("services:terms", args=[AUTHORITY])))


def test_each_person_is_led_to_the_one_place_they_have(fiona: Person, harriet: Person) -> None:
    price_list(fiona)
    index = reverse("services:index")
    assert visitor(fiona).get(index).url == reverse("services:catalogue", args=[AUTHORITY, YEAR])
    assert visitor(harriet).get(index).url == reverse("services:school", args=[SCHOOL, YEAR])


def test_every_change_is_in_the_audit_trail(fiona: Person, harriet: Person) -> None:
    price_list(fiona)
    ordered(harriet, {"HS": Decimal(1)})
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"service.take_price_list", "service.order"} <= verbs
    assert OTHER_SCHOOL not in str(list(AuditEntry.objects.values_list("details", flat=True)))
