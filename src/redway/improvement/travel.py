"""Which way a colour travels: told by the last two frozen meetings, never typed by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from redway.improvement.rating import Colour


class Travel(StrEnum):
    """From the meeting before the last to the last."""

    BETTER = "Improving"
    SAME = "No change"
    WORSE = "Getting worse"
    UNKNOWN = "Too new to say"

    @property
    def words(self) -> str:
        """With what it compares."""
        return self.value if self is Travel.UNKNOWN else f"{self.value} between the last two meetings"

    @property
    def arrow(self) -> str:
        """A sign beside the word, never instead of it."""
        return {Travel.BETTER: "↗", Travel.SAME: "→", Travel.WORSE: "↘", Travel.UNKNOWN: ""}[self]


def travel(frozen: Sequence[tuple[date, Colour | None]]) -> Travel:
    """The direction between the last two frozen meetings.

    A meeting at which it had no colour breaks the comparison: nothing is made up for it.
    """
    last = [colour for _, colour in sorted(frozen, key=lambda one: one[0])][-2:]
    if len(last) < 2 or last[0] is None or last[1] is None:
        return Travel.UNKNOWN
    change = last[1].badness - last[0].badness
    return Travel.SAME if change == 0 else Travel.WORSE if change > 0 else Travel.BETTER
