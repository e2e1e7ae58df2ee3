"""Search as you type: by words of any name, number, postcode or town a school ever had."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redway.web.register.models import School
from redway.web.register.search import EVERYTHING, Filters, search
from redway.web.register.services import Rebuilt
from redway.web.register.words import LONGEST, index_words, words_of


def keys(text: str, **narrowed: object) -> list[str]:
    return [each.key for each in search(text, Filters(**narrowed))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("mea", ["100001"]),
        ("MEADOW lane", ["100001"]),
        ("lane meadow", ["100001"]),
        ("primary", ["100001"]),  # the name it had before it converted
        ("st pauls", ["100002"]),
        ("St. Paul’s", ["100002"]),
        ("saint paul", ["100002"]),
        ("100001", ["100001"]),
        ("138001", ["100001"]),
        ("8264002", ["100002"]),
        ("826/4002", ["100002"]),
        ("mk6 5en", ["100002"]),
        ("mk6", ["100002"]),
        ("mk6 5", ["100002"]),
        ("mk65e", ["100002"]),
        ("bletchley", ["100003"]),
        ("brook", ["100004", "100003"]),  # open before proposed
        ("zebra", []),
        ("meadow zebra", []),
    ],
)
def test_what_is_typed_finds_it(register: Rebuilt, typed: str, found: list[str]) -> None:
    assert keys(typed) == found


def test_nothing_typed_lists_all_open_ones_first(register: Rebuilt) -> None:
    assert keys("") == ["100004", "100001", "100002", "100003"]
    assert keys("  ,. ") == keys("")


def test_names_that_begin_with_what_is_typed_come_first(register: Rebuilt) -> None:
    School.objects.filter(key="100004").update(name="Abbey Brook School", sort_name="abbey brook school")
    School.objects.filter(key="100003").update(rank=0)
    assert keys("brook") == ["100003", "100004"]


def test_it_is_narrowed_by_filters(register: Rebuilt) -> None:
    assert keys("brook", authority="826") == ["100003"]
    assert keys("brook", authority="826", open_only=True) == []
    assert keys("", phase="Secondary") == ["100004", "100002"]
    assert keys("", kind="Academy converter") == ["100001"]


def test_common_words_narrow_one_another(register: Rebuilt) -> None:
    assert set(keys("school brook")) == set(keys("school")) & set(keys("brook"))
    assert keys("s m") == keys("m s")


def test_only_places_one_may_look_at_are_searched(register: Rebuilt) -> None:
    def found(authorities: set[str], keys: set[str]) -> list[str]:
        return list(search("", EVERYTHING, frozenset(authorities), frozenset(keys)).keys)

    assert found({"822"}, set()) == ["100004"]
    assert found(set(), {"100002"}) == ["100002"]
    assert found(set(), set()) == []


def test_a_page_of_what_was_found_is_read_alone(register: Rebuilt) -> None:
    found = search("")
    assert [school.key for school in found.read(1, 2)] == list(found.keys[1:3])
    assert found.read(99, 10) == []


@settings(deadline=None)
@given(st.text(max_size=60))
def test_words_hold_only_letters_and_digits(text: str) -> None:
    for word in words_of(text):
        assert 0 < len(word) <= LONGEST
        assert word.isascii()
        assert word.isalnum()
        assert word == word.lower()


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=60))
def test_the_index_and_the_person_typing_make_the_same_words(name: str) -> None:
    one = {"urn": "100001", "school": "100001", "name": name, "la_code": None, "establishment_number": None}
    frame = pl.DataFrame(
        [one | {"postcode": None, "town": None}],
        schema_overrides=dict.fromkeys(
            ("name", "la_code", "establishment_number", "postcode", "town"), pl.String
        ),
    )
    local = pl.DataFrame(schema={"school": pl.String, "local_name": pl.String})
    indexed = set(index_words(frame, local)["word"]) - {"100001"}
    assert indexed == set(words_of(name)) - {"100001"}
