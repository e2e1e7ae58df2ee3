"""Which format a table is: by its columns alone, telling siblings apart, and saying why not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.made_up import ABSENCE, FORMATS
from redway.datasets.code_list import header_meaning
from redway.datasets.errors import NotRecognised
from redway.datasets.recognise import normalise, recognise


@pytest.mark.parametrize(
    "headers",
    [
        ["URN", "PERCTOT"],
        ["\ufeffurn", " perctot "],
        ["school_urn", "Overall.absence.(%)"],
        ["PERCTOT", "Something else", "School URN"],
    ],
)
def test_headers_drift_and_are_known_all_the_same(headers: list[str]) -> None:
    assert recognise(headers, FORMATS).format.code == "made-up-absence"


def test_a_sibling_is_told_by_the_header_only_it_has() -> None:
    assert recognise(["URN", "OLDABS"], FORMATS).format.code == "made-up-absence-old"
    assert recognise(["URN", "OLDABS", "PERCTOT"], FORMATS).format.code == "made-up-absence-old"


def test_a_near_miss_says_which_format_and_what_is_lacking() -> None:
    with pytest.raises(NotRecognised, match=r"nearest to 'Made-up.*lacks '(PERCTOT|OLDABS)'"):
        recognise(["URN", "School name", "LA"], FORMATS)


def test_strange_columns_are_said_to_be_strange() -> None:
    with pytest.raises(NotRecognised, match="fit none of the formats"):
        recognise(["apples", "pears"], FORMATS)


def test_two_formats_that_fit_equally_are_not_guessed_between() -> None:
    import dataclasses

    twin = dataclasses.replace(ABSENCE, code="twin", title="Twin")
    with pytest.raises(NotRecognised, match="equally well"):
        recognise(["URN", "PERCTOT"], (ABSENCE, twin))


def test_a_person_may_name_a_renamed_column() -> None:
    found = recognise(["URN", "LA", "ABS_RATE_2031"], FORMATS, {"overall_absence": "ABS_RATE_2031"})
    assert found.header("overall_absence") == "ABS_RATE_2031"
    assert found.doubts == ()


def test_a_column_mapped_against_what_the_code_list_says_is_doubted() -> None:
    """Average GCSE entries were once renamed 'absence rate' in a published model."""
    found = recognise(["URN", "LA", "TAVENT_G_PTQ_EE"], FORMATS, {"overall_absence": "TAVENT_G_PTQ_EE"})
    assert "Average number of GCSE entries per pupil" in found.doubts[0]


def test_a_column_mapped_against_another_description_is_doubted() -> None:
    found = recognise(["URN", "LA", "NOR"], FORMATS, {"overall_absence": "NOR"})
    assert "is known as pupils" in found.doubts[0]


def test_siblings_that_only_a_mapping_makes_alike_are_doubted() -> None:
    found = recognise(["URN", "ABS_RATE_2031"], FORMATS, {"overall_absence": "ABS_RATE_2031"})
    assert found.format.code == "made-up-absence-old"
    assert "fits 'Made-up absence of schools' as well" in found.doubts[0]


def test_a_mapping_to_a_column_the_format_lacks_is_doubted() -> None:
    found = recognise(["URN", "PERCTOT", "TAVENT_G_PTQ_EE"], FORMATS, {"absence": "TAVENT_G_PTQ_EE"})
    assert "has no column called absence" in found.doubts[0]
    assert "the code list says" in found.doubts[1]


def test_a_mapping_to_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(NotRecognised, match="no column 'ABS'"):
        recognise(["URN", "PERCTOT"], FORMATS, {"overall_absence": "ABS"})


def test_the_code_list_knows_the_publishers_words() -> None:
    assert header_meaning("PERCTOT") != ""
    assert header_meaning("no such header") == ""


@given(st.text())
def test_names_are_compared_without_case_spaces_and_punctuation(text: str) -> None:
    assert normalise(f" {text.upper()} . ") == normalise(text.upper())
    assert normalise(normalise(text)) == normalise(text)
