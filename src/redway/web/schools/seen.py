"""What one person may see of a school: part of what a page made for them depends on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Seen:
    """``topics`` are the subjects whose figures may be seen (None: all); the rest says which links work."""

    topics: frozenset[str] | None
    authority: bool
    measures: bool
    on: date
    progress: tuple[tuple[str, str], ...] = ()
    """(label, address) of the pages about the progress of its pupils."""
    improvement: tuple[tuple[str, str], ...] = ()
    """The same about its support, concerns and visits."""
