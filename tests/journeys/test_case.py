"""From a referral to its closing in a browser: evaluated, put to the person, decided, closed, printed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.conftest import NARROW, WIDE, Visitor
from journeys.test_allegations import HEAD, OFFICER, check, refer

pytestmark = pytest.mark.journey
Open = Callable[..., Visitor]
STRANDS = ("social-care-enquiry", "criminal-investigation", "employers-process")
PARTIES = (
    "the-child",
    "the-parents",
    "the-police",
    "social-care",
    "ofsted-or-another-regulator",
    "the-employer",
    "the-agency",
    "the-placing-authority",
    "another-designated-officer",
)
BODIES = ("disclosure-and-barring-service", "teaching-regulation-agency")


def press(visitor: Visitor, button: str) -> None:
    """Press a button and look at the page that follows."""
    visitor.page.get_by_role("button", name=button, exact=True).click()
    visitor.page.wait_for_load_state()
    expect(visitor.page.get_by_role("heading", name="There is a problem")).to_have_count(0)
    check(visitor)


def follow(visitor: Visitor, link: str) -> None:
    """Follow a link of the case page and look at the page that follows."""
    named = visitor.page.get_by_role("link", name=link)
    # What comes next stands at the top as a button.
    named.or_(visitor.page.get_by_role("button", name=link)).first.click()
    visitor.page.wait_for_load_state()
    check(visitor)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "phone"])
def test_an_officer_follows_a_case_to_its_end(open_browser: Open, width: int) -> None:
    head = open_browser(width)
    head.sign_in(HEAD)
    case = f"/allegations/cases/{refer(head, f'Sandy Made-Up {width}')}/"
    officer = open_browser(width)
    officer.sign_in(OFFICER)
    to_its_end(officer, case)


def to_its_end(officer: Visitor, case: str) -> None:
    """Evaluate a case that has arrived, do what closing asks for, close it and print it."""
    page = officer.page
    officer.go(case)
    check(officer)

    follow(officer, "Evaluate it")
    page.get_by_label("Behaved in a way that has harmed a child", exact=False).first.check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check(officer)
    page.locator("[name=why_harmed]").fill("A mark was seen on the arm.")
    press(officer, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check before you go on")
    press(officer, "Save the evaluation")

    for party in PARTIES:
        officer.go(f"{case}told/{party}/")
        page.get_by_label("It does not apply").check()
        page.get_by_label("Reason").fill("Nobody of that kind is concerned.")
        press(officer, "Save")
    officer.go(f"{case}told/the-person-it-is-about/")
    page.get_by_label("Yes").check()
    fill_today(officer, "Told on")
    page.get_by_label("Who told them").fill("The headteacher")
    press(officer, "Save")
    for strand in STRANDS:
        officer.go(f"{case}strand/{strand}/")
        page.get_by_label("Not needed").check()
        page.get_by_label("Reason").fill("Decided with police and social care.")
        press(officer, "Save")

    follow(officer, "Put to the person allegation 1")
    fill_today(officer, "Put to the person on")
    page.get_by_label("What they said").fill("I held the door.")
    press(officer, "Save")
    follow(officer, "Record a finding")
    page.get_by_label("Unsubstantiated").check()
    page.get_by_label("What it rests on").fill("Nobody else saw it.")
    press(officer, "Continue")
    press(officer, "Record the finding")
    for body in BODIES:
        officer.go(f"{case}onward/{body}/")
        page.get_by_label("Considered, and not needed").check()
        page.get_by_label("Reason").fill("Nobody was removed.")
        page.get_by_label("Who decided").fill("The designated officer")
        press(officer, "Save")
    officer.go(f"{case}letter/")
    press(officer, "Save")

    expect(page.get_by_text("Nothing: the case can be closed.")).to_be_visible()
    follow(officer, "Close the case")
    press(officer, "Continue")
    press(officer, "Close the case")
    expect(page.get_by_text("It is closed, and to be read only.")).to_be_visible()
    follow(officer, "Chronology to print")
    expect(page.get_by_text("Allegation 1: unsubstantiated")).to_be_visible()


def fill_today(visitor: Visitor, label: str) -> None:
    """Fill in the day of today as the three boxes ask for it."""
    today = visitor.page.evaluate(
        "[new Date().getDate(), new Date().getMonth() + 1, new Date().getFullYear()]"
    )
    group = visitor.page.get_by_role("group", name=label)
    for part, value in zip(("Day", "Month", "Year"), today, strict=True):
        group.get_by_label(part).fill(str(value))
