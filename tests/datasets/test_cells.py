"""How cells become values: numbers, percentages, money, dates, identifiers; and why a number is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from redway.core import identifiers
from redway.core.errors import InvalidIdentifier
from redway.core.missing import Missing
from redway.datasets.cells import Cells, read_cells
from redway.datasets.codes import codes_for
from redway.datasets.format import Column, Kind


def read(kind: Kind, *cells: str | None, own: dict[str, Missing] | None = None, **described: object) -> Cells:
    column = Column("a", ("A",), kind, **described)  # type: ignore[arg-type]
    return read_cells(pl.Series(cells, dtype=pl.String), column, codes_for(own or {}), own or {})


def faulty(cells: Cells) -> set[int]:
    return {at for fault in cells.faults for at in fault.at.to_list()}


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.PERCENT, "51%", 51.0),
        (Kind.PERCENT, " 51.2 % ", 51.2),
        (Kind.PERCENT, "51.2", 51.2),
        (Kind.PERCENT, "-0.4", -0.4),
        (Kind.MONEY, "£45,421", 45421.0),
        (Kind.MONEY, "48,420", 48420.0),
        (Kind.MONEY, "-£1,200.50", -1200.5),
        (Kind.MONEY, "(1,200)", -1200.0),
        (Kind.MONEY, "Â£45,421", 45421.0),
        (Kind.NUMBER, "1,234.5", 1234.5),
        (Kind.NUMBER, "1e-05", 1e-05),
        (Kind.NUMBER, "+3", 3.0),
        (Kind.INTEGER, "210.0", 210.0),
        (Kind.NUMBER, "0", 0.0),
    ],
)
def test_numbers_are_read_however_they_are_written(kind: Kind, text: str, value: float) -> None:
    cells = read(kind, text)
    assert cells.values.to_list() == [value]
    assert cells.missing is not None
    assert cells.missing.to_list() == [None]
    assert not cells.faults


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("SUPP", "suppressed"),
        ("LT11", "suppressed"),
        ("c", "suppressed"),
        ("SN", "suppressed"),
        ("NE", "no_entries"),
        ("NA", "not_applicable"),
        ("N/A", "not_applicable"),
        ("z", "not_applicable"),
        (".", "not_applicable"),
        ("NP", "not_published"),
        ("LOWCOV", "low_coverage"),
        ("LT50PC", "low_coverage"),
        ("ABSLOW", "low_coverage"),
        ("NOTREQ", "not_required"),
        ("DNS", "not_supplied"),
        ("NEW", "too_new"),
        ("UNAVAIL", "not_available"),
        ("!", "not_available"),
        ("x", "not_available"),
        (":", "not_available"),
        ("-", "not_available"),
        ("u", "low_reliability"),
        ("SP", "small_value"),
        ("k", "small_value"),
        ("", "blank"),
        (" ", "blank"),
        ("nan", "blank"),
        (None, "blank"),
        ("NULL", "blank"),
    ],
)
def test_each_code_keeps_its_own_reason_and_none_is_zero(code: str | None, reason: str) -> None:
    cells = read(Kind.NUMBER, code, "0")
    assert cells.values.to_list() == [None, 0.0]
    assert cells.missing is not None
    assert cells.missing.to_list() == [reason, None]
    assert not cells.faults


def test_a_format_may_give_a_code_another_meaning() -> None:
    cells = read(Kind.NUMBER, "NA", own={"NA": Missing.NOT_AVAILABLE})
    assert cells.missing is not None
    assert cells.missing.to_list() == ["not_available"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.NUMBER, "51%"),
        (Kind.NUMBER, "£5"),
        (Kind.NUMBER, "twelve"),
        (Kind.NUMBER, "1,2"),
        (Kind.NUMBER, "inf"),
        (Kind.NUMBER, "#DIV/0!"),
        (Kind.INTEGER, "12.5"),
        (Kind.PERCENT, "51%%"),
        (Kind.MONEY, "£"),
    ],
)
def test_what_is_no_number_is_rejected_never_guessed(kind: Kind, text: str) -> None:
    cells = read(kind, "7", text)
    assert cells.values.to_list() == [7.0, None]
    assert cells.missing is not None
    assert cells.missing.to_list() == [None, "rejected"]
    assert faulty(cells) == {1}


def test_a_number_outside_its_range_is_rejected() -> None:
    cells = read(Kind.PERCENT, "100", "100.1", "-1", minimum=0, maximum=100)
    assert cells.values.to_list() == [100.0, None, None]
    assert faulty(cells) == {1, 2}


def test_a_scale_turns_fractions_into_percentages() -> None:
    assert read(Kind.PERCENT, "0.162", scale=100.0).values.to_list() == [16.2]


@pytest.mark.parametrize(
    "text", ["31/08/2018", "2018-08-31", "20180831", "31-08-2018", "31 August 2018", "2018-08-31 00:00:00"]
)
def test_dates_are_read_day_first(text: str) -> None:
    assert read(Kind.DATE, text).values.to_list() == [date(2018, 8, 31)]


def test_impossible_dates_are_faults_and_codes_are_blanks() -> None:
    cells = read(Kind.DATE, "31/02/2018", "0018-01-01", "", "NULL", None)
    assert cells.values.to_list() == [None] * 5
    assert faulty(cells) == {0, 1}


def test_date_formats_of_the_column_decide() -> None:
    assert read(Kind.DATE, "08/31/2018", date_formats=("%m/%d/%Y",)).values.to_list() == [date(2018, 8, 31)]


def test_words_of_a_list_are_stored_as_the_list_says() -> None:
    cells = read(Kind.CATEGORY, "p", "Primary", "Moon", "", values={"P": "Primary", "S": "Secondary"})
    assert cells.values.to_list() == ["Primary", "Primary", None, None]
    assert faulty(cells) == {2}


def test_yes_and_no() -> None:
    cells = read(Kind.BOOLEAN, "Yes", "0", "TRUE", "", "perhaps")
    assert cells.values.to_list() == [True, False, True, None, None]
    assert faulty(cells) == {4}


def test_text_is_kept_but_for_spaces_and_the_codes_of_the_format() -> None:
    cells = read(Kind.TEXT, " NA ", "", "SUPP", own={"SUPP": Missing.SUPPRESSED})
    assert cells.values.to_list() == ["NA", None, None]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.URN, "100000.0", "100000"),
        (Kind.URN, " 110394 ", "110394"),
        (Kind.LAESTAB, "826/4001", "8264001"),
        (Kind.LAESTAB, "8264001.0", "8264001"),
        (Kind.ESTABLISHMENT_NUMBER, "17", "0017"),
        (Kind.LA_CODE, "826.0", "826"),
        (Kind.ONS_CODE, "e06000042", "E06000042"),
        (Kind.LSOA, "E01016710", "E01016710"),
        (Kind.POSTCODE, "mk93ej", "MK9 3EJ"),
    ],
)
def test_identifiers_are_written_one_way(kind: Kind, text: str, value: str) -> None:
    assert read(kind, text).values.to_list() == [value]


@pytest.mark.parametrize(
    ("kind", "text"),
    [(Kind.URN, "12345"), (Kind.URN, "100000.5"), (Kind.LA_CODE, "82"), (Kind.LSOA, "E02003472")],
)
def test_what_is_no_identifier_is_a_fault_and_keeps_its_text_for_the_report(kind: Kind, text: str) -> None:
    given_text = pl.Series([text, None])
    cells = read_cells(given_text, Column("a", ("A",), kind), codes_for({}), {})
    assert cells.values.to_list() == [None, None]
    assert faulty(cells) == {0}
    assert given_text.to_list() == [text, None]


ONE_BY_ONE: dict[Kind, Callable[[object], str]] = {
    Kind.URN: identifiers.urn,
    Kind.LA_CODE: identifiers.la_code,
    Kind.LAESTAB: identifiers.laestab_from_text,
    Kind.ONS_CODE: identifiers.ons_code,
    Kind.LSOA: identifiers.lsoa_code,
}


@given(
    kind=st.sampled_from(sorted(ONE_BY_ONE)),
    texts=st.lists(st.from_regex(re.compile(r"[EW ]?\d{0,4}[/ -]?\d{2,8}(\.0)?", re.ASCII), fullmatch=True)),
)
def test_a_column_of_identifiers_reads_like_each_identifier_alone(kind: Kind, texts: list[str]) -> None:
    def alone(text: str) -> str | None:
        try:
            return ONE_BY_ONE[kind](text)
        except InvalidIdentifier:
            return None

    assert read(kind, *texts).values.to_list() == [alone(text) for text in texts]


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32)))
def test_numbers_come_back_as_they_were_written(numbers: list[float]) -> None:
    assert read(Kind.NUMBER, *(repr(number) for number in numbers)).values.to_list() == numbers


@given(st.lists(st.one_of(st.none(), st.text(max_size=12))), st.sampled_from(sorted(Kind)))
def test_no_text_breaks_a_reader_and_every_missing_number_has_a_reason(
    texts: list[str | None], kind: Kind
) -> None:
    cells = read(kind, *texts)
    assert len(cells.values) == len(texts)
    if cells.missing is not None:
        assert (cells.values.is_null() == cells.missing.is_not_null()).all()
        assert set(cells.missing.drop_nulls()) <= {reason.value for reason in Missing}
        rejected = set((cells.missing == Missing.REJECTED.value).fill_null(value=False).arg_true().to_list())
        assert rejected == faulty(cells)
