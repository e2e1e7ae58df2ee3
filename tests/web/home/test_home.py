"""The first page by role: what needs attention, why, and where it is dealt with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indicators import made_up
from redway.core.home import Home
from redway.web.datasets.services import import_files
from redway.web.people.models import Person
from web.pages import ACADEMY, CONVERTED, import_country, text_of, visitor

pytestmark = pytest.mark.django_db


def test_a_data_officer_hears_what_has_not_come(home: Home, alice: Person) -> None:
    page = text_of(visitor(alice).get("/"))
    assert "datasets have not come" in page
    assert "▲</span> Red" in page, "a rating is a shape and a word as well as a colour"


def test_a_held_file_is_a_line_for_those_who_may_accept_it(
    home: Home, tmp_path: Path, alice: Person, dana: Person
) -> None:
    import_country(tmp_path / "files")
    fewer = made_up.absence(tmp_path, 2018, {ACADEMY: "7.1"})
    import_files([fewer], actor=None, who="test")
    assert "abs_2018.csv is held" in text_of(visitor(alice).get("/"))
    assert "abs_2018.csv is held" not in text_of(visitor(dana).get("/"))


def test_a_head_is_led_to_their_school(
    home: Home, tmp_path: Path, make_person: Callable[..., Person]
) -> None:
    import_country(tmp_path / "files")
    page = text_of(visitor(make_person("headteacher", school=CONVERTED)).get("/"))
    assert "Nothing is waiting for you." in page
    assert f'href="/schools/{ACADEMY}/">Grand Union Academy</a>' in page
    assert 'href="/datasets/"' not in page


def test_an_administrator_hears_of_people_without_a_second_factor(
    home: Home, settings: Any, make_person: Callable[..., Person]
) -> None:
    administrator = make_person("administrator")
    assert "no second factor" not in text_of(visitor(administrator).get("/"))
    make_person("lado")
    settings.REDWAY_SECOND_FACTOR_ROLES = ["lado"]
    assert "1 person has no second factor" in text_of(visitor(administrator).get("/"))


def test_strangers_are_sent_to_sign_in(client: Any) -> None:
    response = client.get("/")
    assert response.status_code == 302
    assert "login" in response["Location"] or "sign" in response["Location"]
