"""A school in deficit and the finance officer, and a headteacher who orders services, in a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.conftest import NARROW, Visitor

pytestmark = pytest.mark.journey
Open = Callable[..., Visitor]


def test_the_finance_officer_decides_on_what_waits_and_sees_the_late_return(open_browser: Open) -> None:
    visitor = open_browser()
    visitor.sign_in("finance.officer@demo.example")
    page = visitor.page
    expect(page.get_by_role("link", name="1 monthly return is late")).to_be_visible()
    page.get_by_role("link", name="licensed deficit").first.click()
    expect(page.get_by_text("as an exceptional case")).to_be_visible()
    assert visitor.barriers() == []
    page.get_by_role("link", name="Decide on it").click()
    page.get_by_label("Send it back to the school to be changed").check()
    page.get_by_label("Reasons").fill("Tell us what the second form costs.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("The decision is recorded.")).to_be_visible()
    expect(page.get_by_text("Sent back to the school").first).to_be_visible()
    assert visitor.problems == []


def test_a_headteacher_works_out_a_total_on_a_phone(open_browser: Open) -> None:
    visitor = open_browser(NARROW)
    visitor.sign_in("headteacher@demo.example")
    visitor.go("/funding/services/schools/110532/2026-27/order/")
    page = visitor.page
    page.get_by_label("School library loans").uncheck()
    page.get_by_role("button", name="Work out the total").click()
    expect(page.get_by_text("Nothing is ordered yet.")).to_be_visible()
    expect(page.get_by_text("The whole package: the discount is taken off")).to_be_visible()
    assert visitor.barriers() == []
    assert visitor.fits()
    page.get_by_role("button", name="Order", exact=True).click()
    expect(page.get_by_text("The order is placed.")).to_be_visible()


def test_a_headteacher_reads_the_licence_with_its_returns(open_browser: Open) -> None:
    visitor = open_browser()
    visitor.sign_in("headteacher@demo.example")
    visitor.go("/funding/deficits/schools/110532/")
    page = visitor.page
    page.get_by_role("link", name="Application of").click()
    expect(page.get_by_role("heading", name="Licensed deficit")).to_be_visible()
    assert visitor.barriers() == []
    page.get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(page.get_by_text("Planned balance at the end of the year")).to_be_visible()
    assert visitor.barriers() == []
