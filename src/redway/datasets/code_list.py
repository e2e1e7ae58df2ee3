"""What the publishers' own code lists say a header means, to catch a column mapped against its header.

The list is made by ``tools/make_code_list.py`` from the metadata files the Department for Education
publishes beside its performance tables (Open Government Licence v3.0).
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources

# Words that say nothing about the subject of a column.
_EMPTY_WORDS = frozenset(
    [
        "number",
        "percentage",
        "percent",
        "proportion",
        "total",
        "average",
        "score",
        "rate",
        "pupil",
        "pupils",
        "school",
        "schools",
        "value",
        "values",
        "per",
        "the",
        "of",
        "and",
        "in",
        "at",
        "for",
        "who",
        "with",
        "all",
        "end",
        "key",
        "stage",
        "year",
        "years",
        "from",
        "that",
        "are",
        "on",
        "or",
        "by",
        "to",
        "as",
        "this",
        "a",
        "an",
    ]
)
_WORD = re.compile(r"[a-z]+|\d+")


@cache
def _meanings() -> dict[str, str]:
    text = (resources.files("redway.datasets") / "values" / "code_list.csv").read_text("utf-8")
    return {row["header"].casefold(): row["meaning"] for row in csv.DictReader(text.splitlines())}


def header_meaning(header: str) -> str:
    """What a publisher's code list says about a header; empty when none lists it.

    >>> header_meaning("TAVENT_G_PTQ_EE")
    'Average number of GCSE entries per pupil'
    """
    return _meanings().get(header.strip().casefold(), "")


def shares_a_word(first: str, second: str) -> bool:
    """True when two descriptions have a telling word in common (compared by their first five letters).

    >>> shares_a_word("overall absence", "Percentage of overall absence")
    True
    >>> shares_a_word("absence", "Average number of GCSE entries per pupil")
    False
    """
    return bool(_stems(first) & _stems(second))


def _stems(text: str) -> set[str]:
    return {word[:5] for word in _WORD.findall(text.lower()) if word not in _EMPTY_WORDS}
