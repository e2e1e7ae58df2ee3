"""The pages of deficits as people use them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from redway.web.funding.deficits.models import Licence, Meeting, SchoolBalance, Stage
from redway.web.people.models import Person
from web.funding.deficits.a_deficit import (
    AUTHORITY,
    SCHOOL,
    application,
    applied,
    balances,
    licensed,
    register,
)
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
HEAD = "urn,year,income,spending,closing_balance,pupils"


def upload(person: Person, text: str, kind: str = "balances") -> Any:
    file = SimpleUploadedFile("balances.csv", text.encode())
    address = reverse("deficits:upload", args=[AUTHORITY])
    return visitor(person).post(address, {"kind": kind, "file": file})


def test_each_person_is_led_to_the_one_place_they_have(fiona: Person, harriet: Person) -> None:
    register()
    assert visitor(fiona).get(reverse("deficits:index")).url == reverse(
        "deficits:authority", args=[AUTHORITY]
    )
    assert visitor(harriet).get(reverse("deficits:index")).url == reverse("deficits:school", args=[SCHOOL])


def test_a_table_is_uploaded_or_refused_with_every_fault(fiona: Person) -> None:
    register()
    bad = upload(fiona, f"{HEAD}\n{SCHOOL},2025-26,1200000,lots,-90000,210\n99,2025-26,1,1,1,1\n")
    said = text_of(bad)
    assert "Row 2, spending: &#x27;lots&#x27; is no amount of money" in said
    assert "Row 3, urn: &#x27;99&#x27; is no URN" in said
    assert not SchoolBalance.objects.exists()
    good = upload(fiona, f"{HEAD}\n{SCHOOL},2025-26,1200000,1290000,-90000,210\n")
    assert good.status_code == 302
    page = text_of(visitor(fiona).get(good.url))
    assert "-£90,000.00" in page
    assert "Not licensed" in page


def test_a_headteacher_writes_checks_and_sends_an_application(harriet: Person) -> None:
    register()
    balances()
    browser, address = visitor(harriet), reverse("deficits:apply", args=[SCHOOL])
    page = text_of(browser.get(address))
    assert 'value="-90,000.00"' in page
    assert "2026-27: income" in page
    typed = {"revision": "0", "first": "2026-27", "brought_forward": "-90,000", "causes": "The roll fell."}
    for at, more in enumerate((20_000, 30_000, 40_000)):
        typed |= {
            f"income_{at}": "1,200,000",
            f"spending_{at}": f"{1_200_000 - more}",
            f"savings_{at}": "Two classes become one.",
        }
    checked = text_of(browser.post(address, typed | {"go": "check"}))
    assert "The deficit is clear at the end of year 3, 2028-29: within 3 years." in checked
    assert not Licence.objects.exists()
    sent = browser.post(address, typed | {"go": "send"})
    found = Licence.objects.get()
    assert sent.url == reverse("deficits:licence", args=[found.pk])
    assert found.stage == Stage.APPLIED
    assert "Waits for a decision" in text_of(browser.get(sent.url))


def test_a_year_left_out_and_half_a_year_are_named(harriet: Person) -> None:
    register()
    typed = {"first": "2026-27", "brought_forward": "-1", "causes": "x", "income_0": "1", "go": "check"}
    typed |= {"income_2": "1", "spending_2": "1"}
    said = text_of(visitor(harriet).post(reverse("deficits:apply", args=[SCHOOL]), typed))
    assert "Enter the planned spending of 2026-27" in said
    assert "A year before 2028-29 is empty" in said


def test_half_an_application_is_kept_for_later_and_gone_on_with(harriet: Person) -> None:
    register()
    browser, address = visitor(harriet), reverse("deficits:apply", args=[SCHOOL])
    typed = {"revision": "0", "first": "2026-27", "brought_forward": "-1,000", "go": "keep"}
    assert browser.post(address, typed).status_code == 302
    found = Licence.objects.get()
    assert (found.stage, found.plan_years.count()) == (Stage.DRAFT, 0)
    assert 'value="-1,000.00"' in text_of(browser.get(address))
    sent = browser.post(address, typed | {"revision": found.revision, "go": "send"})
    assert "Say how the deficit arose" in text_of(sent)


def test_a_draft_is_open_to_its_school_alone(harriet: Person, fiona: Person) -> None:
    from redway.web.funding.deficits.services.licences import save_application

    draft = save_application(
        actor=harriet, school=register(), licence=None, revision=0, written=application(), send=False
    )
    address = reverse("deficits:licence", args=[draft.pk])
    assert visitor(harriet).get(address).status_code == 200
    assert visitor(fiona).get(address).status_code == 404
    assert "Application of" not in text_of(visitor(fiona).get(reverse("deficits:school", args=[SCHOOL])))


def test_the_finance_officer_decides_and_the_school_reads_the_letter(harriet: Person, fiona: Person) -> None:
    sent = applied(harriet)
    address = reverse("deficits:decide", args=[sent.pk])
    browser = visitor(fiona)
    page = text_of(browser.get(address))
    assert "Who decides follows from a level that is not confirmed" in page
    answer = browser.post(
        address,
        {
            "revision": sent.revision,
            "kind": "granted",
            "reasons": "The plan is sound.",
            "conditions": "No post is filled unasked.",
            "first_month": "2026-12-01",
        },
    )
    assert answer.status_code == 302
    letter = visitor(harriet).get(reverse("deficits:letter", args=[sent.pk]))
    assert letter.content.startswith(b"%PDF")
    shown = text_of(visitor(harriet).get(reverse("deficits:licence", args=[sent.pk])))
    assert "No post is filled unasked." in shown
    assert "Licensed" in shown


def test_a_finance_officer_is_told_that_the_director_decides(
    harriet: Person, fiona: Person, dana: Person
) -> None:
    sent = applied(harriet, application((60_000, 60_000, 30_000), opening=-150_000))
    page = text_of(visitor(fiona).get(reverse("deficits:licence", args=[sent.pk])))
    assert "the director decides" in page
    assert "Decide on it" not in page
    assert visitor(fiona).get(reverse("deficits:decide", args=[sent.pk])).status_code == 302
    assert "Decide on it" in text_of(visitor(dana).get(reverse("deficits:licence", args=[sent.pk])))


def test_what_somebody_decided_meanwhile_is_shown_and_what_was_typed_is_kept(
    harriet: Person, fiona: Person, dana: Person
) -> None:
    sent = applied(harriet)
    from redway.web.funding.deficits.services.licences import withdraw

    seen = sent.revision
    withdraw(actor=harriet, licence=sent, revision=seen, reason="We looked again.")
    address = reverse("deficits:decide", args=[sent.pk])
    assert visitor(fiona).get(address).status_code == 302


def test_returns_are_sent_late_ones_stand_on_home_and_the_list_is_taken_away(
    harriet: Person, fiona: Person
) -> None:
    found = licensed(harriet, fiona)
    browser = visitor(harriet)
    home = text_of(browser.get("/"))
    assert "monthly returns are late" in home
    assert "monthly returns are late" in text_of(visitor(fiona).get("/"))
    address = reverse("deficits:return", args=[found.pk, "2026-08"])
    assert "£491,666.67" in text_of(browser.get(address))
    typed = {"revision": found.revision, "income": "500000", "spending": "495000", "forecast": "-82000"}
    assert browser.post(address, typed | {"words": "Supply costs more."}).status_code == 302
    assert "Amber" in text_of(browser.get(reverse("deficits:licence", args=[found.pk])))
    rows = browser.get(reverse("deficits:returns_table", args=[found.pk, "json"])).json()["rows"]
    assert [row["state"] for row in rows] == ["Late", "Late", "Returned"]
    assert rows[2]["forecast"] == -82000.0


def test_what_a_second_sender_typed_is_kept_beside_what_is_new(harriet: Person, fiona: Person) -> None:
    found = licensed(harriet, fiona)
    address = reverse("deficits:return", args=[found.pk, "2026-08"])
    typed = {"income": "1", "spending": "1", "forecast": "-82,000", "words": ""}
    browser = visitor(harriet)
    browser.post(address, typed | {"revision": found.revision})
    second = text_of(browser.post(address, typed | {"revision": found.revision, "forecast": "-99,999"}))
    assert "a return was sent, by Harriet Hill on 24 November 2026" in second
    assert 'value="-99,999"' in second
    assert f'name="revision" value="{found.revision + 1}"' in second


def test_a_meeting_is_written_down_and_its_late_action_stands_on_home(fiona: Person) -> None:
    register()
    typed = {
        "on_day": "3",
        "on_month": "11",
        "on_year": "2026",
        "present": "Headteacher",
        "about": "The deficit",
        "agreed": "A plan",
        "what_1": "Send a staffing plan",
        "owner_1": "Headteacher",
        "due_1_day": "20",
        "due_1_month": "11",
        "due_1_year": "2026",
    }
    browser = visitor(fiona)
    answer = browser.post(reverse("deficits:new_meeting", args=[SCHOOL]), typed)
    assert answer.status_code == 302, text_of(answer)
    made = Meeting.objects.get()
    assert "Late" in text_of(browser.get(answer.url))
    assert "agreed with schools in difficulty" in text_of(browser.get("/"))
    assert made.actions.get().due_on == date(2026, 11, 20)


def test_the_pages_of_one_authority_show_their_tables(fiona: Person) -> None:
    register()
    balances()
    browser = visitor(fiona)
    for name in ("authority", "at_risk", "rules", "meetings"):
        assert browser.get(reverse(f"deficits:{name}", args=[AUTHORITY])).status_code == 200
    risk = browser.get(reverse("deficits:at_risk_table", args=[AUTHORITY, "json"])).json()
    assert risk["rows"][0]["words"] == "In deficit now"
    csv = b"".join(
        browser.get(reverse("deficits:authority_table", args=[AUTHORITY, "csv"])).streaming_content
    )
    assert b"Grand Union School" in csv
