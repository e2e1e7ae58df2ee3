"""The watermelon test: green outside, red inside. All actions are going well, and the measure is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from redway.core.words import counted, listed
from redway.improvement.rating import Colour, RatingRules


def watermelon(actions: Sequence[Colour | None], off_track: Mapping[str, int], rules: RatingRules) -> str:
    """The sentence for page one, or nothing.

    ``off_track`` is measure -> periods running that it was worse than its line. An action without a colour
    is not green, so an objective with one cannot be a watermelon.
    """
    if not actions or any(one not in (Colour.GREEN, Colour.BLUE) for one in actions):
        return ""
    behind = {name: run for name, run in off_track.items() if run >= rules.off_track_periods}
    if not behind:
        return ""
    said = listed(
        f"{name} has been off track for {counted(run, 'period')} running" for name, run in behind.items()
    )
    count = len(actions)
    every = {1: "Its only action is", 2: "Both actions are"}.get(count, f"All {count} actions are")
    return f"Watermelon: {every} Green or Blue, but {said}. Ask whether these are the right actions."
