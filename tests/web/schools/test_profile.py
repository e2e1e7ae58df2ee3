"""The profile of a school: one line through conversions, its figures and reasons, the number of questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client

from redway.core.home import Home
from redway.core.missing import Missing
from redway.web.people.models import Person
from web.pages import ACADEMY, AUTHORITY, CONVERTED, SUPPRESSED, import_country, readings, text_of, visitor

pytestmark = pytest.mark.django_db


@pytest.fixture
def country(home: Home, tmp_path: Path) -> None:
    import_country(tmp_path / "files")


@pytest.fixture
def director(country: None, dana: Person) -> Client:
    return visitor(dana)


def test_an_old_number_leads_to_the_school_as_it_is_now(director: Client) -> None:
    response = director.get(f"/schools/{CONVERTED}/")
    assert response.status_code == 302
    assert response["Location"] == f"/schools/{ACADEMY}/"


def test_a_converted_school_is_one_line_with_one_history(director: Client) -> None:
    page = text_of(director.get(f"/schools/{ACADEMY}/"))
    assert "Grand Union Academy" in page
    assert f"earlier {CONVERTED}" in page
    assert "converted to an academy" in page


def test_each_figure_keeps_the_number_it_belonged_to(director: Client) -> None:
    answer = json.loads(director.get(f"/schools/{ACADEMY}/tables/every-figure.json").content)
    absence = {row["period"]: row["urn"] for row in answer["rows"] if row["code"] == "overall-absence"}
    assert absence == {"2013-14": CONVERTED, "2016-17": ACADEMY, "2017-18": ACADEMY}


def test_a_suppressed_figure_says_so_and_is_counted_as_a_gap(director: Client) -> None:
    page = text_of(director.get(f"/schools/{SUPPRESSED}/"))
    assert Missing.SUPPRESSED.label in page
    gaps = json.loads(director.get(f"/schools/{SUPPRESSED}/tables/gaps.json").content)
    assert [(row["reason"], row["figures"]) for row in gaps["rows"]] == [(Missing.SUPPRESSED.label, 3)]


def test_the_page_asks_at_most_ten_questions(director: Client) -> None:
    director.get(f"/schools/{SUPPRESSED}/")  # what is the same for every school is read once a build
    with readings() as made:
        director.get(f"/schools/{ACADEMY}/")
    assert len(made) <= 10, made


def test_a_page_seen_before_asks_half_as_many(director: Client) -> None:
    director.get(f"/schools/{ACADEMY}/")
    with readings() as made:
        again = director.get(f"/schools/{ACADEMY}/")
    assert "Grand Union Academy" in text_of(again)
    assert len(made) <= 5, made


def test_a_new_import_makes_the_page_anew(director: Client, tmp_path: Path) -> None:
    from indicators import made_up
    from redway.web.datasets.services import import_files

    assert "9.99%" not in text_of(director.get(f"/schools/{ACADEMY}/"))
    newer = made_up.absence(tmp_path, 2019, {ACADEMY: "9.99"})
    import_files([newer], actor=None, who="test", accept=True)
    assert "9.99%" in text_of(director.get(f"/schools/{ACADEMY}/"))


def test_a_chart_is_a_picture_that_the_browser_may_keep(director: Client) -> None:
    page = text_of(director.get(f"/schools/{ACADEMY}/"))
    address = page.split('<img src="')[1].split('"')[0].replace("&amp;", "&")
    assert address.startswith(f"/schools/{ACADEMY}/charts/overall-absence.svg")
    picture = director.get(address)
    assert picture["Content-Type"] == "image/svg+xml"
    assert "immutable" in picture["Cache-Control"]
    again = director.get(address, headers={"If-None-Match": picture["ETag"]})
    assert again.status_code == 304


def test_the_profile_prints(director: Client) -> None:
    paper = director.get(f"/schools/{ACADEMY}/profile.pdf")
    assert paper.content.startswith(b"%PDF-")


def test_a_head_sees_their_own_school_and_no_other(country: None, make_person: object) -> None:
    head = visitor(make_person("headteacher", school=CONVERTED))  # type: ignore[operator]
    page = text_of(head.get(f"/schools/{ACADEMY}/"))
    assert "Grand Union Academy" in page
    assert f"/authorities/{AUTHORITY}/" not in page, "a link to a page they may not open"
    assert head.get(f"/schools/{SUPPRESSED}/").status_code == 404


def test_a_finance_officer_sees_no_attendance(country: None, fiona: Person) -> None:
    page = text_of(visitor(fiona).get(f"/schools/{ACADEMY}/"))
    assert "Grand Union Academy" in page
    assert "Absence" not in page


@pytest.mark.parametrize("path", ["/schools/999999/", "/schools/abc/", f"/schools/{ACADEMY}/tables/none.csv"])
def test_what_is_not_there_is_not_found(director: Client, path: str) -> None:
    assert director.get(path).status_code == 404
