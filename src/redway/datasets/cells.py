"""How the text of a whole column becomes values: numbers, dates, identifiers. Pure, and columnar throughout.

Most cells of a published column are well formed, so each reader takes those in one pass and looks again only
at the distinct odd ones: codes for missing figures, percent signs, pounds and commas, spaces, float-looking
identifiers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from redway.core.missing import Missing
from redway.datasets.format import Column, Kind

DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%Y%m%d", "%d-%m-%Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y")
EARLIEST, LATEST = date(1500, 1, 1), date(2100, 12, 31)

_NUMBER = r"^[+-]?(\d{1,3}(,\d{3})+|\d+)?(\.\d+)?([eE][+-]?\d+)?$"
_MIDNIGHT = r"[ T]00:00(:00(\.0+)?)?$"
_WHOLE = r"\.0+$"
_TRUE = ("1", "1.0", "true", "t", "yes", "y")
_FALSE = ("0", "0.0", "false", "f", "no", "n")

_IDENTIFIERS: Mapping[Kind, tuple[str, str]] = {
    Kind.URN: (r"^[1-9][0-9]{5}$", "A URN has six digits, such as 110394."),
    Kind.LAESTAB: (r"^[0-9]{7}$", "A LAESTAB has seven digits, such as 826/4001."),
    Kind.ESTABLISHMENT_NUMBER: (
        r"^[0-9]{4}$",
        "An establishment number has up to four digits, such as 4001.",
    ),
    Kind.LA_CODE: (r"^[0-9]{3}$", "An authority number has three digits, such as 826 for Milton Keynes."),
    Kind.ONS_CODE: (r"^[EKNSW][0-9]{8}$", "An ONS area code looks like E06000042."),
    Kind.LSOA: (r"^[EW]01[0-9]{6}$", "An LSOA code looks like E01016710."),
    Kind.POSTCODE: (r"^[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}$", "A postcode looks like MK9 3EJ."),
}
IDENTIFIERS = frozenset(_IDENTIFIERS)


@dataclass(frozen=True)
class Fault:
    """Cells of one column that could not be read for one reason. ``at`` are positions in the block."""

    at: pl.Series
    message: str


@dataclass(frozen=True)
class Cells:
    """A column read by its kind. ``missing`` (measures only) is the reason where the value is null."""

    values: pl.Series
    missing: pl.Series | None = None
    faults: list[Fault] = field(default_factory=list)


def read_cells(
    text: pl.Series, column: Column, codes: Mapping[str, Missing], own: Mapping[str, Missing]
) -> Cells:
    """Read a column of text by its kind.

    ``codes`` are all the codes for missing cells that count in this file; ``own`` those the format itself
    names, which also empty cells of text. A cell that cannot be read is null, and named in ``faults``.
    """
    if column.is_measure:
        return read_measure(text, column, codes)
    if column.kind in IDENTIFIERS:
        return read_identifier(text, column.kind, codes)
    if column.kind is Kind.DATE:
        return read_date(text, column, codes)
    if column.kind is Kind.BOOLEAN:
        return read_boolean(text, column, codes)
    if column.values:
        return read_category(text, column, codes)
    return Cells(read_text(text, own))


def read_text(text: pl.Series, own: Mapping[str, Missing]) -> pl.Series:
    """Text without spaces around; blank cells, and the codes the format itself names, are null."""
    stripped = text.str.strip_chars()
    # Every way a code is written is listed: quicker than turning the whole column to upper case.
    empty = stripped.is_in(["", *own, *(code.lower() for code in own)])
    return stripped.set(empty, None) if empty.any() else stripped


def read_measure(text: pl.Series, column: Column, codes: Mapping[str, Missing]) -> Cells:
    """Numbers, percentages (0-100) and money, with the reason where there is none.

    >>> from redway.datasets.codes import codes_for
    >>> column = Column("absence", ("ABS",), Kind.PERCENT)
    >>> cells = read_measure(pl.Series(["51%", "SUPP", ""]), column, codes_for({}))
    >>> cells.values.to_list(), cells.missing.to_list()
    ([51.0, None, None], [None, 'suppressed', 'blank'])
    """
    values = text.cast(pl.Float64, strict=False)
    missing = pl.repeat(None, len(text), dtype=pl.String, eager=True)
    odd = ~values.is_finite().fill_null(value=False)
    at = odd.arg_true()
    faults: list[Fault] = []
    if len(at):
        texts = text.gather(at)
        distinct = texts.unique().drop_nulls()
        numbers, reasons = _read_odd_numbers(distinct, column, codes)
        values = values.scatter(at, look_up(texts, distinct, numbers))
        found = look_up(texts, distinct, reasons, default=Missing.BLANK.value)
        missing = missing.scatter(at, found)
        _note(faults, at, found == Missing.REJECTED.value, _unreadable(column))
    if column.scale != 1:
        # Twelve digits: 0.162 x 100 is 16.2, not 16.200000000000003.
        values = (values * column.scale).round(10)
    if column.kind is Kind.INTEGER:
        values, missing = _refuse(
            faults, values, missing, values != values.floor(), "It must be a whole number."
        )
    low, high = column.minimum, column.maximum
    if low is not None or high is not None:
        outside = pl.repeat(False, len(values), eager=True)
        if low is not None:
            outside = outside | (values < low)
        if high is not None:
            outside = outside | (values > high)
        values, missing = _refuse(faults, values, missing, outside, _range_message(column))
    return Cells(values.rename(column.name), missing, faults)


def _read_odd_numbers(
    distinct: pl.Series, column: Column, codes: Mapping[str, Missing]
) -> tuple[pl.Series, pl.Series]:
    stripped = distinct.str.strip_chars()
    reasons = look_up(
        stripped.str.to_uppercase(), pl.Series(list(codes)), pl.Series([str(c) for c in codes.values()])
    )
    plain = stripped
    if column.kind is Kind.MONEY:
        # (1,200) is how accountants write -1,200; "Â£" is a pound sign that the sender misread.
        plain = (
            plain.str.replace(r"^\((.*)\)$", "-$1").str.replace_all(r"Â?£|\s", "").str.replace(r"^--", "-")
        )
    elif column.kind is Kind.PERCENT:
        plain = plain.str.replace(r"\s*%$", "")
    well_formed = plain.str.contains(_NUMBER) & plain.str.contains(r"\d")
    numbers = plain.str.replace_all(",", "").cast(pl.Float64, strict=False)
    readable = well_formed & reasons.is_null() & numbers.is_finite().fill_null(value=False)
    numbers = numbers.set(~readable, None)
    reasons = reasons.set(reasons.is_null() & ~readable, Missing.REJECTED.value)
    return numbers, reasons


def _unreadable(column: Column) -> str:
    return {
        Kind.PERCENT: "It is not a percentage. Write it as 51.2 or 51.2%.",
        Kind.MONEY: "It is not an amount of money. Write it as 45421 or £45,421.",
        Kind.INTEGER: "It is not a number. Write it as 1204, or leave it blank.",
    }.get(column.kind, "It is not a number. Write it as 12.5, or leave it blank.")


def _range_message(column: Column) -> str:
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return f"It must be between {low:,g} and {high:,g}."
    return f"It must be {low:,g} or more." if low is not None else f"It must be {high:,g} or less."


def _refuse(
    faults: list[Fault], values: pl.Series, missing: pl.Series, wrong: pl.Series, message: str
) -> tuple[pl.Series, pl.Series]:
    wrong = wrong.fill_null(value=False)
    if not wrong.any():
        return values, missing
    faults.append(Fault(wrong.arg_true(), message))
    return values.set(wrong, None), missing.set(wrong, Missing.REJECTED.value)


def read_identifier(text: pl.Series, kind: Kind, codes: Mapping[str, Missing]) -> Cells:
    """URNs, authority numbers, area codes, postcodes, written one way (see ``redway.core.identifiers``)."""
    pattern, message = _IDENTIFIERS[kind]
    good = text.str.contains(pattern)
    at = (~good).fill_null(value=False).arg_true()
    faults: list[Fault] = []
    if len(at):
        texts = text.gather(at)
        distinct = texts.unique()
        plain = _plain_identifier(distinct, kind)
        valid = plain.str.contains(pattern)
        coded = distinct.str.strip_chars().str.to_uppercase().is_in(list(codes))
        read = plain.set(~valid, None)
        # scatter writes in place: the text as it came is still wanted for the list of problems.
        text = text.clone().scatter(at, look_up(texts, distinct, read))
        bad = look_up(texts, distinct, ~valid & ~coded)
        _note(faults, at, bad, message)
    return Cells(text, None, faults)


def _plain_identifier(distinct: pl.Series, kind: Kind) -> pl.Series:
    plain = distinct.str.strip_chars().str.to_uppercase()
    if kind is Kind.POSTCODE:
        return plain.str.replace_all(r"\s", "").str.replace(r"^(.+)(.{3})$", "$1 $2")
    if kind in (Kind.ONS_CODE, Kind.LSOA):
        return plain
    plain = plain.str.replace(_WHOLE, "")
    if kind is Kind.LAESTAB:
        return plain.str.replace_all(r"[\s/-]", "")
    if kind is Kind.ESTABLISHMENT_NUMBER:
        # Old files and spreadsheets drop leading zeros.
        digits = plain.str.contains(r"^[0-9]+$")
        return plain.zip_with(~digits, plain.str.zfill(4))
    return plain


def read_date(text: pl.Series, column: Column, codes: Mapping[str, Missing]) -> Cells:
    """Dates in the formats the column names, else in those usual here. Day comes before month."""
    distinct = text.unique().drop_nulls()
    plain = distinct.str.strip_chars().str.replace(_MIDNIGHT, "")
    read = pl.repeat(None, len(plain), dtype=pl.Date, eager=True)
    for date_format in column.date_formats or DATE_FORMATS:
        if not read.has_nulls():
            break
        read = read.zip_with(read.is_not_null(), plain.str.to_date(date_format, strict=False, exact=True))
    sensible = (read >= EARLIEST) & (read <= LATEST)
    read = read.set(~sensible.fill_null(value=False), None)
    coded = plain.str.to_uppercase().is_in(list(codes))
    faults: list[Fault] = []
    if (read.is_null() & ~coded).any():
        bad = look_up(text, distinct, read.is_null() & ~coded)
        _note(
            faults,
            pl.int_range(len(text), eager=True),
            bad,
            "It is not a date. Write it as 31/08/2018 or 2018-08-31.",
        )
    return Cells(look_up(text, distinct, read), None, faults)


def read_boolean(text: pl.Series, column: Column, codes: Mapping[str, Missing]) -> Cells:
    """Yes or no, however it is written, or as the column's own words say; null where blank or a code.

    >>> from redway.datasets.codes import codes_for
    >>> column = Column("another_language", ("EAL",), Kind.BOOLEAN, values={"ENG": "no", "REF": ""})
    >>> read_boolean(pl.Series(["Y", "eng", "REF"]), column, codes_for({})).values.to_list()
    [True, False, None]
    """
    distinct = text.unique().drop_nulls()
    plain = distinct.str.strip_chars()
    words = _words(column, plain)
    said = words.zip_with(words.is_not_null(), plain.str.to_lowercase())
    yes, no = said.is_in(list(_TRUE)), said.is_in(list(_FALSE))
    read = yes.set(~(yes | no), None)
    coded = plain.str.to_uppercase().is_in(list(codes)) | (said == "")
    faults: list[Fault] = []
    if (read.is_null() & ~coded).any():
        bad = look_up(text, distinct, read.is_null() & ~coded)
        _note(faults, pl.int_range(len(text), eager=True), bad, "It must be yes or no.")
    return Cells(look_up(text, distinct, read), None, faults)


def read_category(text: pl.Series, column: Column, codes: Mapping[str, Missing]) -> Cells:
    """A word from a known list, stored as the list says. Upper and lower case are the same."""
    distinct = text.unique().drop_nulls()
    plain = distinct.str.strip_chars()
    read = _words(column, plain)
    coded = plain.str.to_uppercase().is_in(list(codes))
    faults: list[Fault] = []
    if (read.is_null() & ~coded).any():
        bad = look_up(text, distinct, read.is_null() & ~coded)
        listed = ", ".join(list(dict.fromkeys(column.values.values()))[:12])
        _note(faults, pl.int_range(len(text), eager=True), bad, f"It is not one of: {listed}.")
    return Cells(look_up(text, distinct, read), None, faults)


def _words(column: Column, plain: pl.Series) -> pl.Series:
    """What the column's list says of each text; null where it says nothing."""
    exact = {known.casefold(): value for known, value in column.values.items() if not known.startswith("^")}
    exact |= {value.casefold(): value for value in column.values.values() if value.casefold() not in exact}
    patterns = [(re.compile(known), value) for known, value in column.values.items() if known[:1] == "^"]

    def word(text: str) -> str | None:
        said = exact.get(text.casefold())
        if said is None:
            said = next((value for pattern, value in patterns if pattern.search(text.upper())), None)
        return said

    # Distinct words only: a few dozen, however long the file.
    return pl.Series([word(text) for text in plain], dtype=pl.String)


def look_up(
    texts: pl.Series, distinct: pl.Series, results: pl.Series, default: str | None = None
) -> pl.Series:
    """The result for each text, or the default; ``distinct`` and ``results`` go together."""
    if not len(distinct):
        return pl.repeat(default, len(texts), dtype=results.dtype, eager=True)
    found: pl.Series = texts.replace_strict(distinct, results, default=default, return_dtype=results.dtype)
    return found


def _note(faults: list[Fault], at: pl.Series, bad: pl.Series, message: str) -> None:
    bad = bad.fill_null(value=False)
    if bad.any():
        faults.append(Fault(at.filter(bad), message))
