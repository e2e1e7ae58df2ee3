"""Which known format a table is, told from its column names alone.

Names are compared without case, spaces and punctuation. A format fits when every required column and every
signature column is there and no header that belongs to a sibling is. Where several fit, the one whose
signature says most is taken.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from redway.datasets.code_list import header_meaning, shares_a_word
from redway.datasets.errors import NotRecognised
from redway.datasets.format import Format, load_formats

_PUNCTUATION = re.compile(r"[^0-9a-z%+£]+")


@lru_cache(maxsize=50_000)
def normalise(header: str) -> str:
    """A header without case, spaces, punctuation and byte order mark.

    >>> normalise("\\ufeffOverall.effectiveness: how good?")
    'overalleffectivenesshowgood'
    """
    return _PUNCTUATION.sub("", header.casefold())


@dataclass(frozen=True)
class Recognised:
    """A table that fits a format.

    ``positions`` says where each described column stands (canonical name -> position from 0); ``headers`` is
    the header as it came. ``doubts`` are reasons to hold the file until a person has looked.
    """

    format: Format
    headers: tuple[str, ...]
    positions: Mapping[str, int]
    doubts: tuple[str, ...] = field(default=())

    def header(self, column: str) -> str:
        """The header under which a described column came."""
        return self.headers[self.positions[column]]


@dataclass(frozen=True)
class NearMiss:
    """The format that a table resembles most, and the columns it lacks."""

    format: Format
    lacking: tuple[str, ...]
    foreign: tuple[str, ...]
    share: float

    def explain(self) -> str:
        """One sentence: what it looks like, and why it is not."""
        parts = []
        if self.lacking:
            names = ", ".join(f"'{name}'" for name in self.lacking[:8])
            parts.append(f"it lacks {names}")
        if self.foreign:
            parts.append(
                f"it has {', '.join(repr(name) for name in self.foreign[:4])}, which that format never has"
            )
        why = " and ".join(parts)
        return f"Its columns come nearest to '{self.format.title}' ({self.format.code}), but {why}."


class Recogniser:
    """Knows the names of every format's columns; made once, asked for every table."""

    def __init__(self, formats: Sequence[Format]) -> None:
        self._formats = formats
        self._names: dict[str, dict[str, tuple[str, ...]]] = {
            known.code: {
                column.name: tuple(dict.fromkeys(normalise(name) for name in column.names))
                for column in known.columns
            }
            for known in formats
        }
        self._wanted = {known.code: _wanted(known) for known in formats}
        self._foreign = {known.code: [(name, normalise(name)) for name in known.absent] for known in formats}

    def recognise(self, headers: Sequence[str], mapping: Mapping[str, str] | None = None) -> Recognised:
        """Find the format that a row of headers belongs to.

        ``mapping`` is what a person said: canonical column -> header in this file. A mapping against what the
        header is known to mean is followed, but noted as a doubt. Raises NotRecognised, saying which format
        is nearest and what is lacking, or that two formats fit equally.
        """
        known = _by_name(headers)
        mapping = mapping or {}
        for column, header in mapping.items():
            if normalise(header) not in known:
                raise NotRecognised(
                    f"The file has no column '{header}' to be read as {column}.",
                    f"Its columns are: {', '.join(list(headers)[:40])}.",
                )
        misses = [self._miss(candidate, known, mapping) for candidate in self._formats]
        fitting: list[tuple[tuple[int, int], Recognised]] = []
        for candidate, miss in zip(self._formats, misses, strict=True):
            if miss is None:
                positions = self._positions(candidate, known, mapping)
                rank = (len(candidate.signature or self._wanted[candidate.code]), len(positions))
                fitting.append((rank, Recognised(candidate, tuple(headers), positions)))
        if not fitting:
            raise NotRecognised(*_why_not([miss for miss in misses if miss is not None]))
        best = max(rank for rank, _ in fitting)
        winners = [found for rank, found in fitting if rank == best]
        also = [each.format for each in winners[:-1]]
        if also and not mapping:
            titles = " or ".join(f"'{found.format.title}' ({found.format.code})" for found in winners)
            raise NotRecognised(
                f"Its columns fit {titles} equally well.",
                "Tell whoever keeps the format descriptions: they need a column that tells the two apart.",
            )
        # Siblings that only a mapping makes alike: the last by code is the newest; a person must look.
        found = winners[-1]
        doubts = tuple(_doubts(found, mapping, self._formats, also))
        return Recognised(found.format, found.headers, found.positions, doubts)

    def nearest(self, headers: Sequence[str]) -> NearMiss | None:
        """The format that shares most of its needed columns with these headers.

        None when none shares half.
        """
        known = _by_name(headers)
        return _nearest([miss for each in self._formats if (miss := self._miss(each, known, {})) is not None])

    def _miss(
        self, candidate: Format, known: Mapping[str, int], mapping: Mapping[str, str]
    ) -> NearMiss | None:
        names, wanted = self._names[candidate.code], self._wanted[candidate.code]
        lacking = tuple(
            candidate.column(column).names[0]
            for column in wanted
            if column not in mapping and not any(name in known for name in names[column])
        )
        foreign = tuple(header for header, name in self._foreign[candidate.code] if name in known)
        if not lacking and not foreign:
            return None
        return NearMiss(candidate, lacking, foreign, 1 - len(lacking) / max(1, len(wanted)))

    def _positions(
        self, candidate: Format, known: Mapping[str, int], mapping: Mapping[str, str]
    ) -> dict[str, int]:
        names = self._names[candidate.code]
        positions = {
            column: known[normalise(header)] for column, header in mapping.items() if column in names
        }
        taken = set(positions.values())
        for column in candidate.columns:
            if column.name in positions:
                continue
            for name in names[column.name]:
                position = known.get(name)
                if position is not None and position not in taken:
                    positions[column.name] = position
                    taken.add(position)
                    break
        return positions


@cache
def bundled_recogniser() -> Recogniser:
    """Knows every bundled format."""
    return Recogniser(load_formats())


def recognise(
    headers: Sequence[str], formats: Sequence[Format], mapping: Mapping[str, str] | None = None
) -> Recognised:
    """Find the format that a row of headers belongs to, among a few formats. See ``Recogniser.recognise``."""
    return Recogniser(formats).recognise(headers, mapping)


def _nearest(near: Sequence[NearMiss]) -> NearMiss | None:
    close = [miss for miss in near if miss.share >= 0.5]
    return max(close, key=lambda miss: (miss.share, -len(miss.lacking)), default=None)


def _why_not(near: Sequence[NearMiss]) -> tuple[str, str]:
    if best := _nearest(near):
        return (
            best.explain(),
            "Check that it is the whole file, or name a renamed column with --map column=header.",
        )
    return (
        "Its columns fit none of the formats Redway knows.",
        "See the list of known formats with 'redway datasets', or describe this one in a format description.",
    )


def _by_name(headers: Sequence[str]) -> dict[str, int]:
    known: dict[str, int] = {}
    for position, header in enumerate(headers):
        name = normalise(header)
        if name:
            known.setdefault(name, position)
    return known


def _wanted(candidate: Format) -> list[str]:
    required = [column.name for column in candidate.columns if column.required]
    return list(dict.fromkeys([*candidate.signature, *required]))


def _has(candidate: Format, name: str) -> bool:
    return any(column.name == name for column in candidate.columns)


def _doubts(
    found: Recognised, mapping: Mapping[str, str], formats: Sequence[Format], also: Sequence[Format]
) -> list[str]:
    """Reasons to ask a person: a column said to be one thing whose header is known to be another."""
    doubts = [f"It was taken for '{found.format.title}', but fits '{other.title}' as well." for other in also]
    for name, header in mapping.items():
        if _has(found.format, name):
            column = found.format.column(name)
            if normalise(header) in {normalise(known) for known in column.names}:
                continue
        else:
            doubts.append(
                f"'{found.format.title}' has no column called {name}: '{header}' was not read as that."
            )
        others = _described_as(header, formats)
        if others and name not in others:
            doubts.append(f"'{header}' was mapped to {name}, but is known as {' or '.join(sorted(others))}.")
        elif (meaning := header_meaning(header)) and not shares_a_word(name.replace("_", " "), meaning):
            doubts.append(f"'{header}' was mapped to {name}, but the code list says it is '{meaning}'.")
    return doubts


def _described_as(header: str, formats: Sequence[Format]) -> set[str]:
    name = normalise(header)
    return {
        column.name
        for known in formats
        for column in known.columns
        if name in {normalise(known_name) for known_name in column.names}
    }
