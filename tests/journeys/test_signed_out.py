"""Whoever sits down at the machine after somebody signed out finds nothing with the browser's Back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from journeys.conftest import WIDE, Visitor
from journeys.test_allegations import OFFICER

pytestmark = pytest.mark.journey


def test_back_after_signing_out_shows_no_case(open_browser: Callable[..., Visitor]) -> None:
    visitor = open_browser(WIDE)
    visitor.sign_in(OFFICER)
    visitor.go("/allegations/cases/")
    page = visitor.page
    name = page.locator("tbody tr").first.locator("td").first.inner_text()
    page.locator('tbody a[href^="/allegations/cases/"]').first.click()
    page.wait_for_load_state()
    assert name in page.content()
    visitor.go("/account/sign-out/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    page.wait_for_load_state()
    for _ in range(3):
        page.go_back()
        page.wait_for_load_state()
        assert name not in page.content()
    visitor.problems.clear()
