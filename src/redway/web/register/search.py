"""Search as you type: words of any name, number, postcode or town a school ever had.

Each word typed must begin a word of the school. The words are kept in the store, rebuilt with the register;
each server process reads them once into an index in memory (about 20 MB for the nation), so that an answer
takes a fraction of a millisecond whatever is typed.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from django.db import connection

from redway.web.register.models import Rank, RegisterBuild, School, SearchWord
from redway.web.register.queries import schools
from redway.web.register.words import words_of

# After every word that begins with a prefix: index words hold only a-z and 0-9.
_AFTER = "~"
_MOST_AT_ONCE = 500

Positions = Any
"""A NumPy array of places in the order of lists (whole numbers)."""


@dataclass(frozen=True)
class Filters:
    """What a search may be narrowed to. Empty means everything."""

    authority: str = ""
    phase: str = ""
    kind: str = ""
    trust_uid: str = ""
    locality: int | None = None
    open_only: bool = False


EVERYTHING = Filters()
_FACETS = ("authority", "phase", "kind", "trust_uid")


@dataclass(frozen=True)
class Found:
    """Schools found, in order: open ones first, then names that begin with the text, then by name.

    A school is read from the store only when it is looked at.
    """

    every: Sequence[str] = ()
    """Keys of all schools there are."""
    places: Positions = ()
    """Where in them those found stand."""

    def __len__(self) -> int:
        return len(self.places)

    def __iter__(self) -> Iterator[School]:
        for start in range(0, len(self), _MOST_AT_ONCE):
            yield from self.read(start, _MOST_AT_ONCE)

    @property
    def keys(self) -> list[str]:
        """Keys of all that were found, in order."""
        return [self.every[at] for at in self.places]

    def read(self, start: int, count: int) -> list[School]:
        """Some of the schools. One query."""
        wanted = self._keys_from(start, count)
        by_key = School.objects.order_by().in_bulk(wanted)
        return [by_key[key] for key in wanted if key in by_key]

    def rows(self, start: int, count: int, fields: Sequence[str]) -> list[dict[str, Any]]:
        """Some fields of some of the schools, without making objects of them. One query."""
        wanted = self._keys_from(start, count)
        found = School.objects.filter(key__in=wanted).order_by().values("key", *fields)
        by_key = {row["key"]: row for row in found}
        return [by_key[key] for key in wanted if key in by_key]

    def _keys_from(self, start: int, count: int) -> list[str]:
        return [self.every[at] for at in self.places[start : start + count]]


def search(
    text: str,
    filters: Filters = EVERYTHING,
    authorities: frozenset[str] | None = None,
    keys: frozenset[str] = frozenset(),
) -> Found:
    """Schools that the text typed so far may mean; an empty text finds every school that passes the filters.

    With ``authorities`` only schools of those, or with one of ``keys``, are found: for people who may not
    look everywhere.
    """
    index = _index(*_state())
    words = list(dict.fromkeys(words_of(text)))
    found = index.narrowed(index.holding(words), filters)
    if authorities is not None:
        found = index.within(found, authorities, keys)
    return Found(index.keys, index.ordered(found, " ".join(words)))


def _state() -> tuple[int, int]:
    """Numbers that change when the register is rebuilt or a school's words change; one question for both."""
    builds, words = RegisterBuild._meta.db_table, SearchWord._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT (SELECT MAX(id) FROM {builds}), (SELECT MAX(id) FROM {words})")  # noqa: S608
        build, word = cursor.fetchone()
    return build or 0, word or 0


@dataclass(frozen=True)
class _Index:
    """Every school in the order of lists, and for each word the places of the schools it finds."""

    keys: list[str]
    names: list[str]
    ranks: Any
    facets: dict[str, Any]
    words: list[str]
    starts: Any
    places: Any

    def holding(self, words: Sequence[str]) -> Positions:
        """Schools of which every word typed begins a word."""
        found: Positions | None = None
        for word in words:
            first, last = bisect_left(self.words, word), bisect_left(self.words, word + _AFTER)
            these = np.unique(self.places[self.starts[first] : self.starts[last]])
            found = these if found is None else np.intersect1d(found, these, assume_unique=True)
        return np.arange(len(self.keys)) if found is None else found

    def narrowed(self, found: Positions, filters: Filters) -> Positions:
        """Those that pass the filters."""
        for name in _FACETS:
            if wanted := getattr(filters, name):
                found = found[self.facets[name][found] == wanted]
        if filters.open_only:
            found = found[self.ranks[found] == Rank.OPEN]
        if filters.locality is not None:
            # Set by the authority at any time, so it is asked of the store and not of the index.
            here = set(School.objects.filter(locality=filters.locality).values_list("key", flat=True))
            found = found[[self.keys[at] in here for at in found]]
        return found

    def within(self, found: Positions, authorities: frozenset[str], keys: frozenset[str]) -> Positions:
        """Those of some authorities, or with one of some keys."""
        own = [self.keys[at] in keys for at in found] if keys else np.zeros(len(found), dtype=bool)
        return found[
            np.isin(self.facets["authority"][found], list(authorities)) | np.asarray(own, dtype=bool)
        ]

    def ordered(self, found: Positions, text: str) -> Positions:
        """By rank, then those whose name begins with the text, then by name: as places are already."""
        if not text or not len(found):
            return found
        later = np.ones(len(found), dtype=bool)
        for rank in Rank.values:
            # Within a rank names stand in order, so those that begin with the text stand together.
            start, end = np.searchsorted(self.ranks, [rank, rank + 1])
            first = bisect_left(self.names, text, start, end)
            last = bisect_left(self.names, text + _AFTER, start, end)
            later &= (found < first) | (found >= last)
        return found[np.lexsort((found, later, self.ranks[found]))]


@lru_cache(maxsize=1)
def _index(build: int, last_word: int) -> _Index:
    """Read once for each build of the register and each change of a local name."""
    rows = list(schools().order_by().values_list("key", "sort_name", "rank", *_FACETS))
    # Ordered here and not in the store, whose idea of the alphabet may be another one.
    rows.sort(key=lambda row: (row[2], row[1], row[0]))
    columns = list(zip(*rows, strict=True)) or [()] * (3 + len(_FACETS))
    place = {key: at for at, key in enumerate(columns[0])}
    pairs = sorted(
        (word, place[key]) for word, key in SearchWord.objects.values_list("word", "school") if key in place
    )
    words = list(dict.fromkeys(word for word, _ in pairs))
    of_word = {word: at for at, word in enumerate(words)}
    spelled = np.asarray([of_word[word] for word, _ in pairs], dtype=np.int64)
    counts = np.bincount(spelled, minlength=len(words))
    return _Index(
        keys=list(columns[0]),
        names=list(columns[1]),
        ranks=np.asarray(columns[2], dtype=np.int8),
        facets={
            name: np.asarray(column, dtype=str) for name, column in zip(_FACETS, columns[3:], strict=True)
        },
        words=words,
        starts=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        places=np.asarray([at for _, at in pairs], dtype=np.int32),
    )


def forget() -> None:
    """Read the index anew at the next search."""
    _index.cache_clear()
