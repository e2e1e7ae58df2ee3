"""What a data officer sets for the authority: a line of the timetable, and a locality with its schools."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.conftest import NARROW, WIDE, Visitor
from journeys.test_journeys import check

pytestmark = pytest.mark.journey
Open = Callable[..., Visitor]
BOTH = pytest.mark.parametrize(("width", "scripts"), [(WIDE, True), (NARROW, False)], ids=["wide", "phone"])


@BOTH
def test_a_line_of_the_timetable_is_agreed_and_taken_back(
    open_browser: Open, width: int, scripts: bool
) -> None:
    visitor = open_browser(width, scripts)
    page = visitor.page
    visitor.sign_in("data.officer@demo.example")
    visitor.go("/datasets/timetable/ks5/")
    page.get_by_label("Day", exact=True).fill("31")
    page.get_by_label("Month", exact=True).fill("4")
    page.get_by_label("Reason").fill("Agreed at the data board")
    page.get_by_role("button", name="Agree").click()
    expect(page.get_by_role("link", name="Due every year on must be a real day")).to_be_visible()
    page.get_by_label("Day", exact=True).fill("30")
    page.get_by_role("button", name="Agree").click()
    expect(page.get_by_text("Results at 16 to 18 is agreed.")).to_be_visible()
    visitor.go("/datasets/timetable/ks5/")
    page.get_by_role("link", name="Go back to the proposal").click()
    page.get_by_label("Reason").fill("The board thought again")
    page.get_by_role("button", name="Go back to the proposal").click()
    expect(page.get_by_text("Results at 16 to 18 stands as proposed again.")).to_be_visible()


@BOTH
def test_a_locality_is_made_filled_found_and_withdrawn(open_browser: Open, width: int, scripts: bool) -> None:
    visitor = open_browser(width, scripts)
    page = visitor.page
    visitor.sign_in("data.officer@demo.example")
    visitor.go("/authorities/826/")
    page.get_by_role("link", name="Its localities").click()
    page.get_by_label("Name of the locality").fill("Canalside")
    page.get_by_role("button", name="Make the locality").click()
    page.get_by_label("Name, number, postcode or town").fill("110532")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Canalside: 1 school put in.")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_be_checked()
    if scripts:
        check(visitor)
    visitor.go("/register/localities/826/")
    page.get_by_role("link", name="Canalside").click()
    expect(page.get_by_text("Locality: Canalside")).to_be_visible()
    for step in ("Rename", "Withdraw"):
        visitor.go("/register/localities/826/")
        page.get_by_role("link", name=step).click()
        if scripts:
            check(visitor)
    page.get_by_label("Reason").fill("Clusters were drawn anew")
    page.get_by_role("button", name="Withdraw the locality").click()
    expect(page.get_by_text("Canalside is withdrawn.")).to_be_visible()
    expect(page.get_by_text("No locality is defined yet")).to_be_visible()
