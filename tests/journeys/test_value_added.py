"""An adviser prepares a visit: what a school adds, and how far that depends on what is allowed for."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.conftest import Visitor

pytestmark = pytest.mark.journey
Open = Callable[..., Visitor]

SCHOOL = "/attainment/schools/110532/value-added/"


def test_a_change_is_shown_at_once_and_stays_in_the_address(
    open_browser: Open,
) -> None:
    visitor = open_browser()
    visitor.sign_in("adviser@demo.example")
    visitor.go("/schools/110532/")
    visitor.page.get_by_role("link", name="Value added", exact=True).click()
    results = visitor.page.locator("#results")
    expect(results).to_contain_text("Similar pupils are alike in attainment at key stage 2")
    expect(results).to_contain_text("ethnic group")
    visitor.page.get_by_text("Change what is allowed for").click()
    visitor.page.get_by_label("Ethnic group").uncheck()
    expect(results).not_to_contain_text("ethnic group")
    assert "allow=ethnicity" not in visitor.page.url
    assert "allow=gender" in visitor.page.url
    assert visitor.barriers() == []
    visitor.page.reload()
    expect(visitor.page.get_by_label("Ethnic group")).not_to_be_checked()
    assert visitor.problems == []


def test_the_page_answers_without_scripts(open_browser: Open) -> None:
    visitor = open_browser(scripts=False)
    visitor.sign_in("adviser@demo.example")
    visitor.go(SCHOOL)
    visitor.page.get_by_label("Year").select_option("together")
    visitor.page.get_by_role("button", name="Show").first.click()
    expect(visitor.page.locator("#results")).to_contain_text("2022-23 to 2024-25")


def test_a_headteacher_sees_the_own_school_named_and_no_other(open_browser: Open) -> None:
    visitor = open_browser()
    visitor.sign_in("headteacher@demo.example")
    visitor.page.get_by_role("link", name="Progress").click()
    visitor.page.get_by_role("link", name="Value added", exact=True).click()
    expect(visitor.page.get_by_role("heading", name="The Radcliffe School")).to_be_visible()
    assert "Walton High" not in visitor.page.content()
