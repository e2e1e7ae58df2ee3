"""Every description: it loads, is complete, and knows its own headers from those of its siblings."""

from __future__ import annotations

from itertools import combinations

import pytest

from redway.datasets.format import Format, OtherColumns, load_formats
from redway.datasets.recognise import normalise, recognise

FORMATS = load_formats()
BY_CODE = pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.code)


@BY_CODE
def test_it_says_what_it_is_whose_it_is_and_how_it_is_dated(known: Format) -> None:
    assert known.title
    assert known.dataset
    assert known.publisher
    assert ("not published" if known.confidential else "Open Government Licence") in known.licence
    period = known.period
    assert period.column or period.fixed or period.from_name


@BY_CODE
def test_its_own_headers_are_recognised_as_it_and_nothing_else(known: Format) -> None:
    headers = [column.names[0] for column in known.columns]
    assert recognise(headers, FORMATS).format.code == known.code


@BY_CODE
def test_the_headers_of_other_years_are_recognised_too(known: Format) -> None:
    headers = [column.names[-1] for column in known.columns]
    assert recognise(headers, FORMATS).format.code == known.code


@BY_CODE
def test_required_columns_alone_are_enough(known: Format) -> None:
    needed = {*known.signature, *(column.name for column in known.columns if column.required)}
    headers = [known.column(name).names[0] for name in sorted(needed)]
    assert recognise(headers, FORMATS).format.code == known.code


@BY_CODE
def test_no_header_belongs_to_two_of_its_columns(known: Format) -> None:
    for first, second in combinations(known.columns, 2):
        shared = {normalise(name) for name in first.names} & {normalise(name) for name in second.names}
        assert not shared, f"{first.name} and {second.name} both claim {shared}"


@BY_CODE
def test_what_is_dropped_is_not_described(known: Format) -> None:
    dropped = {normalise(header) for header in known.dropped}
    described = {normalise(name) for column in known.columns for name in column.names}
    assert not dropped & described


@BY_CODE
def test_percentages_lie_between_0_and_100_or_say_how_they_are_written(known: Format) -> None:
    for column in known.columns:
        if column.kind.value == "percent":
            assert column.scale in (1, 100)
            assert column.minimum in (None, 0)


@BY_CODE
def test_whole_numbers_and_names_of_the_field_only(known: Format) -> None:
    for column in known.columns:
        assert column.name == column.name.lower()
        assert column.name.replace("_", "").isalnum()
    if known.other_columns is OtherColumns.MEASURE:
        assert known.level in ("authority", "area", "district")


def test_people_are_never_described_except_in_confidential_files() -> None:
    words = {"head", "headteacher", "proprietor", "telephone", "email", "surname", "firstname"}
    for known in (known for known in FORMATS if not known.confidential):
        for column in known.columns:
            assert not words & set(column.name.split("_")), f"{known.code}: {column.name}"
