"""Dates that moved stay visible: the first one is kept, and so is every step away from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from redway.core.words import counted, day_in_words


@dataclass(frozen=True)
class Moved:
    """A due date and how it came there; ``steps`` are the later due dates in order, the last is in force."""

    baseline: date
    steps: Sequence[date] = ()

    @property
    def due_on(self) -> date:
        return self.steps[-1] if self.steps else self.baseline

    @property
    def days(self) -> int:
        """Days from the first date to the one in force; below 0 when it was brought forward."""
        return (self.due_on - self.baseline).days

    @property
    def words(self) -> str:
        """'moved 3 times, +94 days'; empty when it never moved.

        >>> Moved(date(2026, 3, 31), [date(2026, 4, 30), date(2026, 5, 31), date(2026, 7, 3)]).words
        'moved 3 times, +94 days'
        """
        if not self.steps:
            return ""
        times = "once" if len(self.steps) == 1 else f"{len(self.steps)} times"
        sign = "+" if self.days > 0 else "-" if self.days < 0 else ""
        return f"moved {times}, {sign}{counted(abs(self.days), 'day')}"

    @property
    def sentence(self) -> str:
        """'3 July 2026 (first due 31 March 2026; moved 3 times, +94 days)'."""
        due = day_in_words(self.due_on)
        return f"{due} (first due {day_in_words(self.baseline)}; {self.words})" if self.steps else due
