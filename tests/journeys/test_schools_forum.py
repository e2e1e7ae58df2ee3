"""A consultation in a browser: a headteacher answers, the chair reads it, the officer and a member go on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.conftest import NARROW, WIDE, Visitor

pytestmark = pytest.mark.journey
HEAD, CHAIR = "headteacher@demo.example", "chair.of.governors@demo.example"
OFFICER, MEMBER = "finance.officer@demo.example", "forum.member@demo.example"
Open = Callable[..., Visitor]


def check(visitor: Visitor) -> None:
    """Whatever page it is: nothing in anybody's way, nothing sticking out, nothing the browser minds."""
    assert visitor.barriers() == []
    assert visitor.fits(), f"{visitor.page.url} sticks out sideways"
    assert visitor.problems == []


def follow(visitor: Visitor, *links: str) -> None:
    """Go from the forum's first page by these links, and look at each page."""
    visitor.go("/funding/forum/")
    check(visitor)
    for link in links:
        visitor.page.get_by_role("link", name=link).first.click()
        check(visitor)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "phone"])
def test_headteacher_and_chair_answer_together(open_browser: Open, width: int) -> None:
    head = open_browser(width)
    head.sign_in(HEAD)
    page = head.page
    follow(head, "De-delegation and the growth fund")
    page.get_by_role("button", name="answer").click()
    check(head)
    page.get_by_label("Not sure", exact=True).check()
    page.get_by_label("10 pupils", exact=True).check()
    page.get_by_role("button", name="Check before sending").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check the answer of")
    check(head)
    page.get_by_role("button", name="Send the school's answer").click()
    expect(page.get_by_text("Your school's answer is sent.")).to_be_visible()
    check(head)

    chair = open_browser(width)
    chair.sign_in(CHAIR)
    follow(chair, "De-delegation and the growth fund")
    expect(chair.page.get_by_text("answer was sent by Harriet Hill")).to_be_visible()
    chair.page.get_by_role("button", name="Change the answer").click()
    expect(chair.page.get_by_label("10 pupils", exact=True)).to_be_checked()
    check(chair)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "phone"])
def test_what_was_decided_can_be_followed(open_browser: Open, width: int) -> None:
    head = open_browser(width)
    head.sign_in(HEAD)
    follow(head, "Local funding formula")
    expect(head.page.get_by_text("What the authority makes of it")).to_be_visible()
    head.page.get_by_role("link", name="Transfer to the high needs block").first.click()
    expect(head.page.get_by_text("The authority decides against the forum's view, because")).to_be_visible()
    check(head)


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["wide", "phone"])
def test_an_officer_runs_it_and_a_member_reads_it(open_browser: Open, width: int) -> None:
    officer = open_browser(width)
    officer.sign_in(OFFICER)
    follow(officer, "De-delegation and the growth fund", "Responses so far")
    expect(officer.page.get_by_role("heading", name="Who has not answered")).to_be_visible()
    page = officer.page
    page.goto(page.url.replace("responses/", "prolong/"))
    check(officer)
    visits = ("Put an item on the agenda", "Record attendance", "Note an action", "Change day or place")
    for link in visits:
        officer.go("/funding/forum/")
        page.get_by_role("heading", name="Meetings").locator("xpath=following::a[1]").click()
        page.get_by_role("link", name=link).first.click()
        check(officer)
    officer.go("/funding/forum/")
    page.get_by_role("heading", name="Meetings").locator("xpath=following::a[1]").click()
    page.get_by_role("button", name="Record the decision on item 1").click()
    page.get_by_label("The Schools Forum", exact=True).check()
    page.get_by_label("Agreed", exact=True).check()
    page.get_by_label("Decision in words").fill("Agreed.")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("alert")).to_contain_text("Nobody has voted.")
    check(officer)

    member = open_browser(width)
    member.sign_in(MEMBER)
    follow(member)
    member.page.get_by_role("heading", name="Meetings").locator("xpath=following::a[1]").click()
    sentence = "You vote on this at the meeting, once you are recorded as present."
    expect(member.page.get_by_text(sentence).first).to_be_visible()
    expect(member.page.get_by_role("button", name="Vote on item 1")).to_have_count(0)
    check(member)
