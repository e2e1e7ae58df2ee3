"""What takes two people, in a browser: one person in two records, disposal, a broken glass, a hand-over."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.conftest import NARROW, WIDE, Visitor
from journeys.test_allegations import BOTH, HEAD, OFFICER, check, refer
from journeys.test_case import evaluate, follow, press

pytestmark = pytest.mark.journey
Open = Callable[..., Visitor]
DEPUTY, ELSEWHERE = "deputy.lado@demo.example", "lado.elsewhere@demo.example"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def signed_in(open_browser: Open, email: str, width: int = WIDE) -> Visitor:
    visitor = open_browser(width)
    visitor.sign_in(email)
    return visitor


def referred(open_browser: Open, name: str) -> str:
    """Address of a case about somebody of this name."""
    return f"/allegations/cases/{refer(signed_in(open_browser, HEAD), name)}/"


@BOTH
def test_two_records_of_one_person_are_joined_by_two_people_and_parted_again(
    open_browser: Open, width: int
) -> None:
    name = f"Alix Made-Up {width}"
    first, second = (referred(open_browser, name) for _ in range(2))
    officer, deputy = signed_in(open_browser, OFFICER, width), signed_in(open_browser, DEPUTY, width)
    officer.go(second)
    expect(officer.page.get_by_role("heading", name="Might be the same person")).to_be_visible()
    follow(officer, f"They are one person case {first.split('/')[-2]}")
    officer.page.get_by_role("button", name="Propose it").click()
    expect(officer.page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check(officer)
    officer.page.get_by_label("Why they are one person").fill("The same address and date of birth.")
    press(officer, "Propose it")
    expect(officer.page.get_by_text("Waits for a second person")).to_be_visible()
    # Who proposed it cannot agree to it.
    expect(officer.page.get_by_role("link", name="Agree that they are one person")).to_have_count(0)

    deputy.go(second)
    follow(deputy, "Agree that they are one person")
    press(deputy, "I agree: they are one person")
    expect(deputy.page.get_by_role("heading", name="Other cases about them")).to_be_visible()

    officer.go(first)
    follow(officer, "They are two people after all")
    officer.page.get_by_label("Why they are not one person").fill("Brothers at one address.")
    press(officer, "Continue")
    press(officer, "Undo it")
    expect(officer.page.get_by_text(re.compile("Undone on"))).to_be_visible()
    expect(officer.page.get_by_role("heading", name="Other cases about them")).to_have_count(0)


@pytest.mark.parametrize(("width", "at"), [(WIDE, 0), (NARROW, 1)], ids=["wide", "phone"])
def test_a_record_that_is_due_is_disposed_of_when_a_second_person_agrees(
    open_browser: Open, width: int, at: int
) -> None:
    officer, deputy = signed_in(open_browser, OFFICER, width), signed_in(open_browser, DEPUTY, width)
    officer.go("/allegations/retention/")
    check(officer)
    due = officer.page.get_by_role("table", name="Records due").get_by_role("rowheader").get_by_role("link")
    reference = due.first.inner_text()
    due.first.click()
    check(officer)
    follow(officer, "Dispose of it")
    press(officer, "Propose it")
    expect(officer.page.get_by_role("link", name="Agree to dispose of it")).to_have_count(0)

    case = f"/allegations/cases/{reference}/"
    deputy.go(case)
    follow(deputy, "Agree to dispose of it")
    press(deputy, "Continue")
    expect(deputy.page.get_by_text("This cannot be undone.")).to_be_visible()
    press(deputy, "Erase it for good")
    for visitor in (officer, deputy):
        answer = visitor.page.goto(visitor.site.address + case)
        assert answer is not None
        assert answer.status == 404
        visitor.problems.clear()  # the browser minds the 404 that is wanted here
        visitor.go("/allegations/retention/")
        expect(visitor.page.get_by_role("link", name=reference)).to_have_count(0)


@BOTH
def test_a_broken_glass_is_reported_and_looked_at(open_browser: Open, width: int) -> None:
    name = f"Kit Made-Up {width}"
    case = referred(open_browser, name)
    reference = case.split("/")[-2]
    officer, deputy = signed_in(open_browser, OFFICER, width), signed_in(open_browser, DEPUTY, width)
    officer.go(case)
    follow(officer, "End access of Devi Lowe")
    press(officer, "End their access")

    deputy.go("/allegations/cases/")
    expect(deputy.page.get_by_text(name)).to_have_count(0)
    deputy.page.get_by_label("Reference").fill(reference)
    deputy.page.get_by_role("button", name="Open", exact=True).click()
    expect(deputy.page.get_by_role("heading", level=1)).to_have_text("Open a case you are not named on")
    check(deputy)
    deputy.page.get_by_role("button", name="Open it for an hour").click()
    expect(deputy.page.get_by_role("heading", name="There is a problem")).to_be_visible()
    check(deputy)
    deputy.page.get_by_label("Why you must open this case now").fill("Police rang; Leah is away.")
    press(deputy, "Open it for an hour")
    expect(deputy.page.get_by_text(name).first).to_be_visible()

    officer.go("/")
    expect(officer.page.get_by_text("opened by somebody not named on")).to_be_visible()
    check(officer)
    officer.go("/allegations/day/")
    officer.page.get_by_role("link", name=re.compile(f"Look at why a case was opened.*{reference}")).click()
    expect(officer.page.get_by_text("Police rang; Leah is away.")).to_be_visible()
    follow(officer, "Look at it")
    press(officer, "I have looked at it")
    officer.go("/allegations/reviews/")
    row = officer.page.get_by_role("row").filter(has_text=reference)
    expect(row).to_contain_text("Devi Lowe")
    expect(row).not_to_contain_text("Not yet")
    check(officer)


@BOTH
def test_a_case_goes_to_another_authority_with_its_documents(open_browser: Open, width: int) -> None:
    name = f"Noa Made-Up {width}"
    case = referred(open_browser, name)
    reference = case.split("/")[-2]
    officer, elsewhere = signed_in(open_browser, OFFICER, width), signed_in(open_browser, ELSEWHERE, width)
    officer.go(case)
    evaluate(officer)
    officer.go(f"{case}documents/add/")
    officer.page.get_by_label("What the document is").fill("Statement of the head")
    officer.page.get_by_label("File").set_input_files(
        {"name": "statement.exe", "mimeType": "application/pdf", "buffer": b"MZ\x90\0\x03"}
    )
    officer.page.get_by_role("button", name="Add the document").click()
    expect(officer.page.get_by_role("alert")).to_contain_text("The file is a program")
    check(officer)
    officer.page.get_by_label("File").set_input_files(
        {"name": "statement.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    press(officer, "Add the document")
    follow(officer, "Hand over to another authority")
    officer.page.get_by_label("Which authority is to lead").select_option(label="Bedford Borough")
    officer.page.get_by_label("Why they are to lead").fill("The person works there now.")
    press(officer, "Continue")
    expect(officer.page.get_by_text("every document included")).to_be_visible()
    press(officer, "Offer the case")

    elsewhere.go("/allegations/day/")
    check(elsewhere)
    expect(elsewhere.page.get_by_text(name)).to_have_count(0)
    elsewhere.page.get_by_role("link", name=re.compile(f"Accept a case or decline it.*{reference}")).click()
    expect(elsewhere.page.get_by_text(name)).to_have_count(0)
    check(elsewhere)
    elsewhere.page.get_by_label("Yes: we lead from now on").check()
    press(elsewhere, "Continue")
    press(elsewhere, "Take the case on")
    expect(elsewhere.page.get_by_text(name).first).to_be_visible()
    with elsewhere.page.expect_download() as taken:
        elsewhere.page.get_by_role("link", name="Statement of the head", exact=True).click()
    assert taken.value.path().read_bytes() == PDF

    officer.go(case)
    expect(officer.page.get_by_text("With another authority").first).to_be_visible()
    expect(officer.page.get_by_role("link", name="Evaluate it")).to_have_count(0)
    check(officer)
