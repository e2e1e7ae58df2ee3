"""An adviser on Monday morning, a triage meeting with the own list first, and a headteacher who answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.conftest import NARROW, Visitor

pytestmark = pytest.mark.journey
Open = Callable[..., Visitor]


def test_an_adviser_finds_out_why_a_school_comes_first(open_browser: Open) -> None:
    visitor = open_browser()
    visitor.sign_in("adviser@demo.example")
    page = visitor.page
    page.get_by_role("link", name="Improvement").first.click()
    page.get_by_role("link", name="Where to look first").click()
    expect(page.get_by_role("heading", name="Insufficient data")).to_be_visible()
    expect(page.get_by_text("It predicts nothing of Ofsted")).to_be_visible()
    page.get_by_role("row").nth(1).get_by_role("link").first.click()
    expect(page.get_by_role("table", name="What makes up this score")).to_be_visible()
    expect(page.get_by_text("1 in 6 stable schools does this").first).to_be_visible()
    assert visitor.barriers() == []
    assert visitor.problems == []


def test_a_triage_meeting_from_the_own_list_to_the_first_decision(open_browser: Open) -> None:
    visitor = open_browser(NARROW)
    visitor.sign_in("director@demo.example")
    visitor.go("/improvement/authorities/826/triage/")
    page = visitor.page
    page.get_by_role("link", name="Begin a meeting").click()
    page.get_by_role("button", name="Begin it").click()
    expect(page.get_by_text("Own list being written")).to_be_visible()
    page.get_by_label("School", exact=True).select_option(label="The Radcliffe School")
    page.get_by_label("Why").select_option(label="What a visit showed")
    page.get_by_role("button", name="Put it on the list").click()
    expect(page.get_by_text("It is on the list.")).to_be_visible()
    assert visitor.barriers() == []
    assert page.get_by_text("System: why").count() == 0
    page.get_by_role("button", name="Seal the list").click()
    page.get_by_role("button", name="Seal it").click()
    expect(page.get_by_text("The list is sealed.")).to_be_visible()
    expect(page.get_by_text("a list drawn by lot would share")).to_be_visible()
    page.get_by_role("link", name="Not decided").first.click()
    page.get_by_label("Visit the school").check()
    page.get_by_label("Reasons").fill("The last visit raised questions.")
    page.get_by_role("button", name="Keep the decision").click()
    expect(page.get_by_text("The decision is kept.")).to_be_visible()
    assert visitor.barriers() == []
    assert visitor.fits()
    assert visitor.problems == []


def test_a_headteacher_reads_the_reasons_and_answers(open_browser: Open) -> None:
    visitor = open_browser(NARROW)
    visitor.sign_in("headteacher@demo.example")
    visitor.go("/improvement/own-school/")
    page = visitor.page
    expect(page.get_by_text("A review day is agreed with the school")).to_be_visible()
    assert visitor.barriers() == []
    page.get_by_role("button", name="Answer the decision").click()
    page.get_by_label("Your answer").fill("Three of the leaders are back.")
    page.get_by_role("button", name="Send your answer").click()
    expect(page.get_by_text("Three of the leaders are back.")).to_be_visible()
    assert visitor.fits()
    assert visitor.problems == []
