"""What a known file looks like: one declarative description per format, read from ``formats/*.toml``.

A new year with renamed columns is one more name in a list; no code changes. The shape of a
description is documented in ``formats/README.md``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from redway.core.errors import RedwayError
from redway.core.missing import Missing
from redway.core.periods import PeriodKind


class Kind(StrEnum):
    """How the text of a column is read and checked."""

    TEXT = "text"
    CATEGORY = "category"
    URN = "urn"
    LAESTAB = "laestab"
    ESTABLISHMENT_NUMBER = "establishment_number"
    LA_CODE = "la_code"
    ONS_CODE = "ons_code"
    LSOA = "lsoa"
    POSTCODE = "postcode"
    INTEGER = "integer"
    NUMBER = "number"
    PERCENT = "percent"
    MONEY = "money"
    DATE = "date"
    BOOLEAN = "boolean"
    PERIOD = "period"


MEASURE_KINDS = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.PERCENT, Kind.MONEY})


class Edition(StrEnum):
    """How settled a publication is; a later edition outranks an earlier one for the same period."""

    PROVISIONAL = "provisional"
    REVISED = "revised"
    FINAL = "final"

    @property
    def rank(self) -> int:
        return list(Edition).index(self)


@dataclass(frozen=True)
class Column:
    """One column of a format. ``names`` are the headers it has had, compared without case and spacing."""

    name: str
    names: tuple[str, ...]
    kind: Kind
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None
    date_formats: tuple[str, ...] = ()
    unit: str = ""
    scale: float = 1.0
    """What the number in the file is multiplied by: 100 where a file writes 16.2 per cent as 0.162."""
    values: Mapping[str, str] = field(default_factory=dict)
    """Categories: text in the file -> text stored. Empty means any text is stored as it is.

    Of a boolean: text in the file -> 'yes', 'no' or '' (not known), beside the usual words. A text that
    begins with ^ is a pattern in capitals, tried when no other fits: for families of codes.
    """

    @property
    def is_measure(self) -> bool:
        """Measures carry a companion ``<name>__missing`` column in the committed version."""
        return self.kind in MEASURE_KINDS


@dataclass(frozen=True)
class PeriodRule:
    """Where the period comes from: a column, a fixed label, or the name of the file (in that order)."""

    kind: PeriodKind
    column: str = ""
    fixed: str = ""
    from_name: bool = False
    per_row: bool = False
    """True where one file holds many periods, so the version's period is a span such as '2013..2025'."""
    kind_column: str = ""
    """Column that says for each row what kind of year its label is; ``kind`` where it says something else."""
    kinds: Mapping[str, PeriodKind] = field(default_factory=dict)
    """Text in ``kind_column`` -> the kind of year it means."""
    year_is_start: bool = False
    """A single year is the year the academic or financial year starts in (2015 means 2015-16)."""
    as_written: bool = False
    """The label is kept as it came: one file mixes kinds of year that only its dictionary tells apart."""


@dataclass(frozen=True)
class RowRule:
    """Rows recognised by the text in one column: aggregates kept at another level, or rows left out.

    ``level`` is 'school', 'authority', 'joint' (several authorities together), 'region', 'england'
    (state-funded schools where the publisher gives both), 'england_all' (independent ones too) or
    'excluded'. The first rule that matches decides. Identifiers that cannot be read in such a row are
    left empty: they hold words like NAT.
    ``sets`` writes constants into columns, such as the phase an England row is about.
    """

    column: str
    values: tuple[str, ...]
    level: str
    reason: str = ""
    sets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RefusalRule:
    """A whole file that is refused when any row holds one of these texts, such as made-up test rows."""

    column: str
    values: tuple[str, ...]
    reason: str


class OtherColumns(StrEnum):
    """What becomes of columns a description does not name."""

    TEXT = "text"
    """Kept as they came, under their own header."""
    MEASURE = "measure"
    """Those whose every filled cell is a number or a missing code are measures under their own header;
    the rest are breakdowns: kept as text, and part of the key."""
    LEFT_OUT = "left_out"
    """Not kept: what no figure needs is not held about a child."""


@dataclass(frozen=True)
class Format:
    """One known kind of file. ``code`` names it everywhere: in the lake, the catalogue and on pages."""

    code: str
    title: str
    dataset: str
    level: str
    publisher: str
    licence: str
    key: tuple[str, ...]
    period: PeriodRule
    columns: tuple[Column, ...]
    edition: Edition = Edition.FINAL
    source: str = ""
    note: str = ""
    signature: tuple[str, ...] = ()
    """Canonical columns whose presence tells this format from its siblings."""
    absent: tuple[str, ...] = ()
    """Headers that, when present, show the file is a sibling format instead."""
    missing: Mapping[str, Missing] = field(default_factory=dict)
    rows: tuple[RowRule, ...] = ()
    refusals: tuple[RefusalRule, ...] = ()
    other_columns: OtherColumns = OtherColumns.TEXT
    dropped: tuple[str, ...] = ()
    """Headers never kept: people's names and contact details that no figure needs."""
    table_from_name: bool = False
    """One description serves many tables: the name of the file, without years, says which one it is,
    and stands in the version's scope so that one table never supersedes another."""
    unique: bool = True
    """The key is checked to be unique among rows of the format's own level."""
    confidential: bool = False
    """Facts about single children: see ``redway.datasets.confidential`` for what that keeps shut."""
    complete_in: tuple[str, ...] = ()
    """A new version is held when it lacks a value of these columns that the version in force has: a file
    replaces the one before it, so that a file of one term would take away the terms before."""

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


class FormatError(RedwayError):
    """A format description that contradicts itself; raised when the description is loaded."""


def parse_format(text: str, origin: str) -> Format:
    """Read one description. Raises FormatError naming the file and the entry."""

    def fail(why: str) -> FormatError:
        return FormatError(f"The format description {origin} {why}.", "See datasets/formats/README.md.")

    try:
        raw: dict[str, Any] = tomllib.loads(text)
        columns = tuple(_column(name, entry) for name, entry in raw["columns"].items())
        period = raw["period"]
        result = Format(
            code=raw["code"],
            title=raw["title"],
            dataset=raw["dataset"],
            level=raw["level"],
            publisher=raw["publisher"],
            licence=raw.get("licence", "Open Government Licence v3.0"),
            key=tuple(raw["key"]),
            period=PeriodRule(
                kind=PeriodKind(period["kind"]),
                column=period.get("column", ""),
                fixed=period.get("fixed", ""),
                from_name=period.get("from_name", False),
                per_row=period.get("per_row", False),
                kind_column=period.get("kind_column", ""),
                kinds={text: PeriodKind(kind) for text, kind in period.get("kinds", {}).items()},
                year_is_start=period.get("year_is_start", False),
                as_written=period.get("as_written", False),
            ),
            columns=columns,
            edition=Edition(raw.get("edition", "final")),
            source=raw.get("source", ""),
            note=raw.get("note", ""),
            signature=tuple(raw.get("signature", ())),
            absent=tuple(raw.get("absent", ())),
            missing={code: Missing(reason) for code, reason in raw.get("missing", {}).items()},
            rows=tuple(
                RowRule(
                    rule["column"],
                    tuple(rule["values"]),
                    rule["level"],
                    rule.get("reason", ""),
                    rule.get("sets", {}),
                )
                for rule in raw.get("rows", ())
            ),
            refusals=tuple(
                RefusalRule(rule["column"], tuple(rule["values"]), rule["reason"])
                for rule in raw.get("refuse", ())
            ),
            other_columns=OtherColumns(raw.get("other_columns", "text")),
            dropped=tuple(raw.get("dropped", ())),
            table_from_name=raw.get("table_from_name", False),
            unique=raw.get("unique", True),
            confidential=raw.get("confidential", False),
            complete_in=tuple(raw.get("complete_in", ())),
        )
    except tomllib.TOMLDecodeError as error:
        raise fail(f"is not valid TOML ({error})") from None
    except KeyError as error:
        raise fail(f"lacks {error}") from None
    except ValueError as error:
        raise fail(f"holds an unknown word: {error}") from None
    known = {column.name for column in columns}
    used = {*result.key, *result.signature, *result.complete_in}
    used |= {rule.column for rule in result.rows} | {rule.column for rule in result.refusals}
    used |= {name for rule in result.rows for name in rule.sets}
    used |= {result.period.column, result.period.kind_column} - {""}
    if unknown := sorted(used - known):
        raise fail(f"names columns it does not describe: {', '.join(unknown)}")
    return result


def _column(name: str, entry: Mapping[str, Any]) -> Column:
    limits = entry.get("range", (None, None))
    return Column(
        name=name,
        names=tuple(entry.get("names", (name,))),
        kind=Kind(entry["kind"]),
        required=entry.get("required", False),
        minimum=limits[0],
        maximum=limits[1],
        date_formats=tuple(entry.get("date_formats", ())),
        unit=entry.get("unit", ""),
        scale=float(entry.get("scale", 1)),
        values=entry.get("values", {}),
    )


@cache
def load_formats() -> tuple[Format, ...]:
    """Every bundled description, ordered by code. Raises FormatError on the first bad or doubled one."""
    folder = resources.files("redway.datasets") / "formats"
    texts = sorted(
        (entry.name, entry.read_text("utf-8")) for entry in folder.iterdir() if entry.name.endswith(".toml")
    )
    formats = [parse_format(text, name) for name, text in texts]
    codes = [known.code for known in formats]
    if doubled := sorted({code for code in codes if codes.count(code) > 1}):
        raise FormatError(
            f"Two format descriptions share a code: {', '.join(doubled)}.", "Rename one of them."
        )
    return tuple(sorted(formats, key=lambda known: known.code))
