"""One thing that needs somebody's attention, as every room says it on the first page."""

from __future__ import annotations

from dataclasses import dataclass

MOST_OF_A_KIND = 5
"""More lines of one kind than this are one line that leads to the list."""


@dataclass(frozen=True)
class Line:
    """One thing to do. ``rating`` is Red, Amber or empty; red comes first."""

    title: str
    why: str
    address: str
    rating: str = ""
