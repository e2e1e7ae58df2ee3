"""A head refers; the officer evaluates, meets, runs three strands, decides, closes, and prints the report."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.conftest import NARROW, WIDE, Visitor
from journeys.test_allegations import HEAD, OFFICER, check, refer

pytestmark = pytest.mark.journey
Open = Callable[..., Visitor]
STRANDS = {
    "social-care-enquiry": ("Sam Stone, social care", "no further action"),
    "criminal-investigation": ("Child abuse investigation unit", "no further action"),
    "employers-process": ("The governors", "advice or training"),
}
"""Each strand, with who is responsible and how it ends."""
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
    head, officer = open_browser(width), open_browser(width)
    head.sign_in(HEAD)
    officer.sign_in(OFFICER)
    before = cases_reported(officer)
    reference = refer(head, f"Sandy Made-Up {width}")
    case = f"/allegations/cases/{reference}/"
    officer.go(case)
    check(officer)
    evaluate(officer)
    tell(officer, case)
    meet(officer)
    run_strands(officer, case)
    decide(officer, case)
    close(officer)
    # Who referred it sees that it is over, and nothing else of it.
    head.go("/allegations/referrals/")
    row = head.page.get_by_role("row").filter(has_text=reference)
    expect(row).to_contain_text("Closed")
    expect(head.page.get_by_text("Unsubstantiated")).to_have_count(0)
    check(head)
    print_the_report(officer, before)


def cases_reported(officer: Visitor) -> int:
    """How many cases the report of the half-year counts."""
    officer.go(f"/allegations/report/?period={half_year(officer)}")
    check(officer)
    told = officer.page.get_by_text("referred from").first.inner_text()
    return int(told.split()[0])


def half_year(visitor: Visitor) -> str:
    """The half-year now running, as the page asks for it."""
    year, month = visitor.page.evaluate("[new Date().getFullYear(), new Date().getMonth() + 1]")
    return f"{year}-01-01..{year}-06-30" if month <= 6 else f"{year}-07-01..{year}-12-31"


def evaluate(officer: Visitor) -> None:
    """Tick a limb without a reason, be told, give the reason, save."""
    page = officer.page
    follow(officer, "Evaluate it")
    page.get_by_label("Behaved in a way that has harmed a child", exact=False).first.check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check(officer)
    page.locator("[name=why_harmed]").fill("A mark was seen on the arm.")
    press(officer, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check before you go on")
    press(officer, "Save the evaluation")


def minute(visitor: Visitor) -> str:
    """The time it is, as a form asks for it."""
    return str(visitor.page.evaluate("new Date().toTimeString().slice(0, 5)"))


def meet(officer: Visitor) -> None:
    """Plan the strategy meeting, hold it, write and send its minutes, and do the actions it agreed."""
    page = officer.page
    follow(officer, "Plan a meeting")
    page.get_by_label("Initial strategy meeting").check()
    fill_today(officer, "Day")
    page.get_by_label("Time").fill(minute(officer))
    page.get_by_label("Where").fill("Room 4")
    press(officer, "Save the meeting")
    follow(officer, "Write down what came of it")
    page.get_by_label("Who was there").fill("Leah Lane, designated officer\nSam Stone, social care")
    page.get_by_label("Information shared").fill("Nothing earlier is known.")
    page.get_by_label("What was decided").fill("All three strands are opened.")
    press(officer, "Save what came of it")
    follow(officer, "Write the minutes")
    page.get_by_label("Minutes").fill("Those present agreed to open all three strands.")
    press(officer, "Save as another version")
    follow(officer, "Version 1 was sent")
    press(officer, "Save")
    for what in ("Send the statement", "Ask the club"):
        follow(officer, "Add an action")
        page.get_by_label("What is to be done").fill(what)
        page.get_by_label("Who is to do it").fill("The headteacher")
        page.get_by_label("Remind them by Redway").select_option(label="Harriet Hill")
        fill_today(officer, "By when")
        press(officer, "Add the action")
    follow(officer, "It is done")
    press(officer, "Save")
    follow(officer, "It is not needed")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check(officer)
    page.get_by_label("Reason").fill("The club has written already.")
    press(officer, "Save")
    expect(page.get_by_text("Dropped", exact=True)).to_be_visible()


def run_strands(officer: Visitor, case: str) -> None:
    """Open each strand with its owner; then end it with its own outcome."""
    page = officer.page
    for strand, (owner, _) in STRANDS.items():
        officer.go(f"{case}strand/{strand}/")
        page.get_by_label("Open", exact=True).check()
        page.get_by_label("Who is responsible").fill(owner)
        fill_today(officer, "Opened on")
        press(officer, "Save")
    expect(page.get_by_text("Child abuse investigation unit")).to_be_visible()
    for strand, (_, outcome) in STRANDS.items():
        officer.go(f"{case}strand/{strand}/")
        page.get_by_label("Concluded", exact=True).check()
        fill_today(officer, "Concluded on")
        page.get_by_label("How it ended").select_option(outcome)
        page.get_by_label("Reason").fill("What was found.")
        press(officer, "Save")


def tell(officer: Visitor, case: str) -> None:
    """Answer for each party whether they were told."""
    page = officer.page
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


def decide(officer: Visitor, case: str) -> None:
    """Put the allegation to the person, find, decide on other bodies, write and send the letter."""
    page = officer.page
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
    officer.go(f"{case}outcome-letter/")
    check(officer)
    with page.expect_download() as letter:
        page.get_by_role("button", name="Make the letter (PDF)").click()
    assert letter.value.path().read_bytes().startswith(b"%PDF-")
    officer.go(f"{case}letter/")
    press(officer, "Save")


def close(officer: Visitor) -> None:
    """Nothing is outstanding: close the case and print its chronology."""
    page = officer.page
    expect(page.get_by_text("Nothing: the case can be closed.")).to_be_visible()
    follow(officer, "Close the case")
    press(officer, "Continue")
    press(officer, "Close the case")
    expect(page.get_by_text("It is closed, and to be read only.")).to_be_visible()
    follow(officer, "Chronology to print")
    expect(page.get_by_text("Allegation 1: unsubstantiated")).to_be_visible()


def print_the_report(officer: Visitor, before: int) -> None:
    """The case is counted in the report, on paper as on the page, and in each of its files."""
    page = officer.page
    assert cases_reported(officer) == before + 1
    page.emulate_media(media="print")
    expect(page.get_by_label("Period")).to_be_hidden()
    expect(page.get_by_role("heading", name="Cases by outcome")).to_be_visible()
    assert page.pdf().startswith(b"%PDF-")
    page.emulate_media(media="screen")
    for kind, begins in {"PDF": b"%PDF-", "XLSX": b"PK", "PPTX": b"PK"}.items():
        with page.expect_download() as taken:
            page.get_by_role("link", name=kind, exact=True).click()
        assert taken.value.path().read_bytes().startswith(begins)


def fill_today(visitor: Visitor, label: str) -> None:
    """Fill in the day of today as the three boxes ask for it."""
    today = visitor.page.evaluate(
        "[new Date().getDate(), new Date().getMonth() + 1, new Date().getFullYear()]"
    )
    group = visitor.page.get_by_role("group", name=label)
    for part, value in zip(("Day", "Month", "Year"), today, strict=True):
        group.get_by_label(part).fill(str(value))
