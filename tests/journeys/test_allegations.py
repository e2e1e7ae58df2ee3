"""A headteacher refers an allegation in a browser, and the designated officer sees it arrive."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from journeys.conftest import NARROW, WIDE, Visitor

pytestmark = pytest.mark.journey
HEAD, OFFICER = "headteacher@demo.example", "lado@demo.example"
BOTH = pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "phone"])
Open = Callable[..., Visitor]


def check(visitor: Visitor) -> None:
    """Whatever page it is: nothing in anybody's way, nothing sticking out, nothing the browser minds."""
    assert visitor.barriers() == []
    assert visitor.fits(), f"{visitor.page.url} sticks out sideways"
    assert visitor.problems == []


def go_on(visitor: Visitor, title: str) -> None:
    """Save this section and come to the next."""
    visitor.page.get_by_role("button", name="Save and go on").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(title)
    check(visitor)


def refer(visitor: Visitor, name: str) -> str:
    """A headteacher's referral from the self-check to its reference."""
    page = visitor.page
    visitor.go("/allegations/referrals/")
    page.get_by_role("link", name="Refer an allegation, or ask for advice").click()
    check(visitor)
    page.get_by_label("behaved in a way that has harmed a child, or may have harmed a child").check()
    page.get_by_label("Refer an allegation", exact=True).check()
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The person it is about")
    check(visitor)

    page.get_by_label("Full name", exact=True).fill(name)
    page.get_by_label("Date of birth", exact=True).fill("1985")
    page.get_by_label("I don’t know: Home address").check()
    go_on(visitor, "Their work with children")
    page.get_by_label("Education", exact=True).check()
    page.get_by_label("Employer or organisation", exact=True).fill("The school")
    page.get_by_label("Their role there", exact=True).fill("Coach")
    page.get_by_label("Volunteer", exact=True).check()
    go_on(visitor, "What is alleged")
    page.get_by_label("What is alleged", exact=True).fill("“He grabbed my arm and it hurt.”")
    page.get_by_label("Physical", exact=True).check()
    page.get_by_label("When it happened", exact=True).fill("31 February 2026")
    page.get_by_role("button", name="Save and go on").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no 31 February 2026")
    check(visitor)
    page.get_by_label("When it happened", exact=True).fill("autumn 2025")
    go_on(visitor, "The child, and who said it")
    page.get_by_label("I don’t know: Name of the child or children").check()
    go_on(visitor, "When it became known, and what was done")
    known_on = page.get_by_label("On which day did your organisation come to know of it?")
    known_on.fill("1 January 2026")
    go_on(visitor, "Who has been told")
    child = page.get_by_role("group", name="The child")
    child.get_by_label("Not yet", exact=True).check()
    child.get_by_label("Why not yet", exact=True).fill("To be agreed with you.")
    go_on(visitor, "You and your organisation")
    page.get_by_label("School", exact=True).check()
    page.get_by_role("button", name="Save and check your answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers before sending")
    expect(page.get_by_text("Not yet, because: To be agreed with you.")).to_be_visible()
    check(visitor)

    page.get_by_role("button", name="Send the referral").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent to the designated officer")
    check(visitor)
    return reference_on(page)


def reference_on(page: Page) -> str:
    """The reference that the page gives."""
    return page.locator(".govuk-panel__body strong").inner_text()


@BOTH
def test_a_headteacher_refers_and_the_officer_sees_it_arrive(open_browser: Open, width: int) -> None:
    name = f"Robin Made-Up {width}"
    head = open_browser(width)
    head.sign_in(HEAD)
    reference = refer(head, name)
    head.go("/allegations/referrals/")
    expect(head.page.get_by_role("table", name="What you have sent")).to_contain_text(reference)
    expect(head.page.get_by_text(name)).to_have_count(0)
    check(head)

    officer = open_browser(width)
    officer.sign_in(OFFICER)
    expect(officer.page.get_by_text("not evaluated", exact=False).first).to_be_visible()
    expect(officer.page.get_by_text(name)).to_have_count(0)
    officer.go("/allegations/day/")
    expect(officer.page.get_by_text(f"{name}, case {reference}", exact=True).first).to_be_visible()
    check(officer)
    officer.go("/allegations/cases/")
    expect(officer.page.get_by_role("table")).to_contain_text(name)
    check(officer)


def test_what_was_begun_is_kept_and_leaving_with_something_typed_asks_first(open_browser: Open) -> None:
    visitor = open_browser()
    visitor.sign_in("chair.of.governors@demo.example")
    page = visitor.page
    visitor.go("/allegations/refer/")
    page.get_by_label("done none of these, or I am not sure").check()
    page.get_by_label("Ask for advice").check()
    page.get_by_role("button", name="Start").click()
    page.get_by_label("Full name", exact=True).press_sequentially("Robin")
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.accept()  # type: ignore[attr-defined]

    page.on("dialog", stay)
    page.get_by_role("link", name="Home", exact=True).click()
    page.wait_for_load_state()
    assert asked == ["beforeunload"]
    visitor.go("/allegations/referrals/")
    page.get_by_role("link", name="Go on with").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers before sending")
    check(visitor)
