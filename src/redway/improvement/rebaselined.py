"""Success measures that were re-baselined: the old baseline, target and day stay in sight, with the reason.

A new baseline begins a new line, so a measure that was off track no longer is. That is why every page and
pack says what it was, and for how many periods it had been off track against the old line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from redway.core.words import day_in_words
from redway.improvement.action_plan import Reading, SuccessMeasure, off_track_run
from redway.improvement.board_errors import MeasureRefused


@dataclass(frozen=True)
class Rebaselined:
    """One step: the day it was taken, the measure before and after it, and why."""

    on: date
    was: SuccessMeasure
    now: SuccessMeasure
    reason: str

    @property
    def is_easier(self) -> bool:
        """Whether the new target asks for less than the old one, or for as much on a later day."""
        if self.was.target != self.now.target:
            return not self.was.reached(self.now.target)
        return self.now.target_on > self.was.target_on

    @property
    def sentence(self) -> str:
        """What it was, and whether less is asked for now; without the reason.

        're-baselined on 3 March 2026, was 9.0% on 31 August 2025 to 8.0% by 31 August 2027; ...'
        """
        asked = "; less is asked for now" if self.is_easier else ""
        return f"re-baselined on {day_in_words(self.on)}, was {aim_words(self.was)}{asked}"

    def off_track_before(self, readings: Sequence[Reading]) -> str:
        """For how many periods it had been off track against the old line; empty when it had not.

        ``readings`` are those of the measure; only those up to the day of the step count.
        """
        run = off_track_run(self.was, [one for one in readings if one.on <= self.on])
        if not run:
            return ""
        return f"It had been off track for {run} {'period' if run == 1 else 'periods running'}."


def aim_words(measure: SuccessMeasure) -> str:
    """From where to where: '9.0% on 31 August 2025 to 8.0% by 31 August 2027'."""
    start = f"{measure.show(measure.baseline)} on {day_in_words(measure.baseline_on)}"
    return f"{start} to {measure.show(measure.target)} by {day_in_words(measure.target_on)}"


def require_rebaselining(was: SuccessMeasure, now: SuccessMeasure, reason: str) -> None:
    """Raises MeasureRefused without a reason, and when neither baseline, target nor their days change."""
    if not reason.strip():
        raise MeasureRefused(
            "It is not said why the measure is re-baselined.",
            "Say why: the reason stays beside the old baseline and target.",
        )
    if all(getattr(was, name) == getattr(now, name) for name in NUMBERS):
        raise MeasureRefused(
            "The baseline, the target and their days are the same as before.",
            "Change one of them, or go back.",
        )


NUMBERS = ("baseline", "baseline_on", "target", "target_on")
"""What re-baselining changes. What is counted, its unit and which way is better make it the measure it is."""
