from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core import identifiers
from redway.core.errors import InvalidIdentifier


@pytest.mark.parametrize(
    ("read", "text", "key"),
    [
        (identifiers.urn, "110394", "110394"),
        (identifiers.urn, " 100000.0", "100000"),  # inspection file of 2020
        (identifiers.la_code, "826.0", "826"),
        (identifiers.laestab_from_text, "826/4001", "8264001"),
        (identifiers.laestab_from_text, "826 4001", "8264001"),
        (identifiers.ons_code, "e06000042", "E06000042"),
        (identifiers.lsoa_code, " E01016710", "E01016710"),
    ],
)
def test_keys_are_written_one_way(read: Callable[[str], str], text: str, key: str) -> None:
    assert read(text) == key


def test_the_establishment_number_gets_back_its_leading_noughts() -> None:
    assert identifiers.laestab(826, "17") == "8260017"


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (identifiers.urn, "NAT"),
        (identifiers.urn, "12345"),
        (identifiers.urn, "012345"),
        (identifiers.la_code, "26"),
        (identifiers.laestab_from_text, "826400"),
        (identifiers.ons_code, "E0600004"),
        (identifiers.lsoa_code, "E02003456"),
    ],
)
def test_what_cannot_be_a_key_is_refused_with_an_example(read: Callable[[str], str], text: str) -> None:
    with pytest.raises(InvalidIdentifier) as refusal:
        read(text)
    assert text in refusal.value.message
    assert refusal.value.next_step


@given(st.integers(100000, 999999))
def test_every_six_digit_number_survives_a_spreadsheet(number: int) -> None:
    assert identifiers.urn(float(number)) == str(number)
