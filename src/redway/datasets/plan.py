"""What becomes of each column of one table: described, kept under its own header, or left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from redway.datasets.codes import codes_for
from redway.datasets.format import Column, Format, Kind, OtherColumns
from redway.datasets.recognise import Recognised, normalise
from redway.datasets.table import ROW, Block

LEVEL, PERIOD, MISSING = "_level", "_period", "__missing"


@dataclass(frozen=True)
class Described:
    """A column read by its kind. ``source`` is its position in the file, '0' being the first."""

    source: str
    header: str
    column: Column


@dataclass(frozen=True)
class Kept:
    """A column that no description names: text, as it came, under ``name``."""

    source: str
    name: str


@dataclass(frozen=True)
class Plan:
    """How one table is read.

    ``constants`` are described columns the file lacks but a row rule writes into.
    """

    format: Format
    described: tuple[Described, ...]
    kept: tuple[Kept, ...]
    constants: tuple[Column, ...]

    def source_of(self, name: str) -> str | None:
        """Position of a described column in the file; None when the file does not have it."""
        for described in self.described:
            if described.column.name == name:
                return described.source
        return None

    @property
    def headers(self) -> dict[str, str]:
        """Committed column -> header under which it came."""
        return {each.column.name: each.header for each in self.described} | {
            each.name: each.name for each in self.kept
        }


def undecided(found: Recognised) -> list[str]:
    """Positions of columns that must be looked at as a whole before it is known how they are read."""
    if found.format.other_columns is not OtherColumns.MEASURE:
        return []
    return [kept.source for kept in _kept(found)]


def measures_among(blocks: Iterable[Block], positions: Sequence[str], known: Format) -> set[str]:
    """Positions whose every filled cell is a number or a code for a missing one, with at least one number."""
    codes = list(codes_for(known.missing))
    left, with_numbers = set(positions), set[str]()
    for block in blocks:
        for position in sorted(left):
            if position not in block.frame.columns:
                left.discard(position)
                continue
            text = block.frame[position].drop_nulls()
            numbers = text.cast(pl.Float64, strict=False)
            odd = text.filter(numbers.is_null()).unique().str.strip_chars()
            plain = odd.str.replace_all(",", "").cast(pl.Float64, strict=False)
            if (plain.is_null() & ~odd.str.to_uppercase().is_in(codes)).any():
                left.discard(position)
            elif numbers.len() > numbers.null_count():
                with_numbers.add(position)
        if not left:
            break
    return left & with_numbers


def make_plan(found: Recognised, measures: set[str]) -> Plan:
    """Settle every column. ``measures`` are the positions that ``measures_among`` found."""
    known = found.format
    described = [
        Described(str(found.positions[column.name]), found.headers[found.positions[column.name]], column)
        for column in known.columns
        if column.name in found.positions
    ]
    kept = []
    for other in _kept(found):
        if other.source in measures:
            described.append(
                Described(other.source, other.name, Column(other.name, (other.name,), Kind.NUMBER))
            )
        else:
            kept.append(other)
    present = {each.column.name for each in described}
    written = {name for rule in known.rows if rule.column in present for name in rule.sets}
    constants = tuple(column for column in known.columns if column.name in written - present)
    return Plan(known, tuple(described), tuple(kept), constants)


def _kept(found: Recognised) -> list[Kept]:
    """Columns under their own header, each name made unlike any other (DuckDB ignores case in names)."""
    if found.format.other_columns is OtherColumns.LEFT_OUT:
        return []
    dropped = {normalise(header) for header in found.format.dropped}
    described = set(found.positions.values())
    taken = {ROW, LEVEL, PERIOD}
    for column in found.format.columns:
        taken |= {column.name.casefold(), column.name.casefold() + MISSING}
    kept = []
    for position, header in enumerate(found.headers):
        if position in described or normalise(header) in dropped:
            continue
        if not header.strip():
            continue
        name, number = header.strip().lstrip("\ufeff"), 1
        while name.casefold() in taken or name.casefold() + MISSING in taken:
            number += 1
            name = f"{header.strip()} ({number})"
        taken |= {name.casefold(), name.casefold() + MISSING}
        kept.append(Kept(str(position), name))
    return kept
