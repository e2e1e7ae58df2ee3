"""Files of facts about single children, and what being one keeps shut.

A format whose description says ``confidential = true`` is treated so everywhere:

- the list of a file's errors says row and column, and quotes no cell (``importing``);
- its version is called by what it is, never by its file's name, which may hold a child's (``importing``);
- columns that its description does not name are not kept (``other_columns = "left_out"``);
- every row lies in an authority, and so the version: who may download it depends on that (``web.datasets``);
- no published figure is made of it, and no page shows a cell of it (``indicators.building``, ``lineage``);
- once withdrawn it can be erased (``web.datasets.erasing``).

The made-up pupils of the demonstration carry their mark in the file itself: see ``is_made_up``.
"""

from __future__ import annotations

from functools import cache
from pathlib import PurePath

from redway.datasets.format import load_formats
from redway.datasets.ledger import Version

MADE_UP = "made_up"
"""The column whose presence says that a file was made up for demonstration."""

_SUFFIXES = (".csv", ".xlsx", ".parquet", ".txt", ".tsv")


@cache
def confidential_formats() -> frozenset[str]:
    """Codes of the formats that hold facts about single children."""
    return frozenset(known.code for known in load_formats() if known.confidential)


def is_confidential(format_code: str) -> bool:
    """Does a version of this format hold facts about single children?"""
    return format_code in confidential_formats()


def is_made_up(version: Version) -> bool:
    """Are the pupils of this version made up for demonstration? The file says so in a column of its own."""
    return MADE_UP in version.headers


def plain_name(format_code: str, period: str, file_name: str) -> str:
    """What a file is called where its own name must not be repeated: by its kind and period.

    >>> plain_name("pupil-results-ks4", "2024-25", "exports/Amina Example.CSV")
    'pupil-results-ks4-2024-25.csv'
    """
    suffix = PurePath(file_name).suffix.lower()
    return f"{format_code}-{period}{suffix if suffix in _SUFFIXES else ''}"
