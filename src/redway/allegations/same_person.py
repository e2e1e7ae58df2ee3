"""Might two records be of one person? A possible match is shown to a human, who decides."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Identity:
    """What is known of who somebody is."""

    names: tuple[str, ...]
    """The full name and every other name known."""
    born: date | None = None


@dataclass(frozen=True)
class PossibleMatch:
    """Why two records might be of one person, each reason a sentence."""

    reasons: tuple[str, ...]


def possible_match(one: Identity, other: Identity) -> PossibleMatch | None:
    """The reasons for which two records might be of one person, or None.

    Alike are names with the same words in any order, without accents, case and punctuation, or the same
    surname and first letter. Birth days may differ by a day or have day and month exchanged; where one is not
    known only the very same name counts.
    """
    same, similar = _names(one, other)
    if not (same or similar):
        return None
    if one.born is None or other.born is None:
        return PossibleMatch(("The names are the same; a date of birth is missing.",)) if same else None
    birth = _birth(one.born, other.born)
    if birth is None:
        return None
    return PossibleMatch(("The names are the same." if same else "The names are alike.", birth))


def _names(one: Identity, other: Identity) -> tuple[bool, bool]:
    mine, theirs = [_words(name) for name in one.names], [_words(name) for name in other.names]
    pairs = [(a, b) for a in mine for b in theirs if a and b]
    same = any(sorted(a) == sorted(b) for a, b in pairs)
    return same, any(a[-1] == b[-1] and a[0][0] == b[0][0] for a, b in pairs)


def _words(name: str) -> list[str]:
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", name.casefold())
        if not unicodedata.combining(letter)
    )
    return "".join(letter if letter.isalnum() else " " for letter in plain).split()


def _birth(one: date, other: date) -> str | None:
    if one == other:
        return "The dates of birth are the same."
    if abs((one - other).days) == 1:
        return "The dates of birth are one day apart."
    if one.year == other.year and (one.month, one.day) == (other.day, other.month):
        return "Day and month of birth are exchanged."
    return None
