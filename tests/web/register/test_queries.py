"""Reading the register: one query each, by any number a school ever had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from redway.core.errors import InvalidIdentifier, NotFound
from redway.web.register import queries
from redway.web.register.services import Rebuilt

Count = Callable[[int], Any]


def test_any_urn_of_the_line_finds_the_school(register: Rebuilt, django_assert_num_queries: Count) -> None:
    for urn in ("100001", "138001", " 138001.0 "):
        with django_assert_num_queries(1):
            assert queries.find_school(urn).key == "100001"


def test_a_urn_that_is_none_and_one_that_nobody_has(register: Rebuilt) -> None:
    with pytest.raises(InvalidIdentifier):
        queries.find_school("abc")
    with pytest.raises(NotFound, match="no school with URN 123456"):
        queries.find_school("123456")


def test_the_schools_of_an_authority_by_name(register: Rebuilt, django_assert_num_queries: Count) -> None:
    with django_assert_num_queries(1):
        names = [each.name for each in queries.schools_of_authority("826")]
    assert names == ["Meadow Lane Academy", "St. Paul's Catholic School"]
    everything = [each.name for each in queries.schools_of_authority("826", open_only=False)]
    assert everything[-1] == "Brook Special School"
    assert {each.urn for each in queries.establishments_of_authority("826")} == {
        "100001",
        "138001",
        "100002",
        "100003",
    }


def test_the_urns_of_a_school_are_those_of_its_stem(register: Rebuilt) -> None:
    assert queries.urns_of("100001") == ("100001", "138001")


def test_events_tell_what_befell_it(register: Rebuilt) -> None:
    told = [(event.kind, str(event.on)) for event in queries.events_of("100001")]
    assert told == [
        ("opened", "1990-09-01"),
        ("closed", "2012-08-31"),
        ("converted", "2012-09-01"),
        ("opened", "2012-09-01"),
    ]


def test_authorities_present_and_former(register: Rebuilt) -> None:
    assert [each.number for each in queries.authorities_present()] == ["822", "826"]
    assert queries.find_authority("826").name == "Milton Keynes"
    assert queries.authority_names(["826", "822", "999"]) == {"826": "Milton Keynes", "822": "Bedford"}
    with pytest.raises(NotFound):
        queries.find_authority("999")
    build = queries.last_build()
    assert build is not None
    assert build.establishments == 5
