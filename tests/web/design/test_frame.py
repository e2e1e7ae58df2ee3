"""The frame of every page: where one may go, the way back, errors in the title, nothing from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from redway.web.people.models import Person
from web.pages import text_of, visitor

pytestmark = pytest.mark.django_db

VENDOR = Path(str(finders.find("vendor/README.md"))).parent


def navigation(page: str) -> list[str]:
    menu = page.split('<nav aria-label="Menu"')[1].split("</nav>")[0]
    return re.findall(r'govuk-service-navigation__link" href="[^"]*"[^>]*>(?:<strong[^>]*>)?([^<]+)<', menu)


@pytest.mark.parametrize(
    ("role", "places"),
    [
        (
            "director",
            [
                *("Home", "Schools", "Authorities", "Measures", "Progress", "Funding"),
                *("Improvement", "Allegations", "Datasets", "Help"),
            ],
        ),
        ("headteacher", ["Home", "Schools", "Progress", "Funding", "Improvement", "Allegations", "Help"]),
        ("finance_officer", ["Home", "Schools", "Measures", "Funding", "Datasets", "Help"]),
        ("administrator", ["Home", "People", "Audit", "Help"]),
        ("forum_member", ["Home", "Funding", "Help"]),
    ],
)
def test_people_see_where_they_may_go(
    make_person: Callable[..., Person], role: str, places: list[str]
) -> None:
    assert navigation(text_of(visitor(make_person(role)).get("/help/"))) == places


def test_the_place_one_is_in_is_marked(dana: Person) -> None:
    client = visitor(dana)
    assert 'href="/help/" aria-current="page"' in text_of(client.get("/help/"))
    assert 'href="/help/" aria-current="true"' in text_of(client.get("/help/reading/funnels/"))


def test_an_error_is_said_first_in_the_title(alice: Person) -> None:
    page = text_of(visitor(alice).post("/datasets/upload/", {}))
    assert "<title>Error: Upload a file – Redway</title>" in page
    assert 'href="#id_file"' in page


def test_a_missing_page_is_explained(dana: Person) -> None:
    response = visitor(dana).get("/no/such/page/")
    assert response.status_code == 404
    assert "Page not found" in text_of(response)


def test_pages_hold_no_script_or_style_of_their_own(dana: Person) -> None:
    page = text_of(visitor(dana).get("/help/reading/funnels/"))
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert not re.search(r"\s(style|onclick)=", page)
    fetched = re.findall(r'<(?:link|script|img)[^>]+(?:href|src)="([^"]+)"', page)
    assert fetched
    assert all(address.startswith("/") for address in fetched)


def test_the_vendored_style_has_no_crown_no_typeface_and_no_loose_end() -> None:
    css = (VENDOR / "govuk-frontend" / "govuk-frontend.min.css").read_text("utf-8")
    for word in ("GDS Transport", "crest", "crown", "@font-face", "sourceMappingURL", "url(/assets"):
        assert word not in css
    for script in VENDOR.rglob("*.js"):
        assert "sourceMappingURL" not in script.read_text("utf-8"), script.name
