"""A month of the improvement board in a browser: an owner rates, a member judges, the director freezes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.conftest import NARROW, WIDE, Visitor

pytestmark = pytest.mark.journey
OWNER, MEMBER, DIRECTOR = "adviser@demo.example", "board.member@demo.example", "director@demo.example"
Open = Callable[..., Visitor]


def check(visitor: Visitor) -> None:
    """Whatever page it is: nothing in anybody's way, nothing sticking out, nothing the browser minds."""
    assert visitor.barriers() == []
    assert visitor.fits(), f"{visitor.page.url} sticks out sideways"
    assert visitor.problems == []


def follow(visitor: Visitor, *links: str) -> None:
    """Go on by these links, and look at each page."""
    for link in links:
        visitor.page.get_by_role("link", name=link).first.click()
        visitor.page.wait_for_load_state()
        check(visitor)


def test_a_month_of_the_board(open_browser: Open) -> None:
    owner = open_browser(WIDE)
    owner.sign_in(OWNER)
    owner.go("/improvement/board/")
    follow(owner, "Give every adviser the indicators")
    owner.page.get_by_role("button", name="Rate the action").click()
    check(owner)
    expect(owner.page.get_by_text("it is shown Red at best: overdue")).to_be_visible()
    owner.page.get_by_label("Green:").check()
    owner.page.get_by_label("Low", exact=True).check()
    owner.page.get_by_label("Why it is that colour").fill("One area is left.")
    owner.page.get_by_role("button", name="Rate it").click()
    expect(owner.page.get_by_text("The owner says Green.").first).to_be_visible()
    check(owner)

    member = open_browser(NARROW)
    member.sign_in(MEMBER)
    follow(member, "Evidence to judge: Register of offers and matches")
    member.page.get_by_label("Accept it").check()
    member.page.get_by_label("What you looked at").fill("I read the register.")
    member.page.get_by_role("button", name="Keep the judgement").click()
    expect(member.page.get_by_text("Your judgement is on record.")).to_be_visible()
    check(member)

    director = open_browser(WIDE)
    director.sign_in(DIRECTOR)
    director.go("/improvement/board/")
    follow(director, "Before the next meeting", "freeze its pack")
    director.page.get_by_role("button", name="Freeze the pack").click()
    expect(director.page.get_by_text("The pack is frozen.")).to_be_visible()
    follow(director, "The pack")
    expect(director.page.get_by_text("Restricted version")).to_be_visible()
    follow(director, "The public version")
    expect(director.page.get_by_text("restricted things are left out")).to_be_visible()

    member.go("/improvement/board/ten-minutes/")
    check(member)
    expect(member.page.get_by_text("Watermelon").first).to_be_visible()
    follow(member, "Read the pack of")


def test_an_owner_cannot_accept_evidence_nor_say_blue(open_browser: Open) -> None:
    owner = open_browser(WIDE)
    owner.sign_in(OWNER)
    owner.go("/improvement/board/")
    follow(owner, "Set every target beside three named benchmarks")
    owner.page.get_by_role("button", name="Rate the action").click()
    owner.page.get_by_label("Blue:").check()
    owner.page.get_by_label("High", exact=True).check()
    owner.page.get_by_label("Why it is that colour").fill("Done.")
    owner.page.get_by_role("button", name="Rate it").click()
    expect(owner.page.get_by_text("It is not complete, so it cannot be Blue.").first).to_be_visible()
    check(owner)
