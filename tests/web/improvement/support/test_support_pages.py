"""The pages of support as each person sees them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone

from redway.improvement.ledger import Outcome
from redway.web.audit.models import AuditEntry
from redway.web.improvement.support import alerts, visits
from redway.web.improvement.support.models import MADE_UP, Programme, Visit
from redway.web.people.models import Person
from web.funding.deficits.a_deficit import register
from web.improvement.support.some_support import (
    AUTHORITY,
    OTHER_SCHOOL,
    SAID,
    SCHOOL,
    a_follow_up,
    a_programme,
    a_visit,
    an_alert,
    an_offer,
    brokered,
    sent_by_visitor,
)
from web.pages import text_of, visitor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
MakePerson = Callable[..., Person]


@pytest.fixture(autouse=True)
def _schools(db: None) -> None:
    register()


@pytest.fixture
def asha(make_person: MakePerson) -> Person:
    return make_person("adviser", full_name="Asha Abbott", email="asha@example.org")


def page(person: Person, name: str, *args: object) -> str:
    response = visitor(person).get(reverse(f"support:{name}", args=args))
    assert response.status_code == 200
    return text_of(response)


def day(name: str, value: object) -> dict[str, str]:
    """A date as its three boxes send it."""
    return {f"{name}_{part}": str(getattr(value, part)) for part in ("day", "month", "year")}


def test_each_person_is_led_to_the_one_place_they_have(bob: Person, harriet: Person) -> None:
    index = reverse("support:index")
    assert visitor(bob).get(index).url == reverse("support:authority", args=[AUTHORITY])
    assert visitor(harriet).get(index).url == reverse("support:school", args=[SCHOOL])


def test_an_adviser_starts_a_programme_and_sees_its_cycle(bob: Person) -> None:
    address = reverse("support:programme_start", args=[SCHOOL])
    browser = visitor(bob)
    wrong = text_of(browser.post(address, {"template": "peer-review"}))
    assert "Enter the reason" in wrong
    sent = {"template": "intensifying-support", "why": "Low results."} | day(
        "starts_on", timezone.localdate()
    )
    assert browser.post(address, sent).status_code == 302
    made = Programme.objects.get()
    shown = page(bob, "programme", made.pk)
    assert "Autumn, second half 2026 (now)" in shown
    assert "This template is unconfirmed" in shown
    assert made.steps.count() == 36


def test_a_step_is_written_in_the_browser_and_a_late_saver_sees_what_changed(bob: Person) -> None:
    made = a_programme(bob)
    step = made.steps.get(number=1)
    address = reverse("support:step", args=[made.pk, 1])
    sent = {"what": "Two year groups", "found": "", "revision": "1"} | day("due_on", step.due_on)
    browser = visitor(bob)
    assert browser.post(address, sent).status_code == 302
    late = text_of(browser.post(address, sent | {"what": "Three year groups"}))
    assert "Bob Baker has changed this on 24 November 2026" in late
    assert "What is kept now" in late
    assert "Three year groups" in late


def test_the_school_reads_the_visitors_part_only_once_it_is_moderated(
    bob: Person, asha: Person, harriet: Person
) -> None:
    visit = sent_by_visitor(bob, a_visit(bob))
    before = page(harriet, "visit", visit.pk)
    assert "Six lessons." not in before
    assert "The school reads it once another adviser has moderated it." in before
    assert "Six lessons." in page(asha, "visit", visit.pk)
    visits.moderate(actor=asha, visit=visit, revision=2, agrees=True, said="Fair.")
    after = page(harriet, "visit", visit.pk)
    assert "Six lessons." in after
    assert "Agree that the summary may be published" in after
    # What the moderator said to the visitor is between the two of them.
    assert "Fair." not in after


def test_a_draft_of_the_school_is_its_own(bob: Person, harriet: Person) -> None:
    visit = a_visit(bob)
    address = reverse("support:school_part", args=[visit.pk])
    sent = {"well": "Reading.", "go": "keep", "revision": "1"}
    assert visitor(harriet).post(address, sent).status_code == 302
    assert "Reading." in page(harriet, "visit", visit.pk)
    assert "Reading." not in page(bob, "visit", visit.pk)
    assert visitor(harriet).post(address, sent | {"go": "send", "revision": "2"}).status_code == 302
    assert "Reading." in page(bob, "visit", visit.pk)


def test_that_a_note_was_read_is_in_the_trail(bob: Person, dana: Person) -> None:
    visit = sent_by_visitor(bob, a_visit(bob))
    page(dana, "visit", visit.pk)
    read = AuditEntry.objects.get(verb="support.read_note")
    assert (read.actor, read.sensitive_read) == (dana, True)


def test_a_stranger_gets_404(bob: Person, charlie: Person, harriet: Person) -> None:
    visit, made = a_visit(bob), a_programme(bob)
    for person in (charlie,):
        for name, key in (("visit", visit.pk), ("programme", made.pk), ("school", SCHOOL)):
            assert visitor(person).get(reverse(f"support:{name}", args=[key])).status_code == 404
    for name in ("authority", "ledger", "days", "visits", "brokering", "follow_ups"):
        assert visitor(harriet).get(reverse(f"support:{name}", args=[AUTHORITY])).status_code == 404


def test_the_headteacher_sees_the_own_part(bob: Person, harriet: Person) -> None:
    a_programme(bob)
    a_visit(bob)
    a_visit(bob, OTHER_SCHOOL)
    brokered(bob, an_offer(bob))
    shown = page(harriet, "school", SCHOOL)
    for words in ("Peer review", "Mathematics", "Aim: Teach it alike", "Offer help to other schools"):
        assert words in shown
    assert "Start a programme" not in shown


def test_home_chases_what_is_due(bob: Person, asha: Person, harriet: Person, clock: object) -> None:
    visit = sent_by_visitor(bob, a_visit(bob))
    a_follow_up(bob, visit, due=timezone.localdate())
    a_visit(bob, on=timezone.localdate() + timedelta(days=10))
    assert "Write the school&#x27;s part: Grand Union School" in text_of(visitor(harriet).get("/"))
    assert "Moderate a note: Grand Union School" in text_of(visitor(asha).get("/"))
    assert "Moderate a note" not in text_of(visitor(bob).get("/"))
    clock.move(timedelta(days=3))  # type: ignore[attr-defined]
    for person in (harriet, bob):
        assert "Grand Union School: Look at books" in text_of(visitor(person).get("/"))


def test_the_ledger_says_what_may_be_said(bob: Person, dana: Person) -> None:
    alert = an_alert(bob, alike=(OTHER_SCHOOL,))
    alerts.record_outcome(
        actor=bob,
        alert=alert,
        revision=1,
        outcome=Outcome.IMPROVED,
        on=timezone.localdate(),
        source="Results of 2026",
    )
    shown = page(dana, "ledger", AUTHORITY)
    assert "regression to the mean" in shown
    assert "If every supported school was a false alarm" in shown
    assert "Look-alike" in shown
    assert "Enter an alert" not in shown


def test_an_alert_is_entered_with_its_look_alike(bob: Person) -> None:
    address = reverse("support:alert_new", args=[AUTHORITY])
    sent = {
        "school": SCHOOL,
        "source": "officers",
        "model_version": "Spring list",
        "shown": "On the officers' own list, second",
        "like_1": OTHER_SCHOOL,
    } | day("decision", timezone.localdate() - timedelta(days=30))
    assert visitor(bob).post(address, sent).status_code == 302
    shown = page(bob, "ledger", AUTHORITY)
    assert "Grand Union School" in shown
    assert "Ouse Valley School" in shown


def test_days_over_are_red_on_the_page(bob: Person) -> None:
    allot = reverse("support:allot", args=[SCHOOL, "2026-27"])
    sent = {"adviser": str(bob.pk), "days": "0.5", "why": "", "revision": "0"}
    browser = visitor(bob)
    assert browser.post(allot, sent).status_code == 302
    assert "after you opened it" in text_of(browser.post(allot, sent | {"days": "2"}))
    a_visit(bob, on=timezone.localdate() - timedelta(days=2), days="1")
    shown = page(bob, "days", AUTHORITY)
    assert "1 of 0.5 days used: 0.5 days over" in shown
    assert "1 of 1 school has used more than was allotted" in shown


def test_what_is_made_up_says_so_on_the_page_and_in_the_file(bob: Person) -> None:
    a_visit(bob)
    assert MADE_UP not in page(bob, "visits", AUTHORITY)
    Visit.objects.update(made_up=True)
    assert MADE_UP in page(bob, "visits", AUTHORITY)
    file = visitor(bob).get(reverse("support:visits_table", args=[AUTHORITY, "xlsx"]))
    with ZipFile(BytesIO(file.getvalue())) as book:
        assert any(MADE_UP in book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def test_a_file_of_visits_holds_nothing_of_the_notes(bob: Person, harriet: Person) -> None:
    visit = a_visit(bob)
    visits.write_school_part(actor=harriet, visit=visit, revision=1, answers=SAID, send=True)
    sent_by_visitor(bob, visit)
    rows = visitor(bob).get(reverse("support:visits_table", args=[AUTHORITY, "json"])).content.decode()
    assert "Six lessons" not in rows
    assert "Reading" not in rows


def test_which_list_a_school_was_flagged_on_is_for_officers(bob: Person, harriet: Person) -> None:
    visit = a_visit(bob, alert=an_alert(bob))
    assert "Early warning" in page(bob, "visit", visit.pk)
    assert "Early warning" not in page(harriet, "visit", visit.pk)


def test_a_visit_follows_from_the_alert_at_hand(bob: Person) -> None:
    alert = an_alert(bob)
    address = reverse("support:visit_plan", args=[SCHOOL])
    browser = visitor(bob)
    assert f'<option value="{alert.pk}" selected>' in text_of(browser.get(address))
    sent = {"focus": "First look", "days": "0.5", "alert": str(alert.pk)} | day(
        "visit_on", timezone.localdate()
    )
    assert browser.post(address, sent).status_code == 302
    a_follow_up(bob, Visit.objects.get())
    line = page(bob, "alert", alert.pk)
    assert "First look" in line
    assert "Look at books" in line, "the line of the ledger says what was agreed"


def test_a_visit_that_was_held_waits_for_the_visitor(bob: Person) -> None:
    a_visit(bob, on=timezone.localdate() - timedelta(days=9))
    held = "Held; waits for the visitor&#x27;s part, and the school has not written its own"
    for name, key in (("authority", AUTHORITY), ("visits", AUTHORITY), ("school", SCHOOL)):
        assert held in page(bob, name, key)


def test_one_leads_to_another(bob: Person, harriet: Person) -> None:
    """From whichever page about a school somebody stands on, the others are one click away."""
    leads = {
        bob: ("improvement:school", "improvement:concern", "support:school", "reviews:readiness"),
        harriet: ("improvement:own_school", "support:school", "reviews:readiness"),
    }
    for person, names in leads.items():
        addresses = {name: reverse(name, args=[SCHOOL]) for name in (*names, "schools:profile")}
        for name, address in addresses.items():
            shown = text_of(visitor(person).get(address))
            missing = [one for at, one in addresses.items() if at != name and f'href="{one}"' not in shown]
            assert missing == [], f"{name} does not lead to {missing}"
        targets = reverse("attainment:school_targets", args=[SCHOOL])
        assert shown.count(f'href="{targets}"') == 1, "the profile names no page twice"


def test_what_is_missing_is_said_in_words_that_read(bob: Person, harriet: Person) -> None:
    visit = a_visit(bob)
    action = reverse("support:follow_up_new", args=[visit.pk])
    assert "Say who is to do it" in text_of(visitor(bob).post(action, {"what": "Look at books"}))
    part = reverse("support:school_part", args=[visit.pk])
    sent = {"worry": "Mathematics.", "revision": "1"}
    wrong = text_of(visitor(harriet).post(part, sent | {"go": "send"}))
    assert "Answer ‘What is going well, and how do you know?’, or keep the part for later" in wrong
    assert visitor(harriet).post(part, sent | {"go": "keep"}).status_code == 302


def test_a_visit_at_short_notice_asks_for_no_day_that_has_passed(bob: Person) -> None:
    visit = a_visit(bob)
    assert "19 November 2026, which has passed: any day before the visitor writes will do" in page(
        bob, "visit", visit.pk
    )
    shown = page(bob, "visit", sent_by_visitor(bob, visit).pk)
    assert "asked for by" not in shown, "the school's part is closed once the visitor has written"
    assert "Change the visitor" in shown


def test_the_ledger_begins_with_the_newest_list_and_its_flagged_schools(bob: Person) -> None:
    an_alert(bob, alike=(OTHER_SCHOOL,), days_ago=500)
    an_alert(bob, OTHER_SCHOOL, alike=(SCHOOL,), days_ago=100)
    rows = visitor(bob).get(reverse("support:ledger_table", args=[AUTHORITY, "csv"]))
    lines = b"".join(rows.streaming_content).decode().splitlines() if rows.streaming else None
    lines = lines or rows.content.decode().splitlines()
    found = [line.split(",")[0].strip('"') for line in lines if "lagged" in line or "Look-alike" in line]
    new, old = ["Ouse Valley School", "Grand Union School"], ["Grand Union School", "Ouse Valley School"]
    assert found[-4:] == [*new, *old]
