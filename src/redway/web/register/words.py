"""Search words: what a name, a number or a postcode is looked up by."""

from __future__ import annotations

import re
import unicodedata

import polars as pl

_LAESTAB = re.compile(r"\b(\d{3})[/-](\d{4})\b")
_POSTCODE = re.compile(r"\b([a-z]{1,2}\d[a-z\d]?) +(\d[a-z]{2})\b")
_APOSTROPHE = re.compile(r"['`]")
_BREAK = re.compile(r"[^a-z0-9]+")
LONGEST = 40

SAME = {"saint": "st", "saints": "st", "and": "", "the": "", "of": ""}
"""Words that are written in two ways, and those that say nothing."""


def words_of(text: str) -> list[str]:
    """The words of a text typed by a person, as they stand in the index.

    >>> words_of("St. Paul's Catholic School, MK6 5EN")
    ['st', 'pauls', 'catholic', 'school', 'mk65en']
    >>> words_of("826/4001")
    ['8264001']
    """
    plain = unicodedata.normalize("NFKD", text.replace("’", "'")).encode("ascii", "ignore").decode().lower()
    plain = _APOSTROPHE.sub("", plain).replace("&", " and ")
    plain = _LAESTAB.sub(r"\1\2", plain)
    plain = _POSTCODE.sub(r"\1\2", plain)
    found = [SAME.get(word, word)[:LONGEST] for word in _BREAK.split(plain)]
    return [word for word in found if word]


def sort_name(name: str) -> str:
    """A name as lists order it.

    >>> sort_name("St. Paul's Catholic School")
    'st pauls catholic school'
    """
    return " ".join(words_of(name))[:200]


def _words(text: pl.Expr) -> pl.Expr:
    """``words_of`` for a whole column."""
    plain = (
        text.str.replace_all("’", "'")
        .str.normalize("NFKD")
        .str.replace_all(r"[^\x00-\x7F]", "")
        .str.to_lowercase()
    )
    plain = plain.str.replace_all(_APOSTROPHE.pattern, "").str.replace_all("&", " and ")
    plain = plain.str.replace_all(_LAESTAB.pattern, "$1$2").str.replace_all(_POSTCODE.pattern, "$1$2")
    return plain.str.replace_all(_BREAK.pattern, " ").str.strip_chars().str.split(" ")


def index_words(establishments: pl.DataFrame, schools: pl.DataFrame) -> pl.DataFrame:
    """Every (word, school) under which a school is found, each once.

    ``establishments`` has ``urn, school, name, la_code, establishment_number, postcode, town``: all
    of the line count, so that a school is found by a name or number it once had. ``schools`` has
    ``school`` and ``local_name``.
    """
    laestab = pl.col("la_code") + pl.col("establishment_number")
    postcode = pl.col("postcode").str.strip_chars()
    texts = pl.concat(
        [
            *(establishments.select("school", text=column) for column in ("urn", "name", "town", "postcode")),
            # Half a postcode finds too, while it is being typed.
            establishments.select("school", text=postcode.str.replace_all(r"\s+", "-")),
            establishments.select("school", text=laestab),
            schools.select("school", text="local_name"),
        ]
    ).drop_nulls()
    found = texts.select("school", word=_words(pl.col("text"))).explode("word")
    return (
        found.with_columns(pl.col("word").replace(SAME).str.slice(0, LONGEST))
        .filter(pl.col("word") != "")
        .select("word", "school")
        .unique()
        .sort("word", "school")
    )
