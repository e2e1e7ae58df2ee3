"""Support in a browser: the school writes its part, an adviser moderates, a review is gone through, and an
alert is followed to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from journeys.conftest import NARROW, WIDE, Visitor

pytestmark = pytest.mark.journey
HEAD, ADVISER = "headteacher@demo.example", "adviser@demo.example"
SUPPORT, REVIEWS = "/improvement/support/", "/improvement/reviews/"
Open = Callable[..., Visitor]


def check(visitor: Visitor) -> None:
    """Whatever page it is: nothing in anybody's way, nothing sticking out, nothing the browser minds."""
    assert visitor.barriers() == []
    assert visitor.fits(), f"{visitor.page.url} sticks out sideways"
    assert visitor.problems == []


def follow(visitor: Visitor, start: str, *links: str) -> None:
    """Go from a page by these links, and look at each page."""
    visitor.go(start)
    check(visitor)
    for link in links:
        step_to(visitor, link)
        check(visitor)


def step_to(visitor: Visitor, name: str) -> None:
    """Click the link of this name, or the one that looks like a button."""
    page = visitor.page
    page.get_by_role("link", name=name).or_(page.get_by_role("button", name=name)).first.click()
    page.wait_for_load_state()


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "phone"])
def test_the_school_writes_its_part_and_the_adviser_reads_it(open_browser: Open, width: int) -> None:
    head = open_browser(width)
    head.sign_in(HEAD)
    follow(head, SUPPORT, "Attendance of Year 11", "Write the school's part")
    page = head.page
    page.get_by_label("What is going well, and how do you know?").fill("First-day calls home.")
    page.get_by_role("button", name="Keep it for later").click()
    expect(page.get_by_text("It is kept. Nobody else reads it yet.")).to_be_visible()
    step_to(head, "Write the school's part")
    page.get_by_label("What worries you, and what have you done about it?").fill("Fridays in Year 11.")
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_text("The school's part is sent to the adviser.")).to_be_visible()
    check(head)

    adviser = open_browser(width)
    adviser.sign_in(ADVISER)
    follow(adviser, f"{SUPPORT}authorities/826/", "The Radcliffe School")
    follow(adviser, f"{SUPPORT}schools/110532/", "Attendance of Year 11")
    expect(adviser.page.get_by_text("Fridays in Year 11.")).to_be_visible()


def test_an_adviser_moderates_the_note_of_another(open_browser: Open) -> None:
    adviser = open_browser(WIDE)
    adviser.sign_in(ADVISER)
    follow(adviser, "/", "Moderate a note")
    page = adviser.page
    page.get_by_role("button", name="Moderate the note").click()
    check(adviser)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check(adviser)
    page.get_by_label("The note is fair and stands on what was seen").check()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("Your decision is sent to the visitor.")).to_be_visible()
    check(adviser)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "phone"])
def test_an_adviser_looks_round(open_browser: Open, width: int) -> None:
    adviser = open_browser(width)
    adviser.sign_in(ADVISER)
    for link in ("Visits", "Follow-up", "Brokered support", "Days", "Ledger of alerts and targets"):
        follow(adviser, f"{SUPPORT}authorities/826/", link)
    for link in ("Start a programme", "Plan a visit", "Broker support", "Allot days"):
        follow(adviser, f"{SUPPORT}schools/110532/", link)
    follow(adviser, f"{SUPPORT}authorities/826/ledger/", "Enter an alert")
    follow(adviser, f"{SUPPORT}schools/110532/", "Intensifying support programme", "Write Audit and targets")


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "phone"])
def test_reviews_strategy_and_readiness(open_browser: Open, width: int) -> None:
    adviser = open_browser(width)
    adviser.sign_in(ADVISER)
    follow(adviser, f"{REVIEWS}authorities/826/", "Review of mathematics")
    expect(adviser.page.get_by_text("Partly recorded")).to_be_visible()
    for link in ("Add a key focus", "Add evidence", "Add a finding", "Add a recommendation"):
        follow(adviser, f"{REVIEWS}authorities/826/", "Review of mathematics", link)
    follow(adviser, f"{REVIEWS}authorities/826/", "Review of school improvement, 2008")
    follow(adviser, f"{REVIEWS}authorities/826/strategy/", "Version 1", "Write the next version")

    head = open_browser(width)
    head.sign_in(HEAD)
    follow(head, REVIEWS, "The Radcliffe School", "Keep evidence")
    head.page.get_by_label("Or keep a figure as it stands now").select_option(index=1)
    head.page.get_by_role("button", name="Keep it").click()
    expect(head.page.get_by_text("The evidence is kept with the judgement.")).to_be_visible()
    check(head)
    follow(head, f"{REVIEWS}schools/110532/?framework=every-child-matters")


def enter_day(page: Page, label: str, day: date) -> None:
    """A date in its three boxes."""
    group = page.get_by_role("group", name=label)
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        group.get_by_label(part, exact=True).fill(str(value))


def test_from_an_alert_to_a_visit_an_action_an_outcome_and_the_ledger(open_browser: Open) -> None:
    """What the adviser's week is about, from the page on which it begins, without a way round."""
    adviser = open_browser(WIDE)
    adviser.sign_in(ADVISER)
    page, today = adviser.page, datetime.now(ZoneInfo("Europe/London")).date()
    adviser.go("/improvement/authorities/826/early-warning/")
    step_to(adviser, "Ledger of alerts")
    step_to(adviser, "Enter the latest early-warning list")
    expect(page.get_by_text("The latest list is in the ledger, with look-alikes.")).to_be_visible()

    adviser.go("/improvement/authorities/826/early-warning/")
    step_to(adviser, "Tickford Park Primary School")
    check(adviser)
    step_to(adviser, "Plan a visit")
    expect(page.get_by_label("Alert it follows from")).to_contain_text("Early warning, 1 September 2017")
    assert page.get_by_label("Alert it follows from").input_value() != "", "the alert is chosen already"
    step_to(adviser, "Plan it")
    expect(page.get_by_role("link", name="Enter the focus")).to_be_visible()
    enter_day(page, "Day of the visit", today)
    page.get_by_label("Focus").fill("First look after the list")
    page.get_by_label("Days it takes").fill("0.5")
    step_to(adviser, "Plan it")

    step_to(adviser, "First look after the list")
    step_to(adviser, "Write the visitor's part")
    page.get_by_label("What did you see, and where?").fill("Six lessons in writing.")
    page.get_by_label("What was agreed?").fill("Writing is looked at in every class.")
    step_to(adviser, "Send it to moderation")
    step_to(adviser, "Add an action")
    page.get_by_label("Action").fill("Look at writing in every class")
    page.get_by_label("The school", exact=True).check()
    enter_day(page, "Day by which it is due", today)
    step_to(adviser, "Add it")
    step_to(adviser, "Answer")
    enter_day(page, "Day on which it was done", today)
    page.get_by_label("What came of it").fill("Books are marked alike.")
    step_to(adviser, "Save")
    check(adviser)

    page.locator("main").get_by_role("link", name="Early warning", exact=True).click()
    expect(page.get_by_text("Books are marked alike.")).to_be_visible()
    check(adviser)
    step_to(adviser, "Record what became of the school")
    page.get_by_label("Improved", exact=True).check()
    enter_day(page, "Day on which it was known", today)
    page.get_by_label("Where it is stated").fill("Results of the summer")
    step_to(adviser, "Record it")
    expect(page.get_by_text("Supported", exact=True)).to_be_visible()
    page.get_by_role("link", name="Ledger of alerts").first.click()
    entered = page.get_by_role("row").filter(has_text="1 September 2017")
    row = entered.filter(has_text="Tickford Park Primary School")
    expect(row).to_contain_text("Improved")
    expect(row).to_contain_text("Supported")
