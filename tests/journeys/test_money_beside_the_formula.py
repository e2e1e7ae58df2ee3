"""A finance officer plans the money beside the formula in a browser, and reads the years ahead on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.conftest import NARROW, Visitor

pytestmark = pytest.mark.journey
Open = Callable[..., Visitor]
YEAR = "/funding/blocks/826/2025-26"


def test_a_service_is_added_with_the_forums_vote_and_every_school_gives(open_browser: Open) -> None:
    visitor = open_browser()
    visitor.sign_in("finance.officer@demo.example")
    visitor.go("/funding/")
    page = visitor.page
    page.get_by_role("link", name="Money beside the formula").click()
    expect(page.get_by_role("heading", name="Schools block", exact=True)).to_be_visible()
    expect(page.get_by_text("The Schools Forum decides.").first).to_be_visible()
    assert visitor.barriers() == []
    page.get_by_role("link", name="De-delegation and education functions").click()
    page.get_by_role("link", name="Add a service").click()
    assert visitor.barriers() == []
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("Say what the service is called").first).to_be_visible()
    assert visitor.barriers() == []
    page.get_by_label("What the service is called").fill("Licences and subscriptions")
    page.get_by_label("De-delegation").check()
    page.get_by_label("Amount a primary pupil").fill("3.10")
    page.get_by_label("The forum's decision").select_option(index=1)
    page.get_by_label("Where the figures come from").fill("Paper of the forum")
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_text("The service is kept.")).to_be_visible()
    expect(page.get_by_role("link", name="Licences and subscriptions").first).to_be_visible()
    assert visitor.problems == []


def test_the_years_ahead_on_a_phone(open_browser: Open) -> None:
    visitor = open_browser(NARROW)
    visitor.sign_in("finance.officer@demo.example")
    visitor.go(f"{YEAR}/ahead/")
    page = visitor.page
    expect(page.get_by_text("In deficit by 2028-29").first).to_be_visible()
    assert visitor.barriers() == []
    assert visitor.fits()
    page.get_by_label("Primary schools' rolls, percent a year").fill("-5")
    page.get_by_role("button", name="Assume this").click()
    expect(page.get_by_text("primary schools' rolls move by -5% a year").first).to_be_visible()
    for name in ("services/", "funds/growth/", "funds/falling-rolls/", "notional-sen/", "other-blocks/"):
        visitor.go(f"{YEAR}/{name}")
        assert visitor.barriers() == [], name
        assert visitor.fits(), name
    assert visitor.problems == []


def test_the_director_reads_and_changes_nothing(open_browser: Open) -> None:
    visitor = open_browser()
    visitor.sign_in("director@demo.example")
    visitor.go(f"{YEAR}/services/")
    page = visitor.page
    expect(page.get_by_text("Help to schools in difficulty").first).to_be_visible()
    assert page.get_by_role("link", name="Add a service").count() == 0
    page.get_by_role("link", name="Forum of").first.click()
    expect(page.get_by_role("heading", name="Meeting of")).to_be_visible()
    assert visitor.problems == []
